"""What every part of the conversation needs: who speaks, who may, and how to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from alerts.message import Message
from alerts.telegram import replies
from alerts.telegram.people import Speaker
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk
from alerts.telegram.texts.talk import talk_texts
from models.schedule import Schedule
from models.subscriber import ChatStatus, Subscriber
from models.text import Language, Localized

Access = Literal["approval", "invite", "open"]
KeywordAccess = Literal["nobody", "allowed", "everybody"]
# Chats in these states were let in once and come back without being asked for again.
LET_IN = (ChatStatus.ACTIVE, ChatStatus.STOPPED, ChatStatus.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator decides. `operators` are ids of persons; empty means nobody."""

    operators: frozenset[int]
    access: Callable[[], Access]
    topics: Callable[[], Mapping[str, Localized]]
    zone: Callable[[], ZoneInfo]
    keyword_access: Callable[[], KeywordAccess] = lambda: "nobody"
    sites: Callable[[], Mapping[str, Localized]] = dict


@dataclass(frozen=True, slots=True)
class Room:
    talk: Talk
    store: SubscriberStore
    rules: Rules
    now: Callable[[], datetime]

    async def say(self, speaker: Speaker, message: Message) -> None:
        await self.talk.say(speaker.chat_id, message, speaker.thread_id)

    async def answer(self, speaker: Speaker, language: Language, text: str) -> None:
        await self.say(speaker, replies.sentence(language, text))

    async def point(self, speaker: Speaker, language: Language, text: str, command: str) -> None:
        """A sentence that ends in the command to send."""
        await self.say(speaker, replies.pointer(language, text, command))

    async def change(self, speaker: Speaker, message: Message) -> None:
        """The message whose button was pressed shows this now."""
        await self.talk.change(speaker.chat_id, speaker.message_id, message)

    async def language(self, speaker: Speaker) -> Language:
        subscriber = await self.store.subscriber(speaker.chat_id)
        return speaker.language if subscriber is None else subscriber.chat.language

    async def known(self, speaker: Speaker) -> Subscriber | None:
        subscriber = await self.store.subscriber(speaker.chat_id)
        if subscriber is None:
            texts = talk_texts(speaker.language)
            await self.point(speaker, speaker.language, texts.not_started, "start")
        return subscriber

    async def admitted(self, speaker: Speaker) -> Subscriber | None:
        subscriber = await self.known(speaker)
        if subscriber is None or subscriber.chat.status in LET_IN:
            return subscriber
        texts = talk_texts(subscriber.chat.language)
        await self.answer(speaker, subscriber.chat.language, texts.not_approved)
        return None

    def is_operator(self, speaker: Speaker) -> bool:
        """Only the person counts, not the chat."""
        return speaker.named and speaker.user_id in self.rules.operators

    async def ask_operators(self, request: Callable[[Language], Message]) -> bool:
        """The same question to each operator, in their language; whether anybody got it."""
        heard = False
        for operator in sorted(self.rules.operators):
            known = await self.store.subscriber(operator)
            language: Language = "ar" if known is None else known.chat.language
            heard |= await self.talk.say(operator, request(language))
        return heard

    async def may_change(self, speaker: Speaker) -> bool:
        if await self._is_entitled(speaker):
            return True
        language = await self.language(speaker)
        await self.answer(speaker, language, talk_texts(language).admins_only)
        return False

    async def pressing(self, speaker: Speaker, query_id: str) -> Subscriber | None:
        """The subscriber whose settings a button changes, if the person may."""
        subscriber = await self.store.subscriber(speaker.chat_id)
        texts = talk_texts(speaker.language if subscriber is None else subscriber.chat.language)
        if subscriber is None:
            await self.talk.acknowledge(query_id, replies.popup(f"{texts.not_started} `/start`"))
        elif not await self._is_entitled(speaker):
            await self.talk.acknowledge(query_id, texts.admins_only)
            return None
        return subscriber

    async def _is_entitled(self, speaker: Speaker) -> bool:
        """In a group the sender is looked at, and has to be visible, not the group. In a channel
        only administrators can write; who presses a button there is looked at."""
        if speaker.private or speaker.posted:
            return True
        return speaker.named and await self.talk.is_admin(speaker.chat_id, speaker.user_id)

    def schedule(self, subscriber: Subscriber) -> Schedule:
        return subscriber.chat.schedule or Schedule(zone=self.rules.zone().key)

    def topics_message(self, subscriber: Subscriber) -> Message:
        return replies.choose_topics(subscriber, self.rules.topics())
