"""Days in the pieces of text around an article, also in boxes that are no text of it.

A piece is a run of text within one element: themes put facts about an article into spans without a
blank between them. How many are looked at is bounded, as hostile pages have many.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.dates import tells_change
from crawler.extraction.markup import one_line, text_of

DIGIT = "[0-9\u0660-\u0669\u06f0-\u06f9]"
NUMBERS = re.compile(rf"{DIGIT}{{1,4}}[-/.]{DIGIT}{{1,2}}[-/.]{DIGIT}{{2,4}}")
"""A day in numbers."""
WHOLE_DAY = re.compile(
    rf"{NUMBERS.pattern}|{DIGIT}{{1,2}}[\s/-]+[^\W\d]+(?:[\s/(،-]+[^\W\d]+)?[\s،,)/-]+{DIGIT}{{4}}"
)
"""A day with month and year, in numbers or by the month's name or names."""
_WORD = re.compile(r"\w+")
_PROSE_WORDS, _HEADLINE_WORDS, _MOST_NAMES = 12, 5, 4
_BEFORE, _HOLDERS, _FEW_BELOW = 3, 3, 6
_CARD_HOLDERS, _LONGEST_CARD, _MOST_LINKS = 3, 400, 20
_LONGEST_LINE, _LONGEST_LABEL = 160, 40
_MOST_NEAR, _MOST_PIECES = 100, 3_000
_APART = frozenset({"blockquote", "figure", "a", "aside", "nav"})
_SCRIPTS = frozenset({"script", "style", "noscript", "template", "svg"})
_text = etree.XPath("string()")
_length = etree.XPath("string-length()")

Piece = tuple[HtmlElement, str]


def shown_heading(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    """The headline where it is marked as a heading."""
    shown = (each for each in tree.iter("h1", "h2", "h3") if text_of(each) in titles)
    return next(shown, None)


def pieces_near(heading: HtmlElement | None) -> Iterator[str]:
    """Lines with a day, each with its label: right before the headline, then from there to the
    first paragraph."""
    if heading is None:
        return
    label = ""
    for element, text in islice(_pieces(heading), _MOST_NEAR):
        line = one_line(text)
        if len(line.split()) >= _PROSE_WORDS:
            return
        dated = 0 < len(line) <= _LONGEST_LINE and phrases.is_dated(phrases.fold(line))
        if dated and not is_of_another(element, heading):
            yield f"{label} {line}" if label else line
        if line:
            plain = len(line) <= _LONGEST_LABEL and not any(map(str.isdigit, line))
            label = line if plain else ""


def day_below(heading: HtmlElement | None) -> str | None:
    """A day alone among the first pieces after the last paragraph; the text is over where another
    headline is linked."""
    if heading is None:
        return None
    found: list[str] = []
    since = _FEW_BELOW
    for element, text in islice(_pieces(heading), _MOST_PIECES):
        line = one_line(text)
        words = len(line.split())
        if words >= _HEADLINE_WORDS and since < _FEW_BELOW and _is_linked(element):
            break
        if words >= _PROSE_WORDS:
            found, since = [], 0
        elif line:
            since += 1
            if since < _FEW_BELOW and _is_day_alone(line) and _is_plain(element, line, heading):
                found.append(line)
    return found[0] if len(found) == 1 and not tells_change(found[0]) else None


def is_of_another(element: HtmlElement, heading: HtmlElement) -> bool:
    """Whether a piece is in a quotation, a link, or a small box with another headline."""
    for distance, box in enumerate((element, *element.iterancestors())):
        if box.tag in _APART:
            return True
        if heading.getparent() is box or distance > _CARD_HOLDERS or _length(box) > _LONGEST_CARD:
            return False
        if any(map(_is_headline, islice(box.iter("a"), _MOST_LINKS))):
            return True
    return False


def _pieces(heading: HtmlElement) -> Iterator[Piece]:
    """Those of the elements right before the headline, then of all that follow it nearby."""
    for sibling in islice(heading.itersiblings(preceding=True), _BEFORE):
        if _length(sibling) <= _LONGEST_LINE:
            yield from _texts(sibling)
    below = heading
    for _ in range(_HOLDERS):
        for sibling in below.itersiblings():
            yield from _texts(sibling)
        parent = below.getparent()
        if parent is None or parent.tag == "body":
            return
        below = parent


def _texts(root: HtmlElement) -> Iterator[Piece]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            parent = element.getparent()
            if element.tail and element is not root and parent is not None:
                yield parent, element.tail
        elif element.tag in _SCRIPTS:
            walk.skip_subtree()
        elif element.text:
            yield element, element.text


def _is_linked(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _is_day_alone(line: str) -> bool:
    return (
        len(line) <= _LONGEST_LINE
        and WHOLE_DAY.search(line) is not None
        and phrases.is_date_alone(phrases.fold(line))
    )


def _is_plain(element: HtmlElement, line: str, heading: HtmlElement) -> bool:
    """Whether a piece stands in a box right beside the headline, with a name or two and nothing
    that anybody said or shows."""
    around = heading.getparent()
    boxes = (element, *element.iterancestors())
    box = next((each for each in boxes if each.getparent() is around), None)
    if box is None or around is None:
        return False
    whole = str(_text(box))
    few = len(whole.split()) <= len(line.split()) + _MOST_NAMES
    return few and not phrases.ends_a_sentence(whole) and box.find(".//img") is None


def _is_headline(link: HtmlElement) -> bool:
    quoted = next(link.iterancestors("blockquote"), None) is not None
    return not quoted and len(_WORD.findall(text_of(link))) >= _HEADLINE_WORDS
