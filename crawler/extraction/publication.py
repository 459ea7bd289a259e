"""Where a page says when its article was published, best first."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block, Reading
from crawler.extraction.container import title_position
from crawler.extraction.dates import tells_another, tells_change
from crawler.extraction.metadata import Metadata
from crawler.extraction.pieces import (
    DIGIT,
    NUMBERS,
    WHOLE_DAY,
    day_below,
    is_of_another,
    pieces_near,
    shown_heading,
)
from crawler.extraction.rules import is_prose
from crawler.extraction.state import article_in, date_in

_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_-]|$)")
_NAMED = (
    r"(?:نُ?شرت?|إضافة|اضافة|أضيفت?|اضيفت?|تاريخ(?: الخبر| المقال)?|[Pp]ublished|[Pp]osted)"
    rf"(?:\s(?:في|بتاريخ|يوم|on))?\s?[:：\-]?\s?(?:[^\W\d]+[،,]?\s)?{DIGIT}"
)
_LABEL = re.compile(rf"(?:(?:تاريخ|تم|وقت)\s)?(?:ال)?{_NAMED}")
_NAMED_HERE = re.compile(_NAMED)
# Every label has one of these; looking for them is ten times as fast as the pattern.
_IN_LABELS = ("نشر", "نُشر", "تاريخ", "إضافة", "اضافة", "أضيف", "اضيف", "Published",
              "published", "Posted", "posted")  # fmt: skip
_ONLY_NUMBERS = re.compile(
    rf"\W*{NUMBERS.pattern}(?:[\s\-|،,]*{DIGIT}{{1,2}}:{DIGIT}{{2}}(?::{DIGIT}{{2}})?)?\W*"
    r"(?:ص|م|AM|PM|am|pm)?\W*"
)
_BEFORE_DASH = re.compile(r"(.{5,90}?)\s?(?:--|—|–|-|ـ)\s(?!\d)")
_WITHIN_SENTENCE = re.compile(r"(?:^|\s)(?:في|يوم|منذ|بتاريخ|حتى|حتي|من|الى|الي)\s+(?:\S+\s+)?\d")
# Blocks around the headline among which its date stands.
_BEFORE, _AFTER = 3, 8
_LONGEST_LINE = 160
_AROUND = 250
_QUOTED = ("blockquote", "figure")
_text = etree.XPath("string()")

Candidate = tuple[str, str | None]


def date_candidates(
    tree: HtmlElement,
    metadata: Metadata,
    *,
    selected: str | None,
    url: str,
    reading: Callable[[], Reading],
    titles: Sequence[str],
) -> Iterator[Candidate]:
    """The source and the words of each date. `reading` is asked when the metadata have none."""
    yield "selector", selected
    yield "json-ld", metadata.ld_date
    yield "article:published_time", metadata.og_date
    yield "time", metadata.time_date
    text = _page_text(tree)
    by_headline: list[str] = []
    if _may_tell(text, titles):
        near = pieces_near(_heading(reading(), titles))
        by_headline = [*_near_headline(reading(), titles), *near]
        for line in by_headline:
            if not tells_change(line) and not tells_another(line):
                yield "text by the headline", line
    state = article_in(metadata.states, titles)
    yield "page data", None if state is None else date_in(state)
    yield "address", _in_address(url)
    if _may_be_labelled(text):
        yield "label", _labelled(reading())
    if WHOLE_DAY.search(text) is not None:
        if NUMBERS.search(text) is not None:
            yield "text's last line", _below_text(reading())
        yield "below the text", day_below(shown_heading(tree, titles))
    for line in by_headline:
        if tells_change(line):
            yield "text by the headline", line


def _page_text(tree: HtmlElement) -> str:
    body = tree.find("body")
    return " ".join(str(_text(tree if body is None else body)).split())


def _may_tell(text: str, titles: Sequence[str]) -> bool:
    """Whether a date stands in the text around the headline: it spares reading the page."""
    for title in titles:
        at = text.find(title)
        while at >= 0:
            around = text[max(0, at - _AROUND) : at] + text[at + len(title) :][: 2 * _AROUND]
            if phrases.names_a_date(phrases.fold(around)):
                return True
            at = text.find(title, at + 1)
    return False


def _may_be_labelled(text: str) -> bool:
    """Whether a label of a date is in the text of a page: it spares reading the page."""
    for word in _IN_LABELS:
        at = text.find(word)
        while at >= 0:
            if _NAMED_HERE.match(text, at) is not None:
                return True
            at = text.find(word, at + 1)
    return False


def _near_headline(reading: Reading, titles: Sequence[str]) -> Iterator[str]:
    """Lines that may hold a date: from the headline to the first paragraph, then just before it.

    Not further away: the head of many pages shows today's date.
    """
    at = title_position(reading, titles)
    if at is None:
        return
    after = reading.blocks[at + 1 : at + 1 + _AFTER]
    before = reading.blocks[max(0, at - _BEFORE) : at]
    parent = reading.blocks[at].element.getparent()
    near = [
        each for each in before if parent is not None and parent in each.element.iterancestors()
    ]
    for block in after:
        if is_prose(block) and not phrases.is_date_line(phrases.fold(block.text)):
            dateline = _dateline(block)
            if dateline is not None:
                yield dateline
            break
        yield from _lines(block)
    for block in reversed(near):
        yield from _lines(block)


def _dateline(block: Block) -> str | None:
    """The first line of the text where it is none but place, day and agency, or what stands before
    the dash: 'بغداد 14 آذار 2026 (وكالة) -- ...'."""
    line = block.text.split("\n", 1)[0]
    if len(block.lines) == 1:
        begun = _BEFORE_DASH.match(line)
        if begun is None or _WITHIN_SENTENCE.search(phrases.fold(begun[1])) is not None:
            return None
        line = begun[1]
    return line if len(line) <= _LONGEST_LINE and phrases.is_dated(phrases.fold(line)) else None


def _heading(reading: Reading, titles: Sequence[str]) -> HtmlElement | None:
    at = title_position(reading, titles)
    return None if at is None else reading.blocks[at].element


def _labelled(reading: Reading) -> str | None:
    """The line that says of itself that it is the day of publication, where there is but one."""
    found = {
        line: block
        for block in reading.blocks
        if not is_prose(block)
        for line in _lines(block)
        if _LABEL.match(line.lstrip(" -|•")) and not tells_change(line)
    }
    if len(found) != 1:
        return None
    ((line, block),) = found.items()
    return None if is_of_another(block.element, reading.root) else line


def _below_text(reading: Reading) -> str | None:
    """A date alone that stands on the line after the text, in the same box."""
    found = set()
    for before, block in pairwise(reading.blocks):
        last = block.lines[-1][0]
        same = (len(block.lines) > 1 and is_prose(block)) or block.element is before.element
        beside = block.element.getparent() is before.element.getparent() and block.tag == before.tag
        if (same or (beside and is_prose(before))) and _ONLY_NUMBERS.fullmatch(last):
            found.add(last)
    return found.pop() if len(found) == 1 else None


def _lines(block: Block) -> Iterator[str]:
    if block.tag in _QUOTED or next(block.element.iterancestors(*_QUOTED), None) is not None:
        return  # a post on another site has a date of its own
    for line in block.text.split("\n"):
        if len(line) <= _LONGEST_LINE and phrases.is_dated(phrases.fold(line)):
            yield line


def _in_address(url: str) -> str | None:
    found = _IN_ADDRESS.search(url)
    return None if found is None else f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
