"""The element of a page that holds the article's text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.blocks import Block, Reading
from crawler.extraction.markup import one_line
from crawler.extraction.rules import Sieve

# Where themes put the body, most exact first.
_NAMES = (
    "entry-content", "post-content", "article-content", "article-body", "article__body",
    "article__content", "article__text", "story-body", "td-post-content", "single-post-content",
    "post-body", "news-content", "news-body", "article-text", "single-content",
    "jeg_inner_content", "the-content", "post_content", "article_body", "newsbody",
    "wysiwyg", "item-body", "t-content__body", "c-article-content",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_NAMES, start=1)}
# How much a paragraph speaks for the elements around it, nearest first.
_DECAY = (1.0, 0.7, 0.45, 0.3, 0.2)
_HOLDERS = frozenset(
    {"p", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "tbody", "dd",
     "dt", "dl", "pre", "strong", "b", "span", "font", "em", "i", "a", "center"}
)  # fmt: skip
_MOST_LINKED = 0.4
_LEAST_WORDS = 8
_AFTER_TITLE = 1.6
_BEFORE_TITLE = 0.3
# A parent is taken instead when it adds this share of prose, and little that is none.
_WORTH = 0.1
_PURE = 0.6
_ALIKE = 0.9
_COLUMNS = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Container:
    """Ranges of blocks, in order, and whether the page names the place itself."""

    ranges: tuple[tuple[int, int], ...]
    named: bool


def find_container(sieve: Sieve, titles: Sequence[str]) -> Container | None:
    return _named(sieve) or _dense(sieve, title_position(sieve.reading, titles))


def title_position(reading: Reading, titles: Iterable[str]) -> int | None:
    """The block that is the article's headline: a heading before other text."""
    wanted = {one_line(title) for title in titles}
    best = None
    for index, block in enumerate(reading.blocks):
        if block.text in wanted and (
            best is None or (_weight(block) > _weight(reading.blocks[best]))
        ):
            best = index
    if best is not None:
        return best
    first = [i for i, block in enumerate(reading.blocks) if block.tag == "h1"]
    return first[0] if len(first) == 1 else None


def _weight(block: Block) -> int:
    """h1 before other headings before plain text before links."""
    if block.is_heading:
        return 10 - int(block.tag[1])
    return 1 if block.link_share < 0.5 else 0


def _named(sieve: Sieve) -> Container | None:
    found: dict[int, list[HtmlElement]] = {}
    for element in sieve.reading.spans:
        rank = _rank(element)
        if rank is not None:
            found.setdefault(rank, []).append(element)
    for _, elements in sorted(found.items()):
        usable = [element for element in _outermost(elements) if _is_body(sieve, element)]
        if usable:
            usable.sort(key=lambda element: sieve.reading.spans[element])
            largest = max(sieve.mass(*sieve.reading.spans[element]) for element in usable)
            first = next(
                element
                for element in usable
                if sieve.mass(*sieve.reading.spans[element]) >= 0.4 * largest
            )
            chosen = [each for each in usable if each.getparent() is first.getparent()]
            return Container(tuple(sieve.reading.spans[each] for each in chosen), named=True)
    return None


def _rank(element: HtmlElement) -> int | None:
    attributes = element.attrib
    if not attributes:
        return None
    if attributes.get("itemprop") == "articleBody":
        return 0
    ranks = [_RANK[name] for name in attributes.get("class", "").split() if name in _RANK]
    if ranks:
        return min(ranks)
    if attributes.get("itemprop") == "text" and element.tag in {"div", "section"}:
        return 1
    return len(_NAMES) + 1 if attributes.get("id", "").lower() == "articlebody" else None


def _is_body(sieve: Sieve, element: HtmlElement) -> bool:
    """A container full of links is a list of articles, or holds boxes that nobody named."""
    start, end = sieve.reading.spans[element]
    blocks = sieve.blocks[start:end]
    words = sum(sieve.blocks[i].words for i in sieve.kept(start, end))
    linked = sum(block.linked for block in blocks)
    return words >= _LEAST_WORDS and (
        linked <= _MOST_LINKED * max(1, sieve.reading.size(start, end))
        or sieve.mass(start, end) >= 400
    )


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [
        element
        for element in elements
        if not any(ancestor in chosen for ancestor in element.iterancestors())
    ]


def _dense(sieve: Sieve, title: int | None) -> Container | None:
    """Where prose is dense: each paragraph speaks for the elements around it."""
    scores: dict[HtmlElement, float] = {}
    following = True
    for index, block in enumerate(sieve.blocks):
        if sieve.dropped[index] or not sieve.prose[index] or index == title:
            continue
        weight = float(len(block.text))
        if title is not None and index < title:
            weight *= _BEFORE_TITLE
        elif title is not None and following:
            weight *= _AFTER_TITLE
            following = False
        element: HtmlElement | None = block.element
        while element is not None and element.tag in _HOLDERS and element is not sieve.reading.root:
            element = element.getparent()
        for share in _DECAY:
            if element is None:
                break
            scores[element] = scores.get(element, 0.0) + share * weight
            if element is sieve.reading.root:
                break
            element = element.getparent()
    if not scores:
        return None
    best = max(scores, key=lambda element: scores[element])
    return Container((sieve.reading.spans[_widened(sieve, best, title)],), named=False)


def _widened(sieve: Sieve, element: HtmlElement, title: int | None) -> HtmlElement:
    """The element, or one around it that holds more of the same text and little else."""
    best = child = element
    while child is not sieve.reading.root:
        around = child.getparent()
        if around is None or _articles(sieve, around) > 1:
            break
        if _is_wider_text(sieve, best, child, around, title):
            best = around
        child = around
    return best


def _articles(sieve: Sieve, around: HtmlElement) -> int:
    """How many of its children are articles that have text left."""
    spans = sieve.reading.spans
    return sum(
        each.tag == "article" and each in spans and sieve.mass(*spans[each]) > 0 for each in around
    )


def _is_wider_text(
    sieve: Sieve, best: HtmlElement, child: HtmlElement, around: HtmlElement, title: int | None
) -> bool:
    """Whether what `around` adds is prose: in neighbours like `child`, or with little beside it."""
    spans = sieve.reading.spans
    (start, end), (inner_start, inner_end) = spans[around], spans[best]
    if title is not None:
        start = max(start, min(title + 1, inner_start))
    if any(sieve.blocks[at].tag == "h1" for at in range(inner_end, end)):
        return False
    more = sieve.mass(start, inner_start) + sieve.mass(inner_end, end)
    if more == 0 or more < _WORTH * sieve.mass(inner_start, inner_end):
        return False
    size = sieve.reading.size(start, inner_start) + sieve.reading.size(inner_end, end)
    if more >= _PURE * size:
        return True
    alike = sum(
        sieve.mass(*spans[each])
        for each in around
        if each is not child
        and each in spans
        and _is_alike(each, child)
        and spans[each][0] >= start
    )
    return alike >= _ALIKE * more


def _is_alike(one: HtmlElement, other: HtmlElement) -> bool:
    return (
        one.tag == other.tag and one.tag not in _COLUMNS and one.get("class") == other.get("class")
    )
