"""What the bot asks and tells the archive; storage fits this Protocol by shape."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from models.alert import StoredAlert
from models.schedule import Mode, Schedule
from models.subscriber import Chat, ChatStatus, Subscriber
from models.text import Language, Marked

MuteKind = Literal["site", "story"]


class Found(Protocol):
    """An article that answers a search; `title` with the words that were looked for."""

    @property
    def url(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def title(self) -> Marked: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def first_seen(self) -> datetime: ...


class Answer(Protocol):
    """What a search found, newest first. Not `whole`: it was cut short, and there may be more."""

    @property
    def hits(self) -> Sequence[Found]: ...
    @property
    def whole(self) -> bool: ...


class SubscriberStore(Protocol):
    async def subscriber(self, chat_id: int) -> Subscriber | None:
        """The chat and its topics; None if it never wrote to the bot."""

    async def register(self, chat: Chat) -> Chat:
        """Insert the chat if it is new, with the status given; else refresh title and username
        and return the stored one (status, language and created unchanged). The thread of a
        forum becomes the one given."""

    async def set_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        """The chat after the change, or None if unknown. Leaving ACTIVE cancels what is open;
        the topics stay chosen."""

    async def set_language(self, chat_id: int, language: Language) -> None: ...

    async def subscribe(
        self, chat_id: int, topic: str, now: datetime, thread_id: int | None = None
    ) -> None:
        """Idempotent. Only alerts decided later are delivered, in this topic of a forum group
        (None: in the chat's)."""

    async def unsubscribe(self, chat_id: int, topic: str) -> None:
        """Idempotent."""

    async def set_mode(self, chat_id: int, topic: str, mode: Mode) -> None:
        """How a topic that the chat follows is told from now on; what waits already stays."""

    async def set_schedule(self, chat_id: int, schedule: Schedule | None) -> None:
        """For alerts decided from now on."""

    async def mute(self, chat_id: int, kind: MuteKind, name: str, now: datetime) -> None:
        """Nothing more of this site (by name) or story (by id), not even edits; what waits of it
        is cancelled. Idempotent. Raises UnknownChat of storage."""

    async def unmute(self, chat_id: int, kind: MuteKind, name: str) -> None:
        """Idempotent."""

    async def label(self, chat_id: int, alert_id: int, relevant: bool, now: datetime) -> None:
        """What the chat says of an alert; the last word counts. An unknown alert is ignored."""

    async def watch_for(self, chat_id: int, topic: str, text: str, now: datetime) -> None:
        """Follow a keyword of the chat's own; `topic` is alerts.keywords.topic_name of it.
        Idempotent. Raises UnknownChat of storage."""

    async def stop_watching_for(self, chat_id: int, topic: str) -> None:
        """Idempotent; a keyword that nobody watches for is deleted."""

    async def allow_keywords(self, chat_id: int, allowed: bool) -> None:
        """Whether the chat may have keywords; those of a chat that may not are deleted. Raises
        UnknownChat of storage."""

    async def forget(self, chat_id: int) -> bool:
        """Delete the chat and all that is stored of it; False if it is unknown."""

    async def my_data(self, chat_id: int) -> Mapping[str, object]:
        """All that is stored of the chat, by names that a person understands; empty: nothing."""

    async def alert(self, alert_id: int) -> StoredAlert | None: ...

    async def subscribers(self) -> Sequence[Subscriber]:
        """All chats, by id."""

    async def latest(
        self, topics: Sequence[str], limit: int, skip: int = 0
    ) -> Sequence[StoredAlert]:
        """The newest alerts on any of these topics but for the first `skip`, newest first, one a
        story."""

    async def search(self, query: str, now: datetime, limit: int, skip: int) -> Answer | None:
        """Articles of the archive that answer the query, newest first; None: it cannot be read."""

    async def delivered(self, chat_id: int, message_id: int | None) -> Sequence[StoredAlert]:
        """What this message of the chat told, or the last one delivered to it (None)."""
