"""Where a text answers a query: the words to mark, and the passage to show."""

import re
from collections.abc import Iterator, Sequence

from models.text import Marked
from storage.searchquery import Phrase
from storage.searchtext import words_in_place

_LONGEST = 220
_BEFORE = 50
# What lies beyond is not looked at: the beginning of an article answers nearly every query.
_MOST_CHARACTERS = 100_000
_GAPS = re.compile(r"\s")

Span = tuple[int, int]


def marked(text: str, phrases: Sequence[Phrase]) -> Marked:
    """The text with the words of the phrases marked."""
    return Marked(text, tuple(_spans(text[:_MOST_CHARACTERS], phrases)))


def passage(text: str, phrases: Sequence[Phrase]) -> Marked:
    """The about 220 characters of the text that hold most of the words, on one line, with them
    marked; the beginning where it holds none."""
    text = _GAPS.sub(" ", text)
    spans = list(_spans(text[:_MOST_CHARACTERS], phrases))
    start = _start(text, spans)
    end = _end(text, start + _LONGEST)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    inside = tuple((s + shift, e + shift) for s, e in spans if start <= s and e <= end)
    return Marked(f"{head}{text[start:end]}{tail}", inside)


def _start(text: str, spans: Sequence[Span]) -> int:
    """Where the fullest passage begins, at a word."""
    if not spans or spans[0][1] <= _LONGEST:
        return 0
    counts = [
        sum(1 for other in spans[number:] if other[1] <= span[0] + _LONGEST - _BEFORE)
        for number, span in enumerate(spans[:100])
    ]
    first = spans[counts.index(max(counts))][0]
    wanted = max(0, first - _BEFORE)
    space = text.find(" ", wanted, first)
    return wanted if wanted == 0 else (space + 1 if space >= 0 else first)


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 40, end)
    return space if space > 0 else end


def _spans(text: str, phrases: Sequence[Phrase]) -> Iterator[Span]:
    """Each word of each phrase that stands whole in the text: disjoint, in order."""
    found = list(words_in_place(text))
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for stem in phrase.beginnings:
            by_first.setdefault(stem, []).append(phrase)
    marked_to = 0
    for number, (stem, _, _) in enumerate(found):
        for phrase in by_first.get(stem, ()):
            length = len(phrase.stems)
            behind = found[number + 1 : number + length]
            if tuple(each[0] for each in behind) == phrase.stems[1:]:
                for _, start, end in found[max(number, marked_to) : number + length]:
                    yield start, end
                marked_to = max(marked_to, number + length)
