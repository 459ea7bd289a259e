"""Subscribers' keywords beside the topics: found, alerted apart, told to their chats alone."""

import pytest

from alerts.keywords import topic_name
from marsad.personal import PersonalMatcher, PersonalRules
from marsad.pipeline import Pipeline
from models.match import Document
from models.subscriber import Channel, Chat, ChatStatus
from storage.subscribers import SqlSubscribers
from tests.unit.marsad.test_pipeline import NOW, World
from tests.unit.marsad.test_pipeline import world as world

SUEZ = "قناة السويس"
TITLE = "الملاحة في قناة السويس تعود إلى طبيعتها"
TEXT = "عبرت خمسون سفينة قناة السويس أمس بعد يومين من الانتظار، وقالت الهيئة إن الحركة منتظمة."


class Personal:
    """The pipeline with keywords, and chats that have some."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = SqlSubscribers(world.database)
        self.wanted = True
        self.rules = PersonalRules(world.database, lambda: self.wanted)
        world.pipeline = Pipeline(
            world.database, lambda: world.configuration, lambda: world.now, self.rules
        )

    async def chat(self, chat_id: int, *keywords: str, topics: tuple[str, ...] = ()) -> None:
        await self.people.register(
            Chat(
                id=chat_id,
                channel=Channel.TELEGRAM,
                status=ChatStatus.ACTIVE,
                language="ar",
                title="سعاد",
                username=None,
                created=NOW,
            )
        )
        for keyword in keywords:
            await self.people.watch_for(chat_id, topic_name(keyword), keyword, NOW)
        for topic in topics:
            await self.people.subscribe(chat_id, topic, NOW)

    async def told(self, *chat_ids: int) -> list[list[str]]:
        """By chat, the topics of what waits for it."""
        waiting = await self.world.database.read(
            lambda c: c.exec_driver_sql(
                "SELECT chat_id, alert_id FROM deliveries ORDER BY id"
            ).all()
        )
        found = []
        for chat_id in chat_ids:
            topics = []
            for row in waiting:
                if row[0] == chat_id:
                    stored = await self.people.alert(row[1])
                    assert stored is not None
                    topics += [match.title.ar for match in stored.alert.topics]
            found.append(topics)
        return found

    async def decide(self) -> None:
        await self.world.pipeline.decide_waiting()
        await self.world.pipeline.expand()


@pytest.fixture
async def personal(world: World) -> Personal:
    world.now = NOW.replace(hour=13)
    return Personal(world)


async def test_a_keyword_alerts_its_chats_and_nobody_else(personal: Personal) -> None:
    await personal.chat(7, SUEZ)
    await personal.chat(8, "مضيق هرمز")
    await personal.world.article("agency.example/suez", TITLE, TEXT)
    await personal.decide()
    assert await personal.told(7, 8) == [[SUEZ], []]


async def test_forms_of_the_keyword_are_found_as_in_rules(personal: Personal) -> None:
    await personal.chat(7, "هرمز", "سفينة")
    text = "مرت السفينة الأولى بهرمز صباحا، وتتبعها اثنتان مساء بحسب هيئة الملاحة في البلاد."
    await personal.world.article("agency.example/ship", "عبور أول سفينة", text)
    await personal.decide()
    assert (await personal.told(7))[0] in (["هرمز"], ["سفينة"])


async def test_who_gets_the_story_by_a_topic_does_not_get_it_again(personal: Personal) -> None:
    await personal.chat(7, "أستراخان", topics=("caspian",))
    await personal.chat(8, "أستراخان")
    await personal.world.article("agency.example/summit")
    await personal.decide()
    assert await personal.told(7, 8) == [["بحر قزوين"], ["أستراخان"]]


async def test_what_others_watch_for_is_in_nobody_elses_message(personal: Personal) -> None:
    await personal.chat(7, SUEZ)
    await personal.chat(8, "سفينة")
    article_id = await personal.world.article("agency.example/suez", TITLE, TEXT)
    await personal.decide()
    assert await personal.told(7, 8) == [[SUEZ], ["سفينة"]]
    assert await personal.world.decision(article_id) == "no topic matched"


async def test_a_story_is_told_on_a_keyword_once(personal: Personal) -> None:
    await personal.chat(7, SUEZ)
    for number in range(2):
        await personal.world.article(f"agency.example/suez-{number}", TITLE, TEXT)
    await personal.decide()
    assert await personal.told(7) == [[SUEZ]]


async def test_a_keyword_that_is_deleted_or_not_wanted_is_not_searched(personal: Personal) -> None:
    await personal.chat(7, SUEZ)
    assert (await personal.rules.current()).texts == {topic_name(SUEZ): SUEZ}
    personal.wanted = False
    assert (await personal.rules.current()).texts == {}
    personal.wanted = True
    await personal.people.stop_watching_for(7, topic_name(SUEZ))
    assert (await personal.rules.current()).texts == {}


async def test_a_keyword_is_tried_on_the_newest_articles(personal: Personal) -> None:
    await personal.world.article("agency.example/suez", TITLE, TEXT)
    await personal.world.article("agency.example/summit")
    assert await personal.rules.try_out(SUEZ, NOW) == (1, 2)


def test_many_keywords_are_several_automata_of_which_a_change_compiles_one() -> None:
    texts = {topic_name(word): word for word in (f"كلمة{n:05d}" for n in range(1_200))}
    texts[topic_name(SUEZ)] = SUEZ
    before = PersonalMatcher().with_texts(texts)
    after = before.with_texts({**texts, topic_name("هرمز"): "هرمز"})
    kept = {id(matcher) for _, matcher in before.parts}
    assert sum(id(matcher) in kept for _, matcher in after.parts) == len(after.parts) - 1
    found = after.matching(Document(title=TITLE, text=TEXT), NOW)
    assert [verdict.topic for verdict in found] == [topic_name(SUEZ)]
