"""python-telegram-bot's handlers: each turns an update into one call of the conversation."""

import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import ChatMember, Message, Update
from telegram.ext import (
    ApplicationHandlerStop,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from alerts.telegram.conversation import Conversation
from alerts.telegram.desk import OPERATOR_COMMANDS
from alerts.telegram.people import Speaker, is_addressed, speaker_of
from alerts.telegram.presses import press_of
from alerts.telegram.throttle import Throttle

log = structlog.get_logger(__name__)

HONOURED_FOR = timedelta(hours=24)
# Who asked longer ago has stopped waiting for the answer.
QUESTIONS_FOR = timedelta(minutes=10)
_IN_CHAT = (
    ChatMember.MEMBER,
    ChatMember.ADMINISTRATOR,
    ChatMember.OWNER,
    ChatMember.RESTRICTED,
)

# What persons write in private and in groups, and administrators in their channels.
_WRITTEN = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]


def handlers(conversation: Conversation) -> Iterator[Handler]:
    """In the order in which they are tried."""
    for command, act in (
        ("topics", conversation.choices.topics),
        ("latest", conversation.questions.latest),
        ("settings", conversation.choices.settings),
        ("sources", conversation.sources.command),
        ("mydata", conversation.choices.my_data),
        ("forget", conversation.choices.forget),
        ("privacy", conversation.questions.privacy),
        ("stop", conversation.entrance.stop),
        ("help", conversation.questions.help),
    ):
        yield CommandHandler(command, _for_speaker(act), _WRITTEN)
    yield CommandHandler("start", _start(conversation), _WRITTEN)
    yield CommandHandler("why", _why(conversation), _WRITTEN)
    yield CommandHandler("search", _with_text(conversation.questions.search), _WRITTEN)
    yield CommandHandler("keywords", _with_text(conversation.keywords.command), _WRITTEN)
    for command in OPERATOR_COMMANDS:
        yield CommandHandler(command, _operate(conversation, command))
    yield CallbackQueryHandler(_pressed(conversation))
    yield ChatMemberHandler(_membership(conversation), ChatMemberHandler.MY_CHAT_MEMBER)
    private = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    yield MessageHandler(private, _for_speaker(conversation.questions.unknown))


def gate(now: Callable[[], datetime]) -> Handler:
    """Comes before all others: drops what is too old and what floods."""
    throttle = Throttle()

    async def check(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        written = _written(update)
        moment = now() if written is None else written
        if now() - moment > (QUESTIONS_FOR if _is_question(update) else HONOURED_FOR):
            log.info("command too old", update=update.update_id)
            raise ApplicationHandlerStop
        who = update.effective_user or update.effective_chat
        if (
            who is not None
            and update.my_chat_member is None
            and not throttle.allows(who.id, moment.timestamp())
        ):
            raise ApplicationHandlerStop

    return TypeHandler(Update, check)


def door(conversation: Conversation) -> Handler:
    """Comes after the gate: turns strangers away where subscribing takes an invitation."""

    async def check(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker, message = speaker_of(update), _message(update)
        if speaker is None or update.my_chat_member is not None:
            return
        if message is not None and not is_addressed(message):
            return
        text = (message.text or "") if message is not None else ""
        argument = _after_command(text).strip() if text.startswith("/start") else None
        if not await conversation.door.opens(speaker, argument):
            if update.callback_query is not None:
                await conversation.room.talk.acknowledge(update.callback_query.id)
            raise ApplicationHandlerStop

    return TypeHandler(Update, check)


def _is_question(update: Update) -> bool:
    written = _message(update)
    text = written.text if written is not None else None
    return text is not None and text.startswith(("/latest", "/search"))


def _written(update: Update) -> datetime | None:
    """When a command was written. A button's update has no time; Telegram keeps it for 24 hours,
    and the time of its message is not when it was pressed."""
    written = _message(update)
    return written.date if written is not None else None


def _message(update: Update) -> Message | None:
    return update.message or update.channel_post


def _for_speaker(act: Callable[[Speaker], Awaitable[None]]) -> Callback:
    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker = speaker_of(update)
        if speaker is not None:
            await act(speaker)

    return callback


def _start(conversation: Conversation) -> Callback:
    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker = speaker_of(update)
        if speaker is not None:
            await conversation.entrance.start(speaker, context.args[0] if context.args else None)

    return callback


def _with_text(act: Callable[[Speaker, str], Awaitable[None]]) -> Callback:
    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker, message = speaker_of(update), _message(update)
        if speaker is not None and message is not None:
            await act(speaker, _after_command(message.text or ""))

    return callback


def _operate(conversation: Conversation, command: str) -> Callback:
    async def act(speaker: Speaker, text: str) -> None:
        await conversation.desk.operate(speaker, command, text)

    return _with_text(act)


def _after_command(text: str) -> str:
    """What is written after /command, on its line or below."""
    _command, *rest = re.split(r"\s", text, maxsplit=1)
    return rest[0] if rest else ""


def _why(conversation: Conversation) -> Callback:
    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker = speaker_of(update)
        if speaker is not None:
            await conversation.questions.why(speaker, _replied_to(_message(update)))

    return callback


def _replied_to(message: Message | None) -> int | None:
    """The message that is replied to; in a topic of a forum, not the topic's own first one."""
    reply = message.reply_to_message if message is not None else None
    return None if reply is None or reply.forum_topic_created else reply.message_id


def _pressed(conversation: Conversation) -> Callback:
    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        speaker, query = speaker_of(update), update.callback_query
        if speaker is not None and query is not None:
            await conversation.press(speaker, press_of(query.data or ""), query.id)

    return callback


def _membership(conversation: Conversation) -> Callback:
    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        change: Any = update.my_chat_member
        entrance = conversation.entrance
        here = change.new_chat_member.status in _IN_CHAT
        await (entrance.back if here else entrance.lost)(change.chat.id)

    return callback
