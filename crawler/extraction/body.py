"""The text of an article: by the site's selector, by a known container, or by trafilatura.

A container that themes commonly use is taken whole, less what `prune` took out: it keeps short
posts, headings and lists, of which trafilatura drops some. trafilatura reads what is left.
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass

import trafilatura
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.extraction.markup import join, paragraphs
from crawler.extraction.prune import prune, remove
from models.site import Selectors

# Where themes put the body, most exact first.
_CONTAINERS = (
    "//*[@itemprop='articleBody']",
    "//*[@itemprop='text'][self::div or self::section]",
    *(
        f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        for name in (
            "entry-content", "post-content", "article-content", "article-body", "article__body",
            "article__content", "story-body", "td-post-content", "single-post-content",
            "post-body", "news-content", "news-body", "article-text", "single-content",
            "jeg_inner_content", "the-content", "post_content", "article_body", "newsbody",
        )
    ),
)  # fmt: skip
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 8
_MOST_LINKED = 0.4


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs, and what found them."""

    paragraphs: tuple[str, ...]
    source: str

    @property
    def text(self) -> str:
        return join(self.paragraphs)


def find_body(tree: HtmlElement, selectors: Selectors | None) -> Body | None:
    """None where the page holds no text of an article. Changes the tree: call it last."""
    selected = _selected(tree, selectors) if selectors is not None else None
    if selected is not None:
        return selected
    prune(tree)
    found = _contained(tree) or _generic(tree)
    if found is None or selectors is None or selectors.body is None:
        return found
    return Body(found.paragraphs, f"{found.source}; the site's selector found nothing")


def _selected(tree: HtmlElement, selectors: Selectors) -> Body | None:
    if selectors.body is None:
        return None
    chosen = _outermost(select(tree, selectors.body))
    for element in chosen:
        for selector in selectors.drop:
            for dropped in select(element, selector):
                if dropped is not element and dropped.getparent() is not None:
                    remove(dropped)
        prune(element)
    blocks = tuple(block for element in chosen for block in paragraphs(element))
    return Body(blocks, "selector") if blocks else None


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a CSS selector finds; none for a selector that is no CSS."""
    try:
        found: list[HtmlElement] = CSSSelector(selector, translator="html")(root)
    except (SelectorError, etree.XPathError):
        return []
    return found


def _contained(tree: HtmlElement) -> Body | None:
    for path in _CONTAINERS:
        chosen = [each for each in _outermost(tree.xpath(path)) if not _is_linked(each)]
        blocks = tuple(block for element in chosen for block in paragraphs(element))
        if len(chosen) <= 3 and _words(blocks) >= _LEAST_WORDS:
            return Body(blocks, "container")
    return None


def _generic(tree: HtmlElement) -> Body | None:
    document = trafilatura.bare_extraction(
        copy.deepcopy(tree), favor_precision=True, include_comments=False, include_tables=True
    )
    body = getattr(document, "body", None)
    blocks = tuple(paragraphs(body)) if body is not None else ()
    return Body(blocks, "trafilatura") if _words(blocks) >= _LEAST_WORDS else None


def _is_linked(element: HtmlElement) -> bool:
    """A container full of links is a list of articles, or holds boxes that nobody named."""
    linked = sum(len(link.xpath("string()")) for link in element.iter("a"))
    return linked > _MOST_LINKED * max(1, len(element.xpath("string()")))


def _words(blocks: Sequence[str]) -> int:
    return sum(len(_WORD.findall(block)) for block in blocks)


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [
        element
        for element in elements
        if not any(ancestor in chosen for ancestor in element.iterancestors())
    ]
