"""Folding: one spelling for all ways of writing a word, with exact offsets back to the text.

Letters fold as `alphabet` lists them; tatweel, harakat, Quranic marks and invisible characters
disappear; any run of signs becomes one space. Offsets are worked out only when they are asked for:
most articles have no hit.
"""

import codecs
import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

from alerts.matching import alphabet
from alerts.matching.alphabet import CHARMAP, COMPOSING, DELETED, FOLD, FOLD_TO_WORDS, KNOWN

FOLDING_VERSION = f"{alphabet.ALPHABET_VERSION}/{unicodedata.unidata_version}"

_DELETED_RUN = re.compile(b"[" + re.escape(DELETED) + b"]+")
_Origins = list[tuple[int, int]]
_TRAILING = frozenset(alphabet.MARKS + alphabet.TATWEEL)


class Folded:
    """A folded text.

    `words` is what is searched: the folded words with spaces before, between and after them.
    `clean` is the same with the kinds of signs kept (b' ' b'-' b'.' b',' b'\\n'). Positions are
    bytes of either.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._origins: _Origins | None = None
        encoded = _encoded(text)
        if encoded.count(b"?") != text.count("?"):  # '?' stands in for what has no byte
            plain, self._origins = _spelled_out(text)
            encoded = _encoded(plain)
        self._bytes = encoded
        self.words = b" " + encoded.translate(FOLD_TO_WORDS, DELETED) + b" "

    @cached_property
    def clean(self) -> bytes:
        return b"\n" + self._bytes.translate(FOLD, DELETED) + b"\n"

    def origin(self, position: int) -> tuple[int, int]:
        """The characters of the text, start:end, that became this byte."""
        index = self._shift.longer(position - 1)
        return (index, index + 1) if self._origins is None else self._origins[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the bytes start:end stand in the text, with the marks on the last one."""
        first, last = self.origin(start)
        if end - start > 1:
            last = self.origin(end - 1)[1]
        while last < len(self.text) and self.text[last] in _TRAILING:
            last += 1
        return first, last

    @cached_property
    def _shift(self) -> "_Shift":
        shift = _Shift()
        for run in _DELETED_RUN.finditer(self._bytes):
            shift.skip(run.start(), run.end())
        return shift


class _Shift:
    """From positions in a text with parts left out to positions in the whole one."""

    def __init__(self) -> None:
        self._starts = [0]
        self._skipped = [0]

    def skip(self, start: int, end: int) -> None:
        """The part start:end of the whole is left out; parts come in order."""
        skipped = self._skipped[-1]
        self._starts.append(start - skipped)
        self._skipped.append(skipped + end - start)

    def longer(self, position: int) -> int:
        return position + self._skipped[bisect_right(self._starts, position) - 1]


def fold_key(text: str) -> str:
    """The folded text with single spaces, for keys as in 'إيــران، وَرُوسيا' -> 'ايران وروسيا'."""
    return alphabet.text_of(fold_bytes(text))


def fold_bytes(text: str) -> bytes:
    """The folded words with single spaces between them, in the alphabet's bytes."""
    return b" ".join(Folded(text).words.split())


def _encoded(text: str) -> bytes:
    encoded: bytes = codecs.charmap_encode(text, "replace", CHARMAP)[0]  # type: ignore[arg-type]
    return encoded


_COMPOSED = rf".[{alphabet.MARKS}]*[{COMPOSING}][{alphabet.MARKS}{COMPOSING}]*"


def _spelled_out(text: str) -> tuple[str, _Origins | None]:
    """The text in KNOWN characters, and where each comes from when the length has changed."""
    strange = set(text) - KNOWN
    spelling = {char: alphabet.spelled(char) for char in strange}
    if strange.isdisjoint(COMPOSING) and all(len(known) == 1 for known in spelling.values()):
        return text.translate({ord(char): known for char, known in spelling.items()}), None
    longer = "".join(char for char, known in spelling.items() if len(known) > 1)
    special = re.compile(f"{_COMPOSED}|[{re.escape(longer)}]" if longer else _COMPOSED, re.DOTALL)
    table = {ord(char): known for char, known in spelling.items() if len(known) == 1}
    pieces: list[str] = []
    origins: _Origins = []
    done = 0
    for match in special.finditer(text):
        start, end = match.span()
        pieces.append(text[done:start].translate(table))
        origins.extend((index, index + 1) for index in range(done, start))
        composed = unicodedata.normalize("NFC", match[0])
        known = "".join(char if char in KNOWN else alphabet.spelled(char) for char in composed)
        pieces.append(known)
        origins.extend([(start, end)] * len(known))
        done = end
    pieces.append(text[done:].translate(table))
    origins.extend((index, index + 1) for index in range(done, len(text)))
    return "".join(pieces), origins
