"""What the local Bot API knows: accounts, chats, messages, pressed buttons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Literal

from marsad.demo.botapi_markup import Markup
from marsad.demo.botapi_text import Entity
from marsad.demo.botapi_wire import Refusal, bad_request

ChatType = Literal["private", "group", "supergroup", "channel"]
# Telegram does not say how long a pressed button waits for its answer; clients spin for about
# half a minute.
CALLBACK_SECONDS = 30.0


class Standing(StrEnum):
    """What a member is in a chat, in the Bot API's words."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


@dataclass(slots=True, kw_only=True)
class Account:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def as_json(self) -> dict[str, object]:
        shown: dict[str, object] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.last_name:
            shown["last_name"] = self.last_name
        if self.username:
            shown["username"] = self.username
        if self.language_code:
            shown["language_code"] = self.language_code
        return shown


@dataclass(slots=True, kw_only=True)
class Message:
    """A message of the bot or of a person; ids count up. In channels nobody is its `sender`."""

    id: int
    chat: "Chat"
    sender: Account | None
    date: int
    text: str
    by_bot: bool = False
    entities: tuple[Entity, ...] = ()
    reply_markup: Markup | None = None
    preview: dict[str, object] | None = None
    thread_id: int | None = None
    reply_to: "Message | None" = None
    protected: bool = False
    silent: bool = False
    edit_date: int | None = None

    def as_json(self, *, with_reply: bool = True) -> dict[str, object]:
        shown: dict[str, object] = {
            "message_id": self.id,
            "chat": self.chat.as_json(),
            "date": self.date,
            "text": self.text,
        }
        if self.sender is not None:
            shown["from"] = self.sender.as_json()
        else:
            shown["sender_chat"] = self.chat.as_json()
        optional: dict[str, object] = {
            "entities": [entity.as_json() for entity in self.entities],
            "reply_markup": self.reply_markup,
            "link_preview_options": self.preview,
            "edit_date": self.edit_date,
            "has_protected_content": self.protected,
            "message_thread_id": self.thread_id,
            "is_topic_message": self.thread_id is not None,
        }
        shown |= {name: value for name, value in optional.items() if value}
        if self.reply_to is not None and with_reply:
            shown["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        return shown

    @property
    def buttons(self) -> list[dict[str, object]]:
        """All inline buttons, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        assert isinstance(rows, list)
        return [button for row in rows for button in row]


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat as the bot meets it. `bot`: the bot's standing; a private chat is LEFT until the
    person writes, and KICKED when the bot is blocked."""

    id: int
    type: ChatType
    title: str
    bot: Standing
    username: str | None = None
    person: Account | None = None
    is_forum: bool = False
    threads: set[int] = field(default_factory=set)
    members: dict[int, tuple[Account, Standing]] = field(default_factory=dict)
    migrated_to: int | None = None
    deleted: bool = False
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        """Whether the 20 a minute hold: groups, supergroups and channels."""
        return self.type != "private"

    def as_json(self) -> dict[str, object]:
        shown: dict[str, object] = {"id": self.id, "type": self.type}
        shown["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.is_forum:
            shown["is_forum"] = True
        return shown


@dataclass(slots=True, kw_only=True)
class PressedButton:
    id: str
    chat: Chat
    message_id: int
    pressed_at: float
    answer: dict[str, object] | None = None


class BotApiState:
    """All that is remembered; it lives as long as the server."""

    def __init__(self, bot: Account) -> None:
        self.bot = bot
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.pressed: dict[str, PressedButton] = {}
        self.commands: dict[tuple[str, str], list[dict[str, object]]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self._message_ids = count(1)
        self._channel_ids: dict[int, count[int]] = {}

    def next_message_id(self, chat: Chat) -> int:
        """One count for all private chats and basic groups, one for each other chat."""
        if chat.type in ("private", "group"):
            return next(self._message_ids)
        return next(self._channel_ids.setdefault(chat.id, count(1)))

    def find_chat(self, identifier: str) -> Chat:
        """By id or, for what is public, by @username. Raises Refusal: chat not found."""
        wanted = identifier.strip()
        if not wanted:
            raise bad_request("chat_id is empty")
        if wanted.startswith("@"):
            return self._by_username(wanted[1:].lower(), self.chats.values())
        chat = self.chats.get(int(wanted)) if wanted.lstrip("-").isdecimal() else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _by_username(self, name: str, chats: Iterable[Chat]) -> Chat:
        for chat in chats:
            if chat.type != "private" and (chat.username or "").lower() == name:
                return chat
        raise bad_request("chat not found")

    def writable_chat(self, identifier: str) -> Chat:
        """The chat, if the bot may write there; else the Refusal that Telegram gives."""
        chat = self.find_chat(identifier)
        refusal = _refusal(chat)
        if refusal is not None:
            raise refusal
        return chat


def _refusal(chat: Chat) -> Refusal | None:
    if chat.person is not None:
        return _private_refusal(chat, chat.person)
    if chat.migrated_to is not None:
        return Refusal(
            400,
            "group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.deleted:
        return Refusal(403, f"the {_noun(chat)} was deleted")
    if chat.bot is Standing.KICKED:
        return Refusal(403, f"bot was kicked from the {_noun(chat)}")
    if chat.bot is Standing.LEFT:
        return Refusal(403, f"bot is not a member of the {_noun(chat)}")
    if chat.type == "channel" and chat.bot is Standing.MEMBER:
        return bad_request("need administrator rights in the channel chat")
    return None


def _private_refusal(chat: Chat, person: Account) -> Refusal | None:
    if person.deactivated:
        return Refusal(403, "user is deactivated")
    if chat.bot is Standing.KICKED:
        return Refusal(403, "bot was blocked by the user")
    if chat.bot is Standing.LEFT:
        return Refusal(403, "bot can't initiate conversation with a user")
    return None


def _noun(chat: Chat) -> str:
    return f"{chat.type} chat"
