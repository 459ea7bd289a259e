"""Text that belongs to an image and not to the article: captions, cards, the author's portrait."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block
from crawler.extraction.rules import Sieve

_LONGEST_CAPTION = 160
_LONGEST_CARD, _MOST_IN_CARD = 220, 3
_LONGEST_PORTRAIT, _LONGEST_NAME_WORDS = 300, 4
_SLANTED = 0.9
_MOST_IN_CAPTION = 10
_LINES = frozenset({"li", "td", "th", "dd", "dt", "blockquote"})
# A whole sentence under an image is a caption where the text is this many times as long.
_MUCH = 2
_PAGE = frozenset({"article", "main", "body", "section"})


def without_pictures(sieve: Sieve, kept: list[int]) -> list[int]:
    """The positions that are left of `kept`, those of one article in order."""
    total = sum(len(sieve.blocks[index].text) for index in kept)
    dropped: set[int] = set()
    for index in kept:
        if not sieve.blocks[index].pictured:
            continue
        if _is_caption(sieve, index, total):
            dropped.add(index)
        dropped.update(_card(sieve, index, total))
        dropped.update(_portrait(sieve, index, kept[-1], total))
    return [index for index in kept if index not in dropped]


def _is_caption(sieve: Sieve, index: int, total: int) -> bool:
    """A short line under an image: in a box with it, in italics, or worded as one."""
    block = sieve.blocks[index]
    length = len(block.text)
    rest = total - length
    if length > _LONGEST_CAPTION or rest < length:
        return False
    closed = phrases.ends_a_sentence(block.text)
    if not block.is_heading:
        if phrases.is_caption(sieve.folded[index]) or block.slanted >= _SLANTED * length:
            return True
        if block.tag == "p" and _holds_image(block.element):
            return not closed
        # Not the name of a list, nor a line of one.
        named = block.text.endswith((":", "：")) or block.tag in _LINES
        short = block.words <= _MOST_IN_CAPTION and not closed
        if short and not named and _follows_still(block.element):
            return True
    boxed = any(end - start == 1 for start, end in _boxes_with_image(sieve, block))
    return boxed and (not closed or rest >= _MUCH * length)


def _follows_still(element: HtmlElement) -> bool:
    """Whether what comes before is a still picture: below a film often stands a line of text."""
    parent = element.getparent()
    before = (element, element.getprevious(), None if parent is None else parent.getprevious())
    return any(
        each is not None and next(each.iter("img", "amp-img", "picture"), None) is not None
        for each in before
    )


def _card(sieve: Sieve, index: int, total: int) -> range:
    """A box of an image and a few short lines, none of them a sentence: another article's."""
    found = range(0)
    for start, end in _boxes_with_image(sieve, sieve.blocks[index]):
        size = sieve.reading.size(start, end)
        if start < index or end - start > _MOST_IN_CARD or size > _LONGEST_CARD:
            break
        if size > total - size or any(map(_is_closed, sieve.blocks[start:end])):
            break
        found = range(start, end)
    return found


def _portrait(sieve: Sieve, index: int, last: int, total: int) -> range:
    """At the end, an image with a name and a few words on its owner."""
    name = sieve.blocks[index]
    if name.words > _LONGEST_NAME_WORDS or _is_closed(name):
        return range(0)
    for element, start, end in sieve.reading.box(name):
        size = sieve.reading.size(start, end)
        if (
            start < index
            or size > _LONGEST_PORTRAIT
            or _MUCH * size > total
            or element.tag in _PAGE
        ):
            break
        neighbours = element.itersiblings(preceding=True)
        alone = not any(each.tag == element.tag and _holds_image(each) for each in neighbours)
        if end > last and end - start > 1 and alone and _holds_image(element):
            return range(start, end)
    return range(0)


def _is_closed(block: Block) -> bool:
    return phrases.ends_a_sentence(block.text)


def _boxes_with_image(sieve: Sieve, block: Block) -> Iterator[tuple[int, int]]:
    for element, start, end in sieve.reading.box(block):
        if element.tag not in _PAGE and _holds_image(element):
            yield start, end


def _holds_image(element: HtmlElement) -> bool:
    return next(element.iter("img", "amp-img", "picture", "video", "iframe"), None) is not None
