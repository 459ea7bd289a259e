"""How an alert leaves: a Notifier delivers one message and says what became of it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from models.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Told to wait (429): the scope says who waits, the chat or everybody."""

    seconds: float
    scope: Literal["chat", "all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Certainly not accepted: the connection never opened. Free to try again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Accepted or not is unknown: the answer was lost, or the server failed.

    `answered`: the server said so itself (5xx); then it most likely delivered nothing."""

    reason: str
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The message itself was refused (400). `final`: asking again cannot help."""

    reason: str
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The chat blocked the bot, kicked it or does not exist any more (403)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    new_chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadGone:
    """The topic of the forum that it was to go to is closed or deleted; the group is there."""

    reason: str


Outcome = Sent | Wait | NotSent | Ambiguous | Rejected | Gone | Migrated | ThreadGone


class Notifier(Protocol):
    """Telegram or the terminal; raises nothing that is an answer of the other side. An edit that
    changes nothing counts as sent."""

    async def deliver(self, delivery: Delivery) -> Outcome: ...

    async def ping(self) -> Outcome | None:
        """What comes of a call that changes nothing; None: it was answered."""
