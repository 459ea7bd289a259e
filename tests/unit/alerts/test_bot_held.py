"""While somebody else holds the database's lock: who waits, who does not, and nothing is lost."""

import asyncio
from datetime import datetime

import pytest

from alerts.telegram.bot import TelegramBot
from alerts.telegram.polling import between_looks
from marsad.demo.botapi_state import Standing
from models.subscriber import Chat, ChatStatus
from tests.fakes.memory_store import MemorySubscribers
from tests.unit.alerts.world import World, last, world


class LockedSubscribers(MemorySubscribers):
    """Reads from a snapshot; writes only once the lock is let go."""

    def __init__(self, place: World) -> None:
        super().__init__(place.store)
        self.asked, self.free = asyncio.Event(), asyncio.Event()

    def held(self) -> bool:
        return self.asked.is_set() and not self.free.is_set()

    async def subscribe(
        self, chat_id: int, topic: str, now: datetime, thread_id: int | None = None
    ) -> None:
        self.asked.set()
        await self.free.wait()
        await super().subscribe(chat_id, topic, now, thread_id)

    async def set_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        self.asked.set()
        await self.free.wait()
        return await super().set_status(chat_id, status, now)


def bot_of(place: World, locked: LockedSubscribers) -> TelegramBot:
    return place.new_bot(locked, held=locked.held)


def status(place: World) -> ChatStatus:
    return place.store.chats[7].status


async def test_who_presses_a_button_is_told_at_once_and_sees_the_effect_later() -> None:
    async with world("open") as place:
        anna, boris = place.person(), place.person(8)
        for person in (anna, boris):
            person.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(bot_of(place, locked).take_updates(stop))

        pressed = anna.presses(last(anna).id, "1:t:caspian:1")
        await place.server.until(lambda: pressed.answer, within=30)
        boris.sends("/help")
        await place.server.until(lambda: "/help" in last(boris).text, within=30)

        assert pressed.answer is not None
        assert pressed.answer["text"] == "يُحفظ اختيارك خلال لحظات."
        assert not (await locked.subscriber(7)).topics  # type: ignore[union-attr]
        before = last(anna).as_json()
        locked.free.set()
        await place.server.until(lambda: last(anna).as_json() != before, within=30)
        stop.set()
        await polling
        assert (await locked.subscriber(7)).topics == {"caspian"}  # type: ignore[union-attr]


async def test_who_is_answered_late_for_another_reason_holds_up_nobody_and_is_told_nothing() -> (
    None
):
    async with world("open") as place:
        anna, boris = place.person(), place.person(8)
        for person in (anna, boris):
            person.sends("/start")
        await place.hears()
        slow = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(place.new_bot(slow).take_updates(stop))

        pressed = anna.presses(last(anna).id, "1:t:caspian:1")
        boris.sends("/help")
        await place.server.until(lambda: "/help" in last(boris).text, within=30)
        assert pressed.answer is None

        slow.free.set()
        await place.server.until(lambda: pressed.answer, within=30)
        stop.set()
        await polling
        assert pressed.answer is not None
        assert "يُحفظ اختيارك" not in str(pressed.answer.get("text"))


async def test_a_crash_meanwhile_loses_nothing() -> None:
    async with world("open") as place:
        anna, boris = place.person(), place.person(8)
        for person in (anna, boris):
            person.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        crashing = asyncio.create_task(bot_of(place, locked).take_updates(asyncio.Event()))
        anna.sends("/stop")
        boris.sends("/help")
        await place.server.until(lambda: "/help" in last(boris).text, within=30)
        crashing.cancel()
        await asyncio.gather(crashing, return_exceptions=True)

        assert status(place) is ChatStatus.ACTIVE
        await place.new_bot().poll_waiting(10)
        assert status(place) is ChatStatus.STOPPED


async def test_a_command_that_has_to_wait_is_answered_twice() -> None:
    async with world("open") as place:
        anna = place.person()
        anna.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(bot_of(place, locked).take_updates(stop))
        anna.sends("/stop")
        await place.server.until(lambda: "لحظة من فضلك" in last(anna).text, within=30)

        locked.free.set()
        await place.server.until(lambda: "توقفت التنبيهات" in last(anna).text, within=30)
        stop.set()
        await polling


async def test_a_stop_waits_for_what_was_begun() -> None:
    async with world("open") as place:
        anna = place.person()
        anna.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(bot_of(place, locked).take_updates(stop))
        anna.sends("/stop")
        await place.server.until(lambda: "لحظة من فضلك" in last(anna).text, within=30)

        stop.set()
        locked.free.set()
        await polling

        assert status(place) is ChatStatus.STOPPED
        assert await place.new_bot().poll_waiting(5) == 0


async def test_what_one_chat_sends_is_done_in_its_order() -> None:
    async with world("open") as place:
        anna, boris = place.person(), place.person(8)
        for person in (anna, boris):
            person.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(bot_of(place, locked).take_updates(stop))
        heard = len(anna.inbox)
        for command in ("/stop", "/start", "/help"):
            anna.sends(command)
        boris.sends("/help")
        await place.server.until(lambda: "/help" in last(boris).text, within=30)
        assert all("لحظة من فضلك" in message.text for message in anna.inbox[heard:])

        locked.free.set()
        await place.server.until(lambda: "ما يمكنك فعله" in last(anna).text, within=30)
        stop.set()
        await polling
        assert status(place) is ChatStatus.ACTIVE
        answers = [m.text for m in anna.inbox[heard:] if "لحظة من فضلك" not in m.text]
        assert "توقفت التنبيهات" in answers[0]
        assert "أهلًا بك في مرصد" in answers[1]


async def test_people_who_talk_in_a_group_are_not_told_to_wait() -> None:
    async with world("open") as place:
        anna, boris = place.person(), place.person(8)
        members = [(anna, Standing.ADMINISTRATOR)]
        group = place.server.people.add_group(-1007, "غرفة الأخبار", members=members)
        anna.sends("/start", to=group)
        boris.sends("/start")
        await place.hears()
        locked = LockedSubscribers(place)
        stop = asyncio.Event()
        polling = asyncio.create_task(bot_of(place, locked).take_updates(stop))
        anna.sends("/stop", to=group)
        anna.sends("صباح الخير جميعًا", to=group)
        boris.sends("/help")
        await place.server.until(lambda: "/help" in last(boris).text, within=30)

        assert sum("لحظة من فضلك" in message.text for message in group.inbox) == 1
        locked.free.set()
        stop.set()
        await polling


@pytest.mark.parametrize(
    ("waited", "pause"), [(0.0, 0.005), (5.0, 0.005), (20.0, 0.2), (3600.0, 1.0)]
)
def test_the_longer_it_takes_the_less_often_telegram_is_asked(waited: float, pause: float) -> None:
    assert between_looks(waited) == pytest.approx(pause)
