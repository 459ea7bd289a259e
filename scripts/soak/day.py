"""From publication to alert over a day of news, on a simulated clock.

The schedule, the pipeline, storage and the delivery are Marsad's own; only what a crawl would
fetch is taken from the day instead of from a network.
"""

import asyncio
import random
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from telegram import Bot

from alerts.dispatcher import Dispatcher
from alerts.telegram.errors import opt_in_to_durations
from alerts.telegram.notifier import TelegramNotifier
from benchmarks.corpus import own_articles
from marsad.configuration import load
from marsad.initconfig import init
from marsad.pipeline import Pipeline
from marsad.schedule import Schedule
from models.article import Article
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Site
from models.subscriber import Channel
from scripts.soak import virtual
from scripts.soak.arrange import add_chats
from scripts.soak.figures import Row
from scripts.soak.processes import TOKEN
from scripts.soak.virtual import BlockingOutbox, VirtualBotApi, VirtualLoop, Weather
from storage.crawls import SqlCrawlMemory
from storage.database import Connection, Database

EVERY_SECONDS = 120.0
P50_SECONDS, P95_SECONDS = 70.0, 130.0
SITES = 20
# What an answer takes, and how many readers follow the topic.
_ANSWER_SECONDS = (0.2, 1.5)
_CHATS = 20
# The share of a day's news by the hour, in Beirut: quiet at night, most around noon and in the
# evening.
_BY_HOUR = (2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 7, 6, 6, 5, 5, 6, 6, 6, 5, 4, 3, 2)
_WORD = "بحر قزوين"

T = TypeVar("T")


