"""Taking updates: none lost, none acknowledged early, and the token never shown."""

import asyncio
import logging
import traceback

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from alerts.telegram.bot import TelegramBot
from alerts.telegram.errors import TokenRefused
from alerts.telegram.redaction import RedactSecrets
from marsad.demo.faults import Fault
from models.subscriber import Chat, ChatStatus, Subscriber
from tests.fakes.memory_operating import MemoryOperating
from tests.fakes.memory_store import MemoryStore, MemorySubscribers
from tests.unit.alerts.world import TOKEN, World, last, world


class HeldSubscribers(MemorySubscribers):
    """Stops inside the first command until it is let go."""

    def __init__(self, place: World) -> None:
        super().__init__(place.store)
        self.entered, self.go = asyncio.Event(), asyncio.Event()

    async def subscriber(self, chat_id: int) -> Subscriber | None:
        self.entered.set()
        await self.go.wait()
        return await super().subscriber(chat_id)


class BrokenSubscribers(MemorySubscribers):
    async def register(self, chat: Chat) -> Chat:
        raise OSError("disk is full")


async def test_polling_answers_until_it_is_stopped() -> None:
    async with world("open") as place:
        anna = place.person()
        stop = asyncio.Event()
        polling = asyncio.create_task(place.bots[0].take_updates(stop))
        anna.sends("/start")
        await place.server.until(lambda: anna.inbox)

        stop.set()
        async with asyncio.timeout(30):
            await polling
        assert await place.new_bot().poll_waiting(5) == 0


async def test_a_crash_in_the_middle_of_a_command_loses_it_not() -> None:
    async with world("open") as place:
        anna = place.person()
        held = HeldSubscribers(place)
        crashing = asyncio.create_task(place.new_bot(held).take_updates(asyncio.Event()))
        anna.sends("/start")
        await held.entered.wait()
        crashing.cancel()
        await asyncio.gather(crashing, return_exceptions=True)
        assert place.store.chats == {}

        assert await place.new_bot().poll_waiting(5) == 1
        assert place.store.chats[7].status is ChatStatus.ACTIVE


async def test_a_stop_in_the_middle_of_a_batch_leaves_the_rest_waiting() -> None:
    async with world("open") as place:
        anna = place.person()
        held = HeldSubscribers(place)
        stop = asyncio.Event()
        for _ in range(3):
            anna.sends("/start")
        stopping = asyncio.create_task(place.new_bot(held).take_updates(stop))
        await held.entered.wait()
        stop.set()
        held.go.set()
        await stopping

        assert len(anna.inbox) == 1
        assert await place.new_bot().poll_waiting(5) == 2


async def test_a_command_that_fails_does_not_block_the_next() -> None:
    async with world("open") as place:
        anna = place.person()
        anna.sends("/start")
        anna.sends("/help")
        with capture_logs() as logs:
            assert await place.new_bot(BrokenSubscribers(place.store)).poll_waiting(5) == 2

        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
            "update failed"
        ]
        assert "/help" in last(anna).text


async def test_out_of_time_nothing_is_taken() -> None:
    async with world("open") as place:
        place.person().sends("/start")

        assert await place.bots[0].poll_waiting(0) == 0
        assert await place.bots[0].poll_waiting(5) == 1


async def test_another_poller_is_named_in_the_log() -> None:
    async with world("open") as place:
        stop = asyncio.Event()
        conflict = asyncio.Event()

        def note(_logger: object, _method: str, event: EventDict) -> EventDict:
            if "another program takes the updates" in str(event["event"]):
                conflict.set()
            return event

        with capture_logs(processors=[note]):
            first = asyncio.create_task(place.bots[0].take_updates(stop))
            second = asyncio.create_task(place.new_bot().take_updates(stop))
            async with asyncio.timeout(30):
                await conflict.wait()
            stop.set()
            await asyncio.gather(first, second)


async def test_both_menus_are_set() -> None:
    async with world() as place:
        menus = [
            (parameters.text("language_code") or "", parameters.text("commands") or "")
            for method, parameters in place.server.calls
            if method.lower() == "setmycommands"
        ]

        assert [code for code, _ in menus] == ["", "en"]
        assert "Choose topics" in menus[1][1]


async def test_a_server_that_fails_at_start_is_asked_again() -> None:
    async with world("open", Fault(kind="status", method="getMe", times=1)) as place:
        anna = place.person()
        anna.sends("/start")

        assert await place.hears() == 1
        assert len(anna.inbox) == 1


async def test_polling_goes_on_after_the_server_failed() -> None:
    async with world("open", Fault(kind="reset", method="getUpdates", times=1)) as place:
        anna = place.person()
        stop = asyncio.Event()
        polling = asyncio.create_task(place.bots[0].take_updates(stop))
        anna.sends("/start")
        await place.server.until(lambda: anna.inbox)
        stop.set()
        await polling


async def test_a_refused_token_is_a_sentence_without_the_token() -> None:
    async with world() as place:
        wrong = "4242:wrong-canary-wrong-canary-wrong-canary"
        place.server.token, right = wrong, place.server.token
        bot = place.new_bot()
        place.server.token = right
        with pytest.raises(TokenRefused) as refused:
            await bot.start()

        shown = "".join(traceback.format_exception(refused.value))
        assert "MARSAD_BOT_TOKEN" in str(refused.value)
        assert "canary" not in shown


async def test_the_token_is_in_no_log_line_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "httpx", "httpcore", "telegram"):  # whatever other tests have set
        caplog.set_level(logging.DEBUG, logger=name)
    faults = [
        Fault(kind="reset", method="sendMessage", nth=(1,)),
        Fault(kind="status", method="sendMessage", nth=(2,)),
        Fault(kind="flood", method="sendMessage", nth=(3,), seconds=1.0),
    ]
    async with world("open", *faults) as place:
        anna = place.person()
        for _ in range(4):
            anna.sends("/help")
        await place.hears()
    redact = RedactSecrets([TOKEN])
    formatter = logging.Formatter("%(message)s")
    lines = [formatter.format(record) for record in caplog.records]

    assert any("canary" in line for line in lines)  # the libraries do say it
    assert not any("canary" in redact.redact(line) for line in lines)


def test_making_a_bot_connects_to_nothing() -> None:
    TelegramBot(
        TOKEN,
        api_base=None,
        proxy="socks5://127.0.0.1:9",
        operators=frozenset(),
        access=lambda: "approval",
        topics=dict,
        store=MemorySubscribers.__new__(MemorySubscribers),
        operating=MemoryOperating(MemoryStore()),
        now=World.now,  # type: ignore[arg-type]  # never called
    )
