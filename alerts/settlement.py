"""What becomes of a delivery after an attempt: pure."""

from datetime import datetime, timedelta

from alerts.notifier import (
    Ambiguous,
    Gone,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    Wait,
)
from models.delivery import (
    Delivery,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    Settlement,
)

MOST_REFUSALS = 3
MOST_SERVER_ERRORS = 12
LONGEST_BACKOFF = timedelta(minutes=5)
_FIRST_BACKOFF = timedelta(seconds=1)
_AMBIGUOUS_BACKOFF = timedelta(seconds=5)


def settlement(
    outcome: Outcome, delivery: Delivery, now: datetime, *, unsent: int = 0
) -> Settlement:
    """`unsent`: how many attempts of this delivery in a row never opened a connection, which
    lengthens the pause but never ends the delivery."""
    match outcome:
        case Sent(message_id=message_id):
            return MarkSent(message_id=message_id)
        case Wait(seconds=seconds, scope=scope):
            return _again(
                delivery,
                now + timedelta(seconds=seconds),
                f"told to wait {seconds:g} s ({scope})",
            )
        case NotSent(reason=reason):
            return _again(delivery, now + backoff(_FIRST_BACKOFF, unsent), reason)
        case Ambiguous(reason=reason, answered=answered):
            return _ambiguous(reason, delivery, now, answered=answered)
        case Rejected(reason=reason):
            return _rejected(reason, delivery, now)
        case Gone(reason=reason):
            return MarkGone(reason=reason)
        case Migrated(new_chat_id=new_chat_id):
            return MarkMigrated(new_chat_id=new_chat_id)


def backoff(first: timedelta, times: int) -> timedelta:
    """Doubling from `first`, at most five minutes."""
    factor: int = 2 ** min(times, 20)
    return min(first * factor, LONGEST_BACKOFF)


def _again(delivery: Delivery, not_before: datetime, reason: str) -> MarkRetry:
    return MarkRetry(
        not_before=not_before,
        attempts=delivery.attempts,
        reason=reason,
        maybe_sent=delivery.maybe_sent,
    )


def _ambiguous(reason: str, delivery: Delivery, now: datetime, *, answered: bool) -> Settlement:
    """A lost answer is asked for once more, since a copy is better than a loss, and two copies
    are not. A server that answers 'I failed' has most likely not delivered: it is asked longer."""
    attempts = delivery.attempts + 1
    ended = attempts >= MOST_SERVER_ERRORS if answered else delivery.maybe_sent and attempts > 1
    if ended:
        return MarkDead(reason=f"may have arrived, attempt {attempts}: {reason}")
    return MarkRetry(
        not_before=now + backoff(_AMBIGUOUS_BACKOFF, delivery.attempts),
        attempts=attempts,
        reason=reason,
        maybe_sent=True,
    )


def _rejected(reason: str, delivery: Delivery, now: datetime) -> Settlement:
    attempts = delivery.attempts + 1
    if attempts >= MOST_REFUSALS:
        return MarkDead(reason=f"refused, attempt {attempts}: {reason}")
    return MarkRetry(
        not_before=now + backoff(_AMBIGUOUS_BACKOFF, attempts),
        attempts=attempts,
        reason=reason,
        maybe_sent=delivery.maybe_sent,
    )
