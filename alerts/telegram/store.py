"""What the bot asks and tells the archive; storage fits this Protocol by shape."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from models.alert import StoredAlert
from models.subscriber import Chat, ChatStatus, Subscriber
from models.text import Language


class SubscriberStore(Protocol):
    async def subscriber(self, chat_id: int) -> Subscriber | None:
        """The chat and its topics; None if it never wrote to the bot."""

    async def register(self, chat: Chat) -> Chat:
        """Insert the chat if it is new, with the status given; else refresh title and username
        and return the stored one (status, language and created unchanged)."""

    async def set_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        """The chat after the change, or None if unknown. Leaving ACTIVE cancels what is open;
        the topics stay chosen."""

    async def set_language(self, chat_id: int, language: Language) -> None: ...

    async def subscribe(self, chat_id: int, topic: str, now: datetime) -> None:
        """Idempotent. Only alerts decided later are delivered."""

    async def unsubscribe(self, chat_id: int, topic: str) -> None:
        """Idempotent."""

    async def subscribers(self) -> Sequence[Subscriber]:
        """All chats, by id."""

    async def latest(self, topics: Sequence[str], limit: int) -> Sequence[StoredAlert]:
        """The newest alerts on any of these topics, newest first, one a story."""

    async def delivered(self, chat_id: int, message_id: int | None) -> StoredAlert | None:
        """The alert of this message of the chat, or of the last one delivered to it (None)."""
