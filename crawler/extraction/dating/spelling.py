"""One spelling for the letters and digits of dates, and what is refused with its reason."""

import re
import unicodedata
from collections.abc import Iterable

_LETTERS = {
    "ا": "أإآٱ", "ي": "ىیې", "ه": "ةۃ", "ك": "ک", ",": "،؛", "/": "؍\\", ".": "٫",
    "-": "–—−‐‑", "'": "’‘`´ʼʻ",
    **{str(digit): chr(0x660 + digit) + chr(0x6F0 + digit) for digit in range(10)},
}  # fmt: skip
_INVISIBLE = (
    "ـ\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_FOLDS = str.maketrans({char: to for to, chars in _LETTERS.items() for char in chars}) | {
    ord(char): None for char in _INVISIBLE
}
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u0652\u0670]")
_SPACES = re.compile(r"\s+")


class Refused(ValueError):
    """The text tells no moment for certain; the message says why."""


def fold(text: str) -> str:
    """Digits 0-9, ا for every alef, ي for ى, ه for ة, '-' for every dash, no marks, small Latin
    letters without accents, single spaces: 'الأربعاء ٣ شُباط' -> 'الاربعاء 3 شباط'."""
    plain = unicodedata.normalize("NFKC", text).translate(_FOLDS).lower()
    latin = unicodedata.normalize("NFD", plain) if not plain.isascii() else plain
    # NFD parts hamza from its seat; only what is a letter of its own goes back together
    joined = unicodedata.normalize("NFC", _MARKS.sub("", latin))
    return _SPACES.sub(" ", joined).strip()


def any_of(names: Iterable[str]) -> str:
    """A regex for any of the names, the longest first; '_' in a name is any space or none."""
    ordered = sorted(set(names), key=len, reverse=True)
    return "|".join(re.escape(name).replace("_", r"\s?") for name in ordered)


# Arabic words end where their letters end: a digit may stand beside them ('14مارس2026').
LETTER_BEFORE = r"(?<![^\W\d_])"
LETTER_AFTER = r"(?![^\W\d_])"


def word(names: Iterable[str]) -> str:
    """As any_of, as a whole word."""
    return rf"{LETTER_BEFORE}(?:{any_of(names)}){LETTER_AFTER}"
