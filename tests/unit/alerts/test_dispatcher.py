"""Delivering: nothing lost, nobody delayed by others, clean to stop."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.dispatcher import LONGEST_HOLD, Dispatcher
from alerts.notifier import Ambiguous, Gone, Migrated, NotSent, Outcome, Rejected, Sent, Wait
from alerts.pacing import Limits
from alerts.weather import GOOD_IN_A_ROW
from models.delivery import Delivery, DeliveryState, Settlement
from models.subscriber import Channel, ChatStatus
from tests.fakes.memory_store import MemoryOutbox, MemoryStore, Row
from tests.unit.alerts.builders import alert, chat

FAST = Limits(per_second=10_000, chat_seconds=0.0, group_per_minute=10_000)


def utc_now() -> datetime:
    return datetime.now(UTC)


class ScriptedNotifier:
    """Answers what the script says of a chat, once each; after that everything is sent."""

    async def ping(self) -> Outcome | None:
        self.pings += 1
        self.changed.set()
        return self.trouble

    def __init__(self, script: dict[int, list[Outcome | Exception]] | None = None) -> None:
        self.script = script or {}
        self.calls: list[int] = []
        self.sent: list[int] = []
        self.hold: asyncio.Event | None = None
        self.changed = asyncio.Event()
        self.at_once = self.most_at_once = self.pings = 0
        self.trouble: Outcome | None = None

    async def deliver(self, delivery: Delivery) -> Outcome:
        self.calls.append(delivery.chat.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.changed.set()
        try:
            await (self.hold.wait() if self.hold else asyncio.sleep(0))
        finally:
            self.at_once -= 1
        answers = self.script.get(delivery.chat.id)
        if answers:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        self.sent.append(delivery.chat.id)
        return Sent(message_id=len(self.sent))


class WatchedOutbox(MemoryOutbox):
    def __init__(self, store: MemoryStore, changed: asyncio.Event) -> None:
        super().__init__(store)
        self.changed = changed

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        await super().settle(delivery, settlement, now)
        self.changed.set()


def store_with(*chat_ids: int, alerts: int = 1) -> MemoryStore:
    """A store whose chats all wait for so many alerts."""
    store = MemoryStore()
    begin = utc_now() - timedelta(minutes=1)
    for chat_id in chat_ids:
        store.chats[chat_id] = chat(chat_id)
        store.topics[chat_id] = {"iran-russia": begin}
    for number in range(alerts):
        store.add_alert(alert(), number, utc_now())
    return store


def dispatcher(
    store: MemoryStore,
    notifier: ScriptedNotifier,
    limits: Limits = FAST,
    now: Callable[[], datetime] = utc_now,
) -> Dispatcher:
    outbox = WatchedOutbox(store, notifier.changed)
    return Dispatcher(outbox, notifier, Channel.TELEGRAM, "here", now=now, limits=limits)


@asynccontextmanager
async def running(work: Dispatcher) -> AsyncIterator[asyncio.Event]:
    """The dispatcher at work, stopped cleanly at the end; gives the event that wakes it."""
    stop, wake = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(work.run(stop, wake))
    try:
        yield wake
    finally:
        stop.set()
        await task


async def until(notifier: ScriptedNotifier, condition: Callable[[], bool]) -> None:
    """Return as soon as it holds; it is looked at after each call and each settlement."""
    async with asyncio.timeout(30):
        while not condition():
            notifier.changed.clear()
            await notifier.changed.wait()


def states(store: MemoryStore) -> dict[int, DeliveryState]:
    return {row.chat_id: row.state for row in store.deliveries}


def only(store: MemoryStore) -> Row:
    (row,) = store.deliveries
    return row


async def test_everything_that_is_due_is_sent_once() -> None:
    store, notifier = store_with(*range(1, 101)), ScriptedNotifier()

    sent = await dispatcher(store, notifier).drain(10)

    assert sent == 100
    assert sorted(notifier.sent) == list(range(1, 101))
    assert set(states(store).values()) == {DeliveryState.SENT}


async def test_no_more_than_eight_calls_at_once() -> None:
    store, notifier = store_with(*range(1, 61)), ScriptedNotifier()
    notifier.hold = asyncio.Event()
    async with running(dispatcher(store, notifier)):
        await until(notifier, lambda: notifier.at_once == 8)
        notifier.hold.set()
        await until(notifier, lambda: len(notifier.sent) == 60)

    assert notifier.most_at_once == 8


async def test_a_new_delivery_goes_out_when_woken() -> None:
    store, notifier = store_with(1), ScriptedNotifier()
    async with running(dispatcher(store, notifier)) as wake:
        await until(notifier, lambda: notifier.sent == [1])
        store.add_alert(alert(), 99, utc_now())
        wake.set()
        await until(notifier, lambda: notifier.sent == [1, 1])


@pytest.mark.parametrize(
    "answer", [Rejected(reason="bad"), RuntimeError("bug")], ids=["refused", "not to be composed"]
)
async def test_a_poison_message_ends_dead_and_delays_nobody(answer: Outcome | Exception) -> None:
    store, notifier = store_with(1, 2, 3), ScriptedNotifier({1: [answer] * 3})
    clock = Clock()
    async with running(dispatcher(store, notifier, now=clock)) as wake:
        await until(notifier, lambda: notifier.sent == [2, 3])
        for attempts in (1, 2):
            await until(notifier, lambda: store.deliveries[0].attempts == attempts)  # noqa: B023
            clock.forward(60)
            wake.set()
        await until(notifier, lambda: states(store)[1] is DeliveryState.DEAD)

    assert notifier.calls.count(1) == 3


class Clock:
    """The real time, moved forward by the test."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.shift

    def forward(self, seconds: float) -> None:
        self.shift += timedelta(seconds=seconds)


