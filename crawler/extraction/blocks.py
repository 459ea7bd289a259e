"""A page as a flat list of text blocks, in order, each knowing how much of it is links.

One walk over the tree; what is plainly not text of an article (scripts, navigation, forms, hidden
parts, boxes whose names say so) is passed over. The rules that follow work on the list.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.furniture import is_furniture
from crawler.extraction.markup import BLOCKS, BREAKS, INVISIBLE, NO_TEXT

# Control characters mark, inside a piece of text, where a link or emphasis begins and ends and
# where a line breaks: no page can have them in its text, parse_html sees to it.
_LINK, _LINK_END, _BREAK, _EMPHASIS, _EMPHASIS_END = "\x01\x02\x03\x04\x05"
_MARKS = re.compile("[\x01-\x05]")
_LINKED = re.compile(f"{_LINK}([^{_LINK_END}]*){_LINK_END}?")
_EMPHASISED = re.compile(f"{_EMPHASIS}([^{_EMPHASIS_END}]*){_EMPHASIS_END}?")
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}[\s{_LINK}{_LINK_END}{_EMPHASIS}{_EMPHASIS_END}]*{_BREAK}")
_STYLES = frozenset({"em", "i", "small", "cite", "figcaption"})
_IMAGES = frozenset({"img", "amp-img", "picture", "video", "amp-video", "iframe", "amp-iframe"})
# A form may hold the whole page (ASP.NET): it is judged as furniture.
_SKIPPED = NO_TEXT - {"form"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTROLS = frozenset({"input", "textarea", "select"})
_FILLED_IN = frozenset({"text", "email", "tel", "radio", "checkbox", "number", "url"})
# Elements that act as links without being one.
_CLICKED = ("onclick", "data-href", "data-url")
_NO_LINKS_HOLD = (".//blockquote", ".//h1", ".//p[2]")
_OPENED = _STYLES | {"a"}
_PASSED_OVER = -1
_LONGEST_LABEL = 80
_LETTERS = re.compile(r"[^\W\d_]+")


class Block(NamedTuple):  # made by the thousand: four times as fast as a frozen dataclass
    """A paragraph, heading, item or cell. `element` is the block element that holds it.

    `linked` and `slanted` count the characters that stand in links and in italics or small print;
    `lines` are the text between single line breaks, each with its linked characters. `pictured`:
    an image comes right before it, with no text between.
    """

    text: str
    lines: tuple[tuple[str, int], ...]
    linked: int
    linked_words: int
    slanted: int
    words: int
    element: HtmlElement
    pictured: bool

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def is_heading(self) -> bool:
        return self.element.tag in _HEADINGS

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks under a root; `spans` gives for each element the range of its blocks,
    `sizes` the characters before each block; `depth`: how deep its elements nest;
    `controls`: the fields to fill in, which have no text."""

    root: HtmlElement
    blocks: list[Block]
    spans: Mapping[HtmlElement, tuple[int, int]]
    sizes: list[int]
    depth: int
    controls: list[HtmlElement]

    def size(self, start: int, end: int) -> int:
        return self.sizes[end] - self.sizes[start]

    def span(self, element: HtmlElement) -> tuple[int, int]:
        return self.spans[element]

    def box(self, block: Block) -> Iterator[tuple[HtmlElement, int, int]]:
        """The elements that hold a block, innermost first, each with its range; not the root."""
        element: HtmlElement | None = block.element
        while element is not None and element is not self.root:
            start, end = self.spans[element]
            yield element, start, end
            element = element.getparent()