class InlineLoop(VirtualLoop):
    """Virtual time has no threads: what would run in one is done at once."""

    def run_in_executor(  # type: ignore[override]  # narrower: a future, never an awaitable
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        future: asyncio.Future[T] = self.create_future()
        future.set_result(func(*args))
        return future


class InlineDatabase(Database):
    """In the thread of the loop: a day has a hundred thousand looks at what is due."""

    async def write(self, function: Callable[[Connection], T], *, later: bool = False) -> T:
        with self._writing.begin() as connection:
            return function(connection)

    async def read(self, function: Callable[[Connection], T]) -> T:
        with self._reading.begin() as connection:
            return function(connection)


@dataclass(slots=True)
class News:
    """What the sites publish; times are seconds of the virtual clock."""

    times: dict[str, list[float]] = field(default_factory=dict)
    articles: dict[str, list[Article]] = field(default_factory=dict)

    def between(self, site: str, since: float, until: float) -> list[Article]:
        start, end = (bisect_right(self.times[site], each) for each in (since, until))
        return self.articles[site][start:end]


def day(folder: Path, articles: int = 600, seed: int = 0, hours: int = 24) -> Row:
    """So many articles of 20 sites, each told to 20 chats; the sites are looked at every 120
    seconds, a tenth more or less, as `every: 2m` makes it."""
    row = Row(f"day: {articles} articles of {SITES} sites in {hours} h, every {EVERY_SECONDS:g} s")
    news = _news(articles, hours, random.Random(seed))
    database = InlineDatabase.open(f"sqlite:///{folder}/day.db")
    try:
        add_chats(database, range(1, _CHATS + 1), virtual.EPOCH - timedelta(hours=1))
        _configure(folder / "config")
        with asyncio.Runner(loop_factory=InlineLoop) as runner:
            api = runner.run(_live(database, news, hours, folder / "config"))
    finally:
        database.close_now()
    first, every = _delays(news, api)
    row.note("alerts", len(first))
    row.at_most("articles without an alert", articles - len(first), 0)
    row.at_most("publication to the first reader, p50, seconds", _share(first, 0.5), P50_SECONDS)
    row.at_most("… p95", _share(first, 0.95), P95_SECONDS)
    row.note("… worst", _share(first, 1.0))
    row.at_most("publication to any reader, p50, seconds", _share(every, 0.5), P50_SECONDS)
    row.at_most("… p95", _share(every, 0.95), P95_SECONDS)
    row.note("… worst", _share(every, 1.0))
    return row


def _news(count: int, hours: int, chance: random.Random) -> News:
    """Each article is a story of its own, on the topic that is followed."""
    news = News({f"site-{n}": [] for n in range(SITES)}, {f"site-{n}": [] for n in range(SITES)})
    texts = own_articles(count)
    drawn = chance.choices(range(hours), _BY_HOUR[:hours], k=count)
    times = sorted(hour * 3600 + chance.uniform(0, 3600) for hour in drawn)
    for number, (at, row) in enumerate(zip(times, texts, strict=True)):
        site = f"site-{chance.randrange(SITES)}"
        key = f"{site}.example/{number}"
        found = Article(
            site=site,
            url=f"https://{key}",
            key=key,
            title=f"{row.document.title} في {_WORD} <{number}>",
            text=f"أبحرت سفينة في {_WORD}. {row.document.text}",
            published=virtual.EPOCH + timedelta(seconds=at),
        )
        news.times[site].append(at)
        news.articles[site].append(found)
    return news


async def _live(database: Database, news: News, hours: int, config: Path) -> VirtualBotApi:
    opt_in_to_durations()
    loop = asyncio.get_running_loop()

    def now() -> datetime:
        """Unlike virtual.now, also for what runs in storage's threads."""
        return virtual.EPOCH + timedelta(seconds=loop.time())

    api = VirtualBotApi(Weather())
    for chat_id in range(1, _CHATS + 1):
        api.people.add_user(chat_id, started=True)
    bot = Bot(TOKEN, "http://virtual.invalid/bot", request=api, get_updates_request=api)
    stored, expanded, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    configuration = load(config)
    pipeline = Pipeline(database, lambda: configuration, now)
    dispatcher = Dispatcher(
        BlockingOutbox(database),
        TelegramNotifier(bot, lambda: ZoneInfo("UTC"), now=now, clock=virtual.seconds),
        Channel.TELEGRAM,
        "day",
        now=now,
        clock=virtual.seconds,
    )
    crawls = _Crawls(database, news, stored)
    schedule = Schedule(database, lambda: configuration.sites, crawls.crawl, now, stored.set)
    parts = [
        asyncio.create_task(pipeline.run(stop, stored, expanded)),
        asyncio.create_task(dispatcher.run(stop, expanded)),
    ]
    await schedule.sync()
    while virtual.seconds() < hours * 3600 + 2 * EVERY_SECONDS:
        await schedule.start_due()
        await asyncio.sleep(1.0)
    stop.set()
    stored.set()
    expanded.set()
    await asyncio.gather(*parts)
    return api


def _configure(config: Path) -> None:
    """The shipped topics, and the sites of the day."""
    init(config)
    for path in (config / "sites").iterdir():
        path.unlink()
    for number in range(SITES):
        (config / "sites" / f"site-{number}.yaml").write_text(
            f"title: {{ar: موقع {number}}}\n"
            f"publishes: [{{type: feed, url: 'https://site-{number}.example/feed'}}]\n"
            f"every: {EVERY_SECONDS:g}s\n",
            encoding="utf-8",
        )


class _Crawls:
    """A look finds what was published since the last one, and fetches it article by article."""

    def __init__(self, database: Database, news: News, stored: asyncio.Event) -> None:
        self._memory = SqlCrawlMemory(database)
        self._news, self._stored = news, stored
        self._looked = dict.fromkeys(news.times, -1.0)
        self._chance = random.Random(1)

    async def crawl(self, site: Site) -> CrawlReport:
        started = virtual.now()
        await asyncio.sleep(self._chance.uniform(*_ANSWER_SECONDS))
        since, self._looked[site.name] = self._looked[site.name], virtual.seconds()
        found = self._news.between(site.name, since, virtual.seconds())
        for article in found:
            await asyncio.sleep(site.delay.total_seconds())
            await asyncio.sleep(self._chance.uniform(*_ANSWER_SECONDS))
            await self._memory.store(article, virtual.now())
            self._stored.set()
        return CrawlReport(
            site=site.name,
            started=started,
            finished=virtual.now(),
            outcome=CrawlOutcome.OK,
            listed=20,
            new=len(found),
        )


def _delays(news: News, api: VirtualBotApi) -> tuple[list[float], list[float]]:
    """Seconds from publication to the first reader of each article, and to every reader."""
    published = {
        int(article.title.rpartition("<")[2].rstrip(">")): at
        for site, times in news.times.items()
        for at, article in zip(times, news.articles[site], strict=True)
    }
    first: dict[int, float] = {}
    every: list[float] = []
    for receipt in api.receipts:
        for number in _numbers(receipt.text):
            late = receipt.time - published[number]
            first[number] = min(late, first.get(number, late))
            every.append(late)
    return sorted(first.values()), sorted(every)


def _numbers(text: str) -> list[int]:
    return [int(part.partition(">")[0]) for part in text.split("<")[1:]]


def _share(ordered: list[float], share: float) -> float:
    if not ordered:
        return float("inf")
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
