"""How late an alert is at worst when news comes faster than Telegram takes messages."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from models.alert import AlsoTold
from models.delivery import Delivery, DeliveryKind, MarkSent
from models.subscriber import Channel
from models.text import Localized
from scripts.soak.arrange import add_alert, add_chats, expand
from scripts.soak.figures import Row
from scripts.soak.virtual import EPOCH
from storage import claims, edits, outbox, settlement
from storage.database import Connection, Database

PER_SECOND = 28.0
CHATS = 10_000
WORST_MINUTES = 7.0
SOURCES = 6
_LEASE = timedelta(seconds=45)
_AT_ONCE = 32


@dataclass(slots=True)
class Clocked:
    """What was sent, and how late; times are seconds since EPOCH."""

    decided: list[float]
    worst: float = 0.0
    messages: int = 0
    edits: int = 0
    alerts: int = 0
    edits_while_alerts_waited: int = 0
    delays: list[float] = field(default_factory=list)

    def sent(self, delivery: Delivery, time: float) -> None:
        self.messages += 1
        if delivery.kind is DeliveryKind.EDIT:
            self.edits += 1
            return
        for stored in delivery.alerts:
            late = time - (stored.created - EPOCH).total_seconds()
            self.alerts += 1
            self.delays.append(late)
            self.worst = max(self.worst, late)


def delay(
    folder: Path,
    chats: int = CHATS,
    alerts: int = 72,
    hours: float = 2.0,
    *,
    seed: int | None = None,
) -> Row:
    """`chats` followers, so many alerts in so many hours (evenly, or at random with a seed), each
    joined by six further sources in the hour after; the order is that of storage's claims. The
    rate is 28 a second for 10,000 chats, and less for fewer, so that it is as scarce."""
    rate = PER_SECOND * chats / CHATS
    row = Row(f"delay: {alerts} alerts in {hours:g} hours to {chats} chats, {rate:g} a second")
    decided = sorted(_times(alerts, hours * 3600, seed))
    database = Database.open(f"sqlite:///{folder}/delay.db")
    add_chats(database, range(1, chats + 1), EPOCH - timedelta(hours=1))
    clocked = Clocked(decided)
    try:
        asyncio.run(_run(database, clocked, rate))
        states = database.read_now(outbox.counts)
    finally:
        database.close_now()
    clocked.delays.sort()
    row.at_most("worst delay, minutes", clocked.worst / 60, WORST_MINUTES)
    row.note("median delay, minutes", clocked.delays[len(clocked.delays) // 2] / 60)
    row.at_most("lost", alerts * chats - clocked.alerts, 0)
    row.at_most("still open", states["pending"] + states["retry"] + states["in flight"], 0)
    row.at_most("edits sent while an alert waited", clocked.edits_while_alerts_waited, 0)
    row.note("messages", clocked.messages)
    row.note("of them edits", clocked.edits)
    return row


def _times(alerts: int, seconds: float, seed: int | None) -> Iterator[float]:
    chance = random.Random(seed)
    for number in range(alerts):
        yield seconds * number / alerts if seed is None else chance.uniform(0, seconds)


async def _run(database: Database, clocked: Clocked, rate: float) -> None:
    """Whatever happens until a message may go out happens before it is claimed."""
    stories: list[int] = []
    coming = _events(clocked.decided)
    following = next(coming, None)
    time = 0.0
    while True:
        while following is not None and following[0] <= time:
            await _happen(database, stories, following)
            following = next(coming, None)
        sent = database.write_now(lambda c, at=time: _send(c, at, rate, clocked))  # type: ignore[misc]
        if not sent and following is None:
            return
        time = time + sent / rate if sent else max(time, following[0] if following else time)


def _events(decided: Sequence[float]) -> Iterator[tuple[float, int, int]]:
    """(time, number of the alert, 0: decided or 1..6: joined by another source)."""
    joins = (
        (time + 600.0 * source, number, source)
        for number, time in enumerate(decided)
        for source in range(SOURCES + 1)
    )
    yield from sorted(joins)


async def _happen(database: Database, stories: list[int], event: tuple[float, int, int]) -> None:
    seconds, number, source = event
    moment = EPOCH + timedelta(seconds=seconds)
    if source == 0:
        stories.append(await add_alert(database, number, moment))
    else:
        told = AlsoTold(
            source=Localized(f"وكالة {source}"), url=f"https://{source}.example/{number}"
        )
        await database.write(lambda c: edits.add_source(c, stories[number], told))
    await expand(database, moment)


def _send(connection: Connection, time: float, rate: float, clocked: Clocked) -> int:
    """Claim what the dispatcher would claim, and send it one after the other."""
    moment = EPOCH + timedelta(seconds=time)
    # A second's messages at most, so that what happens meanwhile is seen in time.
    limit = max(1, min(_AT_ONCE, round(rate)))
    claimed = claims.claim(connection, Channel.TELEGRAM, "delay", moment, _LEASE, limit)
    for number, delivery in enumerate(claimed, 1):
        at = time + number / rate
        result = MarkSent(message_id=delivery.message_id or clocked.messages + 1)
        settlement.settle(connection, delivery, result, EPOCH + timedelta(seconds=at))
        clocked.sent(delivery, at)
    if any(delivery.kind is DeliveryKind.EDIT for delivery in claimed):
        waiting = claims.next_due(connection, Channel.TELEGRAM, moment)
        mixed = any(delivery.kind is not DeliveryKind.EDIT for delivery in claimed)
        clocked.edits_while_alerts_waited += mixed and waiting is not None
    return len(claimed)
