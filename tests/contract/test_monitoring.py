"""What is watched from outside, from what is recorded; on both databases."""

from datetime import timedelta

from models.crawl import CrawlOutcome, CrawlReport
from models.delivery import MarkSent
from models.health import Health
from models.subscriber import Channel
from storage import operating, sites
from storage.database import Connection, Database
from storage.monitoring import BOUNDS, Histogram, Snapshot, snapshot
from tests.contract.archive import LEASE, NOW, SqlArchive, article, chat, later
from tests.contract.test_times import fresh as fresh
from tests.contract.test_times import store


def look(database: Database, seconds: float = 60) -> Snapshot:
    return database.read_now(lambda connection: snapshot(connection, later(seconds)))


def at_most(histogram: Histogram, seconds: float) -> int:
    return histogram.counts[BOUNDS.index(seconds)]


def test_an_empty_database_has_nothing_to_tell(database: Database) -> None:
    seen = look(database)
    assert (seen.sites, seen.undecided, seen.alerts, seen.oldest_due) == ([], 0, 0, None)
    assert all(histogram.count == 0 for histogram in seen.times.values())


def test_only_the_sites_that_are_crawled_are_told(database: Database) -> None:
    def crawl(connection: Connection) -> None:
        sites.sync_sites(connection, {"port": timedelta(minutes=5)}, NOW)
        for site in ("port", "by-hand"):
            sites.start_crawl(connection, site, NOW)
            report = CrawlReport(site=site, started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
            sites.finish_crawl(connection, report, later(300), health=Health(blind_since=NOW))

    database.write_now(crawl)
    seen = look(database)
    assert [state.site for state in seen.sites] == ["port"]
    assert seen.sites[0].health.blind_since == NOW
    assert seen.intervals == {"port": timedelta(minutes=5)}


async def test_the_steps_of_an_article_fall_into_their_buckets(fresh: Database) -> None:
    given = article("port.example/1", site="port", published=later(-60))
    await store(fresh, given, listed=10, stored=14, decided=15)
    ahead = article("port.example/2", site="port", published=later(3_000))
    await store(fresh, ahead, listed=0, stored=1, decided=None)
    seen = look(fresh)
    published, decided = seen.times["published_to_seen"], seen.times["seen_to_decided"]
    assert (published.count, at_most(published, 60), at_most(published, 120)) == (2, 1, 2)
    assert abs(published.total - 70) < 0.01
    assert (decided.count, at_most(decided, 2), at_most(decided, 10)) == (1, 0, 1)
    assert (seen.articles, seen.undecided) == ({"port": 2}, 1)


async def test_messages_are_counted_by_how_they_ended_and_timed(database: Database) -> None:
    archive = SqlArchive(database)
    for number in (7, 8, 9):
        await archive.subscribers.register(chat(number))
        await archive.subscribers.subscribe(number, "sea", later(-3600))
    await archive.alert("sea")
    first, *_ = await archive.outbox.claim(
        Channel.TELEGRAM, owner="me", now=NOW, lease=LEASE, limit=1
    )
    await archive.outbox.settle(first, MarkSent(message_id=1), later(3))
    seen = look(database)
    assert (sum(seen.outbox.values()), seen.settled, seen.alerts) == (2, {"sent": 1}, 1)
    assert (seen.oldest_due, seen.matches) == (NOW, {"sea": 1})
    sent = seen.times["decided_to_sent"]
    assert (sent.count, at_most(sent, 2), at_most(sent, 5)) == (1, 0, 1)


def test_a_pause_is_told(database: Database) -> None:
    database.write_now(lambda c: operating.pause(c, True, 1, NOW))
    assert look(database).paused


async def test_what_is_older_than_a_day_is_left_out(fresh: Database) -> None:
    await store(fresh, article("port.example/1", site="port"), listed=0, stored=1, decided=2)
    seen = look(fresh, seconds=86_500)
    assert (seen.articles, seen.times["seen_to_decided"].count) == ({}, 0)
