"""Pages in layouts of their own, with a trap in each: the text comes out whole, and alone.

A page that gives an article a word that only its surroundings have would alert subscribers to what
the article does not say.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawler.extraction.page import Extraction, extract
from tests.quality.pages import traps
from tests.quality.pages.belongings import BELONGING
from tests.quality.pages.layouts import LAYOUTS, Surroundings
from tests.quality.pages.strangers import DAY, DAYS, STRANGERS
from tests.quality.pages.texts import LONG, SHORT, Story

NOW = datetime(2026, 3, 15, tzinfo=UTC)
WATCHED = re.compile(r"[إا]يران|روسي|روس|موسكو|طهران|قزوين|كرملين|أنزلي")
PLACES = (
    ("before", traps.BEFORE),
    ("inside", traps.INSIDE),
    ("after", traps.AFTER),
    ("foot", traps.FOOT),
)
CASES = [(place, name, html) for place, kinds in PLACES for name, html in kinds.items()]
STORIES = (LONG[1], LONG[3], SHORT[2])


def extracted(layout: str, story: Story, around: Surroundings) -> Extraction:
    return extract(
        LAYOUTS[layout](story, around),
        url="https://news.example/2026/03/1",
        content_type="text/html",
        site=None,
        entry=None,
        now=NOW,
    )


def words(text: str | None) -> Counter[str]:
    return Counter(re.findall(r"\w+", text or ""))


def f1(found: str | None, expected: str) -> float:
    one, other = words(found), words(expected)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def assert_whole_and_alone(found: Extraction, story: Story, *more: str) -> None:
    """The text of the story, nothing of its surroundings, and its headline."""
    least = 0.95 if story in SHORT else 0.97
    assert not WATCHED.findall(found.text or ""), found.text
    assert f1(found.text, "\n".join((*story.paragraphs, *more))) >= least, found.text
    assert found.title == story.title


@pytest.mark.parametrize(("place", "name", "html"), CASES, ids=[case[1] for case in CASES])
def test_a_trap_is_not_text_of_the_article(place: str, name: str, html: str) -> None:
    for layout in LAYOUTS:
        for story in STORIES:
            found = extracted(layout, story, Surroundings(**{place: html}))
            assert_whole_and_alone(found, story)


@pytest.mark.parametrize("name", traps.WOVEN)
def test_a_trap_within_a_paragraph_is_not_text_of_the_article(name: str) -> None:
    for layout in LAYOUTS:
        for story in STORIES:
            first, second, *rest = story.paragraphs
            woven = (first, traps.WOVEN[name](second), *rest)
            found = extracted(layout, story, Surroundings(paragraphs=woven))
            assert_whole_and_alone(found, story)


def several() -> Iterator[Surroundings]:
    """One trap in every place at once."""
    inside, after = list(traps.INSIDE.values()), list(traps.AFTER.values())
    before, foot = list(traps.BEFORE.values()), list(traps.FOOT.values())
    for number in range(6):
        yield Surroundings(
            before=before[number % len(before)],
            inside=inside[(number * 5) % len(inside)] + inside[(number * 5 + 2) % len(inside)],
            after=after[(number * 3) % len(after)] + after[(number * 3 + 1) % len(after)],
            foot=foot[number % len(foot)] + foot[(number + 1) % len(foot)],
        )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_traps_in_every_place_are_not_text_of_the_article(layout: str) -> None:
    for number, around in enumerate(several()):
        story = LONG[number % len(LONG)]
        assert_whole_and_alone(extracted(layout, story, around), story)


@pytest.mark.parametrize("name", BELONGING)
def test_what_belongs_to_the_text_stays(name: str) -> None:
    html, expected = BELONGING[name]
    for layout in LAYOUTS:
        for story in LONG[:2]:
            found = extracted(layout, story, Surroundings(inside=html))
            missing = words(expected) - (words(found.text) - words("\n".join(story.paragraphs)))
            assert not missing, found.text
            assert_whole_and_alone(found, story, expected)


CROWDED = (
    Surroundings(),
    Surroundings(
        before=traps.BEFORE["bare-ticker"],
        inside=traps.INSIDE["list-with-heading"],
        after=traps.AFTER["bare-comments"],
        foot=traps.FOOT["cookies"] + traps.FOOT["most-read"] + traps.FOOT["rights"],
    ),
    Surroundings(
        before=traps.BEFORE["plain-ticker"],
        inside=traps.INSIDE["bare-card"] + traps.INSIDE["read-also-plain"],
        after=traps.AFTER["related-grid"] + traps.AFTER["tag-line"],
        foot=traps.FOOT["rights"],
    ),
    Surroundings(
        before=traps.BEFORE["top-stories"],
        inside=traps.INSIDE["closed-caption"],
        after=traps.AFTER["bare-author"] + traps.AFTER["named-comments"],
        foot=traps.FOOT["cookies"],
    ),
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("crowded", range(len(CROWDED)))
def test_a_short_post_comes_out_whole(layout: str, crowded: int) -> None:
    for story in SHORT:
        assert_whole_and_alone(extracted(layout, story, CROWDED[crowded]), story)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_page_of_another_kind_is_read_whole_and_alone(name: str) -> None:
    for story in (*LONG, *SHORT):
        found = extract(
            STRANGERS[name](story),
            url="https://news.example/x/1",
            content_type="text/html",
            site=None,
            entry=None,
            now=NOW,
        )
        assert_whole_and_alone(found, story)
        day = None if found.published is None else found.published.date().isoformat()
        assert day == (DAY if name in DAYS else None), found.evidence["published"]


def test_there_are_layouts_enough() -> None:
    assert len(LAYOUTS) >= 20
    assert all(100 <= len("\n".join(story.paragraphs)) <= 600 for story in SHORT)
