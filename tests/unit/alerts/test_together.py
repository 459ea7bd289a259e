"""Several alerts in one message: all are there, within every limit of the Bot API."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.compose import FULL_LAYOUTS, compose, compose_together
from alerts.message import BUDGET_BYTES, BUDGET_UTF16, Message, length_utf16, to_html, utf16
from models.alert import AlsoTold, Changes, StoredAlert
from models.text import Language, Localized, Marked
from tests.fakes.td_parser import TdTextParser
from tests.unit.alerts.bidi import first_strong
from tests.unit.alerts.builders import NOW, stored_alert

UTC = ZoneInfo("UTC")
MOST = 30


def told(count: int) -> list[StoredAlert]:
    return [
        stored_alert(
            number,
            url=f"https://news.example/{number}",
            title=Marked(f"خبر رقم {number} عن الملاحة في بحر قزوين"),
        )
        for number in range(1, count + 1)
    ]


def together(alerts: list[StoredAlert], language: Language = "ar", **more: bool) -> Message:
    return compose_together(alerts, language=language, zone=UTC, now=NOW, **more)


def parsed(message: Message) -> tuple[str, set[str]]:
    """The text as TDLib reads it, and the addresses that it links to."""
    answer = TdTextParser().parse(to_html(message), "html")
    links = {str(e.extra["url"]) for e in answer.entities if e.type == "text_link"}
    return answer.text, links


def test_one_alert_looks_as_it_does_alone() -> None:
    (alone,) = told(1)
    assert together([alone]) == compose(alone, language="ar", zone=UTC, now=NOW)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("count", [2, 3, 4, 11, MOST])
def test_every_alert_of_a_message_is_there_with_its_link(count: int, language: Language) -> None:
    text, links = parsed(together(told(count), language))
    assert all(f"خبر رقم {number} عن" in text for number in range(1, count + 1))
    assert {f"https://news.example/{number}" for number in range(1, count + 1)} <= links
    assert utf16(text) <= BUDGET_UTF16


def test_up_to_three_show_why_and_more_do_not() -> None:
    assert "السبب" in parsed(together(told(FULL_LAYOUTS)))[0]
    assert "السبب" not in parsed(together(told(FULL_LAYOUTS + 1)))[0]


def test_a_digest_is_a_list_even_of_one() -> None:
    text, _ = parsed(together(told(1), digest=True))
    assert text.splitlines()[0] == "\u200fالموجز، تنبيه واحد:"


def test_thirty_of_the_longest_still_all_are_there() -> None:
    long = [
        stored_alert(
            number,
            url=f"https://news.example/{number}/" + "a" * 400,
            title=Marked(f"{number} " + "خبر طويل " * 600),
            source=Localized("وكالة ذات اسم طويل جدًا لا ينتهي أبدًا " * 5),
        )
        for number in range(MOST)
    ]
    message = together(long)
    text, links = parsed(message)
    assert len(links) == MOST
    assert utf16(text) <= BUDGET_UTF16
    assert len(to_html(message).encode()) <= BUDGET_BYTES


def test_other_sources_are_named_and_linked() -> None:
    also = AlsoTold(source=Localized("وكالة الضفاف", "Banks"), url="https://banks.example/2")
    text, links = parsed(together([stored_alert(changes=Changes(also=(also,)))]))
    assert "ونشره أيضًا: \u2068وكالة الضفاف\u2069" in text
    assert also.url in links


def test_a_corrected_headline_stands_above_the_old_one_which_is_struck() -> None:
    changes = Changes(title=Marked("العنوان بعد تصحيحه"), corrected=1)
    answer = TdTextParser().parse(to_html(together([stored_alert(changes=changes)])), "html")
    assert answer.text.splitlines()[0] == "\u200fالعنوان بعد تصحيحه"
    assert "صحح الموقع العنوان" in answer.text
    assert "strikethrough" in {entity.type for entity in answer.entities}


def test_a_withdrawn_article_is_struck_and_has_no_preview() -> None:
    message = together([stored_alert(changes=Changes(withdrawn=True))])
    assert message.preview_url is None
    assert "سحب الموقع هذا الخبر." in parsed(message)[0]


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("خبر عاجل قزوين ab<>&\"'/=;\x00\u202e\u200f\u2067\u2069\ud800😀🏽\u0301\n"),
        st.characters(),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts=st.lists(st.tuples(HOSTILE, HOSTILE, st.integers(1, 90)), min_size=1, max_size=MOST),
    digest=st.booleans(),
    language=st.sampled_from(("ar", "en")),
)
def test_hostile_alerts_together_are_accepted_and_every_line_is_right_to_left(
    texts: list[tuple[str, str, int]], digest: bool, language: Language
) -> None:
    alerts = [
        stored_alert(
            number,
            url=f"https://news.example/{number}",
            title=Marked(title * times),
            quote=Marked(quote * times),
        )
        for number, (title, quote, times) in enumerate(texts)
    ]
    message = compose_together(alerts, language=language, zone=UTC, now=NOW, digest=digest)
    text, links = parsed(message)
    assert length_utf16(message) <= BUDGET_UTF16
    assert utf16(text) <= BUDGET_UTF16
    assert all(link.startswith("https://news.example/") for link in links)
    assert all(first_strong(line) == "R" for line in text.splitlines() if line.strip())