class _Walk:
    """The state of one walk: what was read since the last block ended."""

    def __init__(self, titles: Collection[str]) -> None:
        self.titles = titles
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.linking: set[HtmlElement] = set()
        self.slants = 0
        self.pictured = False
        self.plain = True
        self.controls: list[HtmlElement] = []

    def skip(self, element: HtmlElement) -> None:
        """Pass an element over; what follows an image may be its caption."""
        tag = element.tag
        if tag in _CONTROLS and element.get("type", "text") in _FILLED_IN:
            self.controls.append(element)
        elif tag in _IMAGES:
            self.pictured = True
        elif tag == "figcaption":
            self.pictured = False

    def mark(self, tag: object) -> None:
        if tag in BREAKS:
            self._mark(_BREAK)
        elif tag in _IMAGES:
            self.pictured = True

    def open(self, element: HtmlElement) -> None:
        if _is_link(element):
            self.linking.add(element)
            self._mark(_LINK)
        if element.tag in _STYLES:
            self.slants += 1
            self._mark(_EMPHASIS)

    def close(self, element: HtmlElement) -> None:
        if self.linking and element in self.linking:
            self.linking.remove(element)
            if not self.linking:
                self._mark(_LINK_END)
        if element.tag in _STYLES:
            self.slants -= 1
            if not self.slants:
                self._mark(_EMPHASIS_END)

    def _mark(self, mark: str) -> None:
        self.pieces.append(mark)
        self.plain = False

    def flush(self, element: HtmlElement) -> None:
        """End the block of what was read, if anything was."""
        marked, plain = "".join(self.pieces), self.plain
        self.pieces, self.plain = [], True
        if self.slants:
            self._mark(_EMPHASIS)
        if self.linking:
            self._mark(_LINK)
        if plain:
            words = INVISIBLE.sub("", marked).split()
            if words:
                self._append(_plain_block(words, element, pictured=self.pictured))
            return
        for part in _PARAGRAPH_BREAK.split(marked) if _BREAK in marked else (marked,):
            self._add(part, element)

    def _append(self, block: Block) -> None:
        self.blocks.append(block)
        self.pictured = False

    def _add(self, marked: str, element: HtmlElement) -> None:
        lines: list[tuple[str, str]] = []
        for line in marked.split(_BREAK):
            text = _clean(_MARKS.sub("", line))
            if text:
                lines.append((text, line))
        for group in self._grouped(lines):
            self._append(_block(group, element, pictured=self.pictured))

    def _grouped(self, lines: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
        """The lines as one block; a headline that stands among them, and the short lines after it
        (a date, a byline), are blocks of their own."""
        if len(lines) > 1:
            at = next((n for n, (text, _) in enumerate(lines) if text in self.titles), None)
            if at is not None:
                end = at + 1
                while end < len(lines) and len(lines[end][0]) <= _LONGEST_LABEL:
                    end += 1
                if lines[:at]:
                    yield lines[:at]
                for line in lines[at:end]:
                    yield [line]
                lines = lines[end:]
        if lines:
            yield lines


def _plain_block(words: list[str], element: HtmlElement, *, pictured: bool) -> Block:
    """A block of one line without links and emphasis."""
    text = " ".join(words)
    return Block(text, ((text, 0),), 0, 0, 0, len(words), element, pictured)


def _block(lines: list[tuple[str, str]], element: HtmlElement, *, pictured: bool) -> Block:
    """A block of lines, each given as clean text and as marked."""
    text = "\n".join(text for text, _ in lines)
    parts = tuple((clean, min(len(clean), _covered(_LINKED, _LINK, line))) for clean, line in lines)
    linked = sum(count for _, count in parts)
    words = len(text.split())
    loose = 0
    if linked:
        loose = sum(len(_LETTERS.findall(_LINKED.sub(" ", line))) for _, line in lines)
    return Block(
        text=text,
        lines=parts,
        linked=linked,
        linked_words=max(0, words - loose) if linked else 0,
        slanted=sum(_covered(_EMPHASISED, _EMPHASIS, line) for _, line in lines),
        words=words,
        element=element,
        pictured=pictured,
    )


def read_blocks(root: HtmlElement, titles: Collection[str] = ()) -> Reading:
    """The blocks under `root`, less its furniture. `titles`: the article's headline, as spelt."""
    walk = _Walk(titles)
    blocks = walk.blocks
    holders = [root]
    spans: dict[HtmlElement, tuple[int, int]] = {}
    starts: list[int] = []  # of the elements that are open
    total = int(_text_length(root))
    deepest = 0
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        if event == "start":
            if element is not root and (tag in _SKIPPED or is_furniture(element, total)):
                walk.skip(element)
                starts.append(_PASSED_OVER)
                events.skip_subtree()
                continue
            if tag in BLOCKS:
                if walk.pieces:
                    walk.flush(holders[-1])
                holders.append(element)
            else:
                walk.mark(tag)
            starts.append(len(blocks))
            if len(starts) > deepest:
                deepest = len(starts)
            if tag in _OPENED or element.attrib:
                walk.open(element)
            text = element.text
        else:
            start = starts.pop()
            if start != _PASSED_OVER:
                walk.close(element)
                if tag in BLOCKS:
                    holder = holders.pop()
                    if walk.pieces:
                        walk.flush(holder)
                spans[element] = (start, len(blocks))
            text = element.tail if element is not root else None
        if text and (walk.pieces or not text.isspace()):
            walk.pieces.append(text)
    if walk.pieces:
        walk.flush(root)
    sizes = [0]
    for block in blocks:
        sizes.append(sizes[-1] + len(block.text))
    return Reading(root, blocks, spans, sizes, deepest, walk.controls)


def _is_link(element: HtmlElement) -> bool:
    """Whether a click on it leaves the article; a mark within the page does not."""
    if element.tag == "a":
        return not (element.get("href") or "#").startswith("#")
    attributes = element.attrib
    if not attributes:
        return False
    clicked = attributes.get("role") == "link" or any(name in attributes for name in _CLICKED)
    # A post on another site is quoted within such an element, and whole articles are loaded as one.
    return clicked and all(element.find(path) is None for path in _NO_LINKS_HOLD)


def _clean(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())


def _covered(pattern: re.Pattern[str], mark: str, marked: str) -> int:
    """Characters of a marked line that lie between the marks."""
    if mark not in marked:
        return 0
    return sum(len(_clean(_MARKS.sub("", part))) for part in pattern.findall(marked))


_text_length = etree.XPath("string-length()")
