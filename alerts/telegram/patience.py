"""What to do when the Bot API does not do as asked: say what it means, and how long to pause."""

import asyncio
from datetime import timedelta

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from alerts.settlement import backoff
from alerts.telegram.errors import seconds_of

log = structlog.get_logger(__name__)

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = 30.0
_CONFLICT_PAUSE = 10.0
_REFUSED_PAUSE = 60.0


def pause_after(error: TelegramError, failures: int) -> float:
    """Log what the error means; the seconds to pause after so many failures in a row."""
    match error:
        case Conflict():
            log.error(
                "another program takes the updates of the same bot token: stop it, or use a token "
                "of its own",
                by="webhook" if "webhook" in error.message.lower() else "polling",
            )
            return _CONFLICT_PAUSE
        case InvalidToken():
            log.error("the bot token is refused; commands and alerts wait until it is valid")
            return _REFUSED_PAUSE
        case RetryAfter():
            return seconds_of(error)
        case _:
            pause = min(backoff(_FIRST_PAUSE, failures - 1).total_seconds(), _LONGEST_PAUSE)
            log.warning("bot api not reachable", reason=error.message, retry_in=pause)
            return pause


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """So long, or until `stop`."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
