"""Settings: what is read from the environment, and the one sentence for what cannot be used."""

from pathlib import Path

import pytest

from crawler.guard import AllowPrivate
from marsad.settings import SettingsError, read_settings

TOKEN = "123456789:AAF-canary_canary_canary_canary_can"


def test_an_empty_environment_gives_the_embedded_default() -> None:
    settings = read_settings({})
    assert settings.bot_token is None
    assert settings.operators == frozenset()
    assert settings.allow_private == AllowPrivate()
    assert settings.database_url.get_secret_value() == (
        f"sqlite:///{Path('data').resolve() / 'marsad.sqlite3'}"
    )


def test_the_token_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    settings = read_settings({"MARSAD_BOT_TOKEN_FILE": str(file)})
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        pytest.param({"MARSAD_OPERATORS": "12,abc"}, "'abc' is not a numeric", id="operators"),
        pytest.param({"MARSAD_BOT_API": "ftp://x"}, "MARSAD_BOT_API is not an address", id="api"),
        pytest.param({"MARSAD_MONITOR_LISTEN": "9464"}, "is no host:port", id="monitor"),
        pytest.param({"MARSAD_HEARTBEAT_URL": "ping"}, "MARSAD_HEARTBEAT_URL", id="heartbeat"),
        pytest.param({"MARSAD_CRAWL_PROXY": "http://"}, "MARSAD_CRAWL_PROXY", id="proxy"),
        pytest.param(
            {"MARSAD_ALLOW_PRIVATE_NETWORKS": "127.0.0.1"}, "host:port", id="private-without-port"
        ),
        pytest.param(
            {"MARSAD_WEBHOOK_LISTEN": "127.0.0.1:8443"},
            "without MARSAD_WEBHOOK_URL",
            id="half-a-webhook",
        ),
        pytest.param(
            {"MARSAD_WEBHOOK_URL": "https://news.example.org/updates"},
            "without a bot token",
            id="webhook-without-token",
        ),
        pytest.param(
            {"MARSAD_BOT_TOKEN": TOKEN, "MARSAD_WEBHOOK_URL": "http://news.example.org/updates"},
            "must be https",
            id="webhook-without-tls",
        ),
        pytest.param({"MARSAD_LOG_LEVEL": "loud"}, "allowed: debug, info", id="log-level"),
        pytest.param({"MARSAD_BOT_TOKEN_FILE": "/no/such/file"}, "cannot read", id="token-file"),
        pytest.param(
            {"MARSAD_BOT_TOKEN": TOKEN, "MARSAD_BOT_TOKEN_FILE": "x"}, "both set", id="two-tokens"
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings(environment)


def test_a_webhook_is_waited_for_on_loopback_unless_told_otherwise() -> None:
    given = {"MARSAD_BOT_TOKEN": TOKEN, "MARSAD_WEBHOOK_URL": "https://news.example.org/updates/"}
    settings = read_settings(given)
    assert settings.webhook_url == "https://news.example.org/updates"
    assert settings.webhook_listen == ("127.0.0.1", 8443)
    settings = read_settings(given | {"MARSAD_WEBHOOK_LISTEN": "[::1]:9000"})
    assert settings.webhook_listen == ("::1", 9000)


def test_a_wrong_token_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"MARSAD_BOT_TOKEN": "secret-canary-without-colon"})
    assert "canary" not in str(error.value)


def test_private_networks_may_be_allowed_for_exact_hosts_and_ports() -> None:
    settings = read_settings({"MARSAD_ALLOW_PRIVATE_NETWORKS": "127.0.0.1:8001, [::1]:8002"})
    assert settings.allow_private.hosts == {("127.0.0.1", 8001), ("::1", 8002)}


def test_a_misspelt_setting_is_reported_with_the_nearest_name() -> None:
    settings = read_settings({"MARSAD_OPERATOR": "1"})
    assert settings.unknown == (
        "MARSAD_OPERATOR is not a setting of Marsad; did you mean MARSAD_OPERATORS?",
    )


def test_every_secret_is_named_for_the_logs_also_a_password_of_its_own() -> None:
    settings = read_settings(
        {
            "MARSAD_BOT_TOKEN": TOKEN,
            "MARSAD_DATABASE_URL": "postgresql://marsad:pass%2Fword@db/marsad",
            "MARSAD_HEARTBEAT_URL": "https://ping.example/a-key",
            "MARSAD_CRAWL_PROXY": "http://user:proxied@proxy:3128",
        }
    )
    assert {TOKEN, "pass%2Fword", "pass/word", "proxied", "https://ping.example/a-key"} <= set(
        settings.secrets
    )


def test_a_password_among_the_parameters_of_the_database_is_a_secret() -> None:
    url = "postgresql://marsad@db/marsad?password=hunt%20er2&sslmode=require"
    assert {url, "hunt er2"} <= set(read_settings({"MARSAD_DATABASE_URL": url}).secrets)


def test_an_embedded_database_is_no_secret() -> None:
    assert read_settings({}).secrets == ()
