"""What anybody who was let in may ask: the newest alerts, the archive, why, help."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from alerts.message import Message
from alerts.telegram import replies
from alerts.telegram.people import Speaker
from alerts.telegram.room import LET_IN, Room
from alerts.telegram.texts.talk import talk_texts
from models.subscriber import Subscriber

_LONGEST_QUERY = 300
_MOST_SEARCHES = 10_000


@dataclass(slots=True)
class Questions:
    room: Room
    # What chats looked for last; a restart forgets it.
    _searches: dict[int, str] = field(default_factory=dict)

    async def latest(self, speaker: Speaker) -> None:
        """The newest alerts on the chat's topics, or on all while it has chosen none."""
        subscriber = await self.room.admitted(speaker)
        if subscriber is not None:
            await self.room.say(speaker, await self.latest_page(subscriber, 0))

    async def latest_page(self, subscriber: Subscriber, skip: int) -> Message:
        configured = self.room.rules.topics()
        followed = [*(subscriber.topics & configured.keys()), *subscriber.keywords]
        topics = sorted(followed) or sorted(configured)
        alerts = await self.room.store.latest(topics, replies.LATEST + 1, skip)
        zone = ZoneInfo(self.room.schedule(subscriber).zone)
        language = subscriber.chat.language
        return replies.latest(language, alerts, zone=zone, now=self.room.now(), skip=skip)

    async def search(self, speaker: Speaker, query: str) -> None:
        subscriber = await self.room.admitted(speaker)
        if subscriber is None:
            return
        language = subscriber.chat.language
        if not query.strip():
            await self.room.answer(speaker, language, talk_texts(language).search_how)
            return
        if len(self._searches) >= _MOST_SEARCHES:
            self._searches.clear()
        self._searches[speaker.chat_id] = query.strip()[:_LONGEST_QUERY]
        await self.room.say(speaker, await self.search_page(subscriber, 0))

    async def search_page(self, subscriber: Subscriber, skip: int) -> Message:
        language, now = subscriber.chat.language, self.room.now()
        query = self._searches.get(subscriber.chat.id)
        if query is None:
            return replies.sentence(language, talk_texts(language).search_how)
        answer = await self.room.store.search(query, now, replies.LATEST + 1, skip)
        if answer is None:
            return replies.sentence(language, talk_texts(language).search_refused)
        zone = ZoneInfo(self.room.schedule(subscriber).zone)
        sites = self.room.rules.sites()
        return replies.found(language, query, answer, sites, zone=zone, now=now, skip=skip)

    async def turn(
        self,
        speaker: Speaker,
        page: Callable[[Subscriber, int], Awaitable[Message]],
        skip: int,
        query_id: str,
    ) -> None:
        """Another page in the same message; reading needs no administrator."""
        subscriber = await self.room.store.subscriber(speaker.chat_id)
        await self.room.talk.acknowledge(query_id)
        if subscriber is not None and subscriber.chat.status in LET_IN:
            await self.room.change(speaker, await page(subscriber, skip))

    async def why(self, speaker: Speaker, replied_to: int | None) -> None:
        subscriber = await self.room.admitted(speaker)
        if subscriber is None:
            return
        told = await self.room.store.delivered(speaker.chat_id, replied_to)
        await self.room.say(speaker, replies.why(subscriber.chat.language, told, replied_to))

    async def help(self, speaker: Speaker) -> None:
        await self.room.say(speaker, replies.help_text(await self.room.language(speaker)))

    async def privacy(self, speaker: Speaker) -> None:
        await self.room.say(speaker, replies.privacy(await self.room.language(speaker)))

    async def unknown(self, speaker: Speaker) -> None:
        """A text that is no command; only in private chats, where it must be meant for the bot."""
        language = await self.room.language(speaker)
        unknown = replies.pointer(language, talk_texts(language).unknown, "help")
        await self.room.say(speaker, unknown)
