"""What an alert shows of an article: the sentence that says why, with the words marked."""

import re
from collections.abc import Iterable, Sequence

from alerts.matching.folding import fold_key
from models.match import Document, Field, Hit
from models.text import Marked

_LONGEST = 400
_BEFORE = 120
_SENTENCE = re.compile(r"[^\n]+?(?:(?<!\s\w)[.!?؟…]+(?=\s|$)|(?=\n)|$)")


def mark(text: str, field: Field, hits: Iterable[Hit]) -> Marked:
    """The text of a field with the spans of its hits; spans that overlap become one."""
    return Marked(text, _united((hit.start, hit.end) for hit in hits if hit.field == field))


def shown_words(hits: Iterable[Hit]) -> tuple[str, ...]:
    """The matched words as the article writes them, title first: each once, of two that overlap
    the longer."""
    words: dict[str, str] = {}
    last: Hit | None = None
    for hit in sorted(hits, key=lambda hit: (hit.field != "title", hit.start, -hit.end)):
        if last is None or hit.field != last.field or hit.end > last.end:
            words.setdefault(fold_key(hit.text), hit.text)
            last = hit
    return tuple(words.values())


def quote(document: Document, hits: Sequence[Hit], longest: int = _LONGEST) -> Marked:
    """The sentence of the text that shows the most different keywords, the first of equals.

    Without hits in the text it is the first sentence. At most `longest` code points, cut at words
    with '…'.
    """
    text = document.text
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    if not spans:
        return Marked("")
    inside = [hit for hit in hits if hit.field == "text"]

    def shown(span: tuple[int, int]) -> int:
        return len({h.keyword for h in inside if span[0] <= h.start and h.end <= span[1]})

    start, end = max(spans, key=shown)
    start, end = _trimmed(text, start, end)
    marked = _united(
        (hit.start, hit.end) for hit in inside if start <= hit.start and hit.end <= end
    )
    return _bounded(text, start, end, marked, longest)


def _bounded(
    text: str, start: int, end: int, spans: tuple[tuple[int, int], ...], longest: int
) -> Marked:
    """text[start:end], cut at words to `longest` around the first span."""
    if end - start > longest:
        first, last = start, end
        if spans and spans[0][0] - start > _BEFORE:
            first = _word_start(text, spans[0][0] - _BEFORE, spans[0][0])
        if last - first > longest - 2:
            last = _word_end(text, first, first + longest - 2)
    else:
        first, last = start, end
    before, after = "…" if first > start else "", "…" if last < end else ""
    shift = len(before) - first
    kept = tuple((a + shift, b + shift) for a, b in spans if first <= a and b <= last)
    return Marked(before + text[first:last] + after, kept)


def _word_start(text: str, position: int, limit: int) -> int:
    space = text.find(" ", position, limit)
    return space + 1 if space >= 0 else position


def _word_end(text: str, start: int, position: int) -> int:
    space = text.rfind(" ", start + 1, position + 1)
    return space if space >= 0 else position


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def _united(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return tuple(united)
