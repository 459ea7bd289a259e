"""The methods of the local Bot API, each from parameters to a result or a Refusal."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from marsad.demo.botapi_forums import ICON, create_topic, delete_topic
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_markup import link_preview, only_inline, replied_message, reply_markup
from marsad.demo.botapi_state import (
    CALLBACK_SECONDS,
    Account,
    BotApiState,
    Chat,
    Message,
    Standing,
)
from marsad.demo.botapi_text import ParsedText, TextParser, first_link, message_text
from marsad.demo.botapi_wire import (
    FieldError,
    Parameters,
    bad_request,
    text_field,
    too_many_requests,
)
from marsad.demo.receipts import Receipt, Receipts

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ACTIONS = frozenset(
    [
        "typing",
        "cancel",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "record_audio",
        "upload_audio",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_EDITABLE_SECONDS = 48 * 3600


@dataclass(slots=True)
class Methods:
    """What a bot may call, besides getUpdates and webhooks; `find` is the table."""

    state: BotApiState
    parser: TextParser
    limits: FloodLimits
    receipts: Receipts
    clock: Callable[[], float]

    def find(self, name: str) -> Callable[[Parameters], object] | None:
        """By name, upper and lower case alike, as the real one does."""
        return getattr(self, _NAMES.get(name.lower(), ""), None)

    def get_me(self, parameters: Parameters) -> object:
        return self.state.bot.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    # Messages

    def send_message(self, parameters: Parameters) -> object:
        parsed = message_text(parameters, self.parser, too_long="message is too long")
        markup = reply_markup(parameters)
        preview = _preview(parameters, parsed)
        chat = self.state.writable_chat(parameters.text("chat_id"))
        thread_id = self._thread(chat, parameters)
        reply_to = self._replied(chat, parameters)
        self._admit(chat, is_edit=False)
        message = Message(
            id=self.state.next_message_id(chat),
            chat=chat,
            sender=None if chat.type == "channel" else self.state.bot,
            date=int(self.clock()),
            text=parsed.text,
            by_bot=True,
            entities=parsed.entities,
            reply_markup=only_inline(markup),
            preview=preview,
            thread_id=thread_id,
            reply_to=reply_to,
            protected=parameters.flag("protect_content"),
            silent=parameters.flag("disable_notification"),
        )
        chat.messages[message.id] = message
        self._record("sendMessage", message)
        return message.as_json()

    def edit_message_text(self, parameters: Parameters) -> object:
        parsed = message_text(parameters, self.parser, too_long="MESSAGE_TOO_LONG")
        markup = only_inline(reply_markup(parameters))
        preview = _preview(parameters, parsed)
        message = self._editable(parameters)
        new = (parsed.text, parsed.entities, markup)
        if new == (message.text, message.entities, message.reply_markup):
            raise bad_request(_NOT_MODIFIED)
        self._admit(message.chat, is_edit=True)
        message.text, message.entities, message.reply_markup = new
        message.preview = preview
        message.edit_date = int(self.clock())
        self._record("editMessageText", message)
        return message.as_json()

    def edit_message_reply_markup(self, parameters: Parameters) -> object:
        markup = only_inline(reply_markup(parameters))
        message = self._editable(parameters)
        if markup == message.reply_markup:
            raise bad_request(_NOT_MODIFIED)
        self._admit(message.chat, is_edit=True)
        message.reply_markup = markup
        message.edit_date = int(self.clock())
        self._record("editMessageReplyMarkup", message)
        return message.as_json()

    def delete_message(self, parameters: Parameters) -> object:
        chat = self.state.writable_chat(parameters.text("chat_id"))
        message = chat.messages.get(parameters.integer("message_id"))
        if message is None:
            raise bad_request("message to delete not found")
        if message.date < self.clock() - _EDITABLE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        del chat.messages[message.id]
        return True

    def answer_callback_query(self, parameters: Parameters) -> object:
        pressed = self.state.pressed.get(parameters.text("callback_query_id"))
        if pressed is None or pressed.pressed_at < self.clock() - CALLBACK_SECONDS:
            raise bad_request(_TOO_OLD)
        text = parameters.text("text")
        if len(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        pressed.answer = {"text": text, "show_alert": parameters.flag("show_alert")}
        return True

    def send_chat_action(self, parameters: Parameters) -> object:
        if parameters.required("action").lower() not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        self.state.writable_chat(parameters.text("chat_id"))
        return True

    def _thread(self, chat: Chat, parameters: Parameters) -> int | None:
        thread_id = parameters.integer("message_thread_id")
        if thread_id <= 0:
            return None
        if thread_id not in chat.threads:
            raise bad_request("message thread not found")
        return thread_id

    def _replied(self, chat: Chat, parameters: Parameters) -> Message | None:
        message_id, may_be_missing = replied_message(parameters)
        if not message_id:
            return None
        message = chat.messages.get(message_id)
        if message is None and not may_be_missing:
            raise bad_request("message to be replied not found")
        return message

    def _editable(self, parameters: Parameters) -> Message:
        chat = self.state.writable_chat(parameters.text("chat_id"))
        message_id = parameters.integer("message_id")
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None:
            raise bad_request("message to edit not found")
        if not message.by_bot:
            raise bad_request("message can't be edited")
        return message

    def _admit(self, chat: Chat, *, is_edit: bool) -> None:
        seconds = self.limits.admit(
            chat.id, is_group=chat.is_group, is_edit=is_edit, now=self.clock()
        )
        if seconds:
            raise too_many_requests(seconds)

    def _record(self, method: str, message: Message) -> None:
        self.receipts.append(
            Receipt(
                time=self.clock(),
                method=method,
                chat_id=message.chat.id,
                message_id=message.id,
                text=message.text,
                entities=tuple(entity.as_json() for entity in message.entities),
                reply_markup=message.reply_markup,
                preview=message.preview,
                silent=message.silent,
                thread_id=message.thread_id,
            )
        )

    # The bot's own card

    def set_my_commands(self, parameters: Parameters) -> object:
        given = parameters.json("commands", "commands JSON object")
        if not isinstance(given, list):
            raise bad_request("expected an Array of BotCommand")
        if len(given) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        key = self._scope(parameters)
        self.state.commands[key] = [_command(item) for item in given]
        return True

    def get_my_commands(self, parameters: Parameters) -> object:
        return self.state.commands.get(self._scope(parameters), [])

    def delete_my_commands(self, parameters: Parameters) -> object:
        self.state.commands.pop(self._scope(parameters), None)
        return True

    def set_my_description(self, parameters: Parameters) -> object:
        return self._describe(parameters, "description", 512)

    def set_my_short_description(self, parameters: Parameters) -> object:
        return self._describe(parameters, "short_description", 120)

    def get_my_description(self, parameters: Parameters) -> object:
        return self._description(parameters, "description")

    def get_my_short_description(self, parameters: Parameters) -> object:
        return self._description(parameters, "short_description")

    def _describe(self, parameters: Parameters, name: str, most: int) -> bool:
        text = parameters.text(name)
        if len(text) > most:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        self.state.descriptions[name, _language(parameters)] = text
        return True

    def _description(self, parameters: Parameters, name: str) -> dict[str, object]:
        return {name: self.state.descriptions.get((name, _language(parameters)), "")}

    def _scope(self, parameters: Parameters) -> tuple[str, str]:
        scope = parameters.json("scope", "BotCommandScope JSON object")
        language = _language(parameters)
        if scope is None:
            return "default", language
        if not isinstance(scope, dict):
            raise bad_request("can't parse BotCommandScope: expected an Object")
        return self._scope_name(scope), language

    def _scope_name(self, scope: dict[str, object]) -> str:
        kind = str(scope.get("type", ""))
        if kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
            return kind
        if kind not in ("chat", "chat_administrators", "chat_member"):
            raise bad_request("can't parse BotCommandScope: unsupported type specified")
        chat = self.state.find_chat(str(scope.get("chat_id", "")))
        member = f":{scope.get('user_id')}" if kind == "chat_member" else ""
        return f"{kind}:{chat.id}{member}"

    # Chats

    def get_chat(self, parameters: Parameters) -> object:
        chat = self.state.find_chat(parameters.text("chat_id"))
        return chat.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
        }

    def get_chat_member(self, parameters: Parameters) -> object:
        chat = self.state.find_chat(parameters.text("chat_id"))
        account = self.state.accounts.get(parameters.integer("user_id"))
        if account is None:
            raise bad_request("member not found")
        return self._member(chat, account)

    def get_chat_administrators(self, parameters: Parameters) -> object:
        chat = self.state.writable_chat(parameters.text("chat_id"))
        if chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        with_bots = parameters.flag("return_bots")
        others = [account for account, _ in chat.members.values()]
        members = [account for account in others if with_bots or not account.is_bot]
        shown = [self._member(chat, account) for account in [*members, self.state.bot]]
        return [member for member in shown if member["status"] in ("creator", "administrator")]

    def leave_chat(self, parameters: Parameters) -> object:
        chat = self.state.writable_chat(parameters.text("chat_id"))
        if chat.type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        chat.bot = Standing.LEFT
        return True

    def create_forum_topic(self, parameters: Parameters) -> object:
        return create_topic(self.state, parameters)

    def delete_forum_topic(self, parameters: Parameters) -> object:
        return delete_topic(self.state, parameters)

    def get_forum_topic_icon_stickers(self, parameters: Parameters) -> object:
        return [ICON]

    def _member(self, chat: Chat, account: Account) -> dict[str, object]:
        standing = self._standing(chat, account)
        member: dict[str, object] = {"status": str(standing), "user": account.as_json()}
        if standing is Standing.CREATOR:
            member["is_anonymous"] = False
        if standing is Standing.ADMINISTRATOR:
            member |= dict.fromkeys(_RIGHTS, True) | {"is_anonymous": False}
        if standing is Standing.KICKED:
            member["until_date"] = 0
        return member

    def _standing(self, chat: Chat, account: Account) -> Standing:
        if account is self.state.bot:
            return chat.bot
        if chat.person is account:
            return Standing.MEMBER
        return chat.members.get(account.id, (account, Standing.LEFT))[1]


_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_NAMES = {
    name.replace("_", ""): name
    for name in vars(Methods)
    if re.fullmatch(r"(get|set|send|edit|delete|answer|leave|create)_[a-z_]+", name)
}


def _preview(parameters: Parameters, parsed: ParsedText) -> dict[str, object] | None:
    """The options as given; where they name no address, the first link of the text is shown."""
    options = link_preview(parameters) or {}
    if "url" in options or "is_disabled" in options:
        return options
    url = first_link(parsed)
    return (options | ({"url": url} if url else {})) or None


def _language(parameters: Parameters) -> str:
    code = parameters.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _command(item: object) -> dict[str, object]:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    try:
        command = text_field(item, "command", required=True).strip().removeprefix("/")
        description = text_field(item, "description", required=True).strip()
    except FieldError as error:
        raise bad_request(f"can't parse BotCommand: {error}") from error
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch(r"[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": command, "description": description}
