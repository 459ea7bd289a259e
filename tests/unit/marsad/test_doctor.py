"""What `marsad doctor` says of a site."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.telegram.identity import BotCard
from crawler.wishes import forbidden_rhythm
from marsad.doctor import (
    Finding,
    file_findings,
    line_findings,
    settings_findings,
    site_findings,
    webhook_findings,
)
from marsad.examination import _database
from marsad.settings import Settings, read_settings
from models.access import Access, Proof
from models.crawl import CrawlOutcome, SiteState
from models.health import Health
from models.site import Feed, Site, Title
from storage.database import Database
from storage.schema import search_state
from tests.unit.marsad.conftest import Run

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SHORE = Site(
    name="shore",
    title=Title(ar="الشاطئ"),
    publishes=(Feed(type="feed", url="https://shore.example/feed"),),
)
WELL = SiteState(
    site="shore",
    due_at=NOON + timedelta(minutes=5),
    first_crawl_done=True,
    last_started=NOON - timedelta(minutes=5),
    last_finished=NOON - timedelta(minutes=5),
    last_success=NOON - timedelta(minutes=5),
    last_outcome=CrawlOutcome.OK,
    articles=120,
)


def findings(state: SiteState | None, of: Site = SHORE) -> list[Finding]:
    return site_findings(of, state, NOON)


def test_a_well_site_is_one_line() -> None:
    (found,) = findings(WELL)
    assert (found.level, found.what) == ("ok", "shore: 120 articles, read 5 min ago")


def test_a_site_that_was_never_crawled_is_named() -> None:
    (found,) = findings(None)
    assert found.level == "warning"
    assert "not crawled yet" in found.what


def test_a_site_that_never_worked_is_unproven_with_the_reason() -> None:
    proof = Proof(
        tried_at=NOON - timedelta(hours=2), passed=False, how="HTTP 404", ways=("https://x/",)
    )
    (found,) = findings(replace(WELL, proof=proof))
    assert found.level == "error"
    assert found.what == "shore: unproven: its ways have not worked yet, tried 2 h ago: HTTP 404"
    assert "marsad probe shore" in found.remedy


@pytest.mark.parametrize(
    ("fallback", "level", "words"),
    [
        ("https://b.example/", "warning", "its fallback https://b.example/ is read"),
        (None, "error", "it declares no fallback"),
    ],
    ids=["with-fallback", "without"],
)
def test_a_site_that_blocks_programs_names_its_fallback(
    fallback: str | None, level: str, words: str
) -> None:
    access = Access(
        since=NOON - timedelta(hours=3),
        reason="https://shore.example/feed: HTTP 403",
        refusals=2,
        again_at=NOON + timedelta(hours=1),
        fallback=fallback,
    )
    (found,) = findings(replace(WELL, access=access))
    assert found.level == level
    assert found.what.startswith(
        f"shore: blocked since 3 h ago: https://shore.example/feed: HTTP 403; {words}"
    )
    assert found.what.endswith("asked again at 2026-05-01 13:00 UTC")


def test_a_blind_site_is_an_error_with_the_reason_and_the_time() -> None:
    health = Health(
        bad=2, blind_since=NOON - timedelta(hours=3), reason="none of its last 3 pages has a date"
    )
    (found,) = findings(replace(WELL, health=health))
    assert found.level == "error"
    assert found.what.startswith(
        "shore: blind since 3 h ago: none of its last 3 pages has a date; last success 5 min ago"
    )


def test_a_site_that_failed_says_how_often_and_when_it_is_asked_again() -> None:
    state = replace(
        WELL,
        last_outcome=CrawlOutcome.FAILED,
        last_problem="https://shore.example/feed: HTTP 500",
        failures=4,
        rhythm="it failed 4 times in a row",
        due_at=NOON + timedelta(minutes=70),
        last_success=NOON - timedelta(hours=2),
    )
    (found,) = findings(state)
    assert found.level == "error"
    assert found.what == (
        "shore: the last crawl failed, 4 times in a row: https://shore.example/feed: HTTP 500; "
        "last success 2 h ago; next look at 13:10 UTC, as it failed 4 times in a row"
    )


def test_a_quiet_site_says_when_and_why_it_is_looked_at_later() -> None:
    state = replace(WELL, rhythm="it published nothing for 3 h", due_at=NOON + timedelta(minutes=9))
    (found,) = findings(state)
    assert found.level == "ok"
    assert found.what.endswith("; next look at 12:09 UTC, as it published nothing for 3 h")


def test_a_crawl_delay_that_forbids_the_rhythm_is_a_warning_with_a_remedy() -> None:
    state = replace(WELL, crawl_delay=timedelta(minutes=6))
    well, found = findings(state)
    assert (well.level, found.level) == ("ok", "warning")
    assert "robots.txt asks for 360 s between two requests (Crawl-delay)" in found.what
    assert found.remedy == "make `every` longer in config/sites/shore.yaml"
    assert len(findings(replace(WELL, crawl_delay=timedelta(seconds=30)))) == 1


def test_a_crawl_delay_that_the_last_crawl_complained_of_is_told_once() -> None:
    delay = timedelta(minutes=6)
    slow = forbidden_rhythm(SHORE, delay)
    told = findings(replace(WELL, crawl_delay=delay, last_problem=slow))
    assert [found.level for found in told] == ["ok", "warning"]


def test_a_site_that_has_been_due_for_long_asks_whether_marsad_runs() -> None:
    _, found = findings(replace(WELL, due_at=NOON - timedelta(minutes=31)))
    assert found.what == "shore: due since 31 min ago, last read 5 min ago"
    assert len(findings(replace(WELL, due_at=NOON - timedelta(minutes=29)))) == 1


def test_a_pause_that_a_site_asked_for_is_not_late() -> None:
    state = replace(WELL, due_at=NOON + timedelta(hours=6), last_success=NOON - timedelta(hours=4))
    assert [found.level for found in findings(state)] == ["ok"]


def test_scripts_read_the_findings_as_json(marsad: Run) -> None:
    found = [json.loads(line) for line in marsad("doctor", "--json").stdout.splitlines()]
    assert {"level": "warning", "what": "news: not crawled yet"}.items() <= found[-1].items()
    assert all(set(finding) == {"level", "what", "remedy"} for finding in found)


OURS = "https://news.example.org/updates"


def webhook_settings(url: str | None = OURS, **more: str) -> Settings:
    given = {"MARSAD_BOT_TOKEN": "4242:a-token-of-the-tests", **more}
    return read_settings(given if url is None else {**given, "MARSAD_WEBHOOK_URL": url})


@pytest.mark.parametrize(
    ("url", "card", "level", "words"),
    [
        (OURS, BotCard(name="b", webhook_url=OURS), "ok", "to news.example.org"),
        (OURS, BotCard(name="b"), "warning", "to nowhere, not to news.example.org"),
        (
            OURS,
            BotCard(name="b", webhook_url="https://other.example/secret-path"),
            "warning",
            "to other.example, not to news.example.org",
        ),
        (
            OURS,
            BotCard(name="b", webhook_url=OURS, webhook_problem="Connection refused", waiting=4),
            "warning",
            "Connection refused (4 updates wait)",
        ),
        (None, BotCard(name="b", webhook_url=OURS), "warning", "none are given to who asks"),
    ],
    ids=["set", "not-set-yet", "elsewhere", "not-reached", "left-over"],
)
def test_where_updates_go_is_told(url: str | None, card: BotCard, level: str, words: str) -> None:
    (found,) = webhook_findings(webhook_settings(url), card)
    assert found.level == level
    assert words in found.what
    assert "secret-path" not in str(found)


def test_polling_without_a_webhook_is_nothing_to_tell() -> None:
    assert webhook_findings(webhook_settings(None), BotCard(name="b")) == []


def test_a_webhook_open_to_others_is_a_warning() -> None:
    open_to_all = webhook_settings(MARSAD_WEBHOOK_LISTEN="0.0.0.0:8443")
    (found,) = settings_findings(open_to_all)
    assert "0.0.0.0" in found.what
    assert settings_findings(webhook_settings()) == []


def test_a_file_of_secrets_that_everybody_may_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("MARSAD_OPERATORS=1\nMARSAD_BOT_TOKEN_FILE=token\n")
    (tmp_path / "token").write_text("123456:AAAAAAAAAAAAAAAAAAAA")
    assert read_settings().secret_files == (tmp_path / ".env", tmp_path / "token")
    (found,) = file_findings({Path("/srv/.env"): 0o100644, Path("/srv/token"): 0o100640})
    assert found == Finding(
        "warning", "/srv/.env holds secrets and every user may read it", "chmod 600 /srv/.env"
    )


def test_an_index_of_an_earlier_marsad_is_no_damage_to_the_database(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    database.write_now(lambda c: c.execute(search_state.update().values(normaliser="0")))
    found = _database(database)
    database.close_now()
    assert [finding.level for finding in found] == ["warning", "ok"]
    assert "marsad search --rebuild" in found[0].what
    assert not found[0].remedy


def test_where_no_site_could_ever_be_read_the_machine_is_looked_at_first() -> None:
    unread = replace(WELL, last_success=None, last_outcome=CrawlOutcome.FAILED)
    (found,) = line_findings([unread, replace(unread, site="river")])
    assert found.what == "none of 2 sites could be read from here so far"
    assert "MARSAD_CRAWL_PROXY" in found.remedy


@pytest.mark.parametrize("others", [[], [WELL]], ids=["one site alone", "another is read"])
def test_a_site_that_cannot_be_read_says_nothing_of_the_machine(others: list[SiteState]) -> None:
    unread = replace(WELL, last_success=None, last_outcome=CrawlOutcome.FAILED)
    assert not line_findings([unread, *others])
