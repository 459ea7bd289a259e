"""Inline keyboards: the rows of buttons under messages."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from urllib.parse import quote, urlencode

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from alerts.message import CALLBACK_BYTES, URL_LENGTH, Button, clean, clean_url, cut
from alerts.telegram.presses import (
    ZONES,
    Admit,
    Broadcast,
    Follow,
    Forget,
    HearSite,
    Judge,
    MuteSite,
    MuteStory,
    Page,
    SearchPage,
    SetDigest,
    SetQuiet,
    SetZone,
    Speak,
    Tell,
    data_of,
)
from alerts.telegram.texts.choices import choice_texts
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from models.alert import StoredAlert
from models.schedule import Mode, Quiet, Schedule
from models.text import Language, Localized

# UTF-16 units; a letter of Arabic is six characters of an address.
_SHARED_TITLE = 120
# A keyboard has at most 100 buttons; /sources has all sites, page by page.
_MUTED_SHOWN = 30
_CHOSEN = "✅"
_NOT_CHOSEN = "▫️"

Rows = tuple[tuple[Button, ...], ...]

_QUIET = ((22, 7), (23, 8), (0, 6))
_DIGESTS = (8, 13, 20)
_MODE_SIGNS = {Mode.URGENT: "⚡", Mode.NOW: "🔔", Mode.SILENT: "🔕", Mode.DIGEST: "🗞"}


def topic_rows(
    topics: Mapping[str, Localized],
    chosen: AbstractSet[str],
    language: Language,
    modes: Mapping[str, Mode] = MappingProxyType({}),
) -> Rows:
    """A topic a row with its check mark and how it is told, and the other language."""
    rows: list[tuple[Button, ...]] = []
    for name, title in topics.items():
        row = (_topic_button(name, title, chosen=name in chosen, language=language),)
        rows.append((*row, mode_button(name, modes)) if name in chosen else row)
    return (*rows, *language_rows(language))


def mode_button(topic: str, modes: Mapping[str, Mode]) -> Button:
    """Shows the mode, and leads to the next one."""
    mode = modes.get(topic, Mode.NOW)
    order = list(Mode)
    following = order[(order.index(mode) + 1) % len(order)]
    return Button(_MODE_SIGNS[mode], data=data_of(Tell(topic, following)))


def mode_signs() -> tuple[str, ...]:
    """In the order of Mode."""
    return tuple(_MODE_SIGNS[mode] for mode in Mode)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def settings_rows(schedule: Schedule, muted: Iterable[str], language: Language) -> Rows:
    """Quiet hours, what happens then, digest, zone, muted sites, language; marked what holds."""
    texts = choice_texts(language)
    quiet = schedule.quiet
    hold = quiet is not None and quiet.hold
    hours = [
        _choice(
            f"{begin:02d}–{end:02d}",
            SetQuiet(Quiet(begin=begin * 60, end=end * 60, hold=hold)),
            quiet,
        )
        for begin, end in _QUIET
    ]
    rows: list[tuple[Button, ...]] = [
        (_choice(texts.no_quiet, SetQuiet(None), quiet), *hours),
    ]
    if quiet is not None:
        rows.append(
            tuple(
                _choice(text, SetQuiet(replace(quiet, hold=way)), quiet)
                for text, way in ((texts.make_silent, False), (texts.make_hold, True))
            )
        )
    digests = [
        _choice(f"🗞 {clock(hour * 60)}", SetDigest(hour * 60), schedule.digest_at)
        for hour in _DIGESTS
    ]
    rows.append((_choice(f"🗞 {texts.hourly}", SetDigest(None), schedule.digest_at), *digests))
    places = [_choice(zone.rpartition("/")[2], SetZone(zone), schedule.zone) for zone in ZONES]
    rows += [tuple(places[start : start + 4]) for start in range(0, len(places), 4)]
    rows += [
        (Button(f"🔕 {site}", data=data),)
        for site in islice(muted, _MUTED_SHOWN)
        if len((data := data_of(HearSite(site))).encode()) <= CALLBACK_BYTES
    ]
    return (*rows, *language_rows(language))


def _choice(text: str, press: SetQuiet | SetDigest | SetZone, now: object) -> Button:
    match press:
        case SetQuiet(wanted):
            holds = wanted == now
        case SetDigest(at):
            holds = at == now
        case SetZone(zone):
            holds = zone == now
    return Button(f"{_CHOSEN} {text}" if holds else text, data=data_of(press))


def alert_rows(stored: StoredAlert, language: Language) -> Rows:
    """What a reader may say of an alert."""
    texts = choice_texts(language)
    return (
        (
            Button(texts.relevant, data=data_of(Judge(stored.id, True))),
            Button(texts.irrelevant, data=data_of(Judge(stored.id, False))),
        ),
        (
            Button(texts.mute_story, data=data_of(MuteStory(stored.id))),
            Button(texts.mute_site, data=data_of(MuteSite(stored.id))),
        ),
        *_share_row(stored, language),
    )


def _share_row(stored: StoredAlert, language: Language) -> Rows:
    """Telegram's own page that hands the article on to another chat."""
    alert, address = stored.alert, clean_url(stored.alert.url)
    if address is None or stored.changes.withdrawn:
        return ()
    title = cut(clean((stored.changes.title or alert.title).text), _SHARED_TITLE)
    query = urlencode({"url": address, "text": title}, quote_via=quote)
    link = f"https://t.me/share/url?{query}"
    if len(link) > URL_LENGTH:
        link = f"https://t.me/share/url?{urlencode({'url': address}, quote_via=quote)}"
    return ((Button(choice_texts(language).share, url=link),),) if len(link) <= URL_LENGTH else ()


def forget_rows(language: Language) -> Rows:
    return ((Button(talk_texts(language).forget_yes, data=data_of(Forget())),),)


def broadcast_rows(key: str, language: Language) -> Rows:
    return ((Button(operator_texts(language).broadcast_yes, data=data_of(Broadcast(key))),),)


def page_rows(skip: int, found: int, most: int, page: type[Page] | type[SearchPage] = Page) -> Rows:
    """To what is newer and what is older, where there is any: `found` beyond the `most` shown."""
    newer = (Button("◀️", data=data_of(page(max(skip - most, 0)))),) if skip else ()
    older = (Button("▶️", data=data_of(page(skip + most))),) if found > most else ()
    row = (*newer, *older)
    return (row,) if row else ()


def _topic_button(name: str, title: Localized, *, chosen: bool, language: Language) -> Button:
    mark = _CHOSEN if chosen else _NOT_CHOSEN
    shown = title.in_language(language)
    return Button(f"{mark} {shown}", data=data_of(Follow(name, wanted=not chosen)))


def language_rows(language: Language) -> Rows:
    other: Language = "ar" if language == "en" else "en"
    return ((Button(talk_texts(language).other_language, data=data_of(Speak(other))),),)


def approval_rows(chat_id: int, language: Language) -> Rows:
    texts = operator_texts(language)
    return (
        (
            Button(texts.approve, data=data_of(Admit(chat_id, admitted=True))),
            Button(texts.refuse, data=data_of(Admit(chat_id, admitted=False))),
        ),
    )


def markup(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.text, url=button.url, callback_data=button.data)
                for button in row
            ]
            for row in rows
        ]
    )
