"""Which sites are due, who holds a lease, and moving subscribers; on both databases."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from models.access import Access, Proof
from models.crawl import CrawlOutcome, CrawlReport
from models.health import Health, Usual
from models.subscriber import ChatStatus
from storage import leases, sites, subscribers
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.errors import ImportRefused
from storage.leases import Owner
from storage.subscribers import SqlSubscribers
from tests.contract.archive import NOW, article, chat, later

TEN_MINUTES = timedelta(minutes=10)


def sync(database: Database, *names: str, seconds: float = 0) -> None:
    intervals = dict.fromkeys(names, TEN_MINUTES)
    database.write_now(lambda c: sites.sync_sites(c, intervals, later(seconds)))


def due(database: Database, seconds: float = 0) -> list[str]:
    return database.read_now(lambda c: sites.due_sites(c, later(seconds)))


def crawl(
    database: Database,
    site: str,
    outcome: CrawlOutcome = CrawlOutcome.OK,
    *problems: str,
    seconds: float = 0,
    due_at: float = 600,
) -> None:
    report = CrawlReport(
        site=site,
        started=later(seconds),
        finished=later(seconds + 5),
        outcome=outcome,
        problems=problems,
    )

    def finish(connection: sa.Connection) -> None:
        sites.start_crawl(connection, site, report.started)
        sites.finish_crawl(connection, report, later(due_at))

    database.write_now(finish)


def test_new_sites_are_due_at_once_and_removed_ones_never(database: Database) -> None:
    sync(database, "a", "b")
    assert due(database) == ["a", "b"]
    sync(database, "b", "c", seconds=1)
    assert due(database, 1) == ["b", "c"]
    sync(database)
    assert due(database, 1) == []
    assert [state.site for state in database.read_now(sites.site_states)] == ["a", "b", "c"]


def test_a_site_that_comes_back_is_due_at_once_and_keeps_its_past(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a")
    sync(database)
    sync(database, "a", seconds=60)
    assert due(database, 60) == ["a"]
    (state,) = database.read_now(sites.site_states)
    assert state.first_crawl_done


def test_syncing_moves_no_due_time(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a")
    sync(database, "a", seconds=60)
    assert due(database, 599) == []
    assert due(database, 600) == ["a"]


def test_the_longest_overdue_site_comes_first(database: Database) -> None:
    sync(database, "a", "b", "c")
    for site, due_at in (("a", 300), ("b", 100), ("c", 200)):
        crawl(database, site, due_at=due_at)
    assert due(database, 1000) == ["b", "c", "a"]


def test_a_crawl_that_was_not_finished_leaves_its_site_due(database: Database) -> None:
    sync(database, "a")
    database.write_now(lambda c: sites.start_crawl(c, "a", later(3)))
    assert due(database, 4) == ["a"]


def test_a_clock_that_was_set_back_does_not_silence_a_site(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a", due_at=600)
    assert due(database, -595) == []
    assert due(database, -596) == ["a"]


def test_a_long_pause_is_no_clock_that_was_set_back(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a", due_at=6 * 3600)
    assert due(database, 6 * 3600 - 1) == []
    assert due(database, 6 * 3600) == ["a"]


def test_a_shorter_interval_is_followed_at_once(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a", due_at=6 * 3600)
    database.write_now(lambda c: sites.sync_sites(c, {"a": timedelta(minutes=1)}, later(60)))
    assert due(database, 119) == []
    assert due(database, 120) == ["a"]


def test_the_rhythm_the_health_and_what_a_site_asks_for_are_remembered(database: Database) -> None:
    sync(database, "a")
    health = Health(
        bad=2,
        matter="pages",
        reason="none of its last 3 pages has a date",
        blind_since=later(5),
        recent=(("k", "t", "u"),),
        usual=Usual(arabic=0.9, host="a.example", pages=7.5, faults={"u": 0.5}),
    )
    report = CrawlReport(
        site="a",
        started=NOW,
        finished=later(5),
        outcome=CrawlOutcome.OK,
        new=1,
        crawl_delay=timedelta(seconds=2.5),
    )
    database.write_now(
        lambda c: sites.finish_crawl(c, report, later(900), rhythm="it rests", health=health)
    )
    state = database.read_now(lambda c: sites.site_state(c, "a"))
    assert state is not None
    assert (state.health, state.rhythm) == (health, "it rests")
    assert (state.crawl_delay, state.last_new) == (timedelta(seconds=2.5), later(5))

    crawl(database, "a", seconds=900, due_at=1500)
    state = database.read_now(lambda c: sites.site_state(c, "a"))
    assert state is not None
    assert (state.health, state.rhythm, state.crawl_delay) == (health, None, None)
    assert state.last_new == later(5)
    assert database.read_now(lambda c: sites.site_state(c, "unknown")) is None


def test_that_a_site_blocks_and_how_it_was_tried_is_remembered(database: Database) -> None:
    sync(database, "a")
    access = Access(since=NOW, reason="HTTP 403", refusals=2, again_at=later(900))
    proof = Proof(tried_at=NOW, passed=False, how="HTTP 403", ways=("https://a/",), blocked=True)
    report = CrawlReport(site="a", started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
    database.write_now(
        lambda c: sites.finish_crawl(c, report, later(600), access=access, proof=proof)
    )
    (state,) = database.read_now(sites.scheduled_states)
    assert (state.access, state.proof) == (access, proof)
    assert database.read_now(sites.proofs) == {"a": proof}

    database.write_now(lambda c: sites.finish_crawl(c, report, later(600)))
    state = database.read_now(sites.scheduled_states)[0]
    assert (state.access, state.proof) == (None, proof)


def test_the_own_ways_of_a_site_that_blocked_are_due_when_they_pass_a_probe(
    database: Database,
) -> None:
    sync(database, "a")
    access = Access(since=NOW, reason="HTTP 403", refusals=5, again_at=later(80_000), fallback="b")
    report = CrawlReport(site="a", started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
    database.write_now(lambda c: sites.finish_crawl(c, report, later(600), access=access))
    passed = Proof(tried_at=later(60), passed=True, how="feed", ways=("https://a/",))

    database.write_now(lambda c: sites.record_proofs(c, {"a": passed}, later(60)))

    assert due(database, 61) == ["a"]
    (state,) = database.read_now(sites.scheduled_states)
    assert state.access == replace(access, again_at=later(60))


def test_a_site_that_passes_its_probe_after_failures_is_due(database: Database) -> None:
    sync(database, "a", "b")
    crawl(database, "a", CrawlOutcome.FAILED, "HTTP 404", due_at=80_000)
    crawl(database, "b", due_at=600)
    passed = Proof(tried_at=later(60), passed=True, how="feed", ways=("https://a/",))
    database.write_now(
        lambda c: sites.record_proofs(c, {"a": passed, "b": passed, "c": passed}, later(60))
    )
    assert due(database, 61) == ["a"]
    assert set(database.read_now(sites.proofs)) == {"a", "b", "c"}

    database.write_now(lambda c: sites.make_due(c, {"b"}, later(90)))
    assert due(database, 91) == ["a", "b"]


def test_the_ends_of_crawls_are_remembered(database: Database) -> None:
    sync(database, "a")
    crawl(database, "a", CrawlOutcome.FAILED, "the feed answered 500", "and the listing too")
    crawl(database, "a", CrawlOutcome.FAILED, "the feed hangs", seconds=600)
    (state,) = database.read_now(sites.site_states)
    assert (state.failures, state.last_problem) == (2, "the feed hangs")
    assert (state.first_crawl_done, state.last_success) == (False, None)
    crawl(database, "a", seconds=1200, due_at=1800)
    (state,) = database.read_now(sites.site_states)
    assert (state.failures, state.last_problem) == (0, None)
    assert (state.first_crawl_done, state.last_success) == (True, later(1205))
    assert (state.last_started, state.last_finished) == (later(1200), later(1205))
    assert (state.last_outcome, state.due_at) == (CrawlOutcome.OK, later(1800))


async def test_articles_are_counted_by_site(database: Database) -> None:
    sync(database, "news", "other")
    for number in range(3):
        await SqlCrawlMemory(database).store(article(f"news.example/{number}"), NOW)
    states = await database.read(sites.site_states)
    assert {state.site: state.articles for state in states} == {"news": 3, "other": 0}


# Leases

ONE = Owner(host="alpha", pid=11, started=NOW, id="11-a")
TWO = Owner(host="beta", pid=22, started=later(5), id="22-b")
TTL = timedelta(seconds=30)


def acquire(database: Database, owner: Owner, seconds: float = 0) -> Owner | None:
    return database.write_now(lambda c: leases.acquire(c, "instance", owner, later(seconds), TTL))


def renew(database: Database, owner: Owner, seconds: float = 0) -> bool:
    return database.write_now(lambda c: leases.renew(c, "instance", owner, later(seconds), TTL))


def test_a_lease_is_held_by_one_and_says_by_whom(database: Database) -> None:
    assert acquire(database, ONE) is None
    assert acquire(database, TWO, 29) == ONE
    assert acquire(database, ONE, 29) is None
    assert acquire(database, TWO, 58) == ONE


def test_a_lease_that_ran_out_is_taken_over(database: Database) -> None:
    acquire(database, ONE)
    assert acquire(database, TWO, 30) is None
    assert renew(database, ONE, 31) is False
    assert acquire(database, ONE, 31) == TWO


def test_a_renewed_lease_lasts_longer(database: Database) -> None:
    acquire(database, ONE)
    assert renew(database, ONE, 20) is True
    assert acquire(database, TWO, 45) == ONE


def test_a_released_lease_is_free_and_only_its_owner_releases_it(database: Database) -> None:
    acquire(database, ONE)
    database.write_now(lambda c: leases.release(c, "instance", TWO))
    assert acquire(database, TWO, 1) == ONE
    database.write_now(lambda c: leases.release(c, "instance", ONE))
    assert acquire(database, TWO, 1) is None


def test_leases_of_other_names_are_apart(database: Database) -> None:
    acquire(database, ONE)
    assert database.write_now(lambda c: leases.acquire(c, "other", TWO, NOW, TTL)) is None


# Moving subscribers


async def fill(database: Database) -> None:
    store = SqlSubscribers(database)
    await store.register(chat(7, title="سعاد «المحررة»"))
    await store.register(chat(-1005, status=ChatStatus.STOPPED, created=later(0.25)))
    await store.subscribe(7, "iran-russia", later(1))
    await store.subscribe(7, "caspian", later(2))


async def test_subscribers_move_without_loss(database: Database) -> None:
    await fill(database)
    rows = await database.read(subscribers.export)
    before = await SqlSubscribers(database).subscribers()
    for chat_id in (7, -1005):
        assert await database.write(partial(subscribers.forget, chat_id=chat_id))
    assert await SqlSubscribers(database).subscribers() == []
    await database.write(lambda c: subscribers.import_(c, list(enumerate(rows, 1))))
    assert await SqlSubscribers(database).subscribers() == before
    assert await database.read(subscribers.export) == rows


async def test_an_import_keeps_the_topics_that_a_chat_follows_besides(database: Database) -> None:
    await fill(database)
    rows = await database.read(subscribers.export)
    await SqlSubscribers(database).unsubscribe(7, "caspian")
    await SqlSubscribers(database).subscribe(7, "turkey", NOW)
    await database.write(lambda c: subscribers.import_(c, list(enumerate(rows, 1))))
    found = await SqlSubscribers(database).subscriber(7)
    assert found is not None
    assert found.topics == {"caspian", "iran-russia", "turkey"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"status": "frozen"}, "line 3: status: "),
        ({"chat": "seven"}, "line 3: chat: "),
        ({"created": "2026-11-01T08:00:00"}, "line 3: created: .*timezone"),
        ({"token": "1:AA"}, "line 3: token: "),
        ({"topics": [{"topic": "caspian"}]}, "line 3: topics.0: the key 'since' is missing"),
    ],
    ids=["status", "chat", "naive time", "unknown key", "topic"],
)
async def test_a_wrong_row_is_named_and_nothing_is_imported(
    database: Database, change: dict[str, object], complaint: str
) -> None:
    await fill(database)
    good, other = await database.read(subscribers.export)
    await database.write(lambda c: subscribers.forget(c, 7))
    rows = [(1, good | {"chat": 99}), (3, other | change)]
    with pytest.raises(ImportRefused, match=complaint) as caught:
        await database.write(lambda c: subscribers.import_(c, rows))
    assert isinstance(caught.value, ValueError)
    assert await SqlSubscribers(database).subscriber(99) is None


def test_an_unknown_chat_is_not_forgotten(database: Database) -> None:
    assert database.write_now(lambda c: subscribers.forget(c, 7)) is False
