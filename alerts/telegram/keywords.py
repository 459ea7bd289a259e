"""Keywords of a subscriber's own: who may have them, adding, deleting, an operator's yes or no."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from alerts.keywords import MOST, KeywordRefused, plain_keyword, topic_name
from alerts.message import Button, Line, Message, Text, isolated
from alerts.telegram import replies
from alerts.telegram.keyboards import Rows, mode_button
from alerts.telegram.people import Speaker
from alerts.telegram.presses import AskKeywords, DropKeyword, GrantKeywords, data_of
from alerts.telegram.room import Room
from alerts.telegram.texts.keywords import KeywordTexts, keyword_texts
from alerts.telegram.texts.operators import operator_texts
from models.subscriber import Chat, Subscriber
from models.text import Language

log = structlog.get_logger(__name__)

TryOut = Callable[[str, datetime], Awaitable[tuple[int, int]]]
"""How many of the newest articles have a keyword, and how many those are."""

# A keyword that more than a fifth of the news has is refused, once there is enough news to tell.
_TOO_COMMON = 0.2
_ENOUGH_ARTICLES = 50
_MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class OwnKeywords:
    room: Room
    try_out: TryOut
    # Chats that asked for permission and got no answer yet; a restart forgets them.
    _asking: set[int] = field(default_factory=set)

    async def command(self, speaker: Speaker, text: str) -> None:
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.admitted(speaker)
        if subscriber is None:
            return
        if not self._may(subscriber):
            await self.room.say(speaker, self._refusal(subscriber.chat.language))
        elif text.strip():
            await self.room.say(speaker, await self._added(subscriber, text))
        else:
            await self.room.say(speaker, keywords_message(subscriber))

    def _may(self, subscriber: Subscriber) -> bool:
        access = self.room.rules.keyword_access()
        return access == "everybody" or (access == "allowed" and subscriber.may_have_keywords)

    def _refusal(self, language: Language) -> Message:
        texts = keyword_texts(language)
        if self.room.rules.keyword_access() == "nobody":
            return replies.sentence(language, texts.nobody)
        ask = ((Button(texts.ask, data=data_of(AskKeywords())),),)
        return replies.message(language, replies.line(texts.not_allowed), buttons=ask)

    async def _added(self, subscriber: Subscriber, text: str) -> Message:
        chat, now = subscriber.chat, self.room.now()
        texts = keyword_texts(chat.language)
        try:
            keyword = plain_keyword(text)
        except KeywordRefused as refused:
            return replies.sentence(chat.language, _why_refused(texts, refused))
        if topic_name(keyword) in subscriber.keywords:
            return keywords_message(subscriber, replies.line(texts.known))
        if len(subscriber.keywords) >= MOST:
            return keywords_message(subscriber, replies.line(texts.too_many.format(n=MOST)))
        found, seen = await self.try_out(keyword, now)
        told = _told(texts, found, seen)
        if seen >= _ENOUGH_ARTICLES and found > seen * _TOO_COMMON:
            return replies.message(chat.language, replies.line(texts.common), *told)
        if not subscriber.may_have_keywords:
            await self.room.store.allow_keywords(chat.id, True)
        await self.room.store.watch_for(chat.id, topic_name(keyword), keyword, now)
        changed = await self.room.store.subscriber(chat.id) or subscriber
        added = Line((Text(f"{texts.added} "), isolated(keyword)))
        return keywords_message(changed, added, *told)

    # Buttons

    async def drop(self, speaker: Speaker, press: DropKeyword, query_id: str) -> None:
        subscriber = await self.room.pressing(speaker, query_id)
        if subscriber is None:
            return
        await self.room.store.stop_watching_for(speaker.chat_id, press.topic)
        await self.room.talk.acknowledge(query_id)
        changed = await self.room.store.subscriber(speaker.chat_id)
        await self.room.change(speaker, keywords_message(changed or subscriber))

    async def ask(self, speaker: Speaker, query_id: str) -> None:
        """Each operator is asked once, until one of them answered; again, if none was reached."""
        subscriber = await self.room.pressing(speaker, query_id)
        if subscriber is None:
            return
        chat = subscriber.chat
        if self._may(subscriber):
            await self.room.talk.acknowledge(query_id)
            await self.room.change(speaker, keywords_message(subscriber))
            return
        if chat.id not in self._asking and len(self._asking) < _MOST_REMEMBERED:
            self._asking.add(chat.id)
            if not await self.room.ask_operators(lambda language: _request(language, chat)):
                self._asking.discard(chat.id)
                log.error("no operator could be asked; operators must /start the bot", chat=chat.id)
        await self.room.talk.acknowledge(query_id, keyword_texts(chat.language).asked)

    async def grant(self, speaker: Speaker, press: GrantKeywords, query_id: str) -> None:
        language = await self.room.language(speaker)
        if not self.room.is_operator(speaker):
            log.warning("permission by somebody else refused", user=speaker.user_id)
            await self.room.talk.acknowledge(query_id, operator_texts(language).operators_only)
            return
        shown = await self.allow(language, press.chat_id, granted=press.granted)
        await self.room.talk.acknowledge(query_id)
        await self.room.change(speaker, shown)

    async def allow(self, language: Language, chat_id: int | None, *, granted: bool) -> Message:
        """An operator's word, by button or command; the chat is told when it is new."""
        texts = keyword_texts(language)
        known = None if chat_id is None else await self.room.store.subscriber(chat_id)
        if chat_id is None:
            return replies.sentence(language, texts.allow_how)
        if known is None:
            return replies.sentence(language, operator_texts(language).gone_meanwhile)
        chat = known.chat
        if granted != known.may_have_keywords or chat.id in self._asking:
            await self.room.store.allow_keywords(chat.id, granted)
            log.info("keywords allowed or not", chat=chat.id, granted=granted)
            await self.room.talk.say(chat.id, _answer(chat, granted=granted), chat.thread_id)
        self._asking.discard(chat.id)
        outcome = texts.was_granted if granted else texts.was_declined
        return replies.message(language, replies.who(chat), replies.line(outcome))


