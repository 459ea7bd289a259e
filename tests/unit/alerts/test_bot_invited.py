"""Where subscribing takes an invitation: strangers are answered once a day and not remembered."""

from datetime import timedelta

import pytest

from models.subscriber import ChatStatus
from tests.unit.alerts.test_bot_channels import CHANNEL, channel
from tests.unit.alerts.test_bot_choices import sends
from tests.unit.alerts.test_bot_operating import link_for, operator
from tests.unit.alerts.world import last, world


async def test_a_stranger_gets_one_answer_a_day_whatever_it_writes() -> None:
    async with world("invite") as place:
        anna = place.person()
        place.shift = timedelta(days=-1, minutes=-1)
        for text in ("/start", "/help", "مرحبًا", "/latest", "/start i-forged-0123456789abcdef"):
            await sends(place, anna, text)
        assert [message.text for message in anna.inbox] == ["\u200fالاشتراك هنا بدعوة من المشرف."]
        place.shift = timedelta()
        await sends(place, anna, "/privacy")
        assert len(anna.inbox) == 2
        assert place.store.chats == {}


async def test_an_invitation_lets_one_chat_in_and_keeps_nothing_of_the_next() -> None:
    async with world("invite") as place:
        boss = await operator(place)
        link = await link_for(place, boss)
        anna, omar = place.person(7), place.person(8)
        await sends(place, anna, f"/start {link}")
        assert place.store.chats[7].status is ChatStatus.ACTIVE
        await sends(place, anna, "/help")
        assert "ما يمكنك فعله" in last(anna).text
        await sends(place, omar, f"/start {link}")
        assert "استُعملت من قبل" in last(omar).text
        assert 8 not in place.store.chats


async def test_who_was_let_in_before_stays_in() -> None:
    async with world("open") as place:
        anna = place.person()
        await sends(place, anna, "/start")
        place.access = "invite"
        await sends(place, anna, "/stop")
        await sends(place, anna, "/start")
        assert place.store.chats[7].status is ChatStatus.ACTIVE


@pytest.mark.parametrize("status", [ChatStatus.WAITING, ChatStatus.REFUSED])
async def test_who_waited_or_was_refused_needs_an_invitation_too(status: ChatStatus) -> None:
    async with world("approval") as place:
        boss, anna = await operator(place), place.person()
        await sends(place, anna, "/start")
        place.store.change_status(7, status, place.now())
        place.access = "invite"
        await sends(place, anna, "/topics")
        assert "بدعوة من المشرف" in last(anna).text
        await sends(place, anna, f"/start {await link_for(place, boss)}")
        assert place.store.chats[7].status is ChatStatus.ACTIVE


async def test_a_channel_comes_in_by_an_invitation_and_is_not_bothered_before() -> None:
    async with world("invite") as place:
        link = await link_for(place, await operator(place))
        where = channel(place)
        where.posts("افتتاح الرصيف الجديد في المرفأ")
        await place.hears()
        assert where.inbox == ()
        where.posts(f"/start {link}")
        await place.hears()
        assert place.store.chats[CHANNEL].status is ChatStatus.ACTIVE
