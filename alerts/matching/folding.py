"""Folding: one spelling for all ways of writing a word, with exact offsets back to the text.

Letters fold as `alphabet` lists them; tatweel, harakat, Quranic marks and invisible characters
disappear; any run of signs becomes one space. Offsets are worked out only when they are asked for:
most articles have no hit.
"""

import codecs
import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from operator import itemgetter

from alerts.matching import alphabet
from alerts.matching.alphabet import CHARMAP, DELETED, FOLD, FOLD_TO_WORDS, KNOWN
from models.arabic import COMPOSING, MARKS, TATWEEL

FOLDING_VERSION = f"{alphabet.ALPHABET_VERSION}/{unicodedata.unidata_version}"

_DELETED_RUN = re.compile(b"[" + re.escape(DELETED) + b"]+")
_REPLACED_AT_MOST = 40
"""Different characters up to which replacing one after the other is faster than `str.translate`."""
_LOOKED_AT_AT_MOST = 100
"""Places up to which looking at each is faster than looking at all characters."""
_TRAILING = frozenset(MARKS + TATWEEL)


class Folded:
    """A folded text.

    `words` is what is searched: the folded words with spaces before, between and after them.
    `clean` is the same with the kinds of signs kept (b' ' b'-' b'.' b',' b'\\n'). Positions are
    bytes of either.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._aligned = True
        try:
            encoded = _encoded(text)
        except UnicodeEncodeError:  # of fifty articles one has a character without a byte
            plain, self._aligned = _spelled_out(text)
            encoded = _encoded(plain)
        self._bytes = encoded
        self.words = b" " + encoded.translate(FOLD_TO_WORDS, DELETED) + b" "

    @cached_property
    def clean(self) -> bytes:
        return b"\n" + self._bytes.translate(FOLD, DELETED) + b"\n"

    def origin(self, position: int) -> tuple[int, int]:
        """The characters of the text, start:end, that became this byte."""
        if not self._aligned:
            return self._origins[position - 1]
        index = self._shift.longer(position - 1)
        return index, index + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the bytes start:end stand in the text, with the marks on the last one."""
        first, last = self.origin(start)
        if end - start > 1:
            last = self.origin(end - 1)[1]
        while last < len(self.text) and self.text[last] in _TRAILING:
            last += 1
        return first, last

    def position(self, character: int) -> int:
        """The first byte that comes from this character of the text or a later one."""
        if self._aligned:
            return 1 + len(self._bytes[:character].translate(None, DELETED))
        return 1 + bisect_left(self._origins, character, key=itemgetter(0))

    @cached_property
    def _origins(self) -> list[tuple[int, int]]:
        """For each byte that is not deleted the characters that became it."""
        return _origins(self.text)

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
    encoded: bytes = codecs.charmap_encode(text, "strict", CHARMAP)[0]  # type: ignore[arg-type]
    return encoded


# What a base letter and a composing mark make together (Unicode canonical composition).
_PAIRS = tuple(
    (base + mark, unicodedata.normalize("NFC", base + mark))
    for base in "اويىەہےۀ"
    for mark in COMPOSING
    if len(unicodedata.normalize("NFC", base + mark)) == 1
)
_INVISIBLE = str.maketrans("", "", alphabet.DELETED_MARKS)
_PLAIN = "".join(KNOWN.difference(alphabet.DELETED_MARKS))
_CLUSTER = re.compile(
    rf".[{re.escape(alphabet.DELETED_MARKS)}{COMPOSING}]*[{COMPOSING}]|[^{re.escape(_PLAIN)}]", re.S
)
"""A letter with what composes with it, or a character that is not spelled by itself alone."""


def _spelled_out(text: str) -> tuple[str, bool]:
    """The text in KNOWN characters, and whether it has one for each character of the text."""
    strange = _strange(text)
    composing = not strange.isdisjoint(COMPOSING)
    if composing:
        text = text.translate(_INVISIBLE)
        for pair, letter in _PAIRS:
            text = text.replace(pair, letter)
        strange = _strange(text)
    spelling = {char: alphabet.spelled(char) for char in strange}
    aligned = not composing and all(len(known) == 1 for known in spelling.values())
    if len(spelling) > _REPLACED_AT_MOST:
        return text.translate({ord(char): known for char, known in spelling.items()}), aligned
    for char, known in spelling.items():
        text = text.replace(char, known)
    return text, aligned


def _strange(text: str) -> set[str]:
    """The characters of the text that are not KNOWN."""
    replaced: bytes = codecs.charmap_encode(text, "replace", CHARMAP)[0]  # type: ignore[arg-type]
    if replaced.count(b"?") > _LOOKED_AT_AT_MOST:
        return set(text) - KNOWN
    return {text[mark.start()] for mark in re.finditer(rb"\?", replaced)} - {"?"}


def _origins(text: str) -> list[tuple[int, int]]:
    """The characters start:end of the text behind each visible character of its spelling."""
    origins: list[tuple[int, int]] = []
    at = 0
    for cluster in _CLUSTER.finditer(text):
        start, end = cluster.span()
        origins.extend(zip(range(at, start), range(at + 1, start + 1), strict=True))
        origins.extend([(start, end)] * _visible(cluster[0]))
        at = end
    origins.extend(zip(range(at, len(text)), range(at + 1, len(text) + 1), strict=True))
    return origins


@lru_cache(maxsize=20_000)
def _visible(cluster: str) -> int:
    """How many characters of its spelling are not deleted."""
    return len(_spelled_out(cluster)[0].translate(_INVISIBLE))
