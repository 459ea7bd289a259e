"""From undecided to delivered: each article once, each story once, one bad article alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.decide import decide
from alerts.matching.matcher import Matcher
from marsad import pipeline as pipeline_module
from marsad.configuration import Configuration, load
from marsad.initconfig import init
from marsad.pipeline import Decided, Pipeline
from marsad.terminal import subscribe_terminal
from models.article import Article, Entry
from models.crawl import CrawlOutcome, CrawlReport
from storage import articles, outbox, sites
from storage.crawls import SqlCrawlMemory
from storage.database import Connection, Database
from storage.errors import DatabaseFailed
from storage.explain import trace

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TITLE = "انطلاق قمة الدول المطلة على بحر قزوين في أستراخان"
TEXT = (
    "انطلقت في مدينة أستراخان قمة الدول المطلة على بحر قزوين بمشاركة رؤساء الدول الخمس.\n\n"
    "ويبحث القادة خلال يومين حماية البيئة البحرية وتطوير الموانئ وخطوط النقل بين الدول المشاركة، "
    "على أن يصدر بيان ختامي في نهاية الاجتماع."
)


class World:
    """A database with a site that was crawled once, and the terminal as the one subscriber."""

    def __init__(self, database: Database, configuration: Configuration) -> None:
        self.database = database
        self.configuration = configuration
        self.memory = SqlCrawlMemory(database)
        self.now = NOW
        self.pipeline = Pipeline(database, lambda: self.configuration, lambda: self.now)

    async def article(self, key: str, title: str = TITLE, text: str = TEXT) -> int:
        entry = Entry(url=f"https://{key}", key=key, title=title)
        await self.memory.wanted("agency", [entry], self.now)
        await self.memory.store(
            Article(
                site="agency",
                url=f"https://{key}",
                key=key,
                title=title,
                text=text,
                published=self.now - timedelta(minutes=5),
                language="ar",
            ),
            self.now,
        )
        stored = await self.database.read(lambda c: articles.by_url(c, key))
        assert stored is not None
        return stored.id

    async def decision(self, article_id: int) -> str | None:
        found = await self.database.read(lambda c: trace(c, str(article_id)))
        return found.decision if found else None

    async def pending(self) -> int:
        return (await self.database.read(outbox.counts))["pending"]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    init(tmp_path / "config")
    for file in (tmp_path / "config" / "sites").iterdir():
        file.unlink()
    (tmp_path / "config" / "sites" / "agency.yaml").write_text(
        "title: {ar: وكالة}\npublishes: [{type: feed, url: 'https://agency.example/feed'}]\n",
        encoding="utf-8",
    )
    configuration = load(tmp_path / "config")
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    await database.write(lambda c: sites.sync_sites(c, {"agency": timedelta(minutes=10)}, NOW))
    report = CrawlReport(site="agency", started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
    await database.write(lambda c: sites.finish_crawl(c, report, NOW))
    await subscribe_terminal(database, configuration, NOW - timedelta(days=1))
    yield World(database, configuration)
    await database.close()


async def test_an_article_on_a_topic_becomes_a_delivery(world: World) -> None:
    article_id = await world.article("agency.example/1")
    assert await world.pipeline.decide_waiting() == Decided(articles=1, alerts=1)
    assert await world.pipeline.expand()
    assert await world.decision(article_id) == "alert on caspian"
    assert await world.pending() == 1
    assert await world.pipeline.decide_waiting() == Decided()
    assert not await world.pipeline.expand()


async def test_a_copy_on_another_address_is_not_alerted_twice(world: World) -> None:
    await world.article("agency.example/1")
    copy = await world.article("agency.example/2", title="قزوين: القادة الخمسة في أستراخان")
    assert (await world.pipeline.decide_waiting()).alerts == 1
    assert "alerted before" in str(await world.decision(copy))


async def test_a_corrected_headline_is_not_alerted_twice(world: World) -> None:
    await world.article("agency.example/1")
    await world.pipeline.decide_waiting()
    again = await world.article("agency.example/1", title=TITLE + " غدا")
    assert await world.pipeline.decide_waiting() == Decided(articles=1, alerts=0)
    assert "alerted before" in str(await world.decision(again))


async def test_an_article_of_a_site_that_is_gone_is_decided_with_that_reason(world: World) -> None:
    article_id = await world.article("agency.example/1")
    without = {name: s for name, s in world.configuration.sites.items() if name != "agency"}
    world.configuration = replace(world.configuration, sites=without, version="other")
    await world.pipeline.decide_waiting()
    assert "not configured any more" in str(await world.decision(article_id))


async def test_one_article_may_fail_alone_in_matching(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching = Matcher.matching

    def failing(self: Matcher, document: object, now: datetime | None = None) -> object:
        if "2" in str(getattr(document, "url", "")):
            raise ZeroDivisionError
        return matching(self, document, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "matching", failing)
    await world.article("agency.example/1")
    bad = await world.article("agency.example/2", title="عنوان آخر تماما هنا", text="نص قصير.")
    assert await world.pipeline.decide_waiting() == Decided(articles=2, alerts=1)
    assert "could not be evaluated: ZeroDivisionError" in str(await world.decision(bad))


async def test_one_article_may_fail_alone_in_deciding(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = await world.article("agency.example/1")

    def failing(**given: object) -> object:
        if getattr(given["article"], "id", None) == bad:
            raise KeyError("caspian")
        return decide(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline_module, "decide", failing)
    good = await world.article(
        "agency.example/2",
        title="كازاخستان توسع ميناء أكتاو على بحر قزوين",
        text="تبدأ كازاخستان توسعة ميناء أكتاو على بحر قزوين مطلع العام المقبل.",
    )
    assert await world.pipeline.decide_waiting() == Decided(articles=2, alerts=1)
    assert "KeyError" in str(await world.decision(bad))
    assert await world.decision(good) == "alert on caspian"


async def test_what_waits_when_marsad_is_told_to_stop_waits_for_its_next_start(
    world: World,
) -> None:
    article_id = await world.article("agency.example/1")
    stop = asyncio.Event()
    stop.set()
    assert await world.pipeline.decide_waiting(stop) == Decided()
    assert await world.decision(article_id) is None

    await world.pipeline.decide_waiting()
    assert not await world.pipeline.expand(stop)
    assert await world.pending() == 0
    assert await world.pipeline.expand()


async def test_a_database_that_is_away_between_two_articles_ends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, wake, expanded, asked = (asyncio.Event() for _ in range(4))
    next_held, failures = outbox.next_held, iter([DatabaseFailed("the server is away")])

    def fails_once(connection: Connection) -> datetime | None:
        asked.set()
        for failure in failures:
            raise failure
        return next_held(connection)

    monkeypatch.setattr(outbox, "next_held", fails_once)
    monkeypatch.setattr(pipeline_module, "_DATABASE_ASKED_AGAIN_SECONDS", 0.01)
    running = asyncio.create_task(world.pipeline.run(stop, wake, expanded))
    await asyncio.wait_for(asked.wait(), 30)
    await world.article("agency.example/1")
    wake.set()
    await asyncio.wait_for(expanded.wait(), 30)
    stop.set()
    wake.set()
    await asyncio.wait_for(running, 30)