def first(store: MemoryStore) -> Row:
    """What waits for chat 1."""
    return next(iter(store.of_chat(1)))


class Seconds:
    """The real monotonic time, moved forward by the test."""

    def __init__(self) -> None:
        self.shift = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.shift


class UnsettlingOutbox(WatchedOutbox):
    """Cannot write down what became of chat 1's."""

    refused = False

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        if delivery.chat.id == 1:
            self.refused = True
            self.changed.set()
            raise OSError("disk I/O error")
        await super().settle(delivery, settlement, now)


async def test_an_unexpected_failure_of_one_leaves_the_others_alone() -> None:
    store, notifier = store_with(1, 2), ScriptedNotifier()
    outbox = UnsettlingOutbox(store, notifier.changed)
    work = Dispatcher(outbox, notifier, Channel.TELEGRAM, "here", now=utc_now, limits=FAST)
    async with running(work):
        await until(notifier, lambda: outbox.refused and states(store)[2] is DeliveryState.SENT)

    # Its lease will end, and then it is known that it may have arrived.
    assert states(store) == {1: DeliveryState.IN_FLIGHT, 2: DeliveryState.SENT}


async def test_a_halted_chat_waits_alone_and_gets_its_message_not_earlier() -> None:
    store = store_with(1, 2, alerts=2)
    notifier = ScriptedNotifier({1: [Wait(seconds=0.3, scope="chat")]})
    began = asyncio.get_running_loop().time()

    await dispatcher(store, notifier).drain(10)

    assert asyncio.get_running_loop().time() - began >= 0.3
    assert notifier.sent == [2, 1]
    assert store.counts()["sent"] == 4
    assert all(row.attempts == 0 for row in store.deliveries)


async def test_a_halt_of_all_stops_all_and_also_who_was_about_to_be_sent() -> None:
    store = store_with(*range(1, 31))
    notifier = ScriptedNotifier({1: [Wait(seconds=0.5, scope="all")]})
    async with running(dispatcher(store, notifier, replace(FAST, per_second=10))):
        await until(notifier, lambda: states(store)[1] is DeliveryState.RETRY)
        await asyncio.sleep(0.3)
        assert notifier.calls == [1]
        await until(notifier, lambda: len(notifier.sent) >= 2)


async def test_a_claim_that_waited_too_long_is_put_back_before_its_lease_ends() -> None:
    store, notifier = store_with(*range(1, 21)), ScriptedNotifier()
    notifier.hold = asyncio.Event()
    clock = Clock()
    work = Dispatcher(
        WatchedOutbox(store, notifier.changed),
        notifier,
        Channel.TELEGRAM,
        "here",
        now=utc_now,
        limits=FAST,
        clock=lambda: time.monotonic() + clock.shift.total_seconds(),
    )
    async with running(work):
        await until(notifier, lambda: notifier.at_once == 8)
        clock.forward(20)
        notifier.hold.set()
        await until(notifier, lambda: any(row.reason == "paced" for row in store.deliveries))
        await until(notifier, lambda: len(notifier.sent) == 20)

    assert len(notifier.calls) == 20


