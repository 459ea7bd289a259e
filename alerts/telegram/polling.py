"""Updates by asking for them: the way that needs no address of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram import Update
from telegram.error import TelegramError

from alerts.telegram.application import UPDATES, App
from alerts.telegram.patience import pause, pause_after

log = structlog.get_logger(__name__)

LONG_POLL = 30
# While an update waits for the database, Telegram gives it again at each look. What others write
# meanwhile comes with it, so it is asked again at once; seldom, once a backup has taken for long.
_SHORTEST_LOOK, _LONGEST_LOOK = 0.005, 1.0
_AT_ONCE_SECONDS = 10.0
_LOOKS_A_WAIT = 50


class Polling:
    """An update is acknowledged after it was processed, so that a crash loses no command; it may
    be processed twice, which changes nothing. `get_ready` raises telegram.error. `take` returns
    the processing of an update, done or taking longer; meanwhile the following are asked for and
    processed, but nothing from it on is acknowledged."""

    def __init__(
        self,
        app: App,
        get_ready: Callable[[], Awaitable[None]],
        take: Callable[[Update], Awaitable["asyncio.Task[None]"]],
    ) -> None:
        self._app = app
        self._get_ready_first = get_ready
        self._take = take
        self._without_webhook = False
        self._next: int | None = None
        self._waiting: dict[int, asyncio.Task[None]] = {}
        self._waits_since = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop`."""
        failures = 0
        while not stop.is_set():
            try:
                await self._get_ready()
                updates = await self._updates_or_stop(stop)
            except TelegramError as error:
                failures += 1
                await pause(stop, pause_after(error, failures))
                continue
            failures = 0
            await self._process_all(updates, stop.is_set)
            if self._waiting:
                await pause(stop, between_looks(time.monotonic() - self._waits_since))
        await self._acknowledge()

    async def take_waiting(self, seconds: float) -> int:
        """Process the updates that are waiting, within so many seconds; how many there were."""
        deadline = time.monotonic() + seconds
        count = 0
        try:
            await self._get_ready()
            while time.monotonic() < deadline:
                await self._end_waiting()
                updates = await self._get_updates(long_poll=0)
                if not updates:
                    return count
                count += await self._process_all(updates, lambda: time.monotonic() >= deadline)
        except TelegramError as error:
            pause_after(error, 1)
        await self._acknowledge()
        return count

    async def _get_ready(self) -> None:
        """While a webhook is set, Telegram gives no updates; what it holds stays to be asked for.
        Once only: whose webhook it is that comes later is for a person to decide."""
        await self._get_ready_first()
        if not self._without_webhook:
            await self._app.bot.delete_webhook()
            self._without_webhook = True

    async def _updates_or_stop(self, stop: asyncio.Event) -> Sequence[Update]:
        call = asyncio.create_task(self._get_updates(long_poll=LONG_POLL))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([call, stopping], return_when=asyncio.FIRST_COMPLETED)
            return call.result() if call.done() else ()
        finally:
            for task in (call, stopping):
                task.cancel()
            await asyncio.gather(call, stopping, return_exceptions=True)

    async def _get_updates(self, *, long_poll: int) -> Sequence[Update]:
        """Those that were not taken yet. With others still waiting the answer comes at once."""
        updates: Sequence[Update] = await self._app.bot.get_updates(
            offset=self._offset(), timeout=long_poll, allowed_updates=UPDATES
        )
        return [each for each in updates if self._next is None or each.update_id >= self._next]

    def _offset(self) -> int | None:
        """The first update that is not processed to its end."""
        for number, task in list(self._waiting.items()):
            if task.done():
                del self._waiting[number]
        return min(self._waiting, default=self._next)

    async def _end_waiting(self) -> None:
        await asyncio.gather(*self._waiting.values())

    async def _process_all(self, updates: Sequence[Update], over: Callable[[], bool]) -> int:
        """How many were processed; what is left when it is over stays unacknowledged."""
        for count, update in enumerate(updates):
            if over():
                return count
            task = await self._take(update)
            if not task.done():
                self._waits_since = self._waits_since if self._waiting else time.monotonic()
                self._waiting[update.update_id] = task
            self._next = update.update_id + 1
        return len(updates)

    async def _acknowledge(self) -> None:
        """Tell the Bot API what was processed; whatever it answers comes again next time."""
        await self._end_waiting()
        if self._next is None:
            return
        try:
            await self._app.bot.get_updates(
                offset=self._next, timeout=0, limit=1, allowed_updates=UPDATES
            )
        except TelegramError as error:
            log.warning("updates not acknowledged", reason=error.message)


def between_looks(waited: float) -> float:
    """Seconds until Telegram is asked again, after so many since the first update began to wait."""
    return min(max((waited - _AT_ONCE_SECONDS) / _LOOKS_A_WAIT, _SHORTEST_LOOK), _LONGEST_LOOK)
