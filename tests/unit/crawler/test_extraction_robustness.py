"""What pages may be made of, by accident or on purpose: extraction answers all the same."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extraction.markup import guard
from crawler.extraction.page import Extraction, extract
from tests.quality.pages import traps
from tests.quality.pages.layouts import LAYOUTS, Surroundings
from tests.quality.pages.texts import LONG

NOW = datetime(2026, 3, 15, tzinfo=UTC)
STORY = LONG[0]
SENTENCE = "وصلت القافلة إلى المدينة مساء الأحد بعد رحلة استغرقت ثلاثة أيام."
PAGES = {
    name: layout(
        STORY,
        Surroundings(
            before=traps.BEFORE["bare-ticker"],
            inside=traps.INSIDE["bare-card"],
            after=traps.AFTER["related-grid"],
            foot=traps.FOOT["cookies"],
        ),
    )
    for name, layout in LAYOUTS.items()
}


def extracted(page: str | bytes) -> Extraction:
    body = page.encode() if isinstance(page, str) else page
    return extract(
        body, url="https://news.example/1", content_type=None, site=None, entry=None, now=NOW
    )


def page(content: str) -> str:
    return f"<html><head><title>خبر من المدينة</title></head><body>{content}</body></html>"


@pytest.mark.parametrize("depth", [200, 256, 300, 1_000, 1_400])
@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote"])
def test_text_that_lies_deep_is_read(depth: int, tag: str) -> None:
    content = f"<{tag}>" * depth + f"<p>{SENTENCE}</p>" * 3 + f"</{tag}>" * depth

    found = extracted(page(f"<h1>خبر من المدينة</h1>{content}"))

    assert found.text == "\n\n".join([SENTENCE] * 3)


def test_text_that_lies_too_deep_is_missing_with_the_reason() -> None:
    found = extracted(page("<div>" * 2_000 + SENTENCE))

    assert found.text is None
    assert found.evidence["text"].startswith("missing: elements nest deeper than 1500")


def test_end_tags_without_a_start_do_not_hide_how_deep_elements_nest() -> None:
    found = extracted(page("<div></span>" * 2_000 + SENTENCE))

    assert "nest deeper" in found.evidence["text"]


def test_elements_that_are_never_closed_within_closed_ones_do_not_count() -> None:
    content = f"<div><font><b>{SENTENCE}</div>" * 2_000

    guard(page(content))


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(f"a{n}=1" for n in range(20_000)),
        "\n".join(f"a{n}" for n in range(20_000)),
        " ".join(f'a{n}=">"' for n in range(20_000)),
    ],
    ids=["valued", "bare-on-lines", "with-quoted-ends"],
)
def test_a_tag_of_thousands_of_attributes_is_refused(attributes: str) -> None:
    found = extracted(page(f"<div {attributes}>{SENTENCE}</div>"))

    assert "thousands of attributes" in found.evidence["text"]


def test_a_long_script_is_no_tag_of_many_attributes() -> None:
    script = "<script>" + " ".join(f"v{n}=1;" for n in range(20_000)) + "</script>"

    guard(page(f"{script}<p>{SENTENCE}</p>"))


@pytest.mark.parametrize(
    "content",
    [
        "<a href=/1>خبر</a> " * 20_000,
        f"<p>{SENTENCE}</p>" * 20_000,
        f"{SENTENCE}<br>" * 20_000,
        "<div class=related>" * 1_400 + SENTENCE * 100,
        "<a href=/1><div>" * 700 + SENTENCE * 100,
        f"<h4>اقرأ أيضا</h4><p>{SENTENCE}</p>" * 3_000,
        "<h3>التعليقات</h3><p>نص</p>" * 3_000,
        f"<table><tr><td>{SENTENCE}" * 400,
        "اقرأ أيضا: " * 20_000,
        "(شاهد أيضا: " * 20_000,
        "<p>" + "تابعونا على " * 15_000,
        "<time>" * 5_000 + "<h1>عنوان</h1>" * 2_000,
        "<li><a href=/1>عنوان خبر طويل من أخبار اليوم</a><li>نص" * 5_000,
        "الأحد 1 مارس " * 20_000,
        "<span>12 مارس 2026" * 1_400,
        f"<div>{'<span>12 مارس</span> ' * 20_000} 12 مارس 2026</div>",
        f"<div>{'<a></a>' * 20_000}{'<time>غدا</time>' * 3_000}</div>",
        f"<p>{SENTENCE}</p>{'<div><p>مشاركات: 12</p><p>نص</p></div>' * 10_000}",
        f"<p>{SENTENCE}</p>{'<div><div><p>اشترك الآن</p></div></div>' * 10_000}",
        f"<article><h1>خبر من المدينة</h1><p>{SENTENCE}</p></article>" * 4_000,
        f"<script type='application/json'>{'[' * 90_000}خبر من المدينة",
        "<figcaption>نص</figcaption>" * 20_000,
    ],
    ids=lambda content: content[:24],
)
def test_a_page_made_to_be_slow_is_read_in_time(content: str) -> None:
    started = time.process_time()

    extracted(page(f"<h1>خبر من المدينة</h1>{content}"))

    assert time.process_time() - started < 4


@pytest.mark.parametrize("size", [0, 1, 7, 4_096])
def test_bytes_that_are_no_page_have_no_fields(size: int) -> None:
    found = extracted(bytes(range(1, 256)) * (size // 255 + 1) if size else b"")

    assert found.text is None or found.title is None or isinstance(found.text, str)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_page_that_was_cut_off_is_read(name: str, share: float) -> None:
    body = PAGES[name]

    extracted(body[: int(len(body) * share)])


cuts = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 300), st.binary(max_size=12)), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(PAGES)), changes=cuts)
def test_a_mangled_page_never_raises(name: str, changes: list[tuple[float, int, bytes]]) -> None:
    body = PAGES[name]
    for place, length, inserted in changes:
        start = int(place * len(body))
        body = body[:start] + inserted + body[start + length :]

    found = extracted(body)

    assert found.text is None or found.text.strip()
    assert set(found.evidence) >= {"title", "text", "published", "author", "language"}


tags = st.sampled_from(
    [
        "div",
        "p",
        "a",
        "span",
        "table",
        "tr",
        "td",
        "ul",
        "li",
        "h1",
        "h2",
        "h4",
        "b",
        "i",
        "br",
        "hr",
        "img",
        "form",
        "aside",
        "article",
        "main",
        "section",
        "figure",
        "blockquote",
        "time",
        "script",
        "style",
        "svg",
        "center",
        "font",
        "amp-img",
        "marquee",
        "dl",
        "dt",
        "dd",
        "pre",
    ]
)
pieces = st.one_of(
    tags.map(lambda tag: f"<{tag}>"),
    tags.map(lambda tag: f"</{tag}>"),
    st.just('<a href="/1">'),
    st.sampled_from(
        [SENTENCE, "اقرأ أيضا", "التعليقات", "14 مارس 2026", "خبر من المدينة", "\x00", "&#1;"]
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=60))
def test_any_heap_of_tags_never_raises(heap: list[str]) -> None:
    extracted(page("".join(heap)))
