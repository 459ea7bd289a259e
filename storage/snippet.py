"""Where a text answers a query: the words to mark, and the passage to show."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile

from models.text import Marked
from storage.searchquery import Phrase
from storage.searchtext import ending_in, word_around, words_in_place

_LONGEST = 220
_BEFORE = 50
# What lies beyond is not looked at: the beginning of an article answers nearly every query.
_MOST_CHARACTERS = 100_000
_LONGEST_WORD = 100
_MOST_SPANS = 200
_GAPS = re.compile(r"\s")

Span = tuple[int, int]


def marked(text: str, phrases: Sequence[Phrase]) -> Marked:
    """The text with the words of the phrases marked."""
    return Marked(text, tuple(_spans(text[:_MOST_CHARACTERS], phrases)))


def passage(text: str, phrases: Sequence[Phrase]) -> Marked:
    """The about 220 characters of the text that hold most of the words, on one line, with them
    marked; the beginning where it holds none."""
    text = _GAPS.sub(" ", text)
    spans = _first_spans(text[:_MOST_CHARACTERS], phrases)
    start = _start(text, spans)
    end = _end(text, start + _LONGEST)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) - start
    inside = tuple((s + shift, e + shift) for s, e in spans if start <= s and e <= end)
    return Marked(f"{head}{text[start:end]}{tail}", inside)


def _first_spans(text: str, phrases: Sequence[Phrase]) -> list[Span]:
    """Those among which the passage is chosen: the ones at the beginning, if there are any."""
    spans = _spans(text, phrases)
    beginning = list(takewhile(lambda span: span[1] <= _LONGEST, spans))
    return beginning or list(islice(_spans(text, phrases), _MOST_SPANS))


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
    if not phrases:
        return
    by_first, endings = _looked_for(tuple(phrases))
    longest = max(len(phrase.stems) for phrase in phrases)
    marked_to = 0
    for found in endings.finditer(text):
        start = word_around(text, found.start())
        window = text[start : found.end() + _LONGEST_WORD * (longest - 1)]
        there = list(islice(words_in_place(window), longest))
        stems = tuple(stem for stem, _, _ in there)
        for phrase in by_first.get(stems[0], ()) if stems else ():
            if stems[1 : len(phrase.stems)] == phrase.stems[1:]:
                for _, first, last in there[: len(phrase.stems)]:
                    if start + first >= marked_to:
                        yield start + first, start + last
                        marked_to = start + last


@lru_cache(maxsize=100)
def _looked_for(phrases: tuple[Phrase, ...]) -> tuple[dict[str, list[Phrase]], re.Pattern[str]]:
    """The phrases by what they begin with, and where that may end: once for all answers."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        for stem in phrase.beginnings:
            by_first.setdefault(stem, []).append(phrase)
    return by_first, ending_in(by_first)
