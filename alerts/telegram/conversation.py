"""What commands and buttons do: who may, what changes in the store, what is answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from alerts.message import Message
from alerts.telegram import replies
from alerts.telegram.keyboards import (
    Admit,
    Broadcast,
    Follow,
    Forget,
    HearSite,
    Judge,
    MuteSite,
    MuteStory,
    Page,
    Press,
    SearchPage,
    SetDigest,
    SetQuiet,
    SetZone,
    Speak,
    Tell,
)
from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk
from alerts.texts import Texts, texts_of
from models.schedule import Mode, Schedule
from models.subscriber import Chat, ChatStatus, Subscriber
from models.text import Language, Localized

log = structlog.get_logger(__name__)

Access = Literal["approval", "open"]
# Chats in these states were let in once and come back without being asked for again.
_LONGEST_QUERY = 300
_MOST_SEARCHES = 10_000
_LET_IN = (ChatStatus.ACTIVE, ChatStatus.STOPPED, ChatStatus.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the operator decides. `operators` are ids of persons; empty means nobody."""

    operators: frozenset[int]
    access: Callable[[], Access]
    topics: Callable[[], Mapping[str, Localized]]
    zone: Callable[[], ZoneInfo]


class Conversation:
    def __init__(
        self,
        talk: Talk,
        store: SubscriberStore,
        rules: Rules,
        now: Callable[[], datetime],
        operating: Operating,
    ) -> None:
        self._operating = operating
        self._talk = talk
        self._store = store
        self._rules = rules
        self._now = now
        # Chats whose request reached no operator; it is repeated when they ask again.
        self._unheard: set[int] = set()
        self._searches: dict[int, str] = {}

    # Commands

    async def start(self, speaker: Speaker, topic: str | None = None) -> None:
        """`topic`: that of a link t.me/BOT?start=TOPIC, which is followed at once."""
        if not await self._may_change(speaker):
            return
        known = await self._store.subscriber(speaker.chat_id)
        chat = await self._store.register(speaker.chat(ChatStatus.WAITING, self._now()))
        if topic and topic in self._rules.topics() and chat.status is not ChatStatus.REFUSED:
            await self._store.subscribe(chat.id, topic, self._now())
        if self._lets_in(speaker, chat) or await self._operating.admits(topic, chat.id):
            await self._let_in(speaker, chat)
        elif chat.status is ChatStatus.REFUSED:
            await self._answer(speaker, chat.language, texts_of(chat.language).refused)
        elif known is None or chat.id in self._unheard:
            await self._talk.say(chat.id, replies.waiting(chat.language), speaker.thread_id)
            await self._ask_operators(chat)
        else:
            await self._answer(speaker, chat.language, texts_of(chat.language).still_waiting)

    async def stop(self, speaker: Speaker) -> None:
        if not await self._may_change(speaker):
            return
        subscriber = await self._known(speaker)
        if subscriber is None:
            return
        texts = texts_of(subscriber.chat.language)
        if subscriber.chat.status not in _LET_IN:
            await self._answer(speaker, subscriber.chat.language, texts.stop_before_approval)
            return
        await self._store.set_status(speaker.chat_id, ChatStatus.STOPPED, self._now())
        stopped = replies.pointer(subscriber.chat.language, texts.stopped, "start")
        await self._talk.say(speaker.chat_id, stopped, speaker.thread_id)

    async def topics(self, speaker: Speaker) -> None:
        if not await self._may_change(speaker):
            return
        subscriber = await self._admitted(speaker)
        if subscriber is not None:
            await self._say(speaker, self._topics_message(subscriber))

    async def latest(self, speaker: Speaker) -> None:
        """The newest alerts on the chat's topics, or on all while it has chosen none."""
        subscriber = await self._admitted(speaker)
        if subscriber is None:
            return
        await self._say(speaker, await self._latest(subscriber, 0))

    async def _latest(self, subscriber: Subscriber, skip: int) -> Message:
        configured = self._rules.topics()
        topics = sorted(subscriber.topics & configured.keys()) or sorted(configured)
        alerts = await self._store.latest(topics, replies.LATEST, skip)
        zone = ZoneInfo(self._schedule(subscriber).zone)
        language = subscriber.chat.language
        return replies.latest(language, alerts, zone=zone, now=self._now(), skip=skip)

    def _schedule(self, subscriber: Subscriber) -> Schedule:
        return subscriber.chat.schedule or Schedule(zone=self._rules.zone().key)

    async def search(self, speaker: Speaker, query: str) -> None:
        subscriber = await self._admitted(speaker)
        if subscriber is None:
            return
        language, texts = subscriber.chat.language, texts_of(subscriber.chat.language)
        if not query.strip():
            await self._answer(speaker, language, texts.search_how)
            return
        if len(self._searches) >= _MOST_SEARCHES:
            self._searches.clear()
        self._searches[speaker.chat_id] = query.strip()[:_LONGEST_QUERY]
        await self._say(speaker, await self._found(subscriber, 0))

    async def _found(self, subscriber: Subscriber, skip: int) -> Message:
        """What the chat looked for last; a restart forgets it."""
        language, now = subscriber.chat.language, self._now()
        query = self._searches.get(subscriber.chat.id)
        if query is None:
            return replies.sentence(language, texts_of(language).search_how)
        hits = await self._store.search(query, now, replies.LATEST, skip)
        if hits is None:
            return replies.sentence(language, texts_of(language).search_refused)
        zone = ZoneInfo(self._schedule(subscriber).zone)
        return replies.found(language, query, hits, zone=zone, now=now, skip=skip)

    async def settings(self, speaker: Speaker) -> None:
        if not await self._may_change(speaker):
            return
        subscriber = await self._admitted(speaker)
        if subscriber is not None:
            await self._say(speaker, replies.settings(subscriber, self._schedule(subscriber)))

    async def my_data(self, speaker: Speaker) -> None:
        """In a group only administrators see it, as it names what is sent there."""
        if not await self._may_change(speaker):
            return
        subscriber = await self._known(speaker)
        if subscriber is not None:
            stored = await self._store.my_data(speaker.chat_id)
            await self._say(speaker, replies.my_data(subscriber.chat.language, stored))

    async def forget(self, speaker: Speaker) -> None:
        """Asks first: what is deleted is gone."""
        if not await self._may_change(speaker):
            return
        subscriber = await self._known(speaker)
        if subscriber is not None:
            await self._say(speaker, replies.forget_asks(subscriber.chat.language))

    async def privacy(self, speaker: Speaker) -> None:
        await self._say(speaker, replies.privacy(await self._language(speaker)))

    async def why(self, speaker: Speaker, replied_to: int | None) -> None:
        subscriber = await self._admitted(speaker)
        if subscriber is None:
            return
        told = await self._store.delivered(speaker.chat_id, replied_to)
        await self._say(speaker, replies.why(subscriber.chat.language, told))

    async def help(self, speaker: Speaker) -> None:
        await self._say(speaker, replies.help_text(await self._language(speaker)))

    async def unknown(self, speaker: Speaker) -> None:
        """A text that is no command; only in private chats, where it must be meant for the bot."""
        language = await self._language(speaker)
        await self._say(speaker, replies.pointer(language, texts_of(language).unknown, "help"))

    # Operators

    async def operate(self, speaker: Speaker, command: str, text: str) -> None:
        """Only the person counts, not the chat; to others the command does not exist."""
        if speaker.user_id not in self._rules.operators or not speaker.named:
            if speaker.private:
                await self.unknown(speaker)
            return
        language, act = await self._language(speaker), self._operating
        match command:
            case "stats":
                answer = await act.stats(language)
            case "sites":
                answer = await act.sites(language)
            case "pause" | "resume":
                paused = command == "pause"
                answer = await act.pause(language, speaker.user_id, paused=paused)
                log.warning("delivery paused or resumed", paused=paused, by=speaker.user_id)
            case "broadcast":
                answer = await act.ask_to_broadcast(language, text)
            case _:
                answer = await act.invite(language)
        await self._say(speaker, answer)

    async def _broadcast(self, speaker: Speaker, press: Broadcast, query_id: str) -> None:
        language = await self._language(speaker)
        if speaker.user_id not in self._rules.operators:
            await self._talk.acknowledge(query_id, texts_of(language).operators_only)
            return
        done = await self._operating.broadcast(language, press)
        await self._talk.acknowledge(query_id)
        await self._talk.change(speaker.chat_id, speaker.message_id, done)

    # Buttons

    async def press(self, speaker: Speaker, press: Press | None, query_id: str) -> None:
        match press:
            case Follow():
                await self._follow(speaker, press, query_id)
            case Speak(language):
                await self._speak(speaker, language, query_id)
            case Admit():
                await self._admit(speaker, press, query_id)
            case Broadcast():
                await self._broadcast(speaker, press, query_id)
            case Page(skip):
                await self._page(speaker, self._latest, skip, query_id)
            case SearchPage(skip):
                await self._page(speaker, self._found, skip, query_id)
            case Judge() | MuteStory() | MuteSite():
                await self._about_alert(speaker, press, query_id)
            case Tell() | SetQuiet() | SetDigest() | SetZone() | HearSite() | Forget():
                await self._choose(speaker, press, query_id)
            case None:
                await self._talk.acknowledge(query_id)

    async def _page(
        self,
        speaker: Speaker,
        page: Callable[[Subscriber, int], Awaitable[Message]],
        skip: int,
        query_id: str,
    ) -> None:
        subscriber = await self._store.subscriber(speaker.chat_id)
        await self._talk.acknowledge(query_id)
        if subscriber is not None and subscriber.chat.status in _LET_IN:
            shown = await page(subscriber, skip)
            await self._talk.change(speaker.chat_id, speaker.message_id, shown)

    async def _about_alert(
        self, speaker: Speaker, press: Judge | MuteStory | MuteSite, query_id: str
    ) -> None:
        subscriber = await self._pressing(speaker, query_id)
        if subscriber is None:
            return
        texts, chat_id, now = texts_of(subscriber.chat.language), speaker.chat_id, self._now()
        stored = await self._store.alert(press.alert_id)
        if stored is None:
            await self._talk.acknowledge(query_id)
            return
        match press:
            case Judge(relevant=relevant):
                await self._store.label(chat_id, stored.id, relevant, now)
                said = texts.thanks
            case MuteStory():
                await self._store.mute(chat_id, "story", str(stored.story_id), now)
                said = texts.story_muted
            case MuteSite():
                await self._store.mute(chat_id, "site", stored.alert.site, now)
                said = texts.site_muted
        await self._talk.acknowledge(query_id, said)

    async def _choose(
        self,
        speaker: Speaker,
        press: Tell | SetQuiet | SetDigest | SetZone | HearSite | Forget,
        query_id: str,
    ) -> None:
        subscriber = await self._pressing(speaker, query_id)
        if subscriber is None:
            return
        chat_id, chat = speaker.chat_id, subscriber.chat
        schedule = self._schedule(subscriber)
        match press:
            case Tell(topic, mode):
                await self._store.set_mode(chat_id, topic, mode)
                if mode is Mode.DIGEST and chat.schedule is None:
                    await self._store.set_schedule(chat_id, schedule)
            case SetQuiet(quiet):
                await self._store.set_schedule(chat_id, replace(schedule, quiet=quiet))
            case SetDigest(at):
                await self._store.set_schedule(chat_id, replace(schedule, digest_at=at))
            case SetZone(zone):
                await self._store.set_schedule(chat_id, replace(schedule, zone=zone))
            case HearSite(site):
                await self._store.unmute(chat_id, "site", site)
            case Forget():
                await self._store.forget(chat_id)
        await self._talk.acknowledge(query_id)
        changed = await self._store.subscriber(chat_id)
        shown = (
            replies.pointer(chat.language, texts_of(chat.language).forgotten, "start")
            if changed is None
            else self._topics_message(changed)
            if isinstance(press, Tell)
            else replies.settings(changed, self._schedule(changed))
        )
        await self._talk.change(chat_id, speaker.message_id, shown)

    async def _follow(self, speaker: Speaker, press: Follow, query_id: str) -> None:
        subscriber = await self._pressing(speaker, query_id)
        if subscriber is None:
            return
        if subscriber.chat.status not in _LET_IN:
            refusal = texts_of(subscriber.chat.language).not_approved
            await self._talk.acknowledge(query_id, refusal)
            return
        topics = subscriber.topics
        if press.wanted and press.topic in self._rules.topics():
            await self._store.subscribe(speaker.chat_id, press.topic, self._now())
            topics = topics | {press.topic}
        elif not press.wanted:
            await self._store.unsubscribe(speaker.chat_id, press.topic)
            topics = topics - {press.topic}
        await self._talk.acknowledge(query_id)
        changed = self._topics_message(replace(subscriber, topics=topics))
        await self._talk.change(speaker.chat_id, speaker.message_id, changed)

    async def _speak(self, speaker: Speaker, language: Language, query_id: str) -> None:
        subscriber = await self._pressing(speaker, query_id)
        if subscriber is None:
            return
        await self._store.set_language(speaker.chat_id, language)
        await self._talk.acknowledge(query_id)
        chat = replace(subscriber.chat, language=language)
        if chat.status in _LET_IN:
            shown = self._topics_message(replace(subscriber, chat=chat))
        else:
            shown = replies.help_text(language)
        await self._talk.change(speaker.chat_id, speaker.message_id, shown)

    async def _pressing(self, speaker: Speaker, query_id: str) -> Subscriber | None:
        """The subscriber whose settings a button changes, if the person may."""
        subscriber = await self._store.subscriber(speaker.chat_id)
        texts = texts_of(speaker.language if subscriber is None else subscriber.chat.language)
        if subscriber is None:
            await self._talk.acknowledge(query_id, f"{texts.not_started} /start")
        elif not await self._is_entitled(speaker):
            await self._talk.acknowledge(query_id, texts.admins_only)
            return None
        return subscriber

    async def _admit(self, speaker: Speaker, press: Admit, query_id: str) -> None:
        """Approve or refuse: the sender is checked again, whoever has the message."""
        language = await self._language(speaker)
        texts = texts_of(language)
        if speaker.user_id not in self._rules.operators:
            log.warning("approval by somebody else refused", user=speaker.user_id)
            await self._talk.acknowledge(query_id, texts.operators_only)
            return
        known = await self._store.subscriber(press.chat_id)
        if known is None:
            await self._talk.acknowledge(query_id, texts.gone_meanwhile)
            return
        was_let_in = known.chat.status in _LET_IN
        if not was_let_in:
            await self._record_answer(known, admitted=press.admitted)
        await self._talk.acknowledge(query_id)
        result = replies.approval_result(
            language, known.chat, admitted=was_let_in or press.admitted
        )
        await self._talk.change(speaker.chat_id, speaker.message_id, result)

    async def _record_answer(self, known: Subscriber, *, admitted: bool) -> None:
        chat = known.chat
        if not admitted and chat.status is ChatStatus.REFUSED:
            return
        status = ChatStatus.ACTIVE if admitted else ChatStatus.REFUSED
        await self._store.set_status(chat.id, status, self._now())
        log.info("request answered", chat=chat.id, status=str(status))
        told = (
            replies.approved(known, self._rules.topics())
            if admitted
            else replies.sentence(chat.language, texts_of(chat.language).refused)
        )
        await self._talk.say(chat.id, told, chat.thread_id)

    # The bot was blocked, thrown out, unblocked or added again

    async def lost(self, chat_id: int) -> None:
        subscriber = await self._store.subscriber(chat_id)
        if subscriber is not None and subscriber.chat.status is ChatStatus.ACTIVE:
            await self._store.set_status(chat_id, ChatStatus.GONE, self._now())

    async def back(self, chat_id: int) -> None:
        subscriber = await self._store.subscriber(chat_id)
        if subscriber is not None and subscriber.chat.status is ChatStatus.GONE:
            await self._store.set_status(chat_id, ChatStatus.ACTIVE, self._now())

    # Who may

    def _lets_in(self, speaker: Speaker, chat: Chat) -> bool:
        if speaker.user_id in self._rules.operators or chat.status in _LET_IN:
            return True
        return self._rules.access() == "open" and chat.status is ChatStatus.WAITING

    async def _let_in(self, speaker: Speaker, chat: Chat) -> None:
        if chat.status is not ChatStatus.ACTIVE:
            await self._store.set_status(chat.id, ChatStatus.ACTIVE, self._now())
        subscriber = await self._store.subscriber(chat.id)
        if subscriber is not None:
            await self._say(speaker, replies.welcome(subscriber, self._rules.topics()))

    async def _ask_operators(self, chat: Chat) -> None:
        """One message to each operator; the chat need not ask twice."""
        heard = False
        for operator in sorted(self._rules.operators):
            known = await self._store.subscriber(operator)
            language: Language = "ar" if known is None else known.chat.language
            heard |= await self._talk.say(operator, replies.approval_request(language, chat))
        if heard:
            self._unheard.discard(chat.id)
        else:
            self._unheard.add(chat.id)
            log.error("no operator could be asked; operators must /start the bot", chat=chat.id)

    async def _may_change(self, speaker: Speaker) -> bool:
        if await self._is_entitled(speaker):
            return True
        language = await self._language(speaker)
        await self._answer(speaker, language, texts_of(language).admins_only)
        return False

    async def _is_entitled(self, speaker: Speaker) -> bool:
        """In a group the sender is looked at, and has to be visible, not the group."""
        if speaker.private:
            return True
        return speaker.named and await self._talk.is_admin(speaker.chat_id, speaker.user_id)

    async def _known(self, speaker: Speaker) -> Subscriber | None:
        subscriber = await self._store.subscriber(speaker.chat_id)
        if subscriber is None:
            texts = texts_of(speaker.language)
            await self._say(speaker, replies.pointer(speaker.language, texts.not_started, "start"))
        return subscriber

    async def _admitted(self, speaker: Speaker) -> Subscriber | None:
        subscriber = await self._known(speaker)
        if subscriber is None or subscriber.chat.status in _LET_IN:
            return subscriber
        texts: Texts = texts_of(subscriber.chat.language)
        await self._answer(speaker, subscriber.chat.language, texts.not_approved)
        return None

    async def _language(self, speaker: Speaker) -> Language:
        subscriber = await self._store.subscriber(speaker.chat_id)
        return speaker.language if subscriber is None else subscriber.chat.language

    def _topics_message(self, subscriber: Subscriber) -> Message:
        return replies.choose_topics(subscriber, self._rules.topics())

    async def _say(self, speaker: Speaker, message: Message) -> None:
        await self._talk.say(speaker.chat_id, message, speaker.thread_id)

    async def _answer(self, speaker: Speaker, language: Language, text: str) -> None:
        await self._say(speaker, replies.sentence(language, text))