def keywords_message(subscriber: Subscriber, *before: Line) -> Message:
    """The chat's keywords, each with a button that deletes it and one for how it is told."""
    language = subscriber.chat.language
    texts = keyword_texts(language)
    count = len(subscriber.keywords)
    lines = [*before, Line()] if before else []
    lines += [
        replies.line(texts.title.of(count)),
        replies.line(texts.drop_how if count else texts.how),
    ]
    lines += [replies.line(texts.how)] if count else []
    return replies.message(language, *lines, buttons=_rows(subscriber))


def _rows(subscriber: Subscriber) -> Rows:
    return tuple(
        (
            Button(f"✖️ {text}", data=data_of(DropKeyword(topic))),
            mode_button(topic, subscriber.modes),
        )
        for topic, text in subscriber.keywords.items()
    )


def _why_refused(texts: KeywordTexts, refused: KeywordRefused) -> str:
    match refused.why:
        case "empty":
            return texts.how
        case "long":
            return texts.too_long
        case "signs":
            return texts.signs
        case "short":
            return texts.too_short


def _told(texts: KeywordTexts, found: int, seen: int) -> tuple[Line, ...]:
    """How often the keyword would have alerted lately."""
    if not seen:
        return ()
    shown = texts.articles.of(seen)
    if not found:
        return (replies.line(texts.found_nowhere.format(seen=shown)),)
    return (replies.line(texts.found.format(found=found, seen=shown)),)


def _request(language: Language, chat: Chat) -> Message:
    texts, buttons = keyword_texts(language), operator_texts(language)
    row = (
        Button(buttons.approve, data=data_of(GrantKeywords(chat.id, granted=True))),
        Button(buttons.refuse, data=data_of(GrantKeywords(chat.id, granted=False))),
    )
    return replies.message(language, replies.line(texts.asks), replies.who(chat), buttons=(row,))


def _answer(chat: Chat, *, granted: bool) -> Message:
    texts = keyword_texts(chat.language)
    if granted:
        return replies.pointer(chat.language, texts.granted, "keywords")
    return replies.sentence(chat.language, texts.declined)
