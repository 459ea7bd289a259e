"""What a subscriber decides: topics, how and when to be told, what to be spared, its data."""

from dataclasses import dataclass, replace

from alerts.message import Message
from alerts.telegram import replies
from alerts.telegram.keywords import keywords_message
from alerts.telegram.people import Speaker
from alerts.telegram.presses import (
    Follow,
    Forget,
    HearSite,
    Judge,
    MuteSite,
    MuteStory,
    SetDigest,
    SetQuiet,
    SetZone,
    Tell,
)
from alerts.telegram.room import LET_IN, Room
from alerts.telegram.texts.choices import choice_texts
from alerts.telegram.texts.talk import talk_texts
from models.schedule import Mode
from models.subscriber import Subscriber
from models.text import Language

Choice = Tell | SetQuiet | SetDigest | SetZone | HearSite | Forget


@dataclass(frozen=True, slots=True)
class Choices:
    room: Room

    async def topics(self, speaker: Speaker) -> None:
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.admitted(speaker)
        if subscriber is not None:
            await self.room.say(speaker, self.room.topics_message(subscriber))

    async def settings(self, speaker: Speaker) -> None:
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.admitted(speaker)
        if subscriber is not None:
            await self.room.say(speaker, self._settings(subscriber))

    def _settings(self, subscriber: Subscriber) -> Message:
        return replies.settings(subscriber, self.room.schedule(subscriber))

    async def my_data(self, speaker: Speaker) -> None:
        """In a group only administrators see it, as it names what is sent there."""
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.known(speaker)
        if subscriber is not None:
            stored = await self.room.store.my_data(speaker.chat_id)
            await self.room.say(speaker, replies.my_data(subscriber.chat.language, stored))

    async def forget(self, speaker: Speaker) -> None:
        """Asks first: what is deleted is gone."""
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.known(speaker)
        if subscriber is not None:
            await self.room.say(speaker, replies.forget_asks(subscriber.chat.language))

    # Buttons

    async def about_alert(
        self, speaker: Speaker, press: Judge | MuteStory | MuteSite, query_id: str
    ) -> None:
        room = self.room
        subscriber = await room.pressing(speaker, query_id)
        if subscriber is None:
            return
        texts, chat_id, now = choice_texts(subscriber.chat.language), speaker.chat_id, room.now()
        stored = await room.store.alert(press.alert_id)
        if stored is None:
            await room.talk.acknowledge(query_id)
            return
        match press:
            case Judge(relevant=relevant):
                await room.store.label(chat_id, stored.id, relevant, now)
                said = texts.thanks
            case MuteStory():
                await room.store.mute(chat_id, "story", str(stored.story_id), now)
                said = texts.story_muted
            case MuteSite():
                await room.store.mute(chat_id, "site", stored.alert.site, now)
                said = texts.site_muted
        await room.talk.acknowledge(query_id, replies.popup(said))

    async def choose(self, speaker: Speaker, press: Choice, query_id: str) -> None:
        subscriber = await self.room.pressing(speaker, query_id)
        if subscriber is None:
            return
        await self._record(subscriber, press)
        await self.room.talk.acknowledge(query_id)
        await self.room.change(speaker, await self._shown(subscriber, press))

    async def _record(self, subscriber: Subscriber, press: Choice) -> None:
        store, chat = self.room.store, subscriber.chat
        schedule = self.room.schedule(subscriber)
        match press:
            case Tell(topic, mode):
                await store.set_mode(chat.id, topic, mode)
                if mode is Mode.DIGEST and chat.schedule is None:
                    await store.set_schedule(chat.id, schedule)
            case SetQuiet(quiet):
                await store.set_schedule(chat.id, replace(schedule, quiet=quiet))
            case SetDigest(at):
                await store.set_schedule(chat.id, replace(schedule, digest_at=at))
            case SetZone(zone):
                await store.set_schedule(chat.id, replace(schedule, zone=zone))
            case HearSite(site):
                await store.unmute(chat.id, "site", site)
            case Forget():
                await store.forget(chat.id)

    async def _shown(self, subscriber: Subscriber, press: Choice) -> Message:
        """What the message with the buttons shows after the choice."""
        language = subscriber.chat.language
        changed = await self.room.store.subscriber(subscriber.chat.id)
        if changed is None:
            return replies.pointer(language, talk_texts(language).forgotten, "start")
        if isinstance(press, Tell) and press.topic in changed.keywords:
            return keywords_message(changed)
        if isinstance(press, Tell):
            return self.room.topics_message(changed)
        return self._settings(changed)

    async def follow(self, speaker: Speaker, press: Follow, query_id: str) -> None:
        room = self.room
        subscriber = await room.pressing(speaker, query_id)
        if subscriber is None:
            return
        if subscriber.chat.status not in LET_IN:
            refusal = talk_texts(subscriber.chat.language).not_approved
            await room.talk.acknowledge(query_id, refusal)
            return
        topics = subscriber.topics
        if press.wanted and press.topic in room.rules.topics():
            await room.store.subscribe(speaker.chat_id, press.topic, room.now(), speaker.thread_id)
            topics = topics | {press.topic}
        elif not press.wanted:
            await room.store.unsubscribe(speaker.chat_id, press.topic)
            topics = topics - {press.topic}
        await room.talk.acknowledge(query_id)
        await room.change(speaker, room.topics_message(replace(subscriber, topics=topics)))

    async def speak(self, speaker: Speaker, language: Language, query_id: str) -> None:
        room = self.room
        subscriber = await room.pressing(speaker, query_id)
        if subscriber is None:
            return
        await room.store.set_language(speaker.chat_id, language)
        await room.talk.acknowledge(query_id)
        chat = replace(subscriber.chat, language=language)
        if chat.status in LET_IN:
            shown = room.topics_message(replace(subscriber, chat=chat))
        else:
            shown = replies.help_text(language)
        await room.change(speaker, shown)
