"""The table of due times followed by a clock of our own: on time, one at a time, told once."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from marsad.schedule import MOST_CRAWLS_AT_ONCE, Schedule, _as_read_now
from models.access import Access, Proof
from models.crawl import CrawlOutcome, CrawlReport, SiteState
from models.site import Feed, Site, Title
from storage import sites
from storage.database import Database
from storage.errors import DatabaseFailed

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EVERY = timedelta(minutes=2)


class World:
    """A schedule on a clock that the test moves, and a crawl that ends when the clock says so."""

    def __init__(self, database: Database, names: list[str]) -> None:
        self.database = database
        self.now = NOON
        self.sites = {
            name: Site(
                name=name,
                title=Title(ar="موقع"),
                publishes=(Feed(type="feed", url=f"https://{name}.example/feed"),),
                every=EVERY,
            )
            for name in names
        }
        self.takes: Callable[[str], float] = lambda name: 1
        self.fails: Callable[[str], bool] = lambda name: False
        self.starts: dict[str, list[datetime]] = {name: [] for name in names}
        self.under_way: set[str] = set()
        self.most_at_once = 0
        self.told: list[str] = []
        self.passing = True
        self._ends: list[tuple[datetime, asyncio.Event]] = []
        self.schedule = Schedule(
            database, lambda: self.sites, self.crawl, lambda: self.now, lambda: None, self.tell
        )

    async def tell(self, text: str) -> None:
        self.told.append(text)

    async def crawl(self, site: Site) -> CrawlReport:
        assert site.name not in self.under_way
        self.under_way.add(site.name)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        started, ended = self.now, asyncio.Event()
        self.starts[site.name].append(started)
        self._ends.append((started + timedelta(seconds=self.takes(site.name)), ended))
        await ended.wait()
        self.under_way.discard(site.name)
        failed = self.fails(site.name)
        return CrawlReport(
            site=site.name,
            started=started,
            finished=self.now,
            outcome=CrawlOutcome.FAILED if failed else CrawlOutcome.OK,
            listed=0 if failed else 10,
            problems=("HTTP 500",) if failed else (),
            passing=failed and self.passing,
        )

    async def pass_time(self, seconds: int) -> None:
        """Second by second, as the scheduler ticks."""
        for _ in range(seconds):
            self.now += timedelta(seconds=1)
            for end in [end for end in self._ends if end[0] <= self.now]:
                self._ends.remove(end)
                end[1].set()
            await self.settle()
            await self.schedule.start_due()
            await self.settle()

    async def settle(self) -> None:
        """Until every crawl has been recorded or waits for the clock."""
        while any(not task.done() for task in self.schedule._running.values()):
            waiting = sum(not end.is_set() for _, end in self._ends)
            if waiting >= len(self.schedule._running):
                return
            await asyncio.sleep(0)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", range(3))
async def test_of_500_sites_dead_and_slow_ones_delay_nobody(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"site-{number:03}" for number in range(500)]
    odd = chance.sample(names, 100)
    dead, slow = set(odd[:50]), set(odd[50:])
    world = World(database, names)
    world.takes = lambda name: (
        15 if name in dead else chance.uniform(30, 110) if name in slow else chance.uniform(0, 3)
    )
    world.fails = lambda name: name in dead
    await world.schedule.sync()

    await world.pass_time(250)

    for name in set(names) - dead:
        times = world.starts[name]
        waits = [later - earlier for earlier, later in pairwise(times)]
        assert times[0] - NOON <= 0.2 * EVERY
        assert len(waits) >= 1
        assert max(waits) <= 1.2 * EVERY
    assert world.most_at_once <= MOST_CRAWLS_AT_ONCE
    await world.schedule._end_crawls()


async def edited_during_a_crawl(world: World, **changes: object) -> None:
    world.takes = lambda name: 20
    await world.schedule.sync()
    await world.pass_time(5)
    world.sites["shore"] = world.sites["shore"].model_copy(update=changes)
    await world.schedule.sync()
    await world.pass_time(60)
    await world.schedule._end_crawls()


async def test_a_rhythm_that_is_edited_during_a_crawl_counts_from_its_end(
    database: Database,
) -> None:
    world = World(database, ["shore"])
    world.sites["shore"] = world.sites["shore"].model_copy(update={"every": timedelta(days=1)})
    await edited_during_a_crawl(world, every=timedelta(seconds=20))
    assert len(world.starts["shore"]) >= 3


async def test_ways_that_are_edited_during_a_crawl_are_tried_when_it_ends(
    database: Database,
) -> None:
    world = World(database, ["shore"])
    world.fails, world.passing = (lambda name: True), False
    right = Feed(type="feed", url="https://shore.example/right")
    await edited_during_a_crawl(world, publishes=(right,))
    assert len(world.starts["shore"]) == 2
    (state,) = await database.read(sites.site_states)
    assert state.proof is not None
    assert state.proof.ways == (right.url,)


async def test_a_site_is_not_asked_every_second_for_what_the_database_does_not_take(
    database: Database,
) -> None:
    world = World(database, ["shore"])

    async def crawl(site: Site) -> CrawlReport:
        world.starts[site.name].append(world.now)
        raise DatabaseFailed("this article cannot be stored")

    world.schedule._crawl = crawl
    await world.schedule.sync()
    await world.pass_time(30)
    assert len(world.starts["shore"]) == 1


async def test_a_notice_that_cannot_be_told_keeps_no_site_from_being_read(
    database: Database,
) -> None:
    world = World(database, ["shore"])

    async def refuse(text: str) -> None:
        raise ValueError(text)

    world.schedule.tell = refuse
    world.schedule._changes.append((NOON - timedelta(hours=1), "harbour is blind"))
    await world.schedule.sync()
    with pytest.raises(ValueError, match="harbour is blind"):
        await world.schedule.start_due()
    await world.settle()
    assert world.starts["shore"] == [NOON]
    await world.schedule._end_crawls()


def test_ways_that_are_new_are_read_though_those_before_were_refused() -> None:
    site = Site(
        name="shore",
        title=Title(ar="موقع"),
        publishes=(Feed(type="feed", url="https://shore.example/new"),),
        fallbacks=(Feed(type="feed", url="https://shore.example/other"),),
    )
    access = Access(since=NOON, reason="HTTP 403", refusals=1, again_at=NOON + EVERY, fallback="x")
    proof = Proof(tried_at=NOON, passed=False, how="HTTP 403", ways=(), blocked=True)
    state = SiteState(site="shore", due_at=NOON, first_crawl_done=True, access=access, proof=proof)
    assert _as_read_now(site, state, NOON) == site
    tried = replace(proof, ways=tuple(way.url for way in site.ways))
    assert _as_read_now(site, replace(state, proof=tried), NOON).publishes == ()


async def test_a_site_that_goes_blind_is_told_once_and_once_when_it_is_well_again(
    database: Database,
) -> None:
    world = World(database, ["shore"])
    failing = False
    world.fails = lambda name: failing
    await world.schedule.sync()
    await world.pass_time(5)

    failing = True
    await world.pass_time(20 * 60)
    assert world.told == ["shore is blind: it cannot be read: HTTP 500"]

    failing = False
    await world.pass_time(90 * 60)
    assert world.told[1:] == ["shore gives news again (it was blind: it cannot be read: HTTP 500)"]
    await world.schedule._end_crawls()


async def test_what_happens_to_all_sites_at_once_is_one_message(database: Database) -> None:
    world = World(database, [f"site-{number:02}" for number in range(25)])
    await world.schedule.sync()
    await world.pass_time(10)
    world.fails = lambda name: True
    await database.write(lambda c: sites.make_due(c, world.sites, world.now))
    await world.pass_time(6 * 60)
    assert len(world.told) == 1
    assert len(world.told[0].splitlines()) == 11
    assert world.told[0].endswith("and 15 more: see marsad doctor")
    await world.schedule._end_crawls()


async def test_how_a_crawl_went_is_remembered_with_the_rhythm(database: Database) -> None:
    world = World(database, ["shore"])
    world.fails = lambda name: True
    await world.schedule.sync()
    await world.pass_time(10 * 60)
    state = await database.read(lambda c: sites.site_state(c, "shore"))
    assert state is not None
    assert state.failures >= 2
    assert state.rhythm == f"it failed {state.failures} times in a row"
    assert state.health.blind_since is not None
    await world.schedule._end_crawls()


async def test_a_round_from_cron_tells_at_its_end(database: Database) -> None:
    world = World(database, ["shore"])
    world.takes = lambda name: 0
    world.fails = lambda name: world.now > NOON + timedelta(minutes=30)

    for _ in range(3):
        world.now += timedelta(minutes=30)
        going = asyncio.create_task(world.schedule.crawl_due(5))
        while not going.done():
            await asyncio.sleep(0)
            for _, end in world._ends:
                end.set()
        assert len(going.result()) == 1
    assert world.told == ["shore is blind: it cannot be read: HTTP 500"]


async def probed_in(world: World, minutes: float) -> list[Mapping[str, Proof]]:
    tables: list[Mapping[str, Proof]] = []

    async def probed(proofs: Mapping[str, Proof]) -> None:
        tables.append(proofs)

    world.schedule.probed = probed
    await world.schedule.sync()
    await world.pass_time(int(minutes * 60))
    return tables


async def test_the_first_looks_are_probes_told_in_one_table_and_spread_out(
    database: Database,
) -> None:
    world = World(database, [f"site-{number:02}" for number in range(41)])
    world.fails = lambda name: name == "site-07"

    tables = await probed_in(world, 0.5)

    (table,) = tables
    assert len(table) == 41
    assert [name for name, proof in table.items() if not proof.passed] == ["site-07"]
    assert table["site-07"].how == "HTTP 500"
    starts = sorted(times[0] for times in world.starts.values())
    assert max(starts.count(moment) for moment in starts) <= 5
    assert starts[-1] - NOON <= timedelta(seconds=10)
    await world.schedule._end_crawls()


async def test_the_table_of_probes_does_not_wait_for_a_slow_site(database: Database) -> None:
    world = World(database, ["quick", "slow"])
    world.takes = lambda name: 600 if name == "slow" else 1
    tables = await probed_in(world, 11)
    assert [sorted(table) for table in tables] == [["quick"], ["slow"]]
    await world.schedule._end_crawls()


async def test_a_site_whose_ways_never_worked_is_tried_once_a_day(database: Database) -> None:
    world = World(database, ["shore"])
    world.takes = lambda name: 0
    world.fails, world.passing = lambda name: True, False
    await world.schedule.sync()
    await world.pass_time(2)

    state = await database.read(lambda c: sites.site_state(c, "shore"))
    assert state is not None
    assert state.proof is not None
    assert not state.proof.passed
    assert timedelta(hours=21) < state.due_at - NOON < timedelta(hours=27)
    assert world.told == []
    await world.schedule._end_crawls()


async def test_a_site_whose_address_was_corrected_is_tried_at_once(database: Database) -> None:
    world = World(database, ["shore"])
    world.takes = lambda name: 0
    world.fails, world.passing = lambda name: True, False
    await world.schedule.sync()
    await world.pass_time(2)
    right = Feed(type="feed", url="https://shore.example/rss")
    world.sites["shore"] = world.sites["shore"].model_copy(update={"publishes": (right,)})
    world.fails = lambda name: False

    (table,) = await probed_in(world, 0.1)

    assert table["shore"].passed
    await world.schedule._end_crawls()


async def test_a_site_that_worked_stays_proven_when_its_fallback_is_changed(
    database: Database,
) -> None:
    world = World(database, ["shore"])
    world.takes = lambda name: 0
    await world.schedule.sync()
    await world.pass_time(2)
    other = Feed(type="feed", url="https://other.example/shore")
    world.sites["shore"] = world.sites["shore"].model_copy(update={"fallbacks": (other,)})
    world.fails, world.passing = lambda name: True, False

    await probed_in(world, 0.1)

    state = await database.read(lambda c: sites.site_state(c, "shore"))
    assert state is not None
    assert state.proof is not None
    assert state.proof.passed
    assert state.proof.ways == ("https://shore.example/feed", "https://other.example/shore")
    assert state.due_at - world.now < timedelta(hours=1)
    await world.schedule._end_crawls()


async def test_while_a_site_blocks_programs_its_fallback_is_read_in_its_own_rhythm(
    database: Database,
) -> None:
    world = World(database, ["shore"])
    feed = Feed(type="feed", url="https://other.example/shore")
    world.sites["shore"] = world.sites["shore"].model_copy(update={"fallbacks": (feed,)})
    asked: list[bool] = []

    async def crawl(site: Site) -> CrawlReport:
        asked.append(bool(site.publishes))
        blocked = bool(site.publishes) and len(asked) > 1
        return CrawlReport(
            site=site.name,
            started=world.now,
            finished=world.now,
            outcome=CrawlOutcome.OK,
            listed=10,
            blocked="HTTP 403" if blocked else None,
            fallback=feed.url if blocked or not site.publishes else None,
        )

    world.schedule._crawl = crawl
    await world.schedule.sync()
    await world.pass_time(20 * 60)

    # Own ways: the first look, the second (refused), then after 4 and after 8 minutes.
    assert len(asked) >= 8
    assert sum(asked) == 4
    state = await database.read(lambda c: sites.site_state(c, "shore"))
    assert state is not None
    assert state.access is not None
    assert (state.access.refusals, state.access.fallback) == (3, feed.url)
    assert state.failures == 0
    assert world.told == [f"shore blocks programs: HTTP 403; {feed.url} is read instead"]
    await world.schedule._end_crawls()


async def test_a_fault_of_our_own_does_not_ask_the_site_every_second(database: Database) -> None:
    world = World(database, ["shore"])

    def breaks(name: str) -> float:
        raise RuntimeError("a fault of ours")

    world.takes = breaks
    await world.schedule.sync()
    for _ in range(3):
        await world.schedule.start_due()
        await asyncio.gather(*world.schedule._running.values())
    assert len(world.starts["shore"]) == 1


class Ticks:
    """An APScheduler job as the schedule sees it; `moved` is set when its next tick is changed."""

    def __init__(self, ahead: timedelta) -> None:
        self.next_run_time = datetime.now(UTC) + ahead
        self.moved = asyncio.Event()

    def modify(self, *, next_run_time: datetime) -> None:
        self.next_run_time = next_run_time
        self.moved.set()


async def test_a_clock_that_was_set_back_stops_no_ticks(database: Database) -> None:
    schedule = World(database, []).schedule
    hastened = asyncio.Event()

    async def hasten() -> None:
        hastened.set()

    schedule.clock_set_back = hasten
    job = Ticks(ahead=timedelta(hours=1))
    ticking = asyncio.create_task(schedule.keep_ticking(job, every=0.001))
    await asyncio.wait_for(job.moved.wait(), 30)
    await asyncio.wait_for(hastened.wait(), 30)
    ticking.cancel()
    assert job.next_run_time <= datetime.now(UTC)


async def test_ticks_that_come_on_time_are_left_alone(database: Database) -> None:
    schedule = World(database, []).schedule
    job = Ticks(ahead=timedelta(seconds=1))
    ticking = asyncio.create_task(schedule.keep_ticking(job, every=0.001))
    await asyncio.sleep(0.05)
    ticking.cancel()
    assert not job.moved.is_set()


async def test_a_tick_that_is_under_way_at_the_end_starts_no_crawl(database: Database) -> None:
    world = World(database, ["shore"])
    stop, asked, answer = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def due_slowly() -> list[str]:
        asked.set()
        with contextlib.suppress(asyncio.CancelledError):  # the answer has come already
            await answer.wait()
        return ["shore"]

    world.schedule._due = due_slowly  # type: ignore[method-assign]
    running = asyncio.create_task(world.schedule.run(stop))
    await asyncio.wait_for(asked.wait(), 30)
    stop.set()
    answer.set()
    await asyncio.wait_for(running, 30)
    await asyncio.sleep(0)
    assert not world.schedule._running
    assert not world.starts["shore"]


async def test_a_round_from_cron_that_is_stopped_leaves_no_crawl_behind(
    database: Database,
) -> None:
    world, before = World(database, ["shore"]), asyncio.all_tasks()
    going = asyncio.create_task(world.schedule.crawl_due(60))
    while not world.under_way:
        await asyncio.sleep(0)
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    assert asyncio.all_tasks() <= before


async def test_what_the_database_refused_to_tell_is_told_later(database: Database) -> None:
    world = World(database, ["shore"])
    refusing = True
    tables: list[Mapping[str, Proof]] = []

    async def tell(text: str) -> None:
        if refusing:
            raise DatabaseFailed("the server is away")
        await world.tell(text)

    async def probed(proofs: Mapping[str, Proof]) -> None:
        if refusing:
            raise DatabaseFailed("the server is away")
        tables.append(proofs)

    world.schedule.tell, world.schedule.probed = tell, probed
    world.fails = lambda name: world.now > NOON + timedelta(minutes=10)
    await world.schedule.sync()
    await world.pass_time(60)
    assert not tables
    world.schedule._changes.append((NOON, "shore is blind"))
    await world.schedule.start_due()

    refusing = False
    await world.schedule.start_due()

    assert [list(table) for table in tables] == [["shore"]]
    assert world.told == ["shore is blind"]
    await world.schedule._end_crawls()


async def test_a_clock_that_was_set_back_is_noticed_after_the_database_was_away(
    database: Database,
) -> None:
    schedule = World(database, []).schedule
    hastened = asyncio.Event()
    failures = iter([DatabaseFailed("the server is away")])

    async def hasten() -> None:
        for failure in failures:
            raise failure
        hastened.set()

    schedule.clock_set_back = hasten
    job = Ticks(ahead=timedelta(hours=1))
    ticking = asyncio.create_task(schedule.keep_ticking(job, every=0.001))
    await asyncio.wait_for(job.moved.wait(), 30)
    job.next_run_time = datetime.now(UTC) + timedelta(hours=1)
    await asyncio.wait_for(hastened.wait(), 30)
    ticking.cancel()
