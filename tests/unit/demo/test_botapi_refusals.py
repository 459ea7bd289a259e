"""The exact words of the refusals, read without a client library."""

from collections.abc import Callable

import pytest

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import Group, People, User
from marsad.demo.botapi_state import Standing
from tests.unit.demo.caller import Caller

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def reader(server: BotApiServer) -> User:
    return server.people.add_user(7, started=True)


async def test_tokens_and_methods(server: BotApiServer, call: Caller) -> None:
    async def at(path: str) -> tuple[int, str]:
        answer = await call.http.get(server.origin + path)
        return answer.status_code, answer.json()["description"]

    assert await at("/bot4242:other/getMe") == (401, "Unauthorized")
    assert await at("/botx/getMe") == (401, "Unauthorized: invalid token specified")
    assert await at(f"/bot{server.token}/getYou") == (404, "Not Found: method not found")
    assert await at("/elsewhere") == (404, "Not Found")
    assert (await call.http.get(f"{server.base_url}{server.token}/GETME")).json()["ok"]


def blocked(people: People) -> int:
    user = people.add_user(1, started=True)
    user.blocks_bot()
    return user.id


def deactivated(people: People) -> int:
    user = people.add_user(1, started=True)
    user.deletes_account()
    return user.id


def group(people: People, act: Callable[[Group, User], object], **rest: object) -> int:
    user = people.add_user(1)
    made = people.add_group(-100, **rest)  # type: ignore[arg-type]
    act(made, user)
    return made.id


CHATS: dict[str, tuple[Callable[[People], object], int, str]] = {
    "unknown": (lambda people: 99, 400, "Bad Request: chat not found"),
    "empty": (lambda people: "", 400, "Bad Request: chat_id is empty"),
    "never-wrote": (
        lambda people: people.add_user(1).id,
        403,
        "Forbidden: bot can't initiate conversation with a user",
    ),
    "blocked": (blocked, 403, "Forbidden: bot was blocked by the user"),
    "deactivated": (deactivated, 403, "Forbidden: user is deactivated"),
    "kicked": (
        lambda people: group(people, Group.kicks_bot, type="group"),
        403,
        "Forbidden: bot was kicked from the group chat",
    ),
    "kicked-supergroup": (
        lambda people: group(people, Group.kicks_bot),
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    ),
    "deleted": (
        lambda people: group(people, lambda made, user: made.is_deleted(), type="group"),
        403,
        "Forbidden: the group chat was deleted",
    ),
    "not-a-member": (
        lambda people: people.add_group(-100, type="channel", bot=Standing.LEFT).id,
        403,
        "Forbidden: bot is not a member of the channel chat",
    ),
    "no-rights": (
        lambda people: people.add_group(-100, type="channel").id,
        400,
        "Bad Request: need administrator rights in the channel chat",
    ),
}


@pytest.mark.parametrize("case", CHATS.values(), ids=CHATS)
async def test_a_chat_that_cannot_be_written_to(
    case: tuple[Callable[[People], object], int, str], server: BotApiServer, call: Caller
) -> None:
    make, code, words = case
    envelope = await call("sendMessage", chat_id=make(server.people), text="خبر")
    assert (envelope["error_code"], envelope["description"]) == (code, words)
    assert len(server.receipts) == 0


async def test_a_migrated_group_says_where_it_went(server: BotApiServer, call: Caller) -> None:
    old = server.people.add_group(-5, type="group")
    new = old.migrates(-1005)
    envelope = await call("sendMessage", chat_id=-5, text="خبر")
    assert envelope["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert envelope["parameters"] == {"migrate_to_chat_id": -1005}
    await call.result("sendMessage", chat_id=-1005, text="خبر")
    assert [message.text for message in new.inbox] == ["خبر"]


def button(**given: object) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "زر", **given}]]}


