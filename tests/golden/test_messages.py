"""Every message in both languages, as Telegram's own parser takes it, against what was read."""

import unicodedata

import pytest

from alerts.message import Message, to_html, utf16
from models.text import Language
from tests.fakes.td_parser import TdTextParser
from tests.golden.everymessage import FOLDER, every_message, of_alerts, popups, shown
from tests.unit.alerts.bidi import first_strong, isolates_are_closed

LANGUAGES: tuple[Language, ...] = ("ar", "en")
MESSAGES = [
    pytest.param(language, message, id=f"{language}: {name}")
    for language in LANGUAGES
    for name, message in every_message(language)
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_as_it_was_read(language: Language) -> None:
    """After a wanted change: python -m tests.golden.everymessage, and read what changed."""
    assert shown(language) == (FOLDER / f"{language}.txt").read_text("utf-8")


@pytest.mark.parametrize(("language", "message"), MESSAGES)
def test_every_line_has_its_direction_and_closes_its_isolates(
    language: Language, message: Message
) -> None:
    text = TdTextParser().parse(to_html(message), "html").text
    for line in filter(None, text.splitlines()):
        # a headline in a message in English is Arabic, and runs as such
        directions = ("R", "") if message.rtl else ("L", "", "R" if _has_no_latin(line) else "L")
        assert first_strong(line) in directions, line
        assert isolates_are_closed(line), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_alerts_are_right_to_left_in_both_languages(language: Language) -> None:
    assert all(message.rtl for _, message in of_alerts(language))


@pytest.mark.parametrize(("language", "message"), MESSAGES)
def test_what_is_foreign_in_a_line_of_arabic_stands_isolated(
    language: Language, message: Message
) -> None:
    """Latin letters outside of an isolate would pull the signs beside them over to themselves.
    Headlines are left as the site writes them."""
    if language == "en":
        return
    for line in TdTextParser().parse(to_html(message), "html").text.splitlines():
        assert _has_no_latin(line) or "Rosatom" in line, line


def _has_no_latin(line: str) -> bool:
    """But for what is isolated."""
    depth = 0
    for letter in line:
        depth += (letter == "\u2068") - (letter == "\u2069")
        if depth == 0 and _is_latin(letter):
            return False
    return True


def _is_latin(letter: str) -> bool:
    return unicodedata.bidirectional(letter) == "L"


@pytest.mark.parametrize("language", LANGUAGES)
def test_popups_and_the_menu_are_as_short_as_the_bot_api_wants_them(language: Language) -> None:
    for name, text in popups(language):
        assert 1 <= utf16(text) <= (256 if name.startswith("menu") else 200), name
