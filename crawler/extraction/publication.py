"""Where a page says when its article was published, best first."""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block, Reading
from crawler.extraction.container import title_position
from crawler.extraction.metadata import Metadata
from crawler.extraction.rules import is_prose

_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_-]|$)")
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
    if _may_tell(tree, titles):
        for line in _near_headline(reading(), titles):
            yield "text by the headline", line
    yield "address", _in_address(url)


def _may_tell(tree: HtmlElement, titles: Sequence[str]) -> bool:
    """Whether a date stands in the text around the headline: it spares reading the page."""
    body = tree.find("body")
    text = " ".join(str(_text(tree if body is None else body)).split())
    for title in titles:
        at = text.find(title)
        while at >= 0:
            around = text[max(0, at - _AROUND) : at] + text[at + len(title) :][: 2 * _AROUND]
            if phrases.names_a_date(phrases.fold(around)):
                return True
            at = text.find(title, at + 1)
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
            break
        yield from _lines(block)
    for block in reversed(near):
        yield from _lines(block)


def _lines(block: Block) -> Iterator[str]:
    if block.tag in _QUOTED or next(block.element.iterancestors(*_QUOTED), None) is not None:
        return  # a post on another site has a date of its own
    for line in block.text.split("\n"):
        if len(line) <= _LONGEST_LINE and phrases.is_dated(phrases.fold(line)):
            yield line


def _in_address(url: str) -> str | None:
    found = _IN_ADDRESS.search(url)
    return None if found is None else f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
