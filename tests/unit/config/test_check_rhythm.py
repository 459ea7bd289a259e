"""`marsad check` warns where a site's robots.txt forbids the rhythm that its file asks for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad.check import check
from marsad.initconfig import init
from models.crawl import CrawlOutcome, CrawlReport
from storage import sites
from storage.database import Database
from storage.peek import peek

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    init(tmp_path / "config")
    return tmp_path / "config"


def test_a_crawl_delay_that_forbids_the_rhythm_is_a_warning_at_its_line(directory: Path) -> None:
    result = check(directory, {"sabq": timedelta(minutes=10), "okaz": timedelta(seconds=20)})
    (told,) = [warning for warning in result.warnings if "Crawl-delay" in warning]
    line = (
        (directory / "sites/sabq.yaml").read_text(encoding="utf-8").split("\n").index("every: 10m")
    )
    assert told.startswith(f"{directory}/sites/sabq.yaml:{line + 1}: robots.txt asks for 600 s")
    assert result.problems == ()


def test_what_the_last_crawl_was_asked_for_is_known_without_opening_the_database(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/marsad.db"
    assert peek(url, sites.crawl_delays) is None
    assert list(tmp_path.iterdir()) == []
    database = Database.open(url)
    report = CrawlReport(
        site="sabq",
        started=NOON,
        finished=NOON,
        outcome=CrawlOutcome.OK,
        crawl_delay=timedelta(seconds=90),
    )
    database.write_now(lambda c: sites.start_crawl(c, "sabq", NOON))
    database.write_now(lambda c: sites.finish_crawl(c, report, NOON))
    assert peek(url, sites.crawl_delays) == {"sabq": timedelta(seconds=90)}
    database.close_now()


def test_a_file_that_is_no_database_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "marsad.db").write_text("no database", encoding="ascii")
    assert peek(f"sqlite:///{tmp_path}/marsad.db", sites.crawl_delays) is None
