"""What becomes of a delivery after an attempt: pure."""

from datetime import datetime, timedelta
from typing import Any

from alerts.notifier import (
    Ambiguous,
    Gone,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    ThreadGone,
    Wait,
)
from models.delivery import (
    Delivery,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    MarkThreadGone,
    Settlement,
)

MOST_REFUSALS = 3
MOST_SERVER_ERRORS = 12
# At five minutes each: three days.
MOST_INSISTING = 864
LONGEST_BACKOFF = timedelta(minutes=5)
# After an answer was lost: sent once more, when answers come again (alerts.weather).
MOST_LOST = 1
LOST_PAUSE = timedelta(seconds=5)
_FIRST_BACKOFF = timedelta(seconds=1)
_FAILED_BACKOFF = timedelta(seconds=5)


def settlement(
    outcome: Outcome, delivery: Delivery, now: datetime, *, unsent: int = 0
) -> Settlement:
    """`unsent`: how many attempts of this delivery in a row never opened a connection, which
    lengthens the pause but never ends the delivery."""
    if delivery.chat.channel.in_order and isinstance(outcome, Ambiguous):
        return _insisted(outcome, delivery, now)
    match outcome:
        case Sent(message_id=message_id):
            return MarkSent(message_id=message_id)
        case Wait(seconds=seconds, scope=scope):
            until = now + timedelta(seconds=seconds)
            return _again(delivery, until, f"told to wait {seconds:g} s ({scope})")
        case NotSent(reason=reason):
            return _again(delivery, now + backoff(_FIRST_BACKOFF, unsent), reason)
        case Ambiguous(reason=reason, answered=True):
            return _failed(reason, delivery, now)
        case Ambiguous(reason=reason):
            return _lost(reason, delivery, now)
        case Rejected(reason=reason, final=final):
            return _rejected(reason, delivery, now, final=final)
        case Gone(reason=reason):
            return MarkGone(reason=reason)
        case Migrated(new_chat_id=new_chat_id):
            return MarkMigrated(new_chat_id=new_chat_id)
        case ThreadGone(reason=reason):
            return MarkThreadGone(reason=reason)


def backoff(first: timedelta, times: int) -> timedelta:
    """Doubling from `first`, at most five minutes."""
    factor: int = 2 ** min(times, 20)
    return min(first * factor, LONGEST_BACKOFF)


def _again(
    delivery: Delivery, not_before: datetime, reason: str, *, counted: int = 0, **changes: Any
) -> MarkRetry:
    kept = {"maybe_sent": delivery.maybe_sent, "lost": delivery.lost} | changes
    return MarkRetry(
        not_before=not_before, attempts=delivery.attempts + counted, reason=reason, **kept
    )


def _failed(reason: str, delivery: Delivery, now: datetime) -> Settlement:
    """A server that answers 'I failed' has most likely not delivered: it is asked for long."""
    attempts = delivery.attempts + 1
    if attempts >= MOST_SERVER_ERRORS:
        return MarkDead(reason=f"may have arrived, attempt {attempts}: {reason}")
    pause = backoff(_FAILED_BACKOFF, delivery.attempts)
    return _again(delivery, now + pause, reason, counted=1, maybe_sent=True)


def _lost(reason: str, delivery: Delivery, now: datetime) -> Settlement:
    if delivery.lost >= MOST_LOST:
        attempts = delivery.attempts + 1
        return MarkDead(reason=f"may have arrived, attempt {attempts}: {reason}")
    lost = delivery.lost + 1
    return _again(delivery, now + LOST_PAUSE, reason, counted=1, maybe_sent=True, lost=lost)


def _insisted(outcome: Ambiguous, delivery: Delivery, now: datetime) -> Settlement:
    """A program is told until it says that it heard, for days: nobody else would tell it, it can
    tell a copy by its id, and those behind it wait."""
    attempts = delivery.attempts + 1
    if attempts >= MOST_INSISTING:
        return MarkDead(reason=f"may have arrived, attempt {attempts}: {outcome.reason}")
    pause = backoff(_FAILED_BACKOFF, delivery.attempts)
    return _again(delivery, now + pause, outcome.reason, counted=1, maybe_sent=True)


def _rejected(reason: str, delivery: Delivery, now: datetime, *, final: bool) -> Settlement:
    """What was refused together is tried one by one: the others are not at fault."""
    attempts = delivery.attempts + 1
    if final or attempts >= MOST_REFUSALS:
        return MarkDead(reason=f"refused, attempt {attempts}: {reason}")
    if len(delivery.ids) > 1:
        return _again(delivery, now, reason, counted=1, alone=True)
    return _again(delivery, now + backoff(_FAILED_BACKOFF, attempts), reason, counted=1)
