"""Channels: administrators write there without a name, and readers press buttons."""

from datetime import timedelta

import pytest

from alerts.notifier import Gone, Sent
from alerts.telegram.throttle import CAPACITY
from marsad.demo.botapi_people import Group, User
from marsad.demo.botapi_state import Standing
from models.subscriber import ChatStatus
from tests.unit.alerts.builders import chat, delivery
from tests.unit.alerts.test_telegram_notifier import attempted
from tests.unit.alerts.world import OPERATOR, World, buttons, last, world

pytestmark = pytest.mark.usefixtures("transport")

CHANNEL = -1_001_700_000_000


def channel(place: World, *members: tuple[User, Standing]) -> Group:
    return place.server.people.add_group(
        CHANNEL,
        "أخبار المرفأ",
        type="channel",
        username="marfaa",
        bot=Standing.ADMINISTRATOR,
        members=members,
    )


async def posts(place: World, where: Group, text: str) -> None:
    where.posts(text)
    await place.hears()


async def test_a_channel_subscribes_by_a_post_and_chooses_by_buttons() -> None:
    async with world("open") as place:
        chief, reader = place.person(8), place.person(9)
        where = channel(place, (chief, Standing.CREATOR), (reader, Standing.MEMBER))
        await posts(place, where, "/start")
        assert place.store.chats[CHANNEL].title == "أخبار المرفأ"
        assert place.store.chats[CHANNEL].status is ChatStatus.ACTIVE
        menu = last(where)

        reader.presses(menu.id, buttons(where)[0], in_group=where)
        await place.hears()
        assert place.store.topics.get(CHANNEL, {}) == {}

        chief.presses(menu.id, buttons(where)[0], in_group=where)
        await place.hears()
        assert list(place.store.topics[CHANNEL]) == ["caspian"]


async def test_a_channel_waits_for_approval_as_everybody_does() -> None:
    async with world("approval") as place:
        operator = place.person(OPERATOR)
        operator.sends("/start")
        await place.hears()
        where = channel(place)
        await posts(place, where, "/start")
        assert place.store.chats[CHANNEL].status is ChatStatus.WAITING
        assert "أخبار المرفأ" in last(operator).text
        operator.presses(last(operator).id, buttons(operator)[0])
        await place.hears()
        assert place.store.chats[CHANNEL].status is ChatStatus.ACTIVE


@pytest.mark.parametrize("command", ["/stats", "/pause", "/broadcast خبر"])
async def test_a_post_is_never_an_operators(command: str) -> None:
    async with world("open") as place:
        operator = place.person(OPERATOR)
        where = channel(place, (operator, Standing.CREATOR))
        await posts(place, where, "/start")
        before = len(where.inbox)
        await posts(place, where, command)
        assert not place.store.paused
        assert len(where.inbox) <= before + 1
        assert "خبر" not in "".join(message.text for message in where.inbox[before:])


async def test_ordinary_posts_are_not_answered() -> None:
    async with world("open") as place:
        where = channel(place)
        await posts(place, where, "وصول أول سفينة إلى المرفأ")
        assert where.inbox == ()


async def test_a_channel_stops_and_is_forgotten_by_posts() -> None:
    async with world("open") as place:
        chief = place.person(8)
        where = channel(place, (chief, Standing.ADMINISTRATOR))
        await posts(place, where, "/start")
        await posts(place, where, "/stop")
        assert place.store.chats[CHANNEL].status is ChatStatus.STOPPED
        await posts(place, where, "/forget")
        chief.presses(last(where).id, buttons(where)[0], in_group=where)
        await place.hears()
        assert CHANNEL not in place.store.chats


async def test_a_flood_of_posts_is_answered_a_few_times() -> None:
    async with world("open") as place:
        where = channel(place)
        for _ in range(int(CAPACITY) * 2):
            where.posts("/help")
        await place.hears()
        assert len(where.inbox) <= CAPACITY + 1


async def test_old_posts_lapse() -> None:
    async with world("open") as place:
        where = channel(place)
        where.posts("/start")
        place.shift = timedelta(hours=25)
        await place.hears()
        assert where.inbox == ()


async def test_an_alert_is_posted_in_a_channel() -> None:
    async with world() as place:
        where = channel(place)
        outcome = await attempted(place.server.base_url, delivery(chat=chat(CHANNEL)))
        assert outcome == Sent(message_id=last(where).id)


async def test_a_channel_where_the_bot_may_not_post_is_gone() -> None:
    async with world() as place:
        where = channel(place)
        where.chat.bot = Standing.MEMBER
        outcome = await attempted(place.server.base_url, delivery(chat=chat(CHANNEL)))
        assert isinstance(outcome, Gone)
