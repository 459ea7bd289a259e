"""Sources on and off: every site with a button, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.message import Button, Message
from alerts.telegram import replies
from alerts.telegram.keyboards import Rows
from alerts.telegram.people import Speaker
from alerts.telegram.presses import HearSource, SourcesPage, data_of
from alerts.telegram.room import LET_IN, Room
from alerts.telegram.texts.choices import choice_texts
from models.subscriber import Subscriber
from models.text import Localized

SOURCES_SHOWN = 30
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Sources:
    room: Room

    async def command(self, speaker: Speaker) -> None:
        if not await self.room.may_change(speaker):
            return
        subscriber = await self.room.admitted(speaker)
        if subscriber is not None:
            sites = self.room.rules.sites()
            await self.room.say(speaker, sources_message(subscriber, sites, 0))

    async def press(self, speaker: Speaker, press: HearSource | SourcesPage, query_id: str) -> None:
        room = self.room
        subscriber = await room.pressing(speaker, query_id)
        if subscriber is None:
            return
        sites = room.rules.sites()
        if isinstance(press, HearSource) and subscriber.chat.status in LET_IN:
            if press.wanted:
                await room.store.unmute(speaker.chat_id, "site", press.site)
            elif press.site in sites:
                await room.store.mute(speaker.chat_id, "site", press.site, room.now())
        await room.talk.acknowledge(query_id)
        changed = await room.store.subscriber(speaker.chat_id) or subscriber
        await room.change(speaker, sources_message(changed, sites, press.skip))


def sources_message(subscriber: Subscriber, sites: Mapping[str, Localized], skip: int) -> Message:
    """How many sources are heard of, and a page of them: a press turns one off or on."""
    language = subscriber.chat.language
    texts = choice_texts(language)
    heard = len(sites.keys() - subscriber.muted_sites)
    lines = (
        replies.line(texts.sources_heard.of(heard)),
        replies.line(texts.sources_how),
    )
    return replies.message(language, *lines, buttons=_rows(subscriber, sites, skip))


def _rows(subscriber: Subscriber, sites: Mapping[str, Localized], skip: int) -> Rows:
    language = subscriber.chat.language
    named = sorted(sites.items(), key=lambda site: site[1].in_language(language))
    skip = skip if skip < len(named) else 0
    buttons = []
    for name, title in named[skip : skip + SOURCES_SHOWN]:
        off = name in subscriber.muted_sites
        sign = "🔕" if off else "✅"
        data = data_of(HearSource(name, wanted=off, skip=skip))
        buttons.append(Button(f"{sign} {title.in_language(language)}", data=data))
    rows = [tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW)]
    turning = _turning(skip, len(named))
    return (*rows, turning) if turning else tuple(rows)


def _turning(skip: int, count: int) -> tuple[Button, ...]:
    before, after = skip - SOURCES_SHOWN, skip + SOURCES_SHOWN
    back = (Button("◀️", data=data_of(SourcesPage(max(before, 0)))),) if skip else ()
    on = (Button("▶️", data=data_of(SourcesPage(after))),) if after < count else ()
    return (*back, *on)
