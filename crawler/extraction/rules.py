"""Which blocks of a page are not text of its article, judged by words, links and neighbours.

Each rule takes out blocks for a reason of its own. None knows a site: they rest on what news pages
have in common, and they hold on pages whose elements have no telling names.
"""

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import accumulate, islice

from lxml.html import HtmlElement

from crawler.extraction import phrases
from crawler.extraction.blocks import Block, Reading

# A block is a link when this share of its characters is.
LINKED = 0.6
_WHOLE = 0.85
# A box beside the text holds at most this share of it.
_BOX_SHARE = 0.35
_LONGEST_TEASER = 700
_LONGEST_SUMMARY = 250
_PROSE_WORDS = 12
_HEADLINE_WORDS = 25
_MOST_LED_TO = 50
_MOST_BEFORE_HEADLINE = 3
_NOWHERE = -1
_MOST_IN_TEASER = 5
_LONGEST_FORM = 250
_MOST_IN_NAME = 3
_MOST_IN_LABEL, _LONGEST_INSERT = 4, 250
_LINES = frozenset({"li", "td", "th", "dd", "dt", "blockquote"})
# Words beside a link: a mark, a section's name; more of them with a day.
_LOOSE, _LOOSE_WITH_DATE = 2, 5
_LONGEST_CHIPS, _LONGEST_CHIP = 150, 25
_CHIPS = frozenset({"span", "a", "label", "b", "strong", "small", "time", "button"})
_BETWEEN_CHIPS = " \t\r\n\u00a0,،|/•·-"
_PAGE = frozenset({"article", "main", "body"})
_CARDS = frozenset({"li", "article", "a"})


class Sieve:
    """The blocks that are left. `folded` are their texts in one spelling."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.blocks = reading.blocks
        # All at once, parted by a character that no text has: much faster than one by one.
        self.all_folded = phrases.fold("\0".join(block.text for block in self.blocks))
        self.folded = self.all_folded.split("\0") if self.blocks else []
        self.dropped = [False] * len(self.blocks)
        self.prose = [is_prose(block) for block in self.blocks]
        sizes = (
            len(block.text) if prose else 0
            for block, prose in zip(self.blocks, self.prose, strict=True)
        )
        self._prose_sizes = list(accumulate(sizes, initial=0))

    @cached_property
    def _masses(self) -> list[int]:
        sizes = (
            len(block.text) if prose and not dropped else 0
            for block, prose, dropped in zip(self.blocks, self.prose, self.dropped, strict=True)
        )
        return list(accumulate(sizes, initial=0))

    def prose_size(self, start: int, end: int) -> int:
        """Characters of prose in a range, dropped or not."""
        return self._prose_sizes[end] - self._prose_sizes[start]

    def mass(self, start: int, end: int) -> int:
        """Characters of prose that are left in a range, once all rules have dropped theirs."""
        return self._masses[end] - self._masses[start]

    def drop(self, start: int, end: int) -> None:
        self.dropped[start:end] = [True] * (end - start)

    def kept(self, start: int, end: int) -> Iterator[int]:
        return (index for index in range(start, end) if not self.dropped[index])


def is_prose(block: Block) -> bool:
    """Whether a block reads as text: words enough, and not in a link."""
    return block.link_share < LINKED and (
        block.words >= _PROSE_WORDS or (block.words >= 5 and phrases.ends_a_sentence(block.text))
    )


def sift(reading: Reading, titles: Collection[str] = ()) -> Sieve:
    """The blocks of a page, less those that are of no article wherever they stand.

    `titles`: the headline of the page's own article, which may be a link to itself."""
    sieve = Sieve(reading)
    _drop_next_articles(sieve, titles)
    _drop_answers(sieve)
    _drop_tails(sieve)
    _drop_controls(sieve)
    _drop_notices(sieve)
    _drop_paid(sieve, titles)
    _drop_lead_ins(sieve)
    _drop_links(sieve, titles)
    _drop_inserts(sieve)
    return sieve


def _drop_next_articles(sieve: Sieve, titles: Collection[str]) -> None:
    """Articles that follow the page's own in boxes of the same kind, each with its headline."""
    headings = (n for n, each in enumerate(sieve.blocks) if each.is_heading and each.text in titles)
    at = next(headings, None)
    if at is None:
        return
    for box, _, end in sieve.reading.box(sieve.blocks[at]):
        if box.tag == "body" or not sieve.prose_size(at + 1, end):
            continue
        for later in box.itersiblings():
            if later.tag == box.tag and later.get("class") == box.get("class"):
                start, last = sieve.reading.spans.get(later, (0, 0))
                opening = sieve.blocks[start : min(last, start + _MOST_BEFORE_HEADLINE)]
                if any(_heads_article(each, sieve.blocks[at], later) for each in opening):
                    sieve.drop(start, last)


