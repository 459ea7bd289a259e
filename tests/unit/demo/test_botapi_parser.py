"""The shipped parser of Telegram's HTML, against Telegram's own."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.demo.botapi_html import HtmlTextParser
from marsad.demo.botapi_text import Entity, MarkupError, ParsedText, TextParser
from tests.fakes.td_parser import TdTextParser

OURS, TELEGRAMS = HtmlTextParser(), TdTextParser()
TAGS = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-emoji",
    "tg-time",
    "B",
    "br",
    "p",
    "script",
]
ATTRIBUTES = (
    "",
    ' href="https://nashra.example/خبر?a=1&amp;b=2"',
    " href='http://x.example'",
    " href=x.example",
    ' href="tg://user?id=77"',
    ' href="javascript:alert(1)"',
    ' class="tg-spoiler"',
    " class=tg-spoiler",
    ' class="language-python"',
    ' class="q"',
    " expandable",
    ' emoji-id="5368324170671202286"',
    ' emoji-id="x"',
    ' unix="1750000000" format="r"',
    ' unix=12 format="wDT"',
    ' unix="1" format="zz"',
    ' a = "b"',
    " a=",
    "=",
    " /",
    ' x"',
    "\n",
    " é=ب",
)
PIECES = (
    "قزوين ",
    "x",
    " ",
    "\n",
    "😀",
    "&amp;",
    "&lt",
    "&gt;",
    "&quot;",
    "&#1593;",
    "&#x1F600;",
    "&#xD83D;",
    "&nbsp;",
    "&ltx",
    "&#0;",
    "&#1114111;",
    "&#99999999999;",
    "&",
    "<",
    ">",
    '"',
    "'",
    "=",
    "/",
    "\0",
    "\t",
)
START = st.builds(
    lambda tag, attribute, end: f"<{tag}{attribute}{end}",
    st.sampled_from(TAGS),
    st.sampled_from(ATTRIBUTES),
    st.sampled_from((">", ">", ">", " >", "")),
)
END = st.builds(
    lambda tag, end: f"</{tag}{end}", st.sampled_from([*TAGS, ""]), st.sampled_from("> ")
)
MARKUP = st.recursive(
    st.one_of(st.sampled_from(PIECES), START, END),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.builds(
            lambda tag, attribute, body: f"<{tag}{attribute}>{body}</{tag}>",
            st.sampled_from(TAGS),
            st.sampled_from(ATTRIBUTES),
            inner,
        ),
    ),
    max_leaves=12,
)


def outcome(parser: TextParser, text: str) -> ParsedText | str:
    try:
        return parser.parse(text, "html")
    except MarkupError as error:
        return str(error)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKUP)
def test_the_shipped_parser_and_telegrams_agree(text: str) -> None:
    assert outcome(OURS, text) == outcome(TELEGRAMS, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<b>عاجل", 'Can\'t find end tag corresponding to start tag "b"'),
        ("عاجل</b>", "Unexpected end tag at byte offset 8"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("سطر<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=x.example/>y</a>", "Unexpected end of name token at byte offset 8"),
    ],
    ids=["unclosed", "only-end", "crossed", "br", "bare-less-than", "cut", "span", "token"],
)
def test_markup_is_refused_with_telegrams_words(text: str, message: str) -> None:
    assert outcome(OURS, text) == message
    assert outcome(TELEGRAMS, text) == message


def test_offsets_are_utf16_units() -> None:
    parsed = OURS.parse("😀<b>خبر</b>", "html")
    assert parsed == ParsedText("😀خبر", (Entity("bold", 2, 3),))


def test_other_modes_than_html_are_left_to_telegrams_parser() -> None:
    with pytest.raises(MarkupError, match="HTML only"):
        OURS.parse("*x*", "markdownv2")
    assert TELEGRAMS.parse("*x*", "markdownv2").entities == (Entity("bold", 0, 1),)