BAD_BUTTONS = {
    "none": (
        button(),
        "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ),
    "two": (
        button(url="https://x.example/", callback_data="a"),
        "can't parse inline keyboard button: a button has one action, "
        "this one has url and callback_data",
    ),
    "33-arabic-letters": (button(callback_data="ب" * 33), "BUTTON_DATA_INVALID"),
    "scheme": (
        button(url="ftp://x.example/"),
        "inline keyboard button URL 'ftp://x.example/' is invalid: Unsupported URL protocol",
    ),
    "host": (
        button(url="http://الخبر/"),
        "inline keyboard button URL 'http://الخبر/' is invalid: Wrong HTTP URL",
    ),
    "text": (
        {"inline_keyboard": [[{"text": "", "callback_data": "a"}]]},
        "inline keyboard button text must be non-empty",
    ),
    "no-text": (
        {"inline_keyboard": [[{"callback_data": "a"}]]},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    "flat": (
        {"inline_keyboard": [{"text": "x"}]},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "no-json": ("{", "can't parse reply keyboard markup JSON object"),
}


@pytest.mark.parametrize("case", BAD_BUTTONS.values(), ids=BAD_BUTTONS)
async def test_a_bad_keyboard_is_refused(
    case: tuple[object, str], reader: User, call: Caller
) -> None:
    markup, words = case
    got = await call.refusal("sendMessage", chat_id=reader.id, text="x", reply_markup=markup)
    assert got == f"Bad Request: {words}"


async def test_callback_data_of_64_bytes_passes(reader: User, call: Caller) -> None:
    markup = button(callback_data="ب" * 32)
    await call.result("sendMessage", chat_id=reader.id, text="x", reply_markup=markup)


async def test_edits(reader: User, call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=reader.id, text="خبر")
    here = {"chat_id": reader.id, "message_id": sent["message_id"]}
    assert await call.refusal("editMessageText", **here, text="خبر") == NOT_MODIFIED
    assert await call.refusal("editMessageReplyMarkup", **here) == NOT_MODIFIED
    long = await call.refusal("editMessageText", **here, text="x" * 4097)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    missing = await call.refusal("editMessageText", chat_id=reader.id, message_id=99, text="x")
    assert missing == "Bad Request: message to edit not found"
    theirs = reader.sends("مرحبا")
    other = await call.refusal("editMessageText", chat_id=7, message_id=theirs.id, text="x")
    assert other == "Bad Request: message can't be edited"
    await call.result("editMessageText", **here, text="خبر مصحح")
    assert [message.text for message in reader.inbox] == ["خبر مصحح"]


async def test_deleting(reader: User, call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=reader.id, text="خبر")
    await call.result("deleteMessage", chat_id=reader.id, message_id=sent["message_id"])
    assert reader.inbox == ()
    again = await call.refusal("deleteMessage", chat_id=7, message_id=sent["message_id"])
    assert again == "Bad Request: message to delete not found"


async def test_threads_and_replies(server: BotApiServer, call: Caller) -> None:
    forum = server.people.add_group(-1001, threads=[5])
    sent = await call.result("sendMessage", chat_id=forum.id, text="x", message_thread_id=5)
    assert sent["message_thread_id"] == 5
    forum.closes_thread(5)
    dead = await call.refusal("sendMessage", chat_id=forum.id, text="x", message_thread_id=5)
    assert dead == "Bad Request: message thread not found"
    lost = await call.refusal(
        "sendMessage", chat_id=forum.id, text="x", reply_parameters={"message_id": 99}
    )
    assert lost == "Bad Request: message to be replied not found"
    await call.result(
        "sendMessage",
        chat_id=forum.id,
        text="x",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )


async def test_a_button_is_answered_in_time_or_not_at_all(
    reader: User, call: Caller, server: BotApiServer
) -> None:
    sent = await call.result(
        "sendMessage", chat_id=7, text="x", reply_markup=button(callback_data="t:1")
    )
    pressed = reader.presses(sent["message_id"], "زر")
    await call.result("answerCallbackQuery", callback_query_id=pressed.id, text="تم")
    assert pressed.answer == {"text": "تم", "show_alert": False}
    server.clock.now += 60  # type: ignore[attr-defined]
    late = await call.refusal("answerCallbackQuery", callback_query_id=pressed.id)
    assert late == TOO_OLD
    assert await call.refusal("answerCallbackQuery", callback_query_id="0") == TOO_OLD


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Start", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "بدء", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "", "description": "x"}, "command must be non-empty"),
        ({"command": "a" * 33, "description": "x"}, "command length must not exceed 32"),
        ({"command": "start", "description": ""}, "command description must be non-empty"),
    ],
    ids=["capital", "arabic", "empty", "long", "undescribed"],
)
async def test_a_bad_command_is_refused(command: dict[str, str], words: str, call: Caller) -> None:
    got = await call.refusal("setMyCommands", commands=[command])
    assert got == f"Bad Request: {words}"


async def test_a_lone_surrogate_is_refused(server: BotApiServer, call: Caller) -> None:
    url = f"{server.base_url}{server.token}/sendMessage"
    answer = await call.http.post(
        url,
        content=b'{"chat_id": 7, "text": "\\ud83d"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["description"] == "Bad Request: strings must be encoded in UTF-8"
