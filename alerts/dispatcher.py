"""Takes deliveries out: claim, mark in flight, deliver, settle; paced, and clean to stop."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from alerts.notifier import Ambiguous, Notifier, NotSent, Outcome, Rejected, Sent, Wait
from alerts.outbox import Outbox
from alerts.pacing import UNHURRIED, UNLIMITED, Limits, Pacer
from alerts.settlement import LOST_PAUSE, backoff, settlement
from alerts.weather import Weather
from models.delivery import Delivery, MarkDead, MarkRetry
from models.subscriber import Channel

log = structlog.get_logger(__name__)

# What a call can take at most (the timeouts in alerts.telegram.bot); a lease must not run out
# under a call, or the message would go out twice.
LONGEST_CALL = 30.0
LEASE = timedelta(seconds=45)
MOST_CLAIMED = 32
# Claims are made for several at once, or each message would cost a transaction more.
LEAST_CLAIMED = 8
# A chat that may not have its message within this gives its place to others.
LONGEST_PAUSE = 2.0
LONGEST_REST = 5.0
SHORTEST_REST = 0.05
# A database that was away, or full, is asked again this often: what waits is news.
LONGEST_ABSENCE = timedelta(seconds=10)
# So many attempts in a row without a connection, of whatever chats, mean that the network is down.
UNREACHABLE_AFTER = 3
# A message whose answer was lost waits for better weather at most so long.
LONGEST_HOLD = 3600.0
# When nothing else is said, it is asked this often whether the other side answers.
PING_SECONDS = 0.5
_LIMITS = {
    Channel.TELEGRAM: Limits(),
    Channel.TERMINAL: UNLIMITED,
    Channel.WEBHOOK: UNHURRIED,
}


class Dispatcher:
    """One a channel and process; another process takes over what it leaves when the lease ends."""

    def __init__(
        self,
        outbox: Outbox,
        notifier: Notifier,
        channel: Channel,
        owner: str,
        *,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        lease: timedelta = LEASE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = outbox
        self._notifier = notifier
        self._channel = channel
        self._owner = owner
        self._now = now
        self._lease = lease
        self._longest_claim = max(lease.total_seconds() - LONGEST_CALL, 1.0)
        self._clock = clock
        limits = limits or _LIMITS[channel]
        self._pacer = Pacer(limits)
        self._calls = asyncio.Semaphore(limits.in_flight)
        self._gate = asyncio.Lock()
        self._attempts: set[asyncio.Task[None]] = set()
        self._unsent: dict[int, int] = {}
        self._weather = Weather()
        self._held: dict[int, float] = {}
        self._asking: asyncio.Task[None] | None = None
        self._unreachable = 0
        self._sent = 0
        self._claim_failures = 0

    async def run(self, stop: asyncio.Event, wake: asyncio.Event) -> None:
        """Deliver until `stop`; `wake` says that there is something new. What is in flight then
        is finished, what was only claimed is given back."""
        await self._work(stop, wake, until_empty=False)

    async def drain(self, seconds: float, stop: asyncio.Event | None = None) -> int:
        """Deliver what is or becomes due within so many seconds; how many messages were sent."""
        sent_before = self._sent
        if seconds > 0:
            over = stop or asyncio.Event()
            try:
                async with asyncio.timeout(seconds):
                    await self._work(over, asyncio.Event(), until_empty=True)
            except TimeoutError:
                log.info("out of time; the rest stays pending")
        return self._sent - sent_before

    async def _work(self, stop: asyncio.Event, wake: asyncio.Event, *, until_empty: bool) -> None:
        ending = asyncio.Event()
        try:
            await self._release()
            while not stop.is_set():
                wake.clear()
                if await self._start_due(ending):
                    continue
                due = await self._next_due()
                if until_empty and due is None and not self._attempts:
                    break
                await self._rest(stop, wake, due)
        finally:
            # Attempts that are not in flight yet see it and end at once.
            ending.set()
            if self._asking is not None:
                self._asking.cancel()
            await asyncio.gather(*self._attempts, return_exceptions=True)
            await self._release()

    async def _start_due(self, ending: asyncio.Event) -> bool:
        room = MOST_CLAIMED - len(self._attempts)
        if room < LEAST_CLAIMED or self._pacer.halted_until() > self._clock():
            return False
        self._pacer.forget_before(self._clock())
        for delivery in (claimed := await self._claim(room)):
            attempt = asyncio.create_task(self._attempt(delivery, ending))
            self._attempts.add(attempt)
            attempt.add_done_callback(self._attempts.discard)
        return bool(claimed)

    async def _claim(self, limit: int) -> list[Delivery]:
        try:
            claimed = await self._outbox.claim(
                self._channel,
                owner=self._owner,
                now=self._now(),
                lease=self._lease,
                limit=limit,
            )
        except Exception:
            self._claim_failures += 1
            pause = min(backoff(timedelta(seconds=1), self._claim_failures - 1), LONGEST_ABSENCE)
            log.exception("outbox could not be read", retry_in=pause.total_seconds())
            self._pacer.halt(self._clock() + pause.total_seconds())
            return []
        self._claim_failures = 0
        return list(claimed)

    async def _next_due(self) -> datetime | None:
        try:
            return await self._outbox.next_due(self._channel, self._now())
        except Exception:
            log.exception("outbox could not be read")
            return self._now() + timedelta(seconds=LONGEST_REST)

    async def _release(self) -> None:
        try:
            await self._outbox.release(self._owner)
        except Exception:
            log.exception("claims could not be given back; their lease will end")

    async def _rest(self, stop: asyncio.Event, wake: asyncio.Event, due: datetime | None) -> None:
        """Until something can be started: due, woken, room again, a halt over, or stopped."""
        pause = LONGEST_REST if due is None else (due - self._now()).total_seconds()
        pause = max(pause, self._pacer.halted_until() - self._clock())
        signals = [asyncio.create_task(event.wait()) for event in (stop, wake)]
        await asyncio.wait(
            [*signals, *self._attempts],
            timeout=min(max(pause, SHORTEST_REST), LONGEST_REST),
            return_when=asyncio.FIRST_COMPLETED,
        )
        for signal in signals:
            signal.cancel()

    async def _attempt(self, delivery: Delivery, ending: asyncio.Event) -> None:
        """One delivery may fail alone: its lease ends and it is tried again."""
        claimed = self._clock()
        try:
            if self._is_held(delivery):
                await self._put_off(delivery, LOST_PAUSE.total_seconds())
                return
            chat_time = self._pacer.chat_time(delivery.id, delivery.chat.id, self._clock())
            if chat_time - self._clock() > LONGEST_PAUSE:
                await self._put_off(delivery, chat_time - self._clock())
            elif not await self._stopped_before(chat_time, ending):
                await self._deliver(delivery, claimed, ending)
        except Exception:
            log.exception("delivery failed", delivery=delivery.id)

    def _is_held(self, delivery: Delivery) -> bool:
        """What may have arrived is sent once more, and only when the answer to that will come."""
        if not delivery.lost:
            return False
        now = self._clock()
        since = self._held.setdefault(delivery.id, now)
        if self._weather.is_calm(now) or now - since > LONGEST_HOLD:
            del self._held[delivery.id]
            return False
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return True

    async def _ask(self) -> None:
        """Gather evidence of calm while nothing else is said."""
        while self._held and not self._weather.is_calm(self._clock()):
            if self._weather.silent_for(self._clock()) >= PING_SECONDS:
                await asyncio.sleep(await self._ping())
            await asyncio.sleep(PING_SECONDS)

    async def _ping(self) -> float:
        """The seconds that must be waited before the next."""
        outcome = await self._notifier.ping()
        self._observe(outcome)
        return outcome.seconds if isinstance(outcome, Wait) else 0.0

    def _observe(self, outcome: Outcome | None) -> None:
        if isinstance(outcome, Ambiguous):
            self._weather.bad(self._clock())
        elif not isinstance(outcome, NotSent | Wait):
            self._weather.good(self._clock())

    async def _put_off(self, delivery: Delivery, seconds: float) -> None:
        """It cannot go out yet: nobody waits for it, and it keeps the time booked for it."""
        later = MarkRetry(
            not_before=self._now() + timedelta(seconds=seconds),
            attempts=delivery.attempts,
            reason="paced",
            maybe_sent=delivery.maybe_sent,
            lost=delivery.lost,
        )
        await self._outbox.settle(delivery, later, self._now())

    async def _deliver(self, delivery: Delivery, claimed: float, ending: asyncio.Event) -> None:
        async with self._calls:
            if self._clock() - claimed > self._longest_claim:
                await self._put_off(delivery, 0.0)
                return
            if ending.is_set():
                return
            if not await self._outbox.mark_in_flight(delivery, self._now()):
                log.info("delivery not wanted any more", delivery=delivery.id)
                return
            pause = await self._pause_before(delivery)
            if pause > 0.01:
                await self._put_off(delivery, pause)
                return
            await self._settle(delivery, await self._outcome(delivery))

    async def _outcome(self, delivery: Delivery) -> Outcome:
        """What cannot be said at all is refused: it would be the first in line for ever."""
        try:
            return await self._notifier.deliver(delivery)
        except Exception as error:
            log.exception("delivery failed", delivery=delivery.id)
            return Rejected(reason=type(error).__name__)

    async def _pause_before(self, delivery: Delivery) -> float:
        """Wait for the bot's next slot; the seconds that are left if that is too long.

        It comes last and one at a time: a commit before the call or a loop that was busy would
        otherwise let messages out in a bunch, beyond the limit."""
        async with self._gate:
            pause = self._pacer.overall_time(self._clock()) - self._clock()
            if pause > LONGEST_PAUSE:
                return pause
            await asyncio.sleep(max(pause, 0.0))
        # A halt may have come in the meantime.
        now = self._clock()
        return self._pacer.chat_time(delivery.id, delivery.chat.id, now) - now

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        self._pacer.finished(delivery.id)
        self._heed(delivery, outcome)
        unsent = self._unsent.pop(delivery.id, 0)
        now = self._now()
        result = settlement(outcome, delivery, now, unsent=unsent)
        if isinstance(outcome, NotSent):
            self._unsent[delivery.id] = unsent + 1
        await self._outbox.settle(delivery, result, now)
        if isinstance(outcome, Sent):
            self._sent += 1
        report = log.error if isinstance(result, MarkDead) else log.info
        report(
            "delivery settled",
            delivery=delivery.id,
            settlement=type(result).__name__,
            reason=getattr(result, "reason", None),
        )

    def _heed(self, delivery: Delivery, outcome: Outcome) -> None:
        """Halt what the outcome says: the chat, or everything."""
        if isinstance(outcome, Wait):
            chat_id = delivery.chat.id if outcome.scope == "chat" else None
            self._pacer.halt(self._clock() + outcome.seconds, chat_id)
        self._observe(outcome)
        self._unreachable = self._unreachable + 1 if isinstance(outcome, NotSent) else 0
        if self._unreachable >= UNREACHABLE_AFTER:
            pause = backoff(timedelta(seconds=1), self._unreachable - UNREACHABLE_AFTER)
            self._pacer.halt(self._clock() + min(pause.total_seconds(), 30.0))

    async def _stopped_before(self, when: float, ending: asyncio.Event) -> bool:
        """Wait until then; True at once if everything stops first."""
        pause = when - self._clock()
        if pause > 0:
            try:
                await asyncio.wait_for(ending.wait(), pause)
            except TimeoutError:
                return False
        return ending.is_set()
