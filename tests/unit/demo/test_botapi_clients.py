"""Three client libraries, so that the server is not merely what one of them accepts."""

import datetime
from collections.abc import AsyncIterator

import aiogram.types
import pytest
import telebot.types
from aiogram import Bot as AiogramBot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from telebot import asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.asyncio_helper import ApiTelegramException
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import User
from marsad.demo.botapi_state import Standing
from marsad.demo.faults import Fault, FaultPlan
from tests.unit.demo.caller import TOKEN


@pytest.fixture
def reader(server: BotApiServer) -> User:
    return server.people.add_user(7, "سلمى", username="salma", started=True)


KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("إيران وروسيا", callback_data="t:iran-russia", style="success"),
            InlineKeyboardButton("الخبر", url="http://127.0.0.1:8080/خبر"),
        ]
    ]
)


async def test_a_conversation_with_python_telegram_bot(server: BotApiServer, reader: User) -> None:
    async with Bot(TOKEN, base_url=server.base_url) as bot:
        assert (await bot.get_me()).username == "marsad_local_bot"
        reader.sends("/start topics")
        (update,) = await bot.get_updates(timeout=5)
        assert update.effective_user is not None
        assert update.effective_user.language_code == "ar"
        sent = await bot.send_message(
            7,
            "<b>اختر</b> <blockquote expandable>موضوعات</blockquote>",
            parse_mode="HTML",
            reply_markup=KEYBOARD,
            link_preview_options=LinkPreviewOptions(url="https://x.example/", show_above_text=True),
            reply_parameters=ReplyParameters(update.effective_message.message_id),  # type: ignore[union-attr]
            disable_notification=True,
            protect_content=True,
        )
        assert [entity.type for entity in sent.entities] == ["bold", "expandable_blockquote"]
        assert sent.reply_markup == KEYBOARD
        assert sent.link_preview_options is not None
        assert sent.link_preview_options.show_above_text
        assert sent.reply_to_message is not None
        assert sent.has_protected_content
        reader.presses(sent.message_id, "إيران وروسيا")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        query = update.callback_query
        assert query is not None
        assert query.data == "t:iran-russia"
        assert await query.answer("تم", show_alert=True)
        edited = await query.edit_message_text("تم الاشتراك")
        assert edited.edit_date is not None  # type: ignore[union-attr]
        assert [message.text for message in reader.inbox] == ["تم الاشتراك"]
        assert await bot.delete_message(7, sent.message_id)


async def test_errors_become_the_librarys_exceptions(
    server: BotApiServer, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it, a deprecation warning
    async with Bot(TOKEN, base_url=server.base_url) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(99, "x")
        server.people.add_group(-5, type="group").migrates(-1005)
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(-5, "x")
        assert migrated.value.new_chat_id == -1005
        server.faults = FaultPlan([Fault(kind="flood", seconds=7, nth=(1,))])
        with pytest.raises(RetryAfter) as wait:
            await bot.send_message(7, "x")
        assert wait.value.retry_after == datetime.timedelta(seconds=7)
        reader.blocks_bot()
        with pytest.raises(Forbidden, match="blocked"):
            await bot.send_message(7, "x")
        await bot.set_webhook("https://x.example/hook")
        with pytest.raises(Conflict):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == "https://x.example/hook"
        assert await bot.delete_webhook(drop_pending_updates=True)
    stranger = Bot("4242:another", base_url=server.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_the_bots_card_and_its_chats(server: BotApiServer, reader: User) -> None:
    chief = server.people.add_user(8, "مدير")
    group = server.people.add_group(
        -1001,
        "غرفة الأخبار",
        username="newsroom",
        members=[(reader, Standing.MEMBER), (chief, Standing.CREATOR)],
    )
    async with Bot(TOKEN, base_url=server.base_url) as bot:
        scope = BotCommandScopeAllPrivateChats()
        commands = [BotCommand("topics", "اختيار الموضوعات")]
        assert await bot.set_my_commands(commands, scope=scope, language_code="ar")
        assert await bot.get_my_commands(scope=scope, language_code="ar") == tuple(commands)
        assert await bot.get_my_commands() == ()
        assert await bot.delete_my_commands(scope=scope, language_code="ar")
        assert await bot.set_my_description("يراقب الأخبار")
        assert await bot.set_my_short_description("أخبار")
        chat = await bot.get_chat("@newsroom")
        assert (chat.id, chat.title) == (-1001, "غرفة الأخبار")
        assert (await bot.get_chat_member(-1001, 7)).status == "member"
        admins = await bot.get_chat_administrators(-1001)
        assert [admin.user.id for admin in admins] == [8]
        assert await bot.send_chat_action(-1001, "typing")
        assert await bot.leave_chat(-1001)
        with pytest.raises(Forbidden, match="not a member of the supergroup"):
            await bot.send_message(group.id, "x")


async def test_entities_instead_of_markup(server: BotApiServer, reader: User) -> None:
    async with Bot(TOKEN, base_url=server.base_url) as bot:
        link = MessageEntity(MessageEntity.TEXT_LINK, 0, 3, url="https://x.example/")
        sent = await bot.send_message(7, "خبر جديد", entities=[link])
        assert sent.entities == (link,)


async def test_a_conversation_with_aiogram(server: BotApiServer, reader: User) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.origin))
    async with AiogramBot(
        TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML")
    ) as bot:
        assert (await bot.me()).is_bot
        reader.sends("/latest")
        (update,) = await bot.get_updates(timeout=5)
        assert update.message is not None
        assert update.message.text == "/latest"
        sent = await bot.send_message(7, "<i>لا جديد</i>", reply_markup=_aiogram_keyboard())
        assert sent.entities is not None
        assert sent.entities[0].type == "italic"
        reader.presses(sent.message_id, "l:1")
        (update,) = await bot.get_updates(offset=update.update_id + 1)
        assert update.callback_query is not None
        assert await bot.answer_callback_query(update.callback_query.id)
        await bot.edit_message_reply_markup(chat_id=7, message_id=sent.message_id)
        with pytest.raises(TelegramBadRequest, match="can't parse entities: Unexpected end tag"):
            await bot.send_message(7, "x</b>")
        reader.deletes_account()
        with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
            await bot.send_message(7, "x")