async def test_without_a_connection_nothing_is_counted_and_all_is_sent_later() -> None:
    store = store_with(1)
    notifier = ScriptedNotifier({1: [NotSent(reason="no net")]})

    assert await dispatcher(store, notifier).drain(10) == 1
    assert only(store).attempts == 0


async def test_a_lost_answer_is_asked_for_once_more_when_others_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("alerts.dispatcher.PING_SECONDS", 0.01)
    store = store_with(1, 2)
    notifier = ScriptedNotifier({1: [Ambiguous(reason="lost")] * 2})
    clock = Clock()
    work = dispatcher(store, notifier, now=clock)
    async with running(work) as wake:
        await until(notifier, lambda: states(store)[2] is DeliveryState.SENT)
        await until(notifier, lambda: first(store).lost == 1)
        # Another chat's message alone is no evidence; nothing else is said, so it is asked for.
        clock.forward(10)
        wake.set()
        await until(notifier, lambda: notifier.pings > 0)
        assert notifier.calls.count(1) == 1
        async with asyncio.timeout(30):
            while states(store)[1] is not DeliveryState.DEAD:
                clock.forward(10)
                wake.set()
                await asyncio.sleep(0.05)

    assert notifier.calls.count(1) == 2
    assert notifier.pings >= GOOD_IN_A_ROW - 1
    assert first(store).reason == "may have arrived, attempt 2: lost"


async def test_while_nothing_is_answered_what_may_have_arrived_waits_for_an_hour() -> None:
    store = store_with(1)
    notifier = ScriptedNotifier({1: [Ambiguous(reason="lost")]})
    notifier.trouble = Ambiguous(reason="lost")
    clock, seconds = Clock(), Seconds()
    work = Dispatcher(
        WatchedOutbox(store, notifier.changed),
        notifier,
        Channel.TELEGRAM,
        "here",
        now=clock,
        limits=FAST,
        clock=seconds,
    )
    async with running(work) as wake:
        await until(notifier, lambda: only(store).lost == 1)
        clock.forward(10)
        wake.set()
        await until(notifier, lambda: notifier.pings > 0)
        assert notifier.calls == [1]
        seconds.shift += LONGEST_HOLD + 1
        clock.forward(10)
        wake.set()
        await until(notifier, lambda: only(store).state is DeliveryState.SENT)


async def test_what_a_chat_has_waiting_goes_out_as_one_message() -> None:
    store, notifier = store_with(1, 2, alerts=5), ScriptedNotifier()

    assert await dispatcher(store, notifier).drain(10) == 2

    assert sorted(notifier.sent) == [1, 2]
    assert store.counts()["sent"] == 10
    assert len({row.message_id for row in store.of_chat(1)}) == 1


async def test_what_was_refused_together_is_tried_one_by_one() -> None:
    store = store_with(1, alerts=3)
    refused = Rejected(reason="can't send")
    notifier = ScriptedNotifier({1: [refused, refused]})
    clock = Clock()
    async with running(dispatcher(store, notifier, now=clock)) as wake:
        await until(notifier, lambda: store.counts()["sent"] == 2)
        clock.forward(60)
        wake.set()
        await until(notifier, lambda: store.counts()["sent"] == 3)

    assert len(notifier.calls) == 1 + 3 + 1
    assert all(row.alone for row in store.deliveries)


async def test_a_gone_chat_has_its_open_deliveries_cancelled() -> None:
    store = store_with(1, 2, alerts=3)
    notifier = ScriptedNotifier({1: [Gone(reason="blocked")]})

    await dispatcher(store, notifier).drain(10)

    assert notifier.calls.count(1) == 1
    assert store.chats[1].status is ChatStatus.GONE
    assert notifier.sent == [2]
    assert store.counts()["cancelled"] == store.counts()["sent"] == 3


async def test_a_migrated_group_gets_its_message_at_its_new_id() -> None:
    store = store_with(-5)
    notifier = ScriptedNotifier({-5: [Migrated(new_chat_id=-1005)]})

    await dispatcher(store, notifier).drain(10)

    assert notifier.sent == [-1005]


