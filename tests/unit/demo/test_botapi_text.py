"""What Telegram keeps of a text."""

import pytest

from marsad.demo.botapi_html import HtmlTextParser
from marsad.demo.botapi_text import Entity, ParsedText, cleaned, message_text, trimmed
from marsad.demo.botapi_wire import Refusal, as_parameters


def kept(text: str, **rest: str) -> ParsedText:
    parameters = as_parameters({"text": text, **rest})
    return message_text(parameters, HtmlTextParser(), too_long="message is too long")


def refusal(text: str, **rest: str) -> str:
    with pytest.raises(Refusal) as caught:
        kept(text, **rest)
    return caught.value.description


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("a\u202eb\u2028c\u202ad", "abcd"),
        ("a\rb\x07c\td", "ab c d"),
        ("e\u030ax\u0333", "ex"),
        ("\u200f\u200f\u200fنص", "\u200c\u200c\u200fنص"),
        ("\u2068نص\u2069", "\u2068نص\u2069"),
        ("سطر\nسطر", "سطر\nسطر"),
    ],
    ids=["overrides", "controls", "combining", "runs-of-marks", "isolates-stay", "newline-stays"],
)
def test_characters_that_telegram_drops_or_replaces(given: str, left: str) -> None:
    assert cleaned(ParsedText(given)).text == left


def test_entities_move_with_the_characters_that_vanish() -> None:
    text = kept("  \u202eعا<b>\u202eجل😀\r</b>  ", parse_mode="HTML")
    assert text == ParsedText("عاجل😀", (Entity("bold", 2, 4),))


def test_an_entity_on_trimmed_space_vanishes() -> None:
    assert trimmed(ParsedText("x ", (Entity("bold", 1, 1),))) == ParsedText("x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n\u200f ", "Bad Request: text must be non-empty"),
        ("<b></b>", "Bad Request: text must be non-empty"),
        ("ب" * 4097, "Bad Request: message is too long"),
        ("😀" * 2049, "Bad Request: message is too long"),
        ("ب" * 16385, "Bad Request: text is too long"),
        (
            "<b>",
            "Bad Request: can't parse entities: "
            'Can\'t find end tag corresponding to start tag "b"',
        ),
    ],
    ids=["absent", "blank", "only-tags", "4097", "2049-emoji", "raw-bytes", "markup"],
)
def test_a_text_is_refused(text: str, words: str) -> None:
    assert refusal(text, parse_mode="HTML") == words


def test_length_counts_after_parsing() -> None:
    text = "<b>" + "ب" * 4096 + "</b>"
    assert len(kept(text, parse_mode="HTML").text) == 4096


def test_an_unknown_parse_mode_is_refused() -> None:
    assert refusal("x", parse_mode="bbcode") == "Bad Request: unsupported parse_mode"


def test_given_entities_are_kept_and_found_ones_ignored() -> None:
    entities = '[{"type":"bold","offset":0,"length":2},{"type":"hashtag","offset":0,"length":2}]'
    assert kept("ab", entities=entities).entities == (Entity("bold", 0, 2),)


def test_an_entity_of_an_unknown_type_is_refused() -> None:
    words = refusal("ab", entities='[{"type":"shout","offset":0,"length":2}]')
    assert words == "Bad Request: can't parse MessageEntity: unsupported type specified"
