"""Where things stand in an article: word, sentence, paragraph and zone.

The zones are disjoint: `title`; `byline`, the dateline before the first sentence ('موسكو، 3 مايو
(رويترز) -'), the outlet's name after a title ('- روسيا اليوم') and a last line that names the
source; `lead`, the text's beginning up to the end of
the paragraph that completes 200 characters, at most 450; `body`, the rest. All positions here are
bytes of the folded text, in which invisible characters do not count.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from alerts.matching.folding import Folded, fold_bytes
from alerts.matching.vocabulary import Found
from models.match import Document
from models.topic import Zone

_READ_AT_MOST = 200_000
_LEAD_AT_LEAST = 200
_LEAD_AT_MOST = 450
_TITLE_GAP = 1_000
"""Words by which title and text are apart, so that nothing is near across them."""

_MONTH = b"|".join(
    fold_bytes(month)
    for month in (
        *("يناير", "فبراير", "مارس", "أبريل", "إبريل", "مايو", "يونيو", "يوليو", "أغسطس"),
        *("سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر", "كانون الثاني", "كانون الأول", "شباط"),
        *("آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول"),
        "تشرين الثاني",
    )
)
# '5 أيار/مايو 2024', after the place
_DATE = rb"[0-9]{1,2}(?:[, ]+(?:" + _MONTH + rb")){1,2}(?:[, ]+[0-9]{4})?"
_WORD = rb"[^-., \n]+"
_PART = _WORD + rb"(?:(?:[, ]+" + _WORD + rb")?[, ]+" + _DATE + rb")?(?:[, ]+" + _WORD + rb"){0,3}"
# Up to three parts of at most four words, and perhaps a date, each with a dash after it.
_DATELINE = re.compile(rb"[, \n]*(?:" + _PART + rb"[, ]*-+[, ]+){1,3}")
_DATELINE_AT_MOST = 70
_SOURCE = b"(?:" + fold_bytes("المصدر") + b"|source)"
_SOURCE_LINE = re.compile(rb"\n[, ]*" + _SOURCE + rb"[-, ][^\n]{0,80}\n+\Z")
_SOURCE_LINE_AT_MOST = 120
_OUTLET = b"|".join(
    (
        fold_bytes("روسيا اليوم"),
        rb"rt(?: arabic)?",
        *(
            fold_bytes(kind) + rb" [^-,\n]{2,40}"
            for kind in ("وكالة", "قناة", "صحيفة", "شبكة", "موقع")
        ),
    )
)
_AFTER_TITLE = re.compile(rb"(?: [-]+|,)[, ]*(?:" + _OUTLET + rb")[, .]*\n")
# a dot after a single letter is an abbreviation's, one before a digit a number's
_END = re.compile(rb"\n+|(?<![-., \n][^-., \n])\.+(?![0-9])")


class Placed(NamedTuple):
    """A keyword found, and where. `word` numbers the words of the article."""

    keyword: int
    start: int
    end: int
    word: int
    last_word: int
    sentence: int
    paragraph: int
    zone: Zone


def joined(document: Document) -> str:
    """Title and text as the one string that is folded; of a text that is no article, its start."""
    return f"{document.title}\n{document.text[:_READ_AT_MOST]}"


def placed(folded: Folded, title_length: int, found: Iterable[Found]) -> list[Placed]:
    """Where each keyword stands; `title_length` in characters, `found` in order."""
    clean, words = folded.clean, folded.words
    text = folded.position(title_length + 1)
    sentences, paragraphs = _ends(clean)
    starts, zones = _zones(clean, text)
    result = []
    word, counted = 1, 1  # the word that starts at `counted`; before a hit stand whole words
    for keyword, start, end in found:
        word += len(words[counted:start].split())
        counted = start
        first = word if start < text else word + _TITLE_GAP
        result.append(
            Placed(
                keyword,
                start,
                end,
                first,
                first + len(words[start:end].split()) - 1,
                bisect_right(sentences, start),
                bisect_right(paragraphs, start),
                zones[bisect_right(starts, start) - 1],
            )
        )
    return result


def _ends(clean: bytes) -> tuple[list[int], list[int]]:
    """Where sentences and where paragraphs end.

    The pattern is tried only where it can match: a third of the time of searching for it.
    """
    sentences: list[int] = []
    paragraphs: list[int] = []
    dot, line = clean.find(b"."), clean.find(b"\n")
    while dot >= 0 or line >= 0:
        paragraph = dot < 0 or 0 <= line < dot
        at = line if paragraph else dot
        end = _END.match(clean, at)
        after = at + 1 if end is None else end.end()
        if end is not None:
            sentences.append(after)
            if paragraph:
                paragraphs.append(after)
        if 0 <= dot < after:
            dot = clean.find(b".", after)
        if 0 <= line < after:
            line = clean.find(b"\n", after)
    return sentences, paragraphs


def _zones(clean: bytes, text: int) -> tuple[list[int], list[Zone]]:
    """Where each zone starts, in order."""
    dateline = _DATELINE.match(clean, text)
    short = dateline is not None and dateline.end() - text <= _DATELINE_AT_MOST
    lead = dateline.end() if dateline is not None and short else text
    source = _SOURCE_LINE.search(clean, max(lead, len(clean) - _SOURCE_LINE_AT_MOST))
    end = source.start() if source is not None else len(clean)
    outlet = _AFTER_TITLE.search(clean, 0, text)
    title_end = outlet.start() if outlet is not None else text
    starts = [0, title_end, lead, min(_lead_end(clean, lead), end), end]
    return starts, ["title", "byline", "lead", "body", "byline"]


def _lead_end(clean: bytes, lead: int) -> int:
    end = clean.find(b"\n", min(lead + _LEAD_AT_LEAST, len(clean) - 1))
    if end <= lead + _LEAD_AT_MOST:
        return end
    sentence = _END.search(clean, lead + _LEAD_AT_MOST)
    return sentence.end() if sentence is not None else end
