"""What can go wrong between Marsad and the Bot API, as outcomes and as sentences."""

import os
import time
from collections.abc import Callable
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from alerts.notifier import (
    Ambiguous,
    Gone,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    ThreadGone,
    Wait,
)

# 400s that say that the chat is not there any more (telegram-bot-api Client.cpp).
_GONE_TEXTS = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "bot is not a member",
    "group chat was deactivated",
    "not enough rights to send text messages",
    "have no rights to send a message",
    "need administrator rights in the channel chat",
    "chat_write_forbidden",
    "input_user_deactivated",
)
# The topic of the forum is deleted, or closed for the bot.
_THREAD_TEXTS = ("message thread not found", "topic_deleted", "topic_closed")
# The message was deleted, or is too old to be edited.
_FINAL_TEXTS = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
)
_NEVER_OPENED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# So many chats told to wait at once are the bot's own limit, not the chats'.
_CHATS_FOR_ALL = 3


class TelegramFailure(Exception):
    """The bot cannot work."""


class TokenRefused(TelegramFailure):
    """The Bot API refused the bot token: check MARSAD_BOT_TOKEN (@BotFather shows it)."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Unreachable(TelegramFailure):
    """The Bot API could not be reached."""


class CannotListen(TelegramFailure):
    """The webhook's address cannot be listened on: see MARSAD_WEBHOOK_LISTEN."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"cannot listen for Telegram's updates on {host}:{port}: {reason.lower()}; "
            "see MARSAD_WEBHOOK_LISTEN"
        )


class Floods:
    """Tells a chat's limit from the bot's: the Bot API's 429 does not say whose it is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[int, float] = {}

    def wait(self, chat_id: int, seconds: float) -> Wait:
        now = self._clock()
        self._waiting = {chat: end for chat, end in self._waiting.items() if end > now}
        self._waiting[chat_id] = now + seconds
        everybody = len(self._waiting) >= _CHATS_FOR_ALL
        return Wait(seconds=seconds, scope="all" if everybody else "chat")


def outcome_of(error: TelegramError, chat_id: int, floods: Floods) -> Outcome:
    """The outcome of a call that raised; never holds the token."""
    match error:
        case RetryAfter():
            return floods.wait(chat_id, seconds_of(error))
        case ChatMigrated():
            return Migrated(new_chat_id=error.new_chat_id)
        case Forbidden():
            return Gone(reason=error.message)
        case InvalidToken():
            return NotSent(reason="the bot token was refused")
        case BadRequest():
            return _refusal(error.message)
        case NetworkError():
            return _network(error)
        case _:
            return Ambiguous(reason=f"{type(error).__name__}: {error.message}", answered=True)


def _refusal(message: str) -> Outcome:
    text = message.lower()
    if any(gone in text for gone in _GONE_TEXTS):
        return Gone(reason=message)
    if any(thread in text for thread in _THREAD_TEXTS):
        return ThreadGone(reason=message)
    return Rejected(reason=message, final=any(never in text for never in _FINAL_TEXTS))


def is_unchanged(error: TelegramError) -> bool:
    """An edit changes nothing: the message looks so already."""
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def opt_in_to_durations() -> None:
    """python-telegram-bot's own switch: without it, 22.x warns whenever a 429 is raised."""
    os.environ["PTB_TIMEDELTA"] = "true"


def seconds_of(error: RetryAfter) -> float:
    """The switch above may not be set: then it is an int."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_unparsable(error: TelegramError) -> bool:
    """The markup was refused: a fault of ours; the text can still go out without it."""
    return isinstance(error, BadRequest) and "can't parse entities" in error.message.lower()


def _network(error: NetworkError) -> Outcome:
    cause = error.__cause__
    if isinstance(cause, _NEVER_OPENED):
        return NotSent(reason=f"no connection to the Bot API ({type(cause).__name__})")
    if cause is None or not isinstance(cause, httpx.HTTPError):
        # An answer came, with a 5xx status.
        return Ambiguous(reason="the Bot API failed (5xx)", answered=True)
    return Ambiguous(reason=f"the answer was lost ({type(cause).__name__})")
