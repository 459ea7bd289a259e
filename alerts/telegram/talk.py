"""Says things in chats on behalf of the conversation, and copes with the answers."""

import asyncio

import structlog
from telegram import Bot
from telegram.error import Forbidden, RetryAfter, TelegramError

from alerts.message import Message
from alerts.telegram.errors import seconds_of
from alerts.telegram.notifier import edit, send
from alerts.telegram.turn import answering

log = structlog.get_logger(__name__)

# A reply may wait this long for a flood limit; longer, it is not worth its delay to others.
_LONGEST_WAIT = 10.0


class Talk:
    """A reply that fails is logged and dropped: the person will ask again."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def say(self, chat_id: int, message: Message, thread_id: int | None = None) -> bool:
        """True if it was accepted."""
        answering()
        try:
            await self._patiently(chat_id, message, thread_id)
        except Forbidden as error:
            log.info("chat does not take replies", chat=chat_id, reason=error.message)
            return False
        except TelegramError as error:
            log.warning("reply failed", chat=chat_id, reason=error.message)
            return False
        return True

    async def _patiently(self, chat_id: int, message: Message, thread_id: int | None) -> None:
        try:
            await send(self._bot, chat_id, message, thread_id)
        except RetryAfter as error:
            if seconds_of(error) > _LONGEST_WAIT:
                raise
            await asyncio.sleep(seconds_of(error))
            await send(self._bot, chat_id, message, thread_id)

    async def change(self, chat_id: int, message_id: int, message: Message) -> None:
        """Edit a message of the bot's in place; one that looks so already is fine."""
        answering()
        try:
            await edit(self._bot, chat_id, message_id, message)
        except TelegramError as error:
            log.warning("edit failed", chat=chat_id, reason=error.message)

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """Take the clock off a pressed button. One pressed long ago cannot be answered: no harm.
        Nor can one whose person was told to wait: what it leads to is seen in the message."""
        if not answering().reassured:
            await self._acknowledge(query_id, text, alert=bool(text))

    async def reassure(self, query_id: str, text: str) -> None:
        """Take the clock off a button whose effect is yet to come."""
        await self._acknowledge(query_id, text, alert=False)

    async def _acknowledge(self, query_id: str, text: str | None, *, alert: bool) -> None:
        try:
            await self._bot.answer_callback_query(query_id, text=text, show_alert=alert)
        except TelegramError as error:
            log.info("button not acknowledged", reason=error.message)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether the person administers the group; no answer means no."""
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            log.warning("membership unknown", chat=chat_id, reason=error.message)
            return False
        return member.status in ("creator", "administrator")
