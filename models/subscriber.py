"""A subscriber: a chat, what it may do and which topics it follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.schedule import Mode, Schedule
from models.text import Language


class Channel(StrEnum):
    """Where a chat lives. `terminal` is the one that shows alerts while no bot token is set;
    `webhook` chats are programs, which are told one event at a time and in order."""

    TELEGRAM = "telegram"
    TERMINAL = "terminal"
    WEBHOOK = "webhook"

    @property
    def in_order(self) -> bool:
        """Whether what waits for an earlier message waits with it, and nothing goes together."""
        return self is Channel.WEBHOOK


class ChatStatus(StrEnum):
    """`waiting` for an operator's yes; `stopped` by /stop; `gone`: blocked or deleted the bot."""

    WAITING = "waiting"
    ACTIVE = "active"
    STOPPED = "stopped"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat that talks to Marsad; `id` is Telegram's (the terminal has id 0)."""

    id: int
    channel: Channel
    status: ChatStatus
    language: Language
    title: str
    username: str | None
    created: datetime
    thread_id: int | None = None
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A chat and the names of the topics it follows; `modes` of those not told in Mode.NOW, and
    the names of the sites it does not want to hear of. `keywords` are those it watches for itself:
    the name of each one's topic, and the keyword as it was written."""

    chat: Chat
    topics: frozenset[str]
    modes: Mapping[str, Mode] = field(default_factory=dict)
    muted_sites: frozenset[str] = frozenset()
    keywords: Mapping[str, str] = field(default_factory=dict)
    may_have_keywords: bool = False
