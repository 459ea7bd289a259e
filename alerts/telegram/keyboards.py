"""Inline keyboards, and what their buttons say when pressed.

Data is versioned ('1:'), short (64 bytes at most) and names the state to reach, not a toggle: an
update that is processed twice after a crash changes nothing the second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from alerts.message import CALLBACK_BYTES, Button
from alerts.telegram.texts.choices import choice_texts
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from models.alert import StoredAlert
from models.schedule import Mode, Quiet, Schedule
from models.text import Language, Localized

_VERSION = "1"
_CHOSEN = "✅"
_NOT_CHOSEN = "▫️"

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Follow:
    topic: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Speak:
    language: Language


@dataclass(frozen=True, slots=True)
class Admit:
    chat_id: int
    admitted: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """How a topic that is followed is told."""

    topic: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """None: no quiet hours."""

    quiet: Quiet | None


@dataclass(frozen=True, slots=True)
class SetDigest:
    """The minute of the day, None: hourly."""

    at: int | None


@dataclass(frozen=True, slots=True)
class SetZone:
    zone: str


@dataclass(frozen=True, slots=True)
class Judge:
    alert_id: int
    relevant: bool


@dataclass(frozen=True, slots=True)
class MuteStory:
    alert_id: int


@dataclass(frozen=True, slots=True)
class MuteSite:
    alert_id: int


@dataclass(frozen=True, slots=True)
class HearSite:
    site: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Really."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An operator's yes to a message to everybody."""

    key: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the chat last looked for, from so many answers on."""

    skip: int


@dataclass(frozen=True, slots=True)
class Page:
    """/latest from so many alerts on."""

    skip: int


Press = (
    Follow
    | Speak
    | Admit
    | Tell
    | SetQuiet
    | SetDigest
    | SetZone
    | Judge
    | MuteStory
    | MuteSite
    | HearSite
    | Forget
    | Page
    | SearchPage
    | Broadcast
)
ZONES = (
    "Asia/Riyadh",
    "Asia/Baghdad",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Dubai",
    "Asia/Tehran",
    "Africa/Algiers",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Moscow",
    "UTC",
)
_QUIET = ((22, 7), (23, 8), (0, 6))
_DIGESTS = (8, 13, 20)
_MODE_SIGNS = {Mode.URGENT: "⚡", Mode.NOW: "🔔", Mode.SILENT: "🔕", Mode.DIGEST: "🗞"}
_MODE_LETTERS = {Mode.URGENT: "u", Mode.NOW: "n", Mode.SILENT: "s", Mode.DIGEST: "d"}
_MINUTES = 24 * 60


def press_of(data: str) -> Press | None:
    """What a button's data asks for; None if it is of another version or nobody's."""
    match data.split(":"):
        case [version, "t", topic, ("0" | "1") as wanted] if version == _VERSION:
            return Follow(topic, wanted == "1")
        case [version, "l", ("ar" | "en") as language] if version == _VERSION:
            return Speak(language)
        case [version, ("a" | "r") as answer, chat_id] if version == _VERSION:
            return Admit(int(chat_id), answer == "a") if _is_number(chat_id) else None
        case [version, kind, *rest] if version == _VERSION:
            return _choice_of(kind, rest)
        case _:
            return None


def _choice_of(kind: str, rest: Sequence[str]) -> Press | None:
    match kind, rest:
        case "m", [topic, letter]:
            modes = {of: mode for mode, of in _MODE_LETTERS.items()}
            return Tell(topic, modes[letter]) if letter in modes else None
        case "q", ["0"]:
            return SetQuiet(None)
        case "q", [begin, end, ("s" | "h") as way] if _is_minute(begin) and _is_minute(end):
            return SetQuiet(Quiet(begin=int(begin), end=int(end), hold=way == "h"))
        case "d", ["h"]:
            return SetDigest(None)
        case "d", [at] if _is_minute(at):
            return SetDigest(int(at))
        case "z", [zone] if zone in ZONES:
            return SetZone(zone)
        case "j", [alert_id, ("0" | "1") as relevant] if _is_number(alert_id):
            return Judge(int(alert_id), relevant == "1")
        case "ms", [alert_id] if _is_number(alert_id):
            return MuteStory(int(alert_id))
        case "mo", [alert_id] if _is_number(alert_id):
            return MuteSite(int(alert_id))
        case "h", [site]:
            return HearSite(site)
        case "s", [skip] if _is_number(skip) and int(skip) >= 0:
            return SearchPage(int(skip))
        case "b", [key]:
            return Broadcast(key)
        case "f", ["1"]:
            return Forget()
        case "p", [skip] if _is_number(skip) and int(skip) >= 0:
            return Page(int(skip))
        case _:
            return None


def _is_minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < _MINUTES


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def data_of(press: Press) -> str:
    match press:
        case Follow(topic, wanted):
            return f"{_VERSION}:t:{topic}:{int(wanted)}"
        case Speak(language):
            return f"{_VERSION}:l:{language}"
        case Admit(chat_id, admitted):
            return f"{_VERSION}:{'a' if admitted else 'r'}:{chat_id}"
        case _:
            return f"{_VERSION}:{_choice_data(press)}"


def _choice_data(press: Press) -> str:
    match press:
        case Tell(topic, mode):
            return f"m:{topic}:{_MODE_LETTERS[mode]}"
        case SetQuiet(None):
            return "q:0"
        case SetQuiet(Quiet(begin=begin, end=end, hold=hold)):
            return f"q:{begin}:{end}:{'h' if hold else 's'}"
        case SetDigest(at):
            return f"d:{'h' if at is None else at}"
        case SetZone(zone):
            return f"z:{zone}"
        case Judge(alert_id, relevant):
            return f"j:{alert_id}:{int(relevant)}"
        case MuteStory(alert_id):
            return f"ms:{alert_id}"
        case MuteSite(alert_id):
            return f"mo:{alert_id}"
        case HearSite(site):
            return f"h:{site}"
        case Page(skip):
            return f"p:{skip}"
        case SearchPage(skip):
            return f"s:{skip}"
        case Broadcast(key):
            return f"b:{key}"
        case _:
            return "f:1"


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
        rows.append((*row, _mode_button(name, modes)) if name in chosen else row)
    return (*rows, *language_rows(language))


def _mode_button(topic: str, modes: Mapping[str, Mode]) -> Button:
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
        for site in muted
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
    )


def forget_rows(language: Language) -> Rows:
    return ((Button(talk_texts(language).forget_yes, data=data_of(Forget())),),)


def broadcast_rows(key: str, language: Language) -> Rows:
    return ((Button(operator_texts(language).broadcast_yes, data=data_of(Broadcast(key))),),)


def page_rows(skip: int, shown: int, most: int, page: type[Page] | type[SearchPage] = Page) -> Rows:
    """To what is newer and what is older, where there is or may be any."""
    newer = (Button("◀️", data=data_of(page(max(skip - most, 0)))),) if skip else ()
    older = (Button("▶️", data=data_of(page(skip + most))),) if shown == most else ()
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
