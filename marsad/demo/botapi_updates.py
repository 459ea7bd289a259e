"""The queue of updates: given again until the bot acknowledges them by an offset."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from marsad.demo.botapi_wire import Refusal

MAX_POLL_SECONDS = 50
_KEPT_SECONDS = 24 * 3600
# What a bot does not get unless it asks for it (core.telegram.org/bots/api#getupdates).
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)

Update = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Queued:
    id: int
    time: float
    update: Update


class UpdateQueue:
    """One bot's updates. Only one call may wait at a time: a second one ends the first (409)."""

    def __init__(self, clock: Callable[[], float], first_id: int = 100_001) -> None:
        self._clock = clock
        self._queue: deque[_Queued] = deque()
        self._next_id = first_id
        self._allowed: frozenset[str] | None = None
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()
        self._poll = 0
        self._reason = _OTHER_POLLER

    def put(self, kind: str, content: object) -> int | None:
        """Queue an update of this kind; None: the bot does not want this kind."""
        if not self._wants(kind):
            return None
        update: Update = {"update_id": self._next_id, kind: content}
        self._queue.append(_Queued(self._next_id, self._clock(), update))
        self._next_id += 1
        self._arrived.set()
        return self._next_id - 1

    def _wants(self, kind: str) -> bool:
        if self._allowed is None:
            return kind not in _ONLY_ON_REQUEST
        return kind in self._allowed

    def allow(self, kinds: frozenset[str] | None) -> None:
        """From now on; an empty set is the default again; what is queued stays."""
        if kinds is not None:
            self._allowed = kinds or None

    @property
    def allowed(self) -> frozenset[str] | None:
        return self._allowed

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def next_id(self) -> int:
        """Of the next update; they count up."""
        return self._next_id

    async def until_taken(self, within: float = 30.0) -> None:
        """Return once everything is acknowledged. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while self._queue:
                self._taken.clear()
                await self._taken.wait()

    def clear(self) -> None:
        self._queue.clear()

    def interrupt(self, reason: str) -> None:
        """End the call that waits, if any, with 409 and this reason."""
        self._poll += 1
        self._reason = reason
        self._arrived.set()

    async def get(self, offset: int, limit: int, wait: float) -> list[Update]:
        """Acknowledge what is before `offset` and give what follows, waiting if need be.

        A negative offset forgets all but the last -offset updates. Raises Refusal (409) when
        another call takes over.
        """
        self.interrupt(_OTHER_POLLER)
        mine = self._poll
        self._forget(offset)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while not self._queue and (rest := deadline - loop.time()) > 0:
            self._arrived = asyncio.Event()
            try:
                await asyncio.wait_for(self._arrived.wait(), rest)
            except TimeoutError:
                break
            if self._poll != mine:
                raise Refusal(409, self._reason)
        return [queued.update for queued in list(self._queue)[:limit]]

    async def wait_for(self, offset: int) -> Update:
        """Acknowledge what is before `offset`; the next update, whenever it comes."""
        while True:
            self._forget(offset)
            if self._queue:
                return self._queue[0].update
            self._arrived = asyncio.Event()
            await self._arrived.wait()

    def _forget(self, offset: int) -> None:
        now = self._clock()
        while self._queue and self._queue[0].time < now - _KEPT_SECONDS:
            self._queue.popleft()
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        while self._queue and self._queue[0].id < offset:
            self._queue.popleft()
        if not self._queue:
            self._taken.set()