def _drop_answers(sieve: Sieve) -> None:
    """On a board, what others wrote below the first post, and who wrote each."""
    if not phrases.may_be_board(sieve.all_folded):
        return
    members = [n for n, text in enumerate(sieve.folded) if phrases.is_of_member(text)]
    for before, at, after in zip(
        (_NOWHERE, *members), members, (*members[1:], len(sieve.blocks)), strict=False
    ):
        for _, start, end in sieve.reading.box(sieve.blocks[at]):
            if start <= members[0] or start <= before or after < end:
                break
            sieve.drop(start, end)
        sieve.drop(at, at + 1)


def _heads_article(block: Block, headline: Block, box: HtmlElement) -> bool:
    """A heading within an article's sections is a smaller one than its headline."""
    return block.tag == headline.tag or (block.is_heading and box.tag == "article")


def _drop_notices(sieve: Sieve) -> None:
    """Cookie and rights notices, invitations, tags, bars of buttons, lone times."""
    _drop_cookie_notices(sieve)
    for index, text in enumerate(sieve.folded):
        if phrases.is_notice(text) or _is_row_of_chips(sieve.blocks[index]):
            sieve.drop(index, index + 1)


def _drop_cookie_notices(sieve: Sieve) -> None:
    if not phrases.may_name_cookies(sieve.all_folded):
        return
    cookies = [i for i, text in enumerate(sieve.folded) if phrases.is_cookie_notice(text)]
    total = sieve.reading.size(0, len(sieve.blocks))
    if sum(len(sieve.blocks[i].text) for i in cookies) <= 0.3 * total:  # no policy on cookies
        for index in cookies:
            sieve.drop(index, index + 1)


def _is_row_of_chips(block: Block) -> bool:
    """Three labels or more side by side, each an element of its own: tags, sections, buttons."""
    if len(block.text) > _LONGEST_CHIPS or phrases.ends_a_sentence(block.text):
        return False
    element = block.element
    return (
        len(element) >= 2
        and not (element.text or "").strip()
        and all(
            child.tag in _CHIPS
            and not (child.tail or "").strip(_BETWEEN_CHIPS)
            and 0 < len((child.text or "").strip()) <= _LONGEST_CHIP
            for child in element
        )
        and (len(element) > 2 or all(map(_is_button, element)))
    )


def _is_button(element: HtmlElement) -> bool:
    text = phrases.fold((element.text or "").strip())
    return phrases.is_labels(text) or phrases.is_time(text)


def _drop_controls(sieve: Sieve) -> None:
    """Polls, forms and boxes to subscribe: the innermost text around a field to fill in."""
    for control in sieve.reading.controls:
        for box in control.iterancestors():
            span = sieve.reading.spans.get(box)
            if span is None or sieve.reading.size(*span) > _LONGEST_FORM:
                break
            if span[1] > span[0]:
                if box.tag not in _PAGE and _is_beside(sieve, *span):
                    sieve.drop(*span)
                break


def _drop_tails(sieve: Sieve) -> None:
    """Comments and the author's portrait: the heading with all that follows in its box.

    Comments may be longer than a short post; they come after it all the same."""
    for index, text in enumerate(sieve.folded):
        comments = phrases.begins_comments(text)
        if sieve.dropped[index] or not (comments or phrases.begins_portrait(text)):
            continue
        before = sieve.prose_size(0, index)
        if before == 0:
            continue
        most = sieve.reading.sizes[-1] if comments else before
        start, end = _box(sieve, index, longest_prose=most, beside=not comments)
        sieve.drop(start, end)
        for later_start, later_end in _following(sieve, index):
            if comments or sieve.prose_size(later_start, later_end) <= before:
                sieve.drop(later_start, later_end)


def _drop_paid(sieve: Sieve, titles: Collection[str]) -> None:
    """A sponsor's text in the article, and below it a box that asks to subscribe: with a heading,
    and a button to subscribe or to log in."""
    if not phrases.may_be_paid(sieve.all_folded):
        return
    for index, text in enumerate(sieve.folded):
        payment = None if sieve.dropped[index] else phrases.payment(text)
        if payment is None:
            continue
        sieve.drop(index, index + 1)
        for _, start, end in sieve.reading.box(sieve.blocks[index]):
            if sieve.reading.size(start, end) > _LONGEST_TEASER or not sieve.prose_size(0, start):
                break
            if any(block.text in titles for block in sieve.blocks[start:end]):
                break
            first = sieve.blocks[start].is_heading or phrases.payment(sieve.folded[start])
            if end - start > 1 and (start == index if payment == "paid" else first):
                sieve.drop(start, end)
                break


