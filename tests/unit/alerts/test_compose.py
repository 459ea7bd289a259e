"""What an alert looks like, as Telegram's own parser reads it."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import tdjson
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.compose import compose, compose_notice, hashtag, marked_parts, written_time
from alerts.message import Bold, Message, Text, to_html, to_plain, to_terminal, utf16
from alerts.telegram.texts.talk import talk_texts
from alerts.texts import ARABIC
from models.alert import StoredAlert, TopicMatch
from models.text import Language, Localized, Marked
from tests.fakes.td_parser import TdTextParser
from tests.unit.alerts.bidi import first_strong, isolates_are_closed
from tests.unit.alerts.builders import NOW, RUSSIA, alert, marked, stored_alert

TEHRAN = ZoneInfo("Asia/Tehran")
PARSER = TdTextParser()


def composed(stored: StoredAlert, language: Language = "ar") -> Message:
    return compose(stored, language=language, zone=TEHRAN, now=NOW)


def bold_words(message: Message) -> list[str]:
    parsed = PARSER.parse(to_html(message), "html")
    raw = parsed.text.encode("utf-16-le")
    return [
        raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in parsed.entities
        if entity.type == "bold"
    ]


def test_the_alert_in_arabic() -> None:
    assert to_html(composed(stored_alert())) == (
        '\u200f<a href="https://news.example/2026/caspian?id=7&amp;page=2"><b>موسكو</b>'
        " و<b>طهران</b> تبحثان الملاحة في <b>بحر قزوين</b></a>\n"
        "\u200f\u2068وكالة آفاق\u2069 · \u206814:35\u2069\n"
        "\u200fالسبب: \u2068إيران وروسيا\u2069 — "
        "\u2068<b>موسكو</b>\u2069، \u2068<b>طهران</b>\u2069\n"
        "\u200fالسبب: \u2068بحر قزوين\u2069 — \u2068<b>بحر قزوين</b>\u2069\n"
        "<blockquote>\u200fبحث وفد من <b>موسكو</b> مع نظيره في <b>طهران</b> خطوط الملاحة الجديدة.\n"
        "\u200fوقال الوفد إن العمل يبدأ قريبًا.</blockquote>\n"
        "\u200f#إيران_وروسيا #بحر_قزوين\n"
        '\u200f<a href="https://news.example/2026/caspian?id=7&amp;page=2">الخبر كاملًا</a>'
    )


def test_the_alert_in_english_keeps_the_article_and_its_direction() -> None:
    assert to_html(composed(stored_alert(), "en")) == (
        '\u200f<a href="https://news.example/2026/caspian?id=7&amp;page=2"><b>موسكو</b>'
        " و<b>طهران</b> تبحثان الملاحة في <b>بحر قزوين</b></a>\n"
        "\u200f\u2068Afaq Agency\u2069 · \u206814:35\u2069\n"
        "\u200fWhy: \u2068Iran and Russia\u2069 — "
        "\u2068<b>موسكو</b>\u2069, \u2068<b>طهران</b>\u2069\n"
        "\u200fWhy: \u2068Caspian Sea\u2069 — \u2068<b>بحر قزوين</b>\u2069\n"
        "<blockquote>\u200fبحث وفد من <b>موسكو</b> مع نظيره في <b>طهران</b> خطوط الملاحة الجديدة.\n"
        "\u200fوقال الوفد إن العمل يبدأ قريبًا.</blockquote>\n"
        "\u200f#Iran_and_Russia #Caspian_Sea\n"
        '\u200f<a href="https://news.example/2026/caspian?id=7&amp;page=2">Full article</a>'
    )


def test_the_terminal_shows_the_same_alert() -> None:
    assert to_terminal(composed(stored_alert()), colour=False) == (
        "موسكو وطهران تبحثان الملاحة في بحر قزوين\n"
        "وكالة آفاق · 14:35\n"
        "السبب: إيران وروسيا — موسكو، طهران\n"
        "السبب: بحر قزوين — بحر قزوين\n"
        "▎ بحث وفد من موسكو مع نظيره في طهران خطوط الملاحة الجديدة.\n"
        "▎ وقال الوفد إن العمل يبدأ قريبًا.\n"
        "#إيران_وروسيا #بحر_قزوين\n"
        "الخبر كاملًا https://news.example/2026/caspian?id=7&page=2"
    )


def test_the_preview_is_the_article() -> None:
    assert composed(stored_alert()).preview_url == "https://news.example/2026/caspian?id=7&page=2"


def test_bold_is_exactly_what_matched() -> None:
    assert bold_words(composed(stored_alert())) == [
        *("موسكو", "طهران", "بحر قزوين"),
        *("موسكو", "طهران", "بحر قزوين"),
        *("موسكو", "طهران"),
    ]


def test_a_long_title_is_cut_at_a_word_and_stays_a_link() -> None:
    html = to_html(composed(stored_alert(title=Marked("كلمات " * 900))))

    assert "كلمات…</a>" in html.splitlines()[0]
    assert utf16(PARSER.parse(html, "html").text.splitlines()[0]) <= 301


def test_a_matched_phrase_that_the_cut_divides_is_not_bold() -> None:
    text = "تمهيد " * 49 + "بحر قزوين"
    title = composed(stored_alert(title=marked(text, "بحر قزوين"))).segments[0]

    assert "<b>" not in to_html(Message(segments=(title,)))


def test_a_long_quote_is_expandable_and_bounded() -> None:
    html = to_html(composed(stored_alert(quote=Marked("فقرة طويلة " * 300))))

    assert "<blockquote expandable>" in html
    assert len(html) < 2000


def test_many_words_are_counted() -> None:
    words = tuple(f"كلمة{number}" for number in range(1, 10))
    topic = TopicMatch(topic="x", title=Localized("س"), words=words, score=1)

    shown = to_terminal(composed(stored_alert(topics=(topic,))), colour=False)

    assert "كلمة6 و3 كلمات أخرى" in shown
    assert "كلمة7" not in shown


def test_an_article_without_title_or_quote_still_has_a_link() -> None:
    shown = to_plain(composed(stored_alert(title=Marked("\u202e \x00"), quote=Marked(""))))

    assert "afaq" in shown
    assert "https://news.example/2026/caspian" in shown


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (NOW, "Asia/Tehran", "15:00"),
        (NOW, "UTC", "11:30 بتوقيت غرينتش"),
        (NOW - timedelta(days=1), "Asia/Tehran", "13 مارس 15:00"),
        (datetime(2025, 12, 31, 22, 0, tzinfo=UTC), "Asia/Baghdad", "1 يناير 01:00"),
        (datetime(2025, 12, 31, 20, 0, tzinfo=UTC), "Asia/Baghdad", "31 ديسمبر 2025 23:00"),
    ],
    ids=["today", "utc is said", "yesterday", "new year there", "last year"],
)
def test_times_are_the_readers(moment: datetime, zone: str, expected: str) -> None:
    assert written_time(moment, ARABIC, ZoneInfo(zone), NOW) == expected


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("إيران وروسيا", "#إيران_وروسيا"),
        ("روسيا - أوكرانيا (2026)", "#روسيا_أوكرانيا_2026"),
        ("كُرَةُ القدم", "#كرة_القدم"),
        ("2026", ""),
        ("—", ""),
    ],
    ids=["words", "signs", "vowels", "only digits", "nothing"],
)
def test_hashtags_are_what_telegram_recognises(title: str, tag: str) -> None:
    assert hashtag(title) == tag


def test_hashtags_stand_where_telegram_finds_them() -> None:
    text = PARSER.parse(to_html(composed(stored_alert())), "html").text
    request = json.dumps({"@type": "getTextEntities", "text": text}).encode()
    found = json.loads(tdjson.td_execute(request) or b"{}")["entities"]

    tags = [entity for entity in found if entity["type"]["@type"] == "textEntityTypeHashtag"]
    assert [entity["length"] for entity in tags] == [len("#إيران_وروسيا"), len("#بحر_قزوين")]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "لا تتابع أي موضوع بعد."),
        (1, "تتابع موضوعًا واحدًا."),
        (2, "تتابع موضوعين."),
        (3, "تتابع 3 موضوعات."),
        (10, "تتابع 10 موضوعات."),
        (11, "تتابع 11 موضوعًا."),
        (99, "تتابع 99 موضوعًا."),
        (100, "تتابع 100 موضوع."),
        (103, "تتابع 103 موضوعات."),
        (111, "تتابع 111 موضوعًا."),
    ],
)
def test_arabic_counts_have_their_forms(count: int, expected: str) -> None:
    assert talk_texts("ar").following.of(count) == expected


def test_english_counts_have_theirs() -> None:
    assert [talk_texts("en").following.of(count) for count in (0, 1, 2, 11)] == [
        "You follow no topic yet.",
        "You follow 1 topic.",
        "You follow 2 topics.",
        "You follow 11 topics.",
    ]


def test_a_notice_keeps_its_lines_and_its_markup_is_text() -> None:
    html = to_html(compose_notice("topics/a.yaml:3:5: <b>\n\nunknown key"))

    assert html == (
        "\u200f🔔 إشعار للمشرفين\n"
        "\u200f\u2068topics/a.yaml:3:5: &lt;b&gt;\u2069\n"
        "\u200f\u2068unknown key\u2069"
    )


def test_text_between_spans_is_plain() -> None:
    assert marked_parts(Marked("أب ج", ((0, 1), (3, 4)))) == (Bold("أ"), Text("ب "), Bold("ج"))


# Hostile articles through Telegram's own parser

_PIECES = st.sampled_from(
    [
        *("موسكو", "طهران ", "بحر قزوين", "َّ", "ـ", "١٢٣ ", "RT: ", "BBC ", "a" * 400, "ش" * 500),
        *("<b>", "</a>", "<a href='", '"', "&", "&amp;", "&lt;", "<tg-spoiler>", "</blockquote>"),
        *("\u202e", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c", "\u200d", "\u200c"),
        *("\x00", "\x1b[2J", "\n", "\r\n", "\u2028", "\u00a0", "\ufeff", "\ud800", "\udfff"),
        *(
            "😀",
            "👨\u200d👩\u200d👧",
            "🇮🇷",
            "#",
            "@marsad",
            "/stop ",
            "https://evil.example/ ",
            "\u0333",
        ),
    ]
)
_HOSTILE = st.one_of(
    st.lists(_PIECES, max_size=25).map("".join),
    st.text(alphabet=st.characters(codec=None), max_size=40),
    st.lists(_PIECES, min_size=5, max_size=15).map(lambda pieces: "".join(pieces) * 25),
)


@st.composite
def _marked(draw: st.DrawFn) -> Marked:
    text = draw(_HOSTILE)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return Marked(text, tuple(zip(cuts[::2], cuts[1::2], strict=False)))


@st.composite
def _hostile_alert(draw: st.DrawFn) -> StoredAlert:
    topic = st.builds(
        TopicMatch,
        topic=st.just("x"),
        title=st.builds(Localized, _HOSTILE.filter(bool), _HOSTILE),
        words=st.lists(_HOSTILE, max_size=8).map(tuple),
        score=st.just(1.0),
    )
    return stored_alert(
        url=draw(st.one_of(st.just("https://news.example/1"), _HOSTILE, _HOSTILE.map(_address))),
        source=Localized(draw(_HOSTILE)),
        title=draw(_marked()),
        quote=draw(_marked()),
        topics=tuple(draw(st.lists(topic, min_size=1, max_size=3))),
    )


def _address(path: str) -> str:
    return f"https://news.example/{path}"


@settings(max_examples=300, deadline=None)
@given(_hostile_alert(), st.sampled_from(["ar", "en"]))
def test_no_hostile_article_breaks_its_message(stored: StoredAlert, language: Language) -> None:
    message = compose(stored, language=language, zone=TEHRAN, now=NOW)
    html = to_html(message)
    parsed = PARSER.parse(html, "html")

    assert utf16(parsed.text) <= 4096
    assert len(html.encode()) <= 32_768
    for line in parsed.text.split("\n"):
        assert first_strong(line) == "R"
        assert isolates_are_closed(line)
    ours = {"bold", "text_link", "blockquote", "expandable_blockquote"}
    assert {entity.type for entity in parsed.entities} <= ours
    links = {entity.extra["url"] for entity in parsed.entities if entity.type == "text_link"}
    assert len(links) <= 1
    assert utf16(to_plain(message)) <= 4096
    assert "\x1b" not in to_terminal(message, colour=False)


def test_the_builders_alert_is_about_its_topics() -> None:
    assert alert().words == (*RUSSIA.words, "بحر قزوين")
