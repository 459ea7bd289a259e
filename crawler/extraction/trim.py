"""What stands inside the article's container before, between and after its text."""

from collections.abc import Collection, Sequence

from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block
from crawler.extraction.container import title_position
from crawler.extraction.pictures import without_pictures
from crawler.extraction.rules import Sieve

_CELLS = frozenset({"td", "th"})
_MOST_IN_LABEL, _MOST_LABELS = 5, 8


def trim(sieve: Sieve, ranges: Sequence[tuple[int, int]], titles: Collection[str]) -> list[int]:
    """The positions of the blocks that are the text."""
    kept = [index for start, end in ranges for index in sieve.kept(start, end)]
    kept = without_pictures(sieve, kept)
    kept = _without_head(sieve, kept, titles)
    kept = _without_strips(sieve, kept)
    return _without_loose_ends(sieve, kept)


def _without_head(sieve: Sieve, kept: list[int], titles: Collection[str]) -> list[int]:
    """Breadcrumb, headline, byline and date: what stands before the first paragraph."""
    wanted = {_bare(title) for title in titles}
    kept = _after_headline(sieve, kept, titles)
    prose = next((i for i, at in enumerate(kept) if _is_text(sieve, at, wanted)), len(kept))
    headline = max(
        (i for i, at in enumerate(kept[:prose]) if _bare(sieve.blocks[at].text) in wanted),
        default=-1,
    )
    head = [at for at in kept[headline + 1 : prose] if not _is_label(sieve, at)]
    if prose < len(kept):
        head = _without_short_labels(sieve, head, kept[prose])
    return head + kept[prose:] if prose < len(kept) or head else kept


def _after_headline(sieve: Sieve, kept: list[int], titles: Collection[str]) -> list[int]:
    """What follows the page's headline; a heading further down that repeats it is none."""
    headline = title_position(sieve.reading, titles)
    if headline is None or not kept or headline < kept[0]:
        return kept
    after = [at for at in kept if at > headline]
    sentences = any(
        sieve.prose[at] and phrases.ends_a_sentence(sieve.blocks[at].text)
        for at in kept
        if at < headline
    )
    sure = sieve.blocks[headline].tag == "h1" or not sentences
    return after if after and sure else kept


def _is_text(sieve: Sieve, index: int, titles: Collection[str]) -> bool:
    block = sieve.blocks[index]
    return (
        sieve.prose[index]
        and _bare(block.text) not in titles
        and not phrases.is_breadcrumb(sieve.folded[index])
        and not phrases.is_date_line(sieve.folded[index])
        and not phrases.is_byline(sieve.folded[index])
    )


def _is_label(sieve: Sieve, index: int) -> bool:
    folded = sieve.folded[index]
    return (
        sieve.blocks[index].tag in {"dt", "dd"}  # facts about the article, as Joomla lists them
        or phrases.is_breadcrumb(folded)
        or phrases.is_date_line(folded)
        or phrases.is_byline(folded)
        or phrases.is_breaking_strip(folded)
    )


def _without_short_labels(sieve: Sieve, head: list[int], first: int) -> list[int]:
    """Names, places and counters above the first paragraph; a heading or a short paragraph in the
    same box with it is text."""
    text = sieve.blocks[first].element
    around = {text, *text.iterancestors()}
    labels = {
        at
        for at in head
        if _is_short(sieve.blocks[at]) and not _is_beside(sieve.blocks[at], text.tag, around)
    }
    return [at for at in head if at not in labels] if len(labels) <= _MOST_LABELS else head


def _is_short(block: Block) -> bool:
    return (
        block.words <= _MOST_IN_LABEL
        and not block.is_heading
        and not block.text.endswith((":", "："))
        and not phrases.ends_a_sentence(block.text)
    )


def _is_beside(block: Block, tag: object, around: Collection[HtmlElement]) -> bool:
    element = block.element
    if element in around or next(element.iterancestors("blockquote"), None) is not None:
        return True
    return element.tag == "p" == tag and element.getparent() in around


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(" .")


def _without_strips(sieve: Sieve, kept: list[int]) -> list[int]:
    """Lone times between the entries of a live blog."""
    return [
        index
        for index in kept
        if sieve.blocks[index].tag in _CELLS or not phrases.is_time(sieve.folded[index])
    ]


def _without_loose_ends(sieve: Sieve, kept: list[int]) -> list[int]:
    """Headings, bylines, dates and sources after the last paragraph, which belong to nothing."""
    end = len(kept)
    while end > 1 and _is_loose(sieve, kept[end - 1]):
        end -= 1
    return kept[:end]


def _is_loose(sieve: Sieve, at: int) -> bool:
    folded = sieve.folded[at]
    return (
        (sieve.blocks[at].is_heading and not phrases.ends_a_sentence(sieve.blocks[at].text))
        or phrases.is_byline(folded)
        or phrases.is_date_line(folded)
        or phrases.is_credit(folded)
    )
