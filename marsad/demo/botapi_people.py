"""The people's side of the local Bot API: who writes, presses, blocks and moves groups."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from marsad.demo.botapi_state import (
    Account,
    BotApiState,
    Chat,
    ChatType,
    Message,
    PressedButton,
    Standing,
)
from marsad.demo.botapi_text import Entity
from marsad.demo.botapi_updates import UpdateQueue

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")


class NoSuchButton(LookupError):
    """The message or its button is not there (any more)."""


@dataclass(slots=True)
class People:
    """Makes people and groups and carries out what they do."""

    state: BotApiState
    queue: UpdateQueue
    clock: Callable[[], float]
    _query_ids: "count[int]"

    def __init__(self, state: BotApiState, queue: UpdateQueue, clock: Callable[[], float]) -> None:
        self.state, self.queue, self.clock = state, queue, clock
        self._query_ids = count(1)

    def add_user(
        self,
        user_id: int,
        first_name: str = "زائر",
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "ar",
        started: bool = False,
    ) -> "User":
        """A person with a private chat. `started`: has written to the bot before."""
        account = Account(
            id=user_id,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
        )
        self.state.accounts[user_id] = account
        chat = Chat(
            id=user_id,
            type="private",
            title=first_name,
            username=username,
            bot=Standing.MEMBER if started else Standing.LEFT,
            person=account,
        )
        self.state.chats[chat.id] = chat
        return User(self, account, chat)

    def add_group(
        self,
        chat_id: int,
        title: str = "مجموعة",
        *,
        type: ChatType = "supergroup",
        username: str | None = None,
        threads: Sequence[int] = (),
        bot: Standing = Standing.MEMBER,
        members: Sequence[tuple["User", Standing]] = (),
    ) -> "Group":
        """A group, supergroup or channel; with `threads` it is a forum."""
        chat = Chat(
            id=chat_id,
            type=type,
            title=title,
            username=username,
            is_forum=bool(threads),
            threads=set(threads),
            bot=bot,
            members={user.account.id: (user.account, standing) for user, standing in members},
        )
        self.state.chats[chat_id] = chat
        return Group(self, chat)

    def user(self, user_id: int) -> "User":
        account = self.state.accounts[user_id]
        return User(self, account, self.state.chats[user_id])

    def group(self, chat_id: int) -> "Group":
        return Group(self, self.state.chats[chat_id])

    def inbox(self, chat_id: int) -> tuple[Message, ...]:
        """What the bot wrote into a chat, as it looks now, oldest first."""
        messages = self.state.chats[chat_id].messages.values()
        return tuple(message for message in messages if message.by_bot)

    def _say(self, account: Account, chat: Chat, text: str, thread_id: int | None) -> Message:
        message = self._written(account, chat, text, thread_id)
        self.queue.put("message", message.as_json())
        return message

    def _written(
        self, account: Account | None, chat: Chat, text: str, thread_id: int | None
    ) -> Message:
        message = Message(
            id=self.state.next_message_id(chat),
            chat=chat,
            sender=account,
            date=int(self.clock()),
            text=text,
            entities=tuple(
                Entity("bot_command", found.start(), len(found[0]))
                for found in _COMMAND.finditer(text)
            ),
            thread_id=thread_id,
        )
        chat.messages[message.id] = message
        return message

    def _post(self, chat: Chat, text: str) -> Message:
        message = self._written(None, chat, text, None)
        self.queue.put("channel_post", message.as_json())
        return message

    def _press(self, account: Account, chat: Chat, message_id: int, button: str) -> PressedButton:
        message = chat.messages.get(message_id)
        if message is None:
            raise NoSuchButton(f"chat {chat.id} has no message {message_id}")
        data = _callback_data(message, button)
        pressed = PressedButton(
            id=str(next(self._query_ids)),
            chat=chat,
            message_id=message_id,
            pressed_at=self.clock(),
        )
        self.state.pressed[pressed.id] = pressed
        self.queue.put(
            "callback_query",
            {
                "id": pressed.id,
                "from": account.as_json(),
                "message": message.as_json(),
                "chat_instance": str(chat.id * 7919),
                "data": data,
            },
        )
        return pressed

    def _change_bot(self, chat: Chat, by: Account, new: Standing) -> None:
        old, chat.bot = chat.bot, new
        bot = self.state.bot.as_json()
        self.queue.put(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": by.as_json(),
                "date": int(self.clock()),
                "old_chat_member": _bot_member(bot, old),
                "new_chat_member": _bot_member(bot, new),
            },
        )


@dataclass(frozen=True, slots=True)
class User:
    people: People
    account: Account
    chat: Chat

    @property
    def id(self) -> int:
        return self.account.id

    def sends(
        self, text: str, *, to: "Group | None" = None, thread_id: int | None = None
    ) -> Message:
        """Write to the bot in private, or into a group."""
        if to is None and self.chat.bot is Standing.LEFT:
            self.chat.bot = Standing.MEMBER
        return self.people._say(self.account, to.chat if to else self.chat, text, thread_id)

    def presses(
        self, message_id: int, button: str, *, in_group: "Group | None" = None
    ) -> PressedButton:
        """Press a button by its text or its data. Raises NoSuchButton."""
        chat = in_group.chat if in_group else self.chat
        return self.people._press(self.account, chat, message_id, button)

    def blocks_bot(self) -> None:
        self.people._change_bot(self.chat, self.account, Standing.KICKED)

    def unblocks_bot(self) -> None:
        self.people._change_bot(self.chat, self.account, Standing.MEMBER)

    def deletes_account(self) -> None:
        self.account.deactivated = True

    @property
    def inbox(self) -> tuple[Message, ...]:
        return self.people.inbox(self.chat.id)


@dataclass(frozen=True, slots=True)
class Group:
    people: People
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    def kicks_bot(self, by: User) -> None:
        self.people._change_bot(self.chat, by.account, Standing.KICKED)

    def posts(self, text: str) -> Message:
        """An administrator writes in the channel; which one is not told."""
        return self.people._post(self.chat, text)

    def adds_bot(self, by: User, standing: Standing = Standing.MEMBER) -> None:
        self.people._change_bot(self.chat, by.account, standing)

    def is_deleted(self) -> None:
        self.chat.deleted = True

    def closes_thread(self, thread_id: int) -> None:
        self.chat.threads.discard(thread_id)

    def migrates(self, new_chat_id: int) -> "Group":
        """A basic group becomes a supergroup; the bot is told by two service messages."""
        old = self.chat
        old.migrated_to = new_chat_id
        members = [(User(self.people, a, old), standing) for a, standing in old.members.values()]
        new = self.people.add_group(new_chat_id, old.title, bot=old.bot, members=members)
        self._tell(old, "migrate_to_chat_id", new_chat_id)
        self._tell(new.chat, "migrate_from_chat_id", old.id)
        return new

    def _tell(self, chat: Chat, kind: str, other: int) -> None:
        service = {
            "message_id": self.people.state.next_message_id(chat),
            "chat": chat.as_json(),
            "date": int(self.people.clock()),
            kind: other,
        }
        self.people.queue.put("message", service)

    @property
    def inbox(self) -> tuple[Message, ...]:
        return self.people.inbox(self.chat.id)


def _callback_data(message: Message, button: str) -> str:
    for shown in message.buttons:
        if button in (shown["text"], shown.get("callback_data")):
            data = shown.get("callback_data")
            if data is None:
                raise NoSuchButton(f"the button {button!r} does not call back")
            return str(data)
    there = ", ".join(repr(shown["text"]) for shown in message.buttons)
    raise NoSuchButton(f"message {message.id} has no button {button!r}; it has: {there or 'none'}")


def _bot_member(bot: dict[str, object], standing: Standing) -> dict[str, object]:
    member: dict[str, object] = {"user": bot, "status": str(standing)}
    if standing is Standing.KICKED:
        member["until_date"] = 0
    return member