def _drop_lead_ins(sieve: Sieve) -> None:
    for index in range(len(sieve.blocks)):
        if sieve.dropped[index]:
            continue
        block = sieve.blocks[index]
        rest = phrases.lead_in(sieve.folded[index])
        if rest is None:
            rest = phrases.label_in(sieve.folded[index], linked=block.link_share >= LINKED)
        if rest is None:
            continue
        sieve.drop(index, index + 1)
        start, end = _box(sieve, index)
        if not rest or not any(sieve.prose[i] for i in sieve.kept(start, end)):
            sieve.drop(start, end)
        if not rest and end == index + 1:
            _drop_led_to(sieve, index)


def _drop_led_to(sieve: Sieve, index: int) -> None:
    """What follows a lead-in that stands alone: the rest of the article's box where that is little
    and has links, else the links, their teasers, or one headline without a link."""
    end = _rest(sieve, index)
    if end is not None:
        sieve.drop(index, end)
        return
    following = islice(_following(sieve, index), _MOST_LED_TO)
    for led, (start, end) in enumerate(following):
        if not _is_led_to(sieve, start, end, led):
            return
        sieve.drop(start, end)


def _rest(sieve: Sieve, index: int) -> int | None:
    """Where the box ends in which the lead-in stands, if it belongs to the lead-in from there."""
    parent = sieve.blocks[index].element.getparent()
    span = None if parent is None else sieve.reading.spans.get(parent)
    if span is None:
        return None
    start, end = span
    few = sieve.reading.size(index, end) <= _BOX_SHARE * sieve.prose_size(start, index)
    linked = few and any(block.link_share >= LINKED for block in sieve.blocks[index:end])
    return end if linked else None


def _is_led_to(sieve: Sieve, start: int, end: int, led: int) -> bool:
    """`led`: how many neighbours before were taken for what a lead-in leads to."""
    blocks = sieve.blocks[start:end]
    linked = sum(block.linked for block in blocks)
    if linked >= LINKED * sieve.reading.size(start, end) or _is_card(sieve, start, end):
        return True
    if end != start + 1:
        return False
    text = blocks[0].text
    if phrases.is_foreign(text):  # what the system says of the list, in its own language
        return True
    if led:
        return text.endswith(("...", "…", "[…]"))
    return (
        blocks[0].words <= _HEADLINE_WORDS
        and not phrases.ends_a_sentence(text)
        and sieve.prose_size(end, len(sieve.blocks)) > 0
    )


def _drop_links(sieve: Sieve, titles: Collection[str]) -> None:
    """Blocks that are links as a whole, and the teaser under a linked headline."""
    for index, block in enumerate(sieve.blocks):
        linked = _is_link(block) or (block.words <= _HEADLINE_WORDS and _is_of_contents(block))
        if not linked or _is_embed(sieve, block):
            continue
        sieve.drop(index, index + 1)
        if phrases.is_more(sieve.folded[index]):
            _drop_teaser(sieve, index, titles)
        if block.text in titles:
            continue
        for element, start, end in sieve.reading.box(block):
            if end - start > 6 or sieve.reading.size(start, end) > _LONGEST_TEASER:
                break
            others = sieve.prose_size(0, len(sieve.blocks)) - sieve.prose_size(start, end)
            if end - start > 1 and others > 0 and _is_card(sieve, start, end):
                sieve.drop(start, end)
            if element.tag in _CARDS:
                break


def _drop_inserts(sieve: Sieve) -> None:
    """Boxes right after a paragraph that begin with a label and hold a link, or no sentence: a
    file, a choice of the editors, a newsletter."""
    for index, block in enumerate(sieve.blocks):
        if block.words > _MOST_IN_LABEL or block.tag in _LINES or block.text.endswith(":"):
            continue
        for box, start, end in sieve.reading.box(block):
            if start != index or sieve.reading.size(start, end) > _LONGEST_INSERT:
                break
            before = box.getprevious()
            if end - start < 2 or before is None or before.tag != "p" or box.tag == "p":
                continue
            inside = sieve.blocks[start:end]
            if any(each.tag in _LINES for each in inside) or not _is_after_prose(sieve, before):
                break
            said = any(phrases.ends_a_sentence(each.text) for each in inside)
            if not said or box.find(".//a[@href]") is not None:
                sieve.drop(start, end)
            break


