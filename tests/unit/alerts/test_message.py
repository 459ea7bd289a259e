"""Segments, their budget and their markup."""

import pytest

from alerts.message import (
    FSI,
    PDI,
    RLM,
    Bold,
    Button,
    Isolated,
    Line,
    Link,
    Message,
    Quote,
    Text,
    clean,
    clean_url,
    cut,
    fitted,
    isolated,
    length_utf16,
    to_html,
    to_plain,
    to_terminal,
    utf16,
)


def message(*segments: Line | Quote, rtl: bool = True) -> Message:
    return Message(segments=segments, rtl=rtl)


def test_scraped_text_loses_overrides_marks_and_controls() -> None:
    assert clean("\u202eخبر\u202c\u200f عاجل\x00\x1b[31m\u2066!\u2069\ufeff") == "خبر عاجل [31m!"


def test_joiners_that_spell_words_and_emoji_stay() -> None:
    assert clean("می\u200cرود 👨\u200d👩") == "می\u200cرود 👨\u200d👩"


def test_blanks_of_all_kinds_become_one() -> None:
    assert clean("أ\u00a0 \n\tب") == "أ ب"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?a=1&b=2", "https://a.example/x?a=1&b=2"),
        ("https://a.example/خبر", "https://a.example/%D8%AE%D8%A8%D8%B1"),
        ("https://a.example/%D8%AE", "https://a.example/%D8%AE"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/\x00a b", "https://a.example/ab"),
        ("https://موقع.example/", "https://xn--4gbrim.example/"),
        ("javascript:alert(1)", None),
        ("https:///x", None),
        ("http://[::1", None),
        ("https://a.example/" + "x" * 3000, None),
    ],
    ids=[
        "plain",
        "arabic",
        "encoded",
        "markup",
        "controls",
        "idn",
        "script",
        "no host",
        "broken",
        "long",
    ],
)
def test_addresses_are_encoded_or_refused(url: str, expected: str | None) -> None:
    assert clean_url(url) == expected


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("خبر قصير", 20, "خبر قصير"),
        ("خبر طويل جدا", 10, "خبر طويل…"),
        ("خبر طويل", 8, "خبر طويل"),
        ("😀😀😀", 4, "😀…"),
        ("كَلِمَةطويلة", 6, "كَلِ…"),
        ("👨\u200d👩\u200d👧x", 7, "…"),
        ("أب", 0, ""),
    ],
    ids=["fits", "at a word", "exactly", "surrogates", "marks stay on", "joined emoji", "no room"],
)
def test_text_is_cut_at_a_word_in_utf16_units(text: str, units: int, expected: str) -> None:
    assert cut(text, units) == expected
    assert utf16(cut(text, units)) <= units


def test_markup_is_escaped_and_nested() -> None:
    line = Line((Link((Text("<خبر> & "), Bold('"عاجل"')), "https://a.example/?a=1&b=2"),))

    assert to_html(message(line)) == (
        f'{RLM}<a href="https://a.example/?a=1&amp;b=2">&lt;خبر&gt; &amp; '
        "<b>&quot;عاجل&quot;</b></a>"
    )


def test_every_line_begins_with_its_mark_and_empty_lines_have_none() -> None:
    shown = to_html(message(Line((Text("أ"),)), Line(), Quote((Line((Text("ب"),)),))))

    assert shown == f"{RLM}أ\n\n<blockquote>{RLM}ب</blockquote>"


def test_a_left_to_right_message_has_no_marks() -> None:
    assert to_html(message(Line((Text("news"),)), rtl=False)) == "news"


def test_foreign_runs_are_isolated() -> None:
    assert to_html(message(Line((isolated("Reuters 24"),)))) == f"{RLM}{FSI}Reuters 24{PDI}"


def test_a_link_to_no_usable_address_is_its_text() -> None:
    assert to_html(message(Line((Link((Text("خبر"),), "tel:1"),)))) == f"{RLM}خبر"


def test_a_message_over_the_budget_is_cut_from_the_end_at_a_word() -> None:
    long = message(
        Line((Link((Text("عنوان"),), "https://a.example/"),)),
        Quote(tuple(Line((Text("كلمة " * 500),)) for _ in range(4))),
        Line((Text("ذيل"),)),
    )

    fitting = fitted(long)

    assert length_utf16(long) > 4096
    assert 4000 < length_utf16(fitting) <= 4096
    assert "عنوان" in to_html(fitting)
    assert to_html(fitting).endswith("كلمة…</blockquote>")


def test_cutting_drops_an_isolated_run_whole() -> None:
    long = message(Line((Text("أ" * 20), Isolated((Bold("ب" * 20),)))))

    assert to_html(fitted(long, 30)) == RLM + "أ" * 20


def test_the_terminal_shows_bold_a_bar_and_each_address_once() -> None:
    shown = to_terminal(
        message(
            Line((Link((Bold("موسكو"), Text(" اليوم")), "https://a.example/1"),)),
            Quote((Line((Text("قال "), Bold("موسكو"))),)),
            Line((Link((Text("الخبر"),), "https://a.example/1"),)),
        )
    )

    assert shown == (
        "\x1b[1mموسكو\x1b[22m اليوم\n▎ قال \x1b[1mموسكو\x1b[22m\nالخبر https://a.example/1"
    )


def test_the_terminal_is_plain_without_colour() -> None:
    assert to_terminal(message(Line((Bold("موسكو"),))), colour=False) == "موسكو"


def test_plain_text_keeps_the_address() -> None:
    plain = to_plain(message(Line((Link((Bold("أ"),), "https://a.example/"),))))

    assert plain == f"{RLM}أ {FSI}https://a.example/{PDI}"


@pytest.mark.parametrize(
    "values",
    [{}, {"url": "https://a.example/", "data": "1"}, {"data": "ح" * 33}, {"data": ""}],
    ids=["nothing", "both", "66 bytes", "empty"],
)
def test_a_button_does_exactly_one_thing(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="button"):
        Button("زر", **values)
