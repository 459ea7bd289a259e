"""The bot: python-telegram-bot's Application, started by hand in Marsad's own loop."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from alerts.notifier import Notifier
from alerts.settlement import backoff
from alerts.telegram import replies
from alerts.telegram.conversation import Conversation
from alerts.telegram.errors import TokenRefused, opt_in_to_durations, seconds_of
from alerts.telegram.handlers import gate, handlers
from alerts.telegram.notifier import TelegramNotifier
from alerts.telegram.operating import Operating, OperatorStore, key_of
from alerts.telegram.room import Access, Rules
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk
from models.text import Localized

log = structlog.get_logger(__name__)

__all__ = ["TelegramBot", "TokenRefused"]

# httpx's pool is quadratic in its size (encode/httpx #3215): more than 8 makes sending slower.
POOL = 8
LONG_POLL = 30
_UPDATES = ["message", "callback_query", "my_chat_member"]
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = 30.0
_CONFLICT_PAUSE = 10.0
_REFUSED_PAUSE = 60.0


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


class TelegramBot:
    """`api_base` is the address up to the token, as in https://api.telegram.org/bot (None).
    `zone` is in which times are shown."""

    def __init__(
        self,
        token: str,
        *,
        api_base: str | None,
        proxy: str | None,
        operators: frozenset[int],
        access: Callable[[], Access],
        topics: Callable[[], Mapping[str, Localized]],
        store: SubscriberStore,
        operating: OperatorStore,
        now: Callable[[], datetime],
        zone: Callable[[], ZoneInfo] = _utc,
    ) -> None:
        opt_in_to_durations()
        self._app = _application(token, api_base, proxy)
        self._notifier = TelegramNotifier(self._app.bot, zone, now=now)
        rules = Rules(operators=operators, access=access, topics=topics, zone=zone)
        self._app.add_handler(gate(now), group=-1)
        office = Operating(operating, key_of(token), lambda: self._app.bot.link, now)
        talking = Conversation(Talk(self._app.bot), store, rules, now, office)
        self._app.add_handlers(tuple(handlers(talking)))
        self._app.add_error_handler(_log_error)
        self._ready = False
        self._offset: int | None = None

    @property
    def notifier(self) -> Notifier:
        return self._notifier

    async def start(self) -> None:
        """Ask the Bot API who the bot is and set its menu. Raises TokenRefused; an unreachable
        Bot API is logged and tried again by poll(), since crawling need not wait for it."""
        try:
            await self._get_ready()
        except TelegramError as error:
            log.warning("bot api not reachable yet", reason=error.message)

    async def poll(self, stop: asyncio.Event) -> None:
        """Take updates until `stop`. An update is acknowledged after it was processed, so that a
        crash loses no command; it may be processed twice, which changes nothing."""
        failures = 0
        while not stop.is_set():
            try:
                await self._get_ready()
                updates = await self._updates_or_stop(stop)
            except TelegramError as error:
                failures += 1
                await _wait(stop, _pause_after(error, failures))
                continue
            failures = 0
            await self._process_all(updates, lambda: stop.is_set())
        await self._acknowledge()

    async def poll_waiting(self, seconds: float) -> int:
        """Process the updates that are waiting, within so many seconds; how many there were."""
        deadline = time.monotonic() + seconds
        count = 0
        try:
            await self._get_ready()
            while time.monotonic() < deadline:
                updates = await self._get_updates(long_poll=0)
                if not updates:
                    return count
                count += await self._process_all(updates, lambda: time.monotonic() >= deadline)
        except TelegramError as error:
            _pause_after(error, 1)
        await self._acknowledge()
        return count

    async def stop(self) -> None:
        """Close the connections."""
        if self._ready:
            await self._app.shutdown()
        else:
            await self._app.bot.shutdown()

    async def _get_ready(self) -> None:
        if self._ready:
            return
        try:
            await self._app.initialize()
        except InvalidToken:
            # Its text and its cause hold the token.
            raise TokenRefused from None
        self._ready = True
        await self._set_menu()
        log.info("bot ready", username=self._app.bot.username)

    async def _set_menu(self) -> None:
        """Arabic for everybody, English for those whose client speaks it."""
        try:
            await self._app.bot.set_my_commands(_menu("ar"))
            await self._app.bot.set_my_commands(_menu("en"), language_code="en")
        except TelegramError as error:
            log.warning("menu of commands not set", reason=error.message)

    async def _updates_or_stop(self, stop: asyncio.Event) -> Sequence[Update]:
        call = asyncio.create_task(self._get_updates(long_poll=LONG_POLL))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([call, stopping], return_when=asyncio.FIRST_COMPLETED)
            return call.result() if call.done() else ()
        finally:
            for task in (call, stopping):
                task.cancel()
            await asyncio.gather(call, stopping, return_exceptions=True)

    async def _get_updates(self, *, long_poll: int) -> Sequence[Update]:
        updates: Sequence[Update] = await self._app.bot.get_updates(
            offset=self._offset, timeout=long_poll, allowed_updates=_UPDATES
        )
        return updates

    async def _process_all(self, updates: Sequence[Update], over: Callable[[], bool]) -> int:
        """How many were processed; what is left when it is over stays unacknowledged."""
        for count, update in enumerate(updates):
            if over():
                return count
            try:
                await self._app.process_update(update)
            except Exception:
                log.exception("update failed", update=update.update_id)
            self._offset = update.update_id + 1
        return len(updates)

    async def _acknowledge(self) -> None:
        """Tell the Bot API what was processed; whatever it answers comes again next time."""
        if self._offset is None:
            return
        try:
            await self._app.bot.get_updates(
                offset=self._offset, timeout=0, limit=1, allowed_updates=_UPDATES
            )
        except TelegramError as error:
            log.warning("updates not acknowledged", reason=error.message)


def _application(
    token: str, api_base: str | None, proxy: str | None
) -> "Application[Any, Any, Any, Any, Any, Any]":
    builder = (
        ApplicationBuilder()
        .token(token)
        .request(_request(POOL, proxy))
        .get_updates_request(_request(1, proxy))
        .updater(None)
        .job_queue(None)
        .concurrent_updates(False)
    )
    return (builder if api_base is None else builder.base_url(api_base)).build()


def _request(pool: int, proxy: str | None) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=pool,
        # Together less than alerts.dispatcher.LONGEST_CALL.
        connect_timeout=5.0,
        read_timeout=15.0,
        write_timeout=5.0,
        pool_timeout=2.0,
        proxy=proxy,
        # The proxy is a setting of Marsad's; the environment's is not meant for the Bot API.
        httpx_kwargs={"trust_env": False},
    )


def _menu(language: Any) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in replies.commands(language)]


def _pause_after(error: TelegramError, failures: int) -> float:
    """Log what it means; how many seconds to pause."""
    match error:
        case Conflict():
            log.error(
                "another program polls with the same bot token: stop it, or use a token of its own"
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


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _log_error(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("update failed", exc_info=context.error)
