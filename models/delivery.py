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
    """`repeat`: an alert to a chat that has its story already; `notice`: to operators;
    `broadcast`: from them to everybody; `edit`: a message that was sent shows something else
    now."""

    ALERT = "alert"
    REPEAT = "repeat"
    NOTICE = "notice"
    EDIT = "edit"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A delivery that goes out in the same message as another one."""

    id: int
    alert: StoredAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed delivery. `maybe_sent`: an earlier attempt may have arrived (its answer was lost).

    Exactly one of `alert` and `notice` is set; a notice is a plain text for an operator.
    `attempts` counts the calls that the Bot API refused or that may have arrived; waits that it
    asked for (429) and connections that never opened do not count.

    `lost`: how often the answer was lost. `joined`: alerts of other deliveries of the chat in the
    same message, which share its fate; of an edit, what else the message `message_id` told.
    """

    id: int
    chat: Chat
    kind: DeliveryKind
    alert: StoredAlert | None
    notice: str | None
    attempts: int
    maybe_sent: bool
    created: datetime
    lost: int = 0
    joined: tuple[Joined, ...] = ()
    silent: bool = False
    digest: bool = False
    message_id: int | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """The rows that its settlement settles."""
        if self.kind is DeliveryKind.EDIT:
            return (self.id,)
        return (self.id, *(joined.id for joined in self.joined))

    @property
    def alerts(self) -> tuple[StoredAlert, ...]:
        """All that the message tells, first the first."""
        first = () if self.alert is None else (self.alert,)
        return (*first, *(joined.alert for joined in self.joined))


# What the dispatcher decides of a delivery after an attempt; the outbox records it.


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSent:
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRetry:
    """Try again, not before `not_before`. `alone`: no longer together with others."""

    not_before: datetime
    attempts: int
    reason: str
    maybe_sent: bool
    lost: int = 0
    alone: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkThreadGone:
    """The chat's topic of a forum is gone: from now on it is written to outside of topics."""

    reason: str


Settlement = MarkSent | MarkRetry | MarkDead | MarkGone | MarkMigrated | MarkThreadGone
