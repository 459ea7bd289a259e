"""Inline keyboards, and what their buttons say when pressed.

Data is versioned ('1:'), short (64 bytes at most) and names the state to reach, not a toggle: an
update that is processed twice after a crash changes nothing the second time.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from alerts.message import Button
from alerts.texts import texts_of
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


Press = Follow | Speak | Admit


def press_of(data: str) -> Press | None:
    """What a button's data asks for; None if it is of another version or nobody's."""
    match data.split(":"):
        case [version, "t", topic, ("0" | "1") as wanted] if version == _VERSION:
            return Follow(topic, wanted == "1")
        case [version, "l", ("ar" | "en") as language] if version == _VERSION:
            return Speak(language)
        case [version, ("a" | "r") as answer, chat_id] if version == _VERSION:
            return Admit(int(chat_id), answer == "a") if _is_number(chat_id) else None
        case _:
            return None


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


def topic_rows(
    topics: Mapping[str, Localized], chosen: AbstractSet[str], language: Language
) -> Rows:
    """A topic a row with its check mark, and the other language."""
    rows = [
        (_topic_button(name, title, chosen=name in chosen, language=language),)
        for name, title in topics.items()
    ]
    return (*rows, *language_rows(language))


def _topic_button(name: str, title: Localized, *, chosen: bool, language: Language) -> Button:
    mark = _CHOSEN if chosen else _NOT_CHOSEN
    shown = title.in_language(language)
    return Button(f"{mark} {shown}", data=data_of(Follow(name, wanted=not chosen)))


def language_rows(language: Language) -> Rows:
    other: Language = "ar" if language == "en" else "en"
    return ((Button(texts_of(language).other_language, data=data_of(Speak(other))),),)


def approval_rows(chat_id: int, language: Language) -> Rows:
    texts = texts_of(language)
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
