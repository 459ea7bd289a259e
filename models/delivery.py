"""A delivery takes one alert (or notice) to one chat; it is a row with a state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.alert import StoredAlert
from models.subscriber import Chat


class DeliveryState(StrEnum):
    """`in flight`: the Bot API was called and the answer is not recorded yet."""

    PENDING = "pending"
    RETRY = "retry"
    IN_FLIGHT = "in flight"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


class DeliveryKind(StrEnum):
    ALERT = "alert"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed delivery. `maybe_sent`: an earlier attempt may have arrived (its answer was lost).

    Exactly one of `alert` and `notice` is set; a notice is a plain text for an operator.
    `attempts` counts the calls that the Bot API refused or that may have arrived; waits that it
    asked for (429) and connections that never opened do not count.
    """

    id: int
    chat: Chat
    kind: DeliveryKind
    alert: StoredAlert | None
    notice: str | None
    attempts: int
    maybe_sent: bool
    created: datetime


# What the dispatcher decides of a delivery after an attempt; the outbox records it.


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSent:
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRetry:
    """Try again, not before `not_before`."""

    not_before: datetime
    attempts: int
    reason: str
    maybe_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDead:
    """This delivery will not be tried again; the chat stays subscribed."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkGone:
    """The chat is gone (blocked, kicked, deactivated): its open deliveries are cancelled."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMigrated:
    """The group became a supergroup: the chat is renamed everywhere and the delivery stays."""

    new_chat_id: int


Settlement = MarkSent | MarkRetry | MarkDead | MarkGone | MarkMigrated
