"""The text of an article: by the site's selector, by the container that holds it, or trafilatura.

A page is read as a list of blocks; rules take out what is of no article wherever it stands; the
container is one that themes name, or the place where prose is dense. trafilatura is asked where
that finds nothing.
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block, Reading, read_blocks
from crawler.extraction.container import Container, find_container
from crawler.extraction.elements import Elements, select
from crawler.extraction.markup import join, paragraphs, text_of
from crawler.extraction.rules import Sieve, sift
from crawler.extraction.trim import trim
from models.site import Selectors

_WORD = re.compile(r"\w+")
_LEAST_WORDS = 8
_LEAST_CAPTION = 12
_UNREAD = ("script", "style", "noscript", "template", "svg", "head", "textarea", "select")
_LINE_LINKED = 0.8
# trafilatura needs quadratic time for what nests deeper than pages do.
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs, and what found them."""

    paragraphs: tuple[str, ...]
    source: str

    @property
    def text(self) -> str:
        return join(self.paragraphs)


class Page:
    """A page and the spellings of its headline; its blocks are read when they are asked for."""

    def __init__(self, elements: Elements, titles: Sequence[str]) -> None:
        self.elements = elements
        self.tree = elements.tree
        self.titles = titles

    @cached_property
    def reading(self) -> Reading:
        """Takes scripts and their like out of the tree."""
        etree.strip_elements(self.tree, *_UNREAD, with_tail=False)
        root = self.tree.find("body")
        return read_blocks(self.tree if root is None else root, self.titles)


def find_body(page: Page, selectors: Selectors | None) -> Body | None:
    """None where the page holds no text of an article. Changes the tree: call it last."""
    selected = _selected(page, selectors) if selectors is not None else None
    if selected is not None:
        return selected
    found = _generic(page)
    if found is None or selectors is None or selectors.body is None:
        return found
    return Body(found.paragraphs, f"{found.source}; the site's selector found nothing")


def read_fragment(root: HtmlElement) -> tuple[str, ...]:
    """The paragraphs of a body that came alone, as feeds carry it."""
    return _trimmed(root, ())


def _selected(page: Page, selectors: Selectors) -> Body | None:
    if selectors.body is None:
        return None
    chosen = _outermost(page.elements.select(selectors.body))
    for element in chosen:
        for selector in selectors.drop:
            for dropped in select(element, selector):
                if dropped is not element and dropped.getparent() is not None:
                    dropped.drop_tree()
    blocks = tuple(block for each in chosen for block in _trimmed(each, page.titles))
    return Body(blocks, "selector") if blocks else None


def _generic(page: Page) -> Body | None:
    sieve = sift(page.reading, page.titles)
    container = find_container(sieve, page.titles)
    blocks = _texts(sieve, container, page.titles) if container is not None else ()
    source = "container" if container is not None and container.named else "density"
    if _words(blocks) < _LEAST_WORDS and page.reading.depth <= _DEEPEST:
        blocks, source = _by_trafilatura(page.tree, sieve), "trafilatura"
        if not set(blocks) - set(page.titles):
            blocks, source = _caption(page), "caption: the page shows a picture alone"
    return Body(blocks, source) if _words(blocks) >= _LEAST_WORDS else None


def _caption(page: Page) -> tuple[str, ...]:
    """The first caption that is a text, on a page of one picture."""
    captions = map(text_of, page.tree.iter("figcaption"))
    return next(((text,) for text in captions if _words((text,)) >= _LEAST_CAPTION), ())


def _by_trafilatura(tree: HtmlElement, sieve: Sieve) -> tuple[str, ...]:
    """What trafilatura takes for the text, less the blocks that the rules took out."""
    import trafilatura  # 40 MB in each process: few pages need it

    document = trafilatura.bare_extraction(
        copy.deepcopy(tree), favor_precision=True, include_comments=False, include_tables=True
    )
    body = getattr(document, "body", None)
    if body is None:
        return ()
    dropped = {block.text for block, gone in zip(sieve.blocks, sieve.dropped, strict=True) if gone}
    return tuple(text for text in paragraphs(body) if text not in dropped)


def _trimmed(root: HtmlElement, titles: Sequence[str]) -> tuple[str, ...]:
    sieve = sift(read_blocks(root, titles), titles)
    everything = Container(((0, len(sieve.blocks)),), named=True)
    return _texts(sieve, everything, titles)


def _texts(sieve: Sieve, container: Container, titles: Sequence[str]) -> tuple[str, ...]:
    texts = (_without_lead_ins(sieve.blocks[at]) for at in trim(sieve, container.ranges, titles))
    return tuple(text for text in texts if text)


def _without_lead_ins(block: Block) -> str:
    """A paragraph less its lines that lead away, and less a 'read also' at a line's end."""
    if len(block.lines) == 1:
        return phrases.without_aside(block.text)
    kept = []
    for text, linked in block.lines:
        folded = phrases.fold(text)
        if phrases.lead_in(folded) is not None or phrases.is_notice(folded):
            continue
        if linked >= _LINE_LINKED * len(text) and "://" not in text:
            continue
        kept.append(phrases.without_aside(text))
    return "\n".join(line for line in kept if line)


def _words(blocks: Sequence[str]) -> int:
    return sum(len(_WORD.findall(block)) for block in blocks)


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [
        element
        for element in elements
        if not any(ancestor in chosen for ancestor in element.iterancestors())
    ]
