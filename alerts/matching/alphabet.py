"""The alphabet of folded text: one byte for each letter that tells words apart.

A text is written with one byte a character (`CHARMAP`: the letters of Arabic, Persian, Latin and
Cyrillic, and the signs of newspapers), then folded by one `bytes.translate`. Whatever else Unicode
has is first spelled with these characters (`spelled`), which few articles need.
"""

import codecs
import unicodedata
from functools import lru_cache

from models.arabic import INVISIBLE, MARKS, ORNAMENTS, RELATIVES, SAME_LETTERS, TATWEEL

ALPHABET_VERSION = 2

DELETED_MARKS = MARKS + TATWEEL + INVISIBLE
STRANGE_LETTER = "\ue000"
"""Stands for any letter that has no place here, so that it stays a part of its word."""

_LATIN = "abcdefghijklmnopqrstuvwxyz"
# what folds to the first character of each group
_LETTERS = (
    *SAME_LETTERS,
    *"ءؤئتثحخدذرسشصضطظعغقلمنو",
    *(letter + letter.upper() for letter in _LATIN),
    *"абвгдежзийклмнопрстуфхцчшщъыьэюя",
    *(f"{digit}{chr(0x660 + digit)}{chr(0x6F0 + digit)}" for digit in range(10)),
    STRANGE_LETTER,
)
SPACE, DASH, STOP, PAUSE, NEWLINE = b" ", b"-", b".", b",", b"\n"
_SIGNS = (
    " \t\u00a0_/'\"«»“”‘’„#",  # any run of these and of dashes parts two words of a phrase
    "-–—",
    ".!?؟…",  # these end a sentence
    ",\0$%&()*+:;<=>@[\\]^`{|}~،؛٪•·",  # these part a phrase, and do not end a sentence
    "\n\r",  # these end a paragraph
)
SIGNS = "".join(_SIGNS)


def _codes() -> dict[str, int]:
    """A byte for each character: ASCII keeps its own (0 must: see `_charmap`)."""
    known = "".join((*_LETTERS, *_SIGNS, DELETED_MARKS))
    free = iter(code for code in range(1, 256) if code > 127 or chr(code) not in known)
    return {char: ord(char) if char < "\x80" else next(free) for char in known}


_CODE = _codes()
_CHARACTER = {code: char for char, code in _CODE.items()}


def _charmap() -> object:
    """The table of `codecs.charmap_encode`.

    Its first character must be U+0000: else CPython builds a dict and encodes ten times slower.
    """
    return codecs.charmap_build("".join(_CHARACTER.get(code, "\ufffe") for code in range(256)))


def _fold_table() -> bytes:
    table = bytearray(range(256))
    for group in (*_LETTERS, *_SIGNS):
        for char in group:
            table[_CODE[char]] = _CODE[group[0]]
    return bytes(table)


CHARMAP = _charmap()
FOLD = _fold_table()
"""Byte to folded byte; the kinds of signs stay apart (SPACE, DASH, STOP, PAUSE, NEWLINE)."""
FOLD_TO_WORDS = FOLD.translate(bytes.maketrans(DASH + STOP + PAUSE + NEWLINE, SPACE * 4))
"""Byte to folded byte; every sign is SPACE."""
DELETED = bytes(_CODE[char] for char in DELETED_MARKS)
KNOWN = frozenset(_CODE)
_ORNAMENTS = frozenset(ORNAMENTS)


def text_of(folded: bytes) -> str:
    """Folded bytes as text."""
    return "".join(_CHARACTER[byte] for byte in folded)


@lru_cache(maxsize=20_000)
def spelled(char: str) -> str:
    """A character that is not KNOWN, spelled with known ones; never empty.

    A presentation form is its letters (NFKC), an accented letter its base, an unknown mark or
    control is invisible, an unknown sign a pause, an unknown letter STRANGE_LETTER.
    """
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf") or char in _ORNAMENTS:
        return "\u200b"
    if category in ("Zl", "Zp") or char in "\x0b\x0c\x85":
        return "\n"
    plain = "".join(
        part
        for whole in unicodedata.normalize("NFKC", RELATIVES.get(char, char)).lower()
        for part in (whole if whole in KNOWN else unicodedata.normalize("NFKD", whole))
        if part in KNOWN
    )
    if plain:
        return plain
    if category[0] in "LNM":
        return STRANGE_LETTER
    return " " if category[0] == "Z" or category in ("Pd", "Pi", "Pf") else ","
