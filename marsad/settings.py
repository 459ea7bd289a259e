"""Settings from the environment (and a .env file): where things are, and the secrets."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr

from crawler.guard import AllowPrivate

TELEGRAM_API = "https://api.telegram.org"
# Where a proxy on the same machine finds the bot.
WEBHOOK_LISTEN = ("127.0.0.1", 8443)

NAMES = (
    "MARSAD_CONFIG",
    "MARSAD_DATA",
    "MARSAD_DATABASE_URL",
    "MARSAD_BOT_TOKEN",
    "MARSAD_BOT_TOKEN_FILE",
    "MARSAD_BOT_API",
    "MARSAD_OPERATORS",
    "MARSAD_BOT_PROXY",
    "MARSAD_WEBHOOK_URL",
    "MARSAD_WEBHOOK_LISTEN",
    "MARSAD_CRAWL_PROXY",
    "MARSAD_ALLOW_PRIVATE_NETWORKS",
    "MARSAD_MONITOR_LISTEN",
    "MARSAD_HEARTBEAT_URL",
    "MARSAD_SIGNING_KEY",
    "MARSAD_LOG_LEVEL",
    "MARSAD_EVAL_DATA",
)
_LEAST_KEY = 16
_LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsError(Exception):
    """A setting cannot be used; the text names the variable and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once at start and handed down; `unknown` are misspelt MARSAD_ names, for a warning.

    `allow_private`: where a site may lead although it is loopback or private. `monitor_listen`:
    host and port of /healthz, /readyz and /metrics. `webhook_url`: where Telegram posts updates
    (None: the bot asks for them); `webhook_listen`: host and port where they are waited for.
    `secret_files`: those that were read and may hold a secret.
    """

    config: Path
    data: Path
    database_url: SecretStr
    bot_token: SecretStr | None
    bot_api: str
    operators: frozenset[int]
    bot_proxy: SecretStr | None
    crawl_proxy: SecretStr | None
    webhook_url: str | None
    webhook_listen: tuple[str, int]
    allow_private: AllowPrivate
    monitor_listen: tuple[str, int] | None
    heartbeat_url: SecretStr | None
    signing_key: SecretStr | None
    log_level: str
    eval_data: Path | None
    unknown: tuple[str, ...]
    secret_files: tuple[Path, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show: also a password apart from the address that holds it."""
        given = (
            self.bot_token,
            self.bot_proxy,
            self.crawl_proxy,
            self.heartbeat_url,
            self.signing_key,
            self.database_url if _password(self.database_url.get_secret_value()) else None,
        )
        whole = [secret.get_secret_value() for secret in given if secret is not None]
        passwords = [password for text in whole if (password := _password(text))]
        return (*whole, *passwords, *(unquote(password) for password in passwords))


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (default: a .env file in the working directory, overridden by
    the process's environment). Raises SettingsError with one sentence."""
    secret_files = []
    if environment is None:
        from_file = {name: value or "" for name, value in dotenv_values(".env").items()}
        environment = {**from_file, **os.environ}
        if from_file:
            secret_files.append(Path(".env").resolve())
    given = {
        name: value.strip()
        for name, value in environment.items()
        if name.startswith("MARSAD_") and value.strip()
    }
    if "MARSAD_BOT_TOKEN_FILE" in given:
        secret_files.append(Path(given["MARSAD_BOT_TOKEN_FILE"]).resolve())
    data = Path(given.get("MARSAD_DATA", "data")).resolve()
    return Settings(
        config=Path(given.get("MARSAD_CONFIG", "config")).resolve(),
        data=data,
        database_url=SecretStr(
            given.get("MARSAD_DATABASE_URL", f"sqlite:///{data / 'marsad.sqlite3'}")
        ),
        bot_token=_bot_token(given),
        bot_api=_url(given, "MARSAD_BOT_API", ("http", "https")) or TELEGRAM_API,
        operators=_operators(given.get("MARSAD_OPERATORS", "")),
        bot_proxy=_secret(_url(given, "MARSAD_BOT_PROXY", ("http", "socks5"))),
        crawl_proxy=_secret(_url(given, "MARSAD_CRAWL_PROXY", ("http", "socks5"))),
        webhook_url=_webhook_url(given),
        webhook_listen=_listen(given, "MARSAD_WEBHOOK_LISTEN") or WEBHOOK_LISTEN,
        allow_private=_allow_private(given.get("MARSAD_ALLOW_PRIVATE_NETWORKS", "no")),
        monitor_listen=_listen(given, "MARSAD_MONITOR_LISTEN"),
        heartbeat_url=_secret(_url(given, "MARSAD_HEARTBEAT_URL", ("http", "https"))),
        signing_key=_signing_key(given.get("MARSAD_SIGNING_KEY")),
        log_level=_log_level(given.get("MARSAD_LOG_LEVEL", "info")),
        eval_data=Path(given["MARSAD_EVAL_DATA"]) if "MARSAD_EVAL_DATA" in given else None,
        unknown=tuple(_unknown(given)),
        secret_files=tuple(secret_files),
    )


def _bot_token(given: Mapping[str, str]) -> SecretStr | None:
    if "MARSAD_BOT_TOKEN" in given and "MARSAD_BOT_TOKEN_FILE" in given:
        raise SettingsError("MARSAD_BOT_TOKEN and MARSAD_BOT_TOKEN_FILE are both set; keep one")
    token = given.get("MARSAD_BOT_TOKEN")
    if "MARSAD_BOT_TOKEN_FILE" in given:
        path = Path(given["MARSAD_BOT_TOKEN_FILE"])
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8 text"
            raise SettingsError(f"MARSAD_BOT_TOKEN_FILE: cannot read {path}: {reason}") from error
    if token is None:
        return None
    number, colon, key = token.partition(":")
    # The token itself never appears in a message.
    if not (colon and number.isdigit() and len(key) >= 10 and token.isascii()):
        raise SettingsError(
            "the bot token does not look like one: BotFather gives digits, a colon and a key, "
            "as in 123456:ABC-DEF..."
        )
    return SecretStr(token)


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"{name} is not an address that Marsad can use; allowed: "
            + " or ".join(f"{scheme}://host:port" for scheme in schemes)
        )
    return value.rstrip("/")


