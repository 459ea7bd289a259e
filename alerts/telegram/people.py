"""Who is speaking: updates as a chat, a person and a language of ours."""

from dataclasses import dataclass
from datetime import datetime

from telegram import Message, Update, User
from telegram.constants import ChatType

from models.subscriber import Channel, Chat, ChatStatus
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """`message_id`: the message that was written or whose button was pressed. `named`: the person
    shows who they are (an anonymous administrator does not). `posted`: written in a channel, which
    only its administrators can; Telegram does not tell which one, and `user_id` is the channel's.
    """

    chat_id: int
    user_id: int
    private: bool
    named: bool
    title: str
    username: str | None
    language: Language
    thread_id: int | None
    message_id: int
    posted: bool = False

    def chat(self, status: ChatStatus, now: datetime) -> Chat:
        return Chat(
            id=self.chat_id,
            channel=Channel.TELEGRAM,
            status=status,
            language=self.language,
            title=self.title,
            username=self.username,
            created=now,
            thread_id=self.thread_id,
        )


def speaker_of(update: Update) -> Speaker | None:
    """None for updates that nobody says anything with."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if update.channel_post is not None:
        return _channel(update.channel_post)
    if chat is None or user is None or message is None:
        return None
    private = chat.type == ChatType.PRIVATE
    pressed = update.callback_query is not None
    return Speaker(
        chat_id=chat.id,
        user_id=user.id,
        private=private,
        named=pressed or not isinstance(message, Message) or message.sender_chat is None,
        title=user.full_name if private else chat.title or str(chat.id),
        username=user.username if private else chat.username,
        language=language_of(user),
        thread_id=thread_of(message),
        message_id=message.message_id,
    )


def _channel(post: Message) -> Speaker:
    """A channel speaks Arabic until a button says otherwise: it has no client."""
    return Speaker(
        chat_id=post.chat.id,
        user_id=post.chat.id,
        private=False,
        named=False,
        title=post.chat.title or str(post.chat.id),
        username=post.chat.username,
        language="ar",
        thread_id=None,
        message_id=post.message_id,
        posted=True,
    )


def is_addressed(message: Message) -> bool:
    """Whether it is written to the bot: in groups and channels people write to each other, too."""
    return message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")


def thread_of(message: object) -> int | None:
    """The topic of a forum group that a message stands in."""
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None


def language_of(user: User) -> Language:
    """Arabic unless the person's client speaks another language."""
    code = user.language_code
    return "ar" if code is None or code.lower().startswith("ar") else "en"