def _is_after_prose(sieve: Sieve, paragraph: HtmlElement) -> bool:
    start, end = sieve.reading.spans.get(paragraph, (0, 0))
    return any(sieve.prose[start:end])


def _drop_teaser(sieve: Sieve, index: int, titles: Collection[str]) -> None:
    """What a 'more' link stands under: a heading right before it, or the box that it closes."""
    if index and sieve.blocks[index - 1].is_heading and sieve.blocks[index - 1].text not in titles:
        sieve.drop(index - 1, index)
    for element, start, end in sieve.reading.box(sieve.blocks[index]):
        size, others = sieve.reading.size(start, end), sieve.prose_size(0, len(sieve.blocks))
        if end != index + 1 or end - start > _MOST_IN_TEASER or size > _LONGEST_TEASER:
            break
        own = any(block.text in titles for block in sieve.blocks[start:end])
        if element.tag in _PAGE - {"article"} or own or others - sieve.prose_size(start, end) <= 0:
            break
        headed = any(block.is_heading or block.pictured for block in sieve.blocks[start:index])
        if headed and sum(sieve.prose[start:end]) <= 1:
            sieve.drop(start, end)


def _is_link(block: Block) -> bool:
    """Whether a block is a link as a whole: but for a date, a mark, a section's name."""
    if block.link_share < LINKED:
        return False
    if block.link_share >= _WHOLE:
        return True
    loose = block.words - block.linked_words
    if block.linked_words < 4 or loose > _LOOSE_WITH_DATE:
        return False
    return loose <= _LOOSE or phrases.names_a_date(phrases.fold(block.text))


def _is_of_contents(block: Block) -> bool:
    """An entry of a list of contents: as a whole a link to a mark further down on the page."""
    element = block.element
    if len(element) != 1 or element[0].tag != "a" or (element.text or "").strip():
        return False
    link = element[0]
    target = link.get("href") or ""
    return target.startswith("#") and len(target) > 1 and not (link.tail or "").strip()


def _is_embed(sieve: Sieve, block: Block) -> bool:
    """A post that is quoted with its links, or an address that is shown as such; not a quotation
    that is one link, as other articles are embedded."""
    if block.text.startswith(("http://", "https://", "www.")):
        return True
    quote = block.element if block.tag == "blockquote" else None
    if quote is None:
        quote = next(block.element.iterancestors("blockquote"), None)
    span = None if quote is None else sieve.reading.spans.get(quote)
    return span is not None and any(
        each.linked_words < each.words for each in sieve.blocks[slice(*span)]
    )


def _is_card(sieve: Sieve, start: int, end: int) -> bool:
    """A linked headline first, and little else: a picture, a date, a sentence."""
    first = sieve.blocks[start]
    if first.is_heading and first.words <= _MOST_IN_NAME and end - start > 2:
        first = sieve.blocks[start + 1]  # the name of the box
    return (
        first.link_share >= LINKED
        and (
            first.is_heading or first.pictured or first.tag in {"a", "div", "span", "td", "strong"}
        )
        and sum(sieve.prose[start + 1 : end]) <= 1
    )


def _is_beside(sieve: Sieve, start: int, end: int) -> bool:
    """Whether the rest of the page has more to say than this box."""
    return sieve.reading.size(start, end) <= _BOX_SHARE * sieve.reading.size(0, len(sieve.blocks))


def _box(
    sieve: Sieve, index: int, longest_prose: int = _LONGEST_SUMMARY, *, beside: bool = True
) -> tuple[int, int]:
    """The widest box that this block opens and that holds no text of an article."""
    best = (index, index + 1)
    for element, start, end in sieve.reading.box(sieve.blocks[index]):
        if start < index and any(not sieve.dropped[i] for i in range(start, index)):
            break
        if element.tag in _PAGE or (beside and not _is_beside(sieve, start, end)):
            break
        if any(
            sieve.prose[i] and len(sieve.blocks[i].text) > longest_prose for i in range(start, end)
        ):
            break
        best = (min(best[0], start), end)
    return best


def _following(sieve: Sieve, index: int) -> Iterator[tuple[int, int]]:
    """The ranges of the elements that follow the widest box that this block opens."""
    opened = None
    for element, start, end in sieve.reading.box(sieve.blocks[index]):
        if start < index or not _is_beside(sieve, start, end):
            break
        opened = element
        if element.getparent() is None:
            break
    if opened is None:
        return
    for sibling in opened.itersiblings():
        span = sieve.reading.spans.get(sibling)
        if span is not None and span[1] > span[0]:
            yield span