def _webhook_url(given: Mapping[str, str]) -> str | None:
    """Half of what a webhook needs is refused: it would be a bot that hears nothing."""
    url = _url(given, "MARSAD_WEBHOOK_URL", ("https", "http"))
    if url is None:
        if "MARSAD_WEBHOOK_LISTEN" in given:
            raise SettingsError(
                "MARSAD_WEBHOOK_LISTEN is set without MARSAD_WEBHOOK_URL: set the address that "
                "Telegram is to post to, as in https://news.example.org/updates, or remove it"
            )
        return None
    if not {"MARSAD_BOT_TOKEN", "MARSAD_BOT_TOKEN_FILE"} & set(given):
        raise SettingsError("MARSAD_WEBHOOK_URL is set without a bot token: set MARSAD_BOT_TOKEN")
    if url.startswith("http:") and "MARSAD_BOT_API" not in given:
        raise SettingsError(
            "MARSAD_WEBHOOK_URL must be https: Telegram posts to nothing else; http is for a Bot "
            "API server of your own (MARSAD_BOT_API)"
        )
    return url


def _listen(given: Mapping[str, str], name: str) -> tuple[str, int] | None:
    value = given.get(name)
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError(f"{name}: {value!r} is no host:port, as in 127.0.0.1:9464")
    return host.strip("[]"), int(port)


def _password(address: str) -> str | None:
    """Of whoever connects there, also one among the parameters, as PostgreSQL takes it."""
    try:
        parts = urlsplit(address)
        return parts.password or next(iter(parse_qs(parts.query).get("password", ())), None)
    except ValueError:
        return None


def _signing_key(value: str | None) -> SecretStr | None:
    if value is not None and len(value) < _LEAST_KEY:
        raise SettingsError(
            f"MARSAD_SIGNING_KEY is too short to sign with: at least {_LEAST_KEY} characters, as "
            "`openssl rand -hex 32` gives them"
        )
    return _secret(value)


def _secret(value: str | None) -> SecretStr | None:
    return None if value is None else SecretStr(value)


def _operators(value: str) -> frozenset[int]:
    ids = value.replace(",", " ").split()
    wrong = [word for word in ids if not (word.isascii() and word.isdigit())]
    if wrong:
        raise SettingsError(
            f"MARSAD_OPERATORS: {wrong[0]!r} is not a numeric Telegram user id; "
            "allowed: ids separated by commas, as in 12345678,87654321"
        )
    return frozenset(int(word) for word in ids)


def _allow_private(value: str) -> AllowPrivate:
    try:
        return AllowPrivate.parse(value)
    except ValueError as error:
        raise SettingsError(
            f"MARSAD_ALLOW_PRIVATE_NETWORKS: {error}; allowed: no, yes, or host:port pairs "
            "separated by commas"
        ) from error


def _log_level(value: str) -> str:
    if value.lower() not in _LOG_LEVELS:
        raise SettingsError(
            f"MARSAD_LOG_LEVEL: {value!r} is not a level; allowed: " + ", ".join(_LOG_LEVELS)
        )
    return value.lower()


def _unknown(given: Mapping[str, str]) -> list[str]:
    sentences = []
    for name in sorted(set(given) - set(NAMES)):
        nearest = difflib.get_close_matches(name, NAMES, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        sentences.append(f"{name} is not a setting of Marsad{hint}")
    return sentences