def _aiogram_keyboard() -> aiogram.types.InlineKeyboardMarkup:
    button = aiogram.types.InlineKeyboardButton(text="المزيد", callback_data="l:1")
    return aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button]])


@pytest.fixture
async def telebot_bot(
    server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncTeleBot]:
    """pyTelegramBotAPI, whose server is a setting of its module."""
    monkeypatch.setattr(asyncio_helper, "API_URL", server.base_url + "{0}/{1}")
    bot = AsyncTeleBot(TOKEN, parse_mode="HTML")
    yield bot
    await bot.close_session()  # type: ignore[no-untyped-call]  # the library's


async def test_a_conversation_with_pytelegrambotapi(
    reader: User, telebot_bot: AsyncTeleBot
) -> None:
    bot = telebot_bot
    assert (await bot.get_me()).is_bot
    commands = [telebot.types.BotCommand("latest", "آخر الأخبار")]
    assert await bot.set_my_commands(commands, language_code="ar")
    reader.sends("/latest")
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.text == "/latest"
    sent = await bot.send_message(
        7,
        "<b>لا جديد</b> عند <a href='https://x.example/'>المرفأ</a>",
        reply_markup=telebot.types.InlineKeyboardMarkup(
            [[telebot.types.InlineKeyboardButton("المزيد", callback_data="l:1")]]
        ),
        link_preview_options=telebot.types.LinkPreviewOptions(url="https://x.example/"),
        disable_notification=True,
    )
    assert [entity.type for entity in sent.entities or []] == ["bold", "text_link"]
    reader.presses(sent.message_id, "المزيد")
    (update,) = await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query is not None
    assert update.callback_query.data == "l:1"
    assert await bot.answer_callback_query(update.callback_query.id, "تم")
    edited = await bot.edit_message_text("لا جديد اليوم", chat_id=7, message_id=sent.message_id)
    assert isinstance(edited, telebot.types.Message)
    assert edited.text == "لا جديد اليوم"
    assert (await bot.get_chat_member(7, 7)).status == "member"


async def test_errors_as_pytelegrambotapi_reads_them(
    server: BotApiServer, reader: User, telebot_bot: AsyncTeleBot
) -> None:
    with pytest.raises(ApiTelegramException) as refused:
        await telebot_bot.send_message(7, "x</b>")
    assert refused.value.error_code == 400
    assert "can't parse entities: Unexpected end tag" in refused.value.description
    server.faults = FaultPlan([Fault(kind="flood", seconds=7, nth=(1,))])
    with pytest.raises(ApiTelegramException) as wait:
        await telebot_bot.send_message(7, "x")
    assert wait.value.result_json["parameters"] == {"retry_after": 7}
    reader.blocks_bot()
    with pytest.raises(ApiTelegramException, match="bot was blocked by the user"):
        await telebot_bot.send_message(7, "x")
    assert await telebot_bot.set_webhook("https://x.example/hook", secret_token="s3cret")
    assert (await telebot_bot.get_webhook_info()).url == "https://x.example/hook"
    with pytest.raises(ApiTelegramException, match="can't use getUpdates method"):
        await telebot_bot.get_updates()
