"""Hours in seconds: an event loop whose clock jumps to the next timer, and a Bot API inside it."""

import asyncio
import json
import random
import selectors
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from marsad.demo.botapi_html import HtmlTextParser
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_methods import Methods
from marsad.demo.botapi_people import People
from marsad.demo.botapi_state import Account, BotApiState
from marsad.demo.botapi_updates import UpdateQueue
from marsad.demo.botapi_wire import Refusal, as_parameters, too_many_requests
from marsad.demo.receipts import Receipts
from models.delivery import Delivery, Settlement
from models.subscriber import Channel
from storage import claims, settlement
from storage.database import Database

T = TypeVar("T")
EPOCH = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


class _Jumping(selectors.SelectSelector):
    """Never waits: the time that it was to wait has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits for something that never comes")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_virtual(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Like asyncio.run, in no time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


def seconds() -> float:
    return asyncio.get_running_loop().time()


def now() -> datetime:
    return EPOCH + timedelta(seconds=seconds())


class BlockingOutbox:
    """Storage's outbox without threads, whose work would take no virtual time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, channel: Channel, *, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Delivery]:
        return self._database.write_now(
            lambda connection: claims.claim(connection, channel, owner, now, lease, limit)
        )

    async def mark_in_flight(self, delivery: Delivery, now: datetime) -> bool:
        return self._database.write_now(
            lambda connection: claims.mark_in_flight(connection, delivery, now)
        )

    async def settle(self, delivery: Delivery, result: Settlement, now: datetime) -> None:
        self._database.write_now(
            lambda connection: settlement.settle(connection, delivery, result, now)
        )

    async def release(self, owner: str) -> None:
        self._database.write_now(lambda connection: claims.release(connection, owner))

    async def next_due(self, channel: Channel, now: datetime) -> datetime | None:
        return self._database.read_now(lambda connection: claims.next_due(connection, channel, now))


@dataclass(slots=True, kw_only=True)
class Weather:
    """What share of calls goes wrong, until when. A hang takes or loses the message in turn."""

    until: float = 0.0
    flood: float = 0.0
    bad_gateway: float = 0.0
    hang: float = 0.0


@dataclass(slots=True)
class Observed:
    calls: int = 0
    early: int = 0
    floods: int = 0
    gateways: int = 0
    hangs: int = 0
    wait_until: dict[int, float] = field(default_factory=dict)


class VirtualBotApi(BaseRequest):
    """A python-telegram-bot request that is the local Bot API itself, limits and all."""

    LATENCY = 0.06
    READ_TIMEOUT = 15.0

    def __init__(self, weather: Weather, seed: int = 0) -> None:
        self.weather = weather
        self.seen = Observed()
        self.receipts = Receipts()
        self.limits = FloodLimits()
        bot = Account(id=4242, first_name="مرصد", username="marsad_local_bot", is_bot=True)
        state = BotApiState(bot)
        self.people = People(state, UpdateQueue(seconds), seconds)
        self.methods = Methods(state, HtmlTextParser(), self.limits, self.receipts, seconds)
        self._chance = random.Random(seed)

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @property
    def read_timeout(self) -> float:
        return self.READ_TIMEOUT

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: object,
        **more: object,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        values = request_data.json_parameters if request_data else {}
        await asyncio.sleep(self.LATENCY)
        return await self._answer(name, dict(values))

    async def _answer(self, name: str, values: dict[str, object]) -> tuple[int, bytes]:
        self.seen.calls += 1
        chat_id = int(str(values.get("chat_id", 0)))
        if seconds() < self.seen.wait_until.get(chat_id, 0.0) - 1e-6:
            self.seen.early += 1
        drawn = self._chance.random() if seconds() < self.weather.until else 1.0
        flood, gateway = self.weather.flood, self.weather.flood + self.weather.bad_gateway
        if drawn < flood:
            self.seen.floods += 1
            pause = self._chance.randint(1, 5)
            self.seen.wait_until[chat_id] = seconds() + pause
            return _refused(too_many_requests(pause))
        if drawn < gateway:
            self.seen.gateways += 1
            return 502, b"<html><body>502 Bad Gateway</body></html>"
        if drawn < gateway + self.weather.hang:
            self.seen.hangs += 1
            if self.seen.hangs % 2:
                self._carry_out(name, values)
            await asyncio.sleep(self.READ_TIMEOUT)
            raise TimedOut from httpx.ReadTimeout("")
        return self._carry_out(name, values)

    def _carry_out(self, name: str, values: dict[str, object]) -> tuple[int, bytes]:
        act = self.methods.find(name)
        assert act is not None, name
        try:
            result = act(as_parameters(values))
        except Refusal as refusal:
            wait = refusal.retry_after
            if wait is not None:
                self.seen.wait_until[int(str(values["chat_id"]))] = seconds() + wait
            return _refused(refusal)
        return 200, json.dumps({"ok": True, "result": result}).encode()


def _refused(refusal: Refusal) -> tuple[int, bytes]:
    return refusal.code, json.dumps(refusal.envelope()).encode()
