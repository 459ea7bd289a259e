"""Delivers alerts through the Bot API and says what became of each."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import TelegramError

from alerts.compose import compose_notice, compose_together, told_by
from alerts.message import Message, to_html, to_plain
from alerts.notifier import Outcome, Sent
from alerts.telegram.errors import Floods, is_unchanged, is_unparsable, outcome_of
from alerts.telegram.keyboards import alert_rows, markup
from models.delivery import Delivery, DeliveryKind

log = structlog.get_logger(__name__)


class TelegramNotifier:
    def __init__(
        self,
        bot: Bot,
        zone: Callable[[], ZoneInfo],
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._zone = zone
        self._now = now
        self._floods = Floods(clock)

    async def ping(self) -> Outcome | None:
        try:
            await self._bot.get_me()
        except TelegramError as error:
            return outcome_of(error, self._bot.id, self._floods)
        return None

    async def deliver(self, delivery: Delivery) -> Outcome:
        message = message_of(delivery, self._zone(), self._now())
        chat = delivery.chat
        try:
            if delivery.message_id is not None:
                await edit(self._bot, chat.id, delivery.message_id, message)
                return Sent(message_id=delivery.message_id)
            return Sent(message_id=await send(self._bot, chat.id, message, chat.thread_id))
        except TelegramError as error:
            return outcome_of(error, chat.id, self._floods)


def message_of(delivery: Delivery, zone: ZoneInfo, now: datetime) -> Message:
    """What a delivery says in Telegram, with the buttons under it. `zone` is the reader's unless
    the chat has one of its own."""
    chat = delivery.chat
    if delivery.alert is None:
        from_operator = delivery.kind is DeliveryKind.BROADCAST
        return compose_notice(
            delivery.notice or "", language=chat.language, from_operator=from_operator
        )
    if chat.schedule is not None:
        zone = ZoneInfo(chat.schedule.zone)
    composed = compose_together(
        told_by(delivery), language=chat.language, zone=zone, now=now, digest=delivery.digest
    )
    buttons = alert_rows(delivery.alert, chat.language) if not delivery.joined else ()
    return replace(composed, silent=delivery.silent, buttons=buttons)


async def edit(bot: Bot, chat_id: int, message_id: int, message: Message) -> None:
    """Let a message of the bot's show something else, as plain text if the markup is refused; one
    that looks so already is fine. Raises what the bot raises (telegram.error)."""
    try:
        await _edit(bot, chat_id, message_id, message, plain=False)
    except TelegramError as error:
        if is_unchanged(error):
            return
        if not is_unparsable(error):
            raise
        log.error("markup refused, edited as plain text", chat=chat_id, reason=error.message)
        await _edit(bot, chat_id, message_id, message, plain=True)


async def _edit(bot: Bot, chat_id: int, message_id: int, message: Message, *, plain: bool) -> None:
    await bot.edit_message_text(
        to_plain(message) if plain else to_html(message),
        chat_id=chat_id,
        message_id=message_id,
        parse_mode=None if plain else ParseMode.HTML,
        link_preview_options=preview(message),
        reply_markup=markup(message.buttons),
    )


async def send(
    bot: Bot,
    chat_id: int,
    message: Message,
    thread_id: int | None = None,
    *,
    reply_to: int | None = None,
) -> int:
    """Send a message, as plain text if its markup is refused; the message's id.

    Raises what the bot raises (telegram.error)."""
    try:
        return await _send(bot, chat_id, message, thread_id, reply_to, plain=False)
    except TelegramError as error:
        if not is_unparsable(error):
            raise
        log.error("markup refused, sent as plain text", chat=chat_id, reason=error.message)
    return await _send(bot, chat_id, message, thread_id, reply_to, plain=True)


async def _send(
    bot: Bot,
    chat_id: int,
    message: Message,
    thread_id: int | None,
    reply_to: int | None,
    *,
    plain: bool,
) -> int:
    sent = await bot.send_message(
        chat_id,
        to_plain(message) if plain else to_html(message),
        parse_mode=None if plain else ParseMode.HTML,
        link_preview_options=preview(message),
        disable_notification=message.silent or None,
        message_thread_id=thread_id,
        reply_to_message_id=reply_to,
        allow_sending_without_reply=True if reply_to is not None else None,
        reply_markup=markup(message.buttons),
    )
    return sent.message_id


def preview(message: Message) -> LinkPreviewOptions:
    """The article's preview, small; none where the message names no article."""
    if message.preview_url is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=message.preview_url, prefer_small_media=True)
