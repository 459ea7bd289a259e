"""A ping after each good cycle, so that somebody else notices when they stop coming."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import structlog
from pydantic import SecretStr

log = structlog.get_logger(__name__)

# Services that watch for pings expect one a minute at most.
EVERY_SECONDS = 60.0
_TIMEOUT_SECONDS = 10.0


async def ping(url: SecretStr) -> None:
    """One GET. What goes wrong is logged without the address, which is a secret of its own."""
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=True) as client:
            answer = await client.get(url.get_secret_value())
        if answer.is_error:
            log.warning("heartbeat was refused", status=answer.status_code)
    except httpx.HTTPError as error:
        log.warning("heartbeat could not be sent", reason=type(error).__name__)


async def keep_pinging(
    url: SecretStr,
    problems: Callable[[], Awaitable[list[str]]],
    stop: asyncio.Event,
    every: float = EVERY_SECONDS,
) -> None:
    """Ping while there is no problem, until `stop`; silence is what raises the alarm."""
    while not stop.is_set():
        found = await problems()
        if found:
            log.warning("no heartbeat", problems=found)
        else:
            await ping(url)
        try:
            await asyncio.wait_for(stop.wait(), every)
        except TimeoutError:
            continue
