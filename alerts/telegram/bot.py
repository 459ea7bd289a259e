"""The bot: python-telegram-bot's Application, started by hand in Marsad's own loop."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ContextTypes

from alerts.notifier import Notifier
from alerts.telegram import replies
from alerts.telegram.application import application
from alerts.telegram.conversation import Conversation
from alerts.telegram.editing import Editing
from alerts.telegram.errors import CannotListen, TokenRefused, opt_in_to_durations
from alerts.telegram.handlers import door, gate, handlers
from alerts.telegram.keywords import TryOut
from alerts.telegram.notifier import TelegramNotifier
from alerts.telegram.operating import Operating, OperatorStore, key_of
from alerts.telegram.people import is_addressed, language_of, speaker_of
from alerts.telegram.polling import Polling
from alerts.telegram.room import Access, KeywordAccess, Rules
from alerts.telegram.rulebook import Rulebook
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk
from alerts.telegram.texts.moment import A_MOMENT, SAVING
from alerts.telegram.turn import Turns
from alerts.telegram.webhook import Webhook, WebhookAddress
from models.text import Localized

log = structlog.get_logger(__name__)

__all__ = ["CannotListen", "TelegramBot", "TokenRefused", "WebhookAddress"]


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


def _never() -> bool:
    return False


def _nobody() -> KeywordAccess:
    return "nobody"


async def _untried(_keyword: str, _now: datetime) -> tuple[int, int]:
    return 0, 0


class TelegramBot:
    """`api_base` is the address up to the token, as in https://api.telegram.org/bot (None).
    `zone` is in which times are shown. Updates come by `webhook`, or by polling (None).
    `keyword_access`: who may have keywords of its own, which `try_out` tries on the archive.
    `rulebook`: what operators edit; None: nothing. `held`: whether writes wait for somebody
    else."""

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
        webhook: WebhookAddress | None = None,
        keyword_access: Callable[[], KeywordAccess] = _nobody,
        try_out: TryOut = _untried,
        rulebook: Rulebook | None = None,
        sites: Callable[[], Mapping[str, Localized]] = dict,
        held: Callable[[], bool] = _never,
    ) -> None:
        opt_in_to_durations()
        self._app = application(token, api_base, proxy)
        self._notifier = TelegramNotifier(self._app.bot, zone, now=now)
        rules = Rules(
            operators=operators,
            access=access,
            topics=topics,
            zone=zone,
            keyword_access=keyword_access,
            sites=sites,
        )
        self._app.add_handler(gate(now), group=-2)
        office = Operating(operating, key_of(token), lambda: self._app.bot.link, now)
        editing = None if rulebook is None else Editing(rulebook)
        self._talk = Talk(self._app.bot)
        talking = Conversation(self._talk, store, rules, now, office, try_out, editing)
        self._app.add_handler(door(talking), group=-1)
        self._app.add_handlers(tuple(handlers(talking)))
        self._app.add_error_handler(_log_error)
        self._ready = False
        self._take = Turns(self._app.process_update, held, self._reassure).take
        self._polling = Polling(self._app, self._get_ready, self._take)
        self._webhook = (
            None if webhook is None else Webhook(self._app, webhook, self._get_ready, self._take)
        )

    @property
    def notifier(self) -> Notifier:
        return self._notifier

    async def start(self) -> None:
        """Ask the Bot API who the bot is and set its menu. Raises TokenRefused; an unreachable
        Bot API is logged and tried again by take_updates(), since crawling need not wait for it."""
        try:
            await self._get_ready()
        except TelegramError as error:
            log.warning("bot api not reachable yet", reason=error.message)

    async def take_updates(self, stop: asyncio.Event) -> None:
        """What people write and press, until `stop`. Raises CannotListen."""
        await (self._webhook or self._polling).run(stop)

    async def poll_waiting(self, seconds: float) -> int:
        """Process the updates that are waiting, within so many seconds; how many there were. A
        webhook is taken away for it: nobody listens between such rounds."""
        return await self._polling.take_waiting(seconds)

    async def stop(self) -> None:
        """Close the connections."""
        if self._ready:
            await self._app.shutdown()
        else:
            await self._app.bot.shutdown()

    async def _reassure(self, update: Update) -> None:
        speaker, query = speaker_of(update), update.callback_query
        if query is not None:
            await self._talk.reassure(query.id, SAVING[language_of(query.from_user)])
        elif speaker is not None and update.message is not None and is_addressed(update.message):
            moment = replies.sentence(speaker.language, A_MOMENT[speaker.language])
            await self._talk.say(speaker.chat_id, moment, speaker.thread_id)

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


def _menu(language: Any) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in replies.commands(language)]


async def _log_error(_update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("update failed", exc_info=context.error)
