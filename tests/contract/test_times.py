"""How long articles took, from what is recorded of each; on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.alert import Skip
from models.article import Article, Entry
from models.crawl import CrawlOutcome, CrawlReport
from models.delivery import MarkSent
from models.subscriber import Channel
from storage import articles, decisions, sites
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.times import SiteTimes, percentile, site_times
from tests.contract.archive import LEASE, NOW, SqlArchive, article, chat, later


def times(database: Database, hours: float = -1) -> list[SiteTimes]:
    return database.read_now(lambda connection: site_times(connection, later(hours=hours)))


async def store(
    database: Database, given: Article, *, listed: float, stored: float, decided: float | None
) -> None:
    """Listed, stored and decided so many seconds after NOW."""
    memory = SqlCrawlMemory(database)
    entry = Entry(url=given.url, key=given.key, title="كما تسميه القائمة")
    await memory.wanted(given.site, [entry], later(listed))
    await memory.store(given, later(stored))

    def decide(connection: sa.Connection) -> None:
        found = articles.by_url(connection, given.key)
        assert found is not None
        assert decided is not None
        decisions.record(
            connection,
            article_id=found.id,
            story_id=None,
            verdicts=[],
            decision=Skip("no topic"),
            rules_version="1",
            now=later(decided),
        )

    if decided is not None:
        await database.write(decide)


@pytest.fixture
async def fresh(database: Database) -> Database:
    """A database whose sites have been crawled before: nothing is backlog."""

    def crawl(connection: sa.Connection) -> None:
        for site in ("news", "port"):
            sites.start_crawl(connection, site, NOW)
            report = CrawlReport(site=site, started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
            sites.finish_crawl(connection, report, later(600))

    await database.write(crawl)
    return database


async def test_the_times_of_an_article_are_those_of_its_steps(fresh: Database) -> None:
    published = later(-60)
    given = article("port.example/1", site="port", published=published)
    await store(fresh, given, listed=10, stored=14, decided=15)
    (site,) = times(fresh)
    assert (site.site, site.articles, site.backlog, site.alerts) == ("port", 1, 0, 0)
    assert site.hourly == (0, 1, *(0,) * 22)  # counted from an hour before it was stored
    assert site.published_to_seen == (70.0,)
    assert site.seen_to_decided == (5.0,)
    assert site.decided_to_sent == ()


async def test_a_correction_does_not_change_how_long_the_first_decision_took(
    fresh: Database,
) -> None:
    given = article("port.example/1", site="port")
    await store(fresh, given, listed=0, stored=1, decided=3)
    changed = article("port.example/1", site="port", title="عنوان مصحح")
    await store(fresh, changed, listed=900, stored=901, decided=903)
    (site,) = times(fresh)
    assert site.articles == 1
    assert site.seen_to_decided == (3.0,)


async def test_an_article_of_the_future_or_without_a_date_is_not_timed_wrongly(
    fresh: Database,
) -> None:
    ahead = article("port.example/1", site="port", published=later(3_000))
    await store(fresh, ahead, listed=0, stored=1, decided=None)
    await store(fresh, article("port.example/2", site="port"), listed=0, stored=1, decided=2)
    (site,) = times(fresh)
    assert site.published_to_seen == (0.0,)
    assert site.seen_to_decided == (2.0,)


async def test_the_backlog_is_counted_and_not_timed(database: Database) -> None:
    old = article("port.example/1", site="port", published=later(hours=-900))
    await store(database, old, listed=0, stored=1, decided=2)
    (site,) = times(database)
    assert (site.articles, site.backlog) == (1, 1)
    assert site.published_to_seen == site.seen_to_decided == ()


async def test_what_is_older_is_left_out(fresh: Database) -> None:
    await store(fresh, article("port.example/1", site="port"), listed=0, stored=1, decided=2)
    assert times(fresh, hours=1) == []


async def test_each_message_is_timed_from_its_alert(database: Database) -> None:
    archive = SqlArchive(database)
    for number in (7, 8):
        await archive.subscribers.register(chat(number))
        await archive.subscribers.subscribe(number, "sea", later(-3600))
    await archive.alert("sea")
    claimed = await archive.outbox.claim(
        Channel.TELEGRAM, owner="me", now=NOW, lease=LEASE, limit=10
    )
    for delivery, seconds in zip(claimed, (2, 6), strict=True):
        await archive.outbox.settle(
            delivery, MarkSent(message_id=1), NOW + timedelta(seconds=seconds)
        )
    (site,) = times(database)
    assert (site.site, site.alerts, site.decided_to_sent) == ("news", 1, (2.0, 6.0))


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 10.0), (0.95, 19.0), (1.0, 20.0), (0.0, 1.0)]
)
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile(tuple(float(number) for number in range(1, 21)), share) == expected
    assert percentile((), share) is None
    assert percentile((3.0,), share) == 3.0
