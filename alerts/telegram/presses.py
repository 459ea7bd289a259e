"""What the buttons under messages say when pressed, and as what data they say it.

Data is versioned ('1:'), short (64 bytes at most) and names the state to reach, not a toggle: an
update that is processed twice after a crash changes nothing the second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.schedule import Mode, Quiet
from models.text import Language

_VERSION = "1"
_MODE_LETTERS = {Mode.URGENT: "u", Mode.NOW: "n", Mode.SILENT: "s", Mode.DIGEST: "d"}
_MINUTES = 24 * 60


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


@dataclass(frozen=True, slots=True)
class DropKeyword:
    """Of the chat's own, by its topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class AskKeywords:
    """Asks an operator for keywords of its own."""


@dataclass(frozen=True, slots=True)
class GrantKeywords:
    """An operator's answer."""

    chat_id: int
    granted: bool


@dataclass(frozen=True, slots=True)
class SaveEdit:
    """Of a topic, as it was shown."""

    key: str


@dataclass(frozen=True, slots=True)
class DiscardEdit:
    """Nothing was saved."""


@dataclass(frozen=True, slots=True)
class UndoEdit:
    key: str


@dataclass(frozen=True, slots=True)
class HearSource:
    """Of the list of sources, on its page from `skip` on."""

    site: str
    wanted: bool
    skip: int


@dataclass(frozen=True, slots=True)
class SourcesPage:
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
    | DropKeyword
    | AskKeywords
    | GrantKeywords
    | HearSource
    | SourcesPage
    | SaveEdit
    | DiscardEdit
    | UndoEdit
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


def press_of(data: str) -> Press | None:
    """What a button's data asks for; None if it is of another version or nobody's."""
    match data.split(":"):
        case [version, "t", topic, ("0" | "1") as wanted] if version == _VERSION:
            return Follow(topic, wanted == "1")
        case [version, "l", ("ar" | "en") as language] if version == _VERSION:
            return Speak(language)
        case [version, ("a" | "r") as answer, chat_id] if version == _VERSION:
            return Admit(int(chat_id), answer == "a") if is_number(chat_id) else None
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
        case "j", [alert_id, ("0" | "1") as relevant] if is_number(alert_id):
            return Judge(int(alert_id), relevant == "1")
        case "ms", [alert_id] if is_number(alert_id):
            return MuteStory(int(alert_id))
        case "mo", [alert_id] if is_number(alert_id):
            return MuteSite(int(alert_id))
        case "h", [site]:
            return HearSite(site)
        case "s", [skip] if _is_count(skip):
            return SearchPage(int(skip))
        case "kx", [topic]:
            return DropKeyword(topic)
        case "ka", []:
            return AskKeywords()
        case "kg", [chat_id, ("0" | "1") as granted] if is_number(chat_id):
            return GrantKeywords(int(chat_id), granted == "1")
        case "es", [key]:
            return SaveEdit(key)
        case "ed", []:
            return DiscardEdit()
        case "eu", [key]:
            return UndoEdit(key)
        case "o", [site, ("0" | "1") as wanted, skip] if _is_count(skip):
            return HearSource(site, wanted == "1", int(skip))
        case "op", [skip] if _is_count(skip):
            return SourcesPage(int(skip))
        case "b", [key]:
            return Broadcast(key)
        case "f", ["1"]:
            return Forget()
        case "p", [skip] if _is_count(skip):
            return Page(int(skip))
        case _:
            return None


def _is_minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < _MINUTES


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def is_number(text: str) -> bool:
    """Of a chat or alert: no database takes more than 18 digits for sure."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 18


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
        case SaveEdit(key):
            return f"es:{key}"
        case DiscardEdit():
            return "ed"
        case UndoEdit(key):
            return f"eu:{key}"
        case HearSource(site, wanted, skip):
            return f"o:{site}:{int(wanted)}:{skip}"
        case SourcesPage(skip):
            return f"op:{skip}"
        case DropKeyword(topic):
            return f"kx:{topic}"
        case AskKeywords():
            return "ka"
        case GrantKeywords(chat_id, granted):
            return f"kg:{chat_id}:{int(granted)}"
        case _:
            return "f:1"