async def test_a_group_over_its_limit_gives_its_place_to_others() -> None:
    limits = replace(FAST, group_per_minute=2)
    store, notifier = store_with(-5, alerts=0), ScriptedNotifier()
    for number in range(4):
        store.add_notice([-5], f"notice {number}", utc_now())
    store.chats[7] = chat(7)
    store.topics[7] = {"iran-russia": utc_now() - timedelta(minutes=1)}
    store.add_alert(alert(), 99, utc_now())
    async with running(dispatcher(store, notifier, limits)):
        await until(notifier, lambda: 7 in notifier.sent and notifier.sent.count(-5) == 2)
        await until(notifier, lambda: sum(row.reason == "paced" for row in store.deliveries) >= 1)

    assert notifier.calls.count(-5) == 2
    later = [row for row in store.deliveries if row.reason == "paced"]
    assert all(row.due_at > utc_now() + timedelta(seconds=50) for row in later)
    assert all(row.attempts == 0 for row in later)


async def test_a_clean_stop_finishes_what_is_in_flight_and_gives_the_rest_back() -> None:
    store, notifier = store_with(*range(1, 61)), ScriptedNotifier()
    notifier.hold = asyncio.Event()
    stop = asyncio.Event()
    task = asyncio.create_task(dispatcher(store, notifier).run(stop, asyncio.Event()))
    await until(notifier, lambda: notifier.at_once == 8)

    stop.set()
    await asyncio.sleep(0.05)
    assert not task.done()
    notifier.hold.set()
    await task

    assert len(notifier.sent) == 8
    assert store.counts()["sent"] == 8
    assert store.counts()["in flight"] == 0
    assert all(row.owner is None for row in store.deliveries)


async def test_out_of_time_the_rest_stays_pending() -> None:
    slow = replace(FAST, per_second=20)
    store, notifier = store_with(*range(1, 61)), ScriptedNotifier()

    sent = await dispatcher(store, notifier, slow).drain(0.5)

    assert 0 < sent < 20
    assert store.counts()["pending"] == 60 - sent
    assert all(row.owner is None for row in store.deliveries)


async def test_without_time_nothing_is_started() -> None:
    store, notifier = store_with(1), ScriptedNotifier()

    assert await dispatcher(store, notifier).drain(0) == 0
    assert notifier.calls == []


async def test_what_a_crash_left_in_flight_comes_back_as_maybe_sent() -> None:
    store, notifier = store_with(1), ScriptedNotifier()
    crashed = utc_now() - timedelta(seconds=50)
    outbox = MemoryOutbox(store)
    only(store).due_at = crashed
    only(store).rank_at = crashed
    (claimed,) = await outbox.claim(
        Channel.TELEGRAM, owner="dead", now=crashed, lease=timedelta(seconds=45), limit=1
    )
    await outbox.mark_in_flight(claimed, crashed)

    await dispatcher(store, notifier).drain(5)

    assert notifier.sent == [1]
    assert only(store).maybe_sent


class FailingOutbox(MemoryOutbox):
    failures = 1

    async def claim(self, *args: object, **options: object) -> list[Delivery]:
        if self.failures:
            self.failures -= 1
            raise OSError("database is locked")
        return list(await super().claim(*args, **options))  # type: ignore[arg-type]  # passed on


async def test_an_outbox_that_cannot_be_read_is_asked_again() -> None:
    store, notifier = store_with(1), ScriptedNotifier()
    work = Dispatcher(
        FailingOutbox(store), notifier, Channel.TELEGRAM, "here", now=utc_now, limits=FAST
    )

    assert await work.drain(10) == 1


async def test_a_delivery_cancelled_after_its_claim_is_not_sent() -> None:
    store, notifier = store_with(1), ScriptedNotifier()

    class Cancelling(MemoryOutbox):
        async def mark_in_flight(self, delivery: Delivery, now: datetime) -> bool:
            self.store.cancel_open(1, "the chat is stopped", now)
            return await super().mark_in_flight(delivery, now)

    work = Dispatcher(
        Cancelling(store), notifier, Channel.TELEGRAM, "here", now=utc_now, limits=FAST
    )

    assert await work.drain(5) == 0
    assert notifier.calls == []
