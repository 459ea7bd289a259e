"""One event told by six outlets is one message that names them all; another event has its own."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.compose import compose
from marsad.configuration import load
from marsad.initconfig import init
from marsad.pipeline import Pipeline
from models.article import Article, Entry
from models.crawl import CrawlOutcome, CrawlReport
from models.delivery import Delivery, DeliveryKind, MarkSent
from models.subscriber import Channel, Chat, ChatStatus
from storage import articles, sites
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.explain import trace
from storage.outbox import SqlOutbox
from storage.subscribers import SqlSubscribers
from tests.contract.archive import LEASE, NOW

OUTLETS = ("naba", "sada", "almarsa", "afaq", "dhifaf", "manara")
AGENCY = (
    "أعلنت هيئة الموانئ في أكتاو صباح الأحد أن سفينة الشحن كاسبي ستار جنحت في بحر قزوين على بعد "
    "سبعة أميال من المرفأ بعدما تعطلت دفتها وسط رياح قوية، وأن طاقمها المؤلف من 19 بحارا بخير.\n\n"
    "وقال مدير الهيئة نورلان سيتوف إن قاطرتين تحاولان سحب السفينة التي تحمل 3200 طن من الحبوب "
    "إلى ميناء أنزلي، وإن حركة الملاحة لم تتوقف. وأضاف أن خبراء البيئة يراقبون خزانات الوقود ولم "
    "يرصدوا أي تسرب حتى الظهر، وأن تحقيقا سيبدأ فور وصول السفينة إلى الرصيف."
)
TELLINGS = (
    ("جنوح سفينة شحن في بحر قزوين قبالة أكتاو", AGENCY),
    ("جنوح سفينة كاسبي ستار قبالة ميناء أكتاو", AGENCY.replace("صباح الأحد", "الأحد")),
    ("سفينة حبوب تجنح في بحر قزوين والطاقم بخير", AGENCY.split("\n\n")[0] + "\n\n" + AGENCY[190:]),
    ("أكتاو: سفينة الشحن كاسبي ستار تجنح قبالة المرفأ", "أكتاو - صدى: " + AGENCY),
    (
        "قاطرتان تسحبان سفينة جنحت قبالة أكتاو",
        AGENCY.replace("وقال", "وأوضح").replace("قوية", "عاتية"),
    ),
    ("سفينة كاسبي ستار جنحت قبالة أكتاو", AGENCY + "\n\nوتكثر الحوادث في هذا الموسم من السنة."),
)
OTHER = (
    "افتتاح مصنع لتعليب الكافيار على ضفاف بحر قزوين في أستارا",
    "افتتح محافظ أستارا الأذربيجانية الأحد مصنعا لتعليب الكافيار يطل على بحر قزوين بطاقة أربعين "
    "طنا في السنة. وقال المحافظ إن المصنع يشغل مئتي عامل ويشتري أسماك الحفش من مزارع مرخصة فقط.",
)


class World:
    """Six outlets, two readers on Telegram, a clock that is set by hand."""

    def __init__(self, database: Database, config: Path) -> None:
        self.database = database
        self.configuration = load(config)
        self.now = NOW
        self.memory = SqlCrawlMemory(database)
        self.outbox = SqlOutbox(database)
        self.pipeline = Pipeline(database, lambda: self.configuration, lambda: self.now)

    async def publish(self, outlet: str, number: int, title: str, text: str) -> int:
        key = f"{outlet}.example/{number}"
        await self.memory.wanted(outlet, [Entry(url=f"https://{key}", key=key)], self.now)
        found = Article(
            site=outlet,
            url=f"https://{key}",
            key=key,
            title=title,
            text=text,
            published=self.now - timedelta(seconds=30),
            language="ar",
        )
        await self.memory.store(found, self.now)
        stored = await self.database.read(lambda c: articles.by_url(c, key))
        assert stored is not None
        return stored.id

    async def work(self) -> None:
        await self.pipeline.decide_waiting()
        await self.pipeline.expand()

    async def deliver(self) -> list[Delivery]:
        claimed = await self.outbox.claim(
            Channel.TELEGRAM, owner="one", now=self.now, lease=LEASE, limit=100
        )
        for delivery in claimed:
            assert await self.outbox.mark_in_flight(delivery, self.now)
            message = delivery.message_id or 100 * delivery.chat.id + delivery.id
            await self.outbox.settle(delivery, MarkSent(message_id=message), self.now)
        return list(claimed)

    async def story(self, article_id: int) -> tuple[int | None, str | None]:
        found = await self.database.read(lambda c: trace(c, str(article_id)))
        assert found is not None
        return found.story_id, found.story_reason

    def shown(self, delivery: Delivery) -> str:
        assert delivery.alert is not None
        zone = ZoneInfo(self.configuration.general.zone)
        return str(compose(delivery.alert, language="ar", zone=zone, now=self.now).segments)


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    init(tmp_path / "config")
    for file in (tmp_path / "config" / "sites").iterdir():
        file.unlink()
    for outlet in OUTLETS:
        (tmp_path / "config" / "sites" / f"{outlet}.yaml").write_text(
            f"title: {{ar: {outlet}}}\n"
            f"publishes: [{{type: feed, url: 'https://{outlet}.example/feed'}}]\n",
            encoding="utf-8",
        )
    return tmp_path / "config"


@pytest.fixture
async def world(tmp_path: Path, config: Path) -> AsyncIterator[World]:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    every = dict.fromkeys(OUTLETS, timedelta(minutes=10))
    await database.write(lambda c: sites.sync_sites(c, every, NOW))
    for outlet in OUTLETS:
        await database.write(lambda c, outlet=outlet: crawled(c, outlet))  # type: ignore[misc]
    people = SqlSubscribers(database)
    for chat_id in (7, 8):
        await people.register(reader(chat_id))
        await people.subscribe(chat_id, "caspian", NOW - timedelta(days=1))
    yield World(database, config)
    await database.close()


def crawled(connection: Any, outlet: str) -> None:
    report = CrawlReport(site=outlet, started=NOW, finished=NOW, outcome=CrawlOutcome.OK)
    sites.start_crawl(connection, outlet, NOW)
    sites.finish_crawl(connection, report, NOW + timedelta(minutes=10))


def reader(chat_id: int) -> Chat:
    return Chat(
        id=chat_id,
        channel=Channel.TELEGRAM,
        status=ChatStatus.ACTIVE,
        language="ar",
        title="قارئة",
        username=None,
        created=NOW,
    )


def policy(config: Path, lines: str) -> None:
    topic = config / "topics" / "caspian.yaml"
    topic.write_text(topic.read_text(encoding="utf-8") + f"\n{lines}\n", encoding="utf-8")


async def tell_all(world: World) -> list[list[Delivery]]:
    """Six outlets within ten minutes; what is delivered after each."""
    rounds = []
    for outlet, (title, text) in zip(OUTLETS, TELLINGS, strict=True):
        await world.publish(outlet, 1, title, text)
        await world.work()
        rounds.append(await world.deliver())
        world.now += timedelta(minutes=1, seconds=40)
    return rounds


async def test_six_outlets_make_one_message_that_names_them_all(world: World) -> None:
    first, *later = await tell_all(world)

    assert [(d.chat.id, d.kind) for d in first] == [
        (7, DeliveryKind.ALERT),
        (8, DeliveryKind.ALERT),
    ]
    assert all(d.kind is DeliveryKind.EDIT for each in later for d in each)
    assert {d.message_id for d in later[-1]} == {100 * d.chat.id + d.id for d in first}
    shown = world.shown(later[-1][0])
    assert all(outlet in shown for outlet in OUTLETS)
    assert "عدد المصادر: 6" in shown


async def test_another_event_of_the_day_has_its_own_message(world: World) -> None:
    await tell_all(world)
    await world.publish("naba", 2, *OTHER)
    await world.work()

    assert [d.kind for d in await world.deliver()] == [DeliveryKind.ALERT] * 2


async def test_an_outlet_that_edits_its_article_changes_nothing(world: World) -> None:
    await tell_all(world)
    for ending in ("وكانت الرياح شديدة.", "وكانت الرياح شديدة جدا."):
        title, text = TELLINGS[2]
        await world.publish(OUTLETS[2], 1, title, f"{text}\n\n{ending}")
        await world.work()

    assert await world.deliver() == []


async def test_explain_says_why_an_article_is_in_its_story(world: World) -> None:
    first = await world.publish("naba", 1, *TELLINGS[0])
    second = await world.publish("sada", 1, *TELLINGS[1])
    await world.work()

    story, reason = await world.story(first)
    assert reason == "first report"
    assert await world.story(second) == (
        story,
        f"the same text (0.94 of it): article {first} of naba",
    )


async def test_a_restart_in_the_middle_changes_no_story(world: World) -> None:
    ids = []
    for number, (outlet, (title, text)) in enumerate(zip(OUTLETS, TELLINGS, strict=True)):
        if number == 3:
            world.pipeline = Pipeline(
                world.database, lambda: world.configuration, lambda: world.now
            )
        ids.append(await world.publish(outlet, 1, title, text))
        await world.work()
    assert len({(await world.story(each))[0] for each in ids}) == 1


async def test_a_policy_tells_again_at_so_many_sources(world: World, config: Path) -> None:
    policy(config, "reping: {sources: 3, joins: [manara]}")
    world.configuration = load(config)

    kinds = [[d.kind.value for d in each] for each in await tell_all(world)]

    assert [kind.count("repeat") for kind in kinds] == [0, 0, 2, 0, 0, 2]
    assert [kind.count("alert") for kind in kinds] == [2, 0, 0, 0, 0, 0]


async def test_what_was_told_again_can_be_asked_about(world: World, config: Path) -> None:
    policy(config, "reping: {sources: 3}")
    world.configuration = load(config)
    told = await tell_all(world)

    again = next(d for each in told for d in each if d.kind is DeliveryKind.REPEAT)
    message = 100 * again.chat.id + again.id
    asked = await SqlSubscribers(world.database).delivered(again.chat.id, message)
    assert [stored.id for stored in asked] == [stored.id for stored in again.alerts]


async def test_the_first_alert_waits_for_its_copies(world: World, config: Path) -> None:
    policy(config, "group_wait: 90s")
    world.configuration = load(config)
    await world.publish("naba", 1, *TELLINGS[0])
    await world.work()
    assert await world.deliver() == []

    world.now += timedelta(seconds=60)
    await world.publish("sada", 1, *TELLINGS[1])
    await world.work()
    assert await world.deliver() == []

    world.now += timedelta(seconds=31)
    await world.work()
    delivered = await world.deliver()
    assert [d.kind for d in delivered] == [DeliveryKind.ALERT] * 2
    assert "sada" in world.shown(delivered[0])


async def test_who_published_first_is_told(world: World) -> None:
    await world.publish("naba", 1, *TELLINGS[0])
    await world.work()
    await world.deliver()
    world.now, told_first = world.now + timedelta(minutes=5), world.now - timedelta(hours=1)
    await publish_at(world, "sada", told_first)
    await world.work()

    assert "أول من نشره" in world.shown((await world.deliver())[0])


async def publish_at(world: World, outlet: str, published: datetime) -> None:
    now, world.now = world.now, published
    await world.publish(outlet, 1, *TELLINGS[1])
    world.now = now
