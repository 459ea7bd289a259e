"""The words of a text as the search index keeps them: folded, then lightly stemmed.

Folding gives one spelling to all ways of writing a word, as the matcher does (a test holds the two
together). The stem takes off what Arabic joins to the front of a word: the article with what stands
before it, and single letters (and, so, in, to, like) where at least five letters remain. It is
taken off again and again until nothing changes, so a word and the same word with such a letter meet
in one stem. Shorter words keep the letter (بيان is no كيان); a query asks for their forms instead
(`forms`). Nothing is taken off the end: إيران is not إيراني.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from models.arabic import COMPOSING, INVISIBLE, MARKS, ORNAMENTS, PLAIN_LETTERS, TATWEEL

NORMALISER = "2"
"""Changes whenever `folded` or `stem` do: an index of another normaliser is built anew."""

_LONGEST_WORD = 64
_LETTERS = {ord(letter): plain for letter, plain in PLAIN_LETTERS.items()}
_INVISIBLE = re.escape(MARKS + TATWEEL + INVISIBLE + ORNAMENTS)
_IGNORED = re.compile(f"[{_INVISIBLE}]+")
_WORD = re.compile(r"[^\W_]+")
# With composing hamza and madda, which NFC joins to the letter before
_WORD_IN_PLACE = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}\u0300-\u036f{COMPOSING}])*")
_INSIDE_WORD = re.compile(rf"[^\W_]|[{_INVISIBLE}\u0300-\u036f{COMPOSING}]")
_MARKS = rf"[{_INVISIBLE}\u0300-\u036f{COMPOSING}]*"
_SAME = {
    plain: "".join(letter for letter, same in PLAIN_LETTERS.items() if same == plain)
    for plain in PLAIN_LETTERS.values()
} | {str(digit): chr(0x660 + digit) + chr(0x6F0 + digit) for digit in range(10)}
_COMPOSING = re.compile(f"[\u0300-\u036f{COMPOSING}]")
_JOINED = re.compile(r"(?:[وف]?(?:[بك]?ال|لل)(?=\w{3})|[وفبلك](?=\w{5}))")
_ARABIC = re.compile("[\u0621-\u064a]")
_CLITICS = (
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "كال", "لل", "وب", "ول", "وك", "فب", "فل",
    "وبال", "ولل",
)  # fmt: skip

LITTLE_WORDS = frozenset({
    "في", "من", "علي", "الي", "ان", "عن", "مع", "ما", "لا", "لم", "لن", "قد", "هو", "هي",
    "هم", "او", "ثم", "اي", "كل", "بعد", "قبل", "بين", "حتي", "اذا", "كما", "هذا", "هذه",
    "ذلك", "تلك", "الذي", "التي", "الذين", "كان", "كانت", "بان", "لان",
})  # fmt: skip
"""Function words, folded: nearly every article has them, so that they tell nothing apart."""


def words(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    plain = _IGNORED.sub("", text)
    if _COMPOSING.search(plain):
        plain = unicodedata.normalize("NFC", plain)
        plain = _COMPOSING.sub("", plain)
    return [stem for stem in map(word, _WORD.findall(plain)) if stem]


def words_in_place(text: str) -> Iterator[tuple[str, int, int]]:
    """As `words`, each with where it stands: start:end in code points."""
    for found in _WORD_IN_PLACE.finditer(text):
        written = _IGNORED.sub("", found[0])
        if _COMPOSING.search(written):
            written = _COMPOSING.sub("", unicodedata.normalize("NFC", written))
        if stem := word(written):
            yield stem, found.start(), found.end()


@lru_cache(maxsize=50_000)
def word(written: str) -> str:
    """The stem of one word; '' for what holds no letter or digit after all."""
    return stem(folded(written))


def folded(written: str) -> str:
    """One spelling of a word: 'إيــرانَ' -> 'ايران', '٢٠٢٦' -> '2026', 'Élysée' -> 'elysee'."""
    plain = unicodedata.normalize("NFKC", written).lower().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(map(_letter, plain))
    return "".join(filter(str.isalnum, plain))[:_LONGEST_WORD]


@lru_cache(maxsize=5_000)
def _letter(char: str) -> str:
    """A Latin letter without its accent, a digit as 0-9; hamza stays on its seat."""
    if char.isdecimal():
        return str(unicodedata.digit(char))
    if _ARABIC.match(char) or not char.isalpha():
        return "" if unicodedata.combining(char) or char == "\u0640" else char
    return "".join(
        part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)
    )


def ending_in(stems: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the ends of words that may have one of these stems, as texts write them: a
    stem is the end of its word. What it finds is checked with `word`; letters that only NFKC or an
    accent makes one are not found."""
    ends = tuple(stems)
    # What ends in another stem is found by it; forms of a word do, and each costs a look anywhere
    shortest = [one for one in ends if not any(one != end and one.endswith(end) for end in ends)]
    spelled = ("".join(map(_written, stem)) for stem in shortest)
    return re.compile(rf"(?:{'|'.join(spelled)})(?![^\W_])")


def word_around(text: str, position: int) -> int:
    """Where the word begins that holds this position."""
    while position > 0 and _INSIDE_WORD.fullmatch(text, position - 1, position):
        position -= 1
    return position


def _written(letter: str) -> str:
    same = (
        {letter, letter.upper(), *_SAME.get(letter, "")} if len(letter.upper()) == 1 else {letter}
    )
    return f"[{re.escape(''.join(sorted(same)))}]{_MARKS}"


def stem(folded_word: str) -> str:
    while (joined := _JOINED.match(folded_word)) is not None:
        folded_word = folded_word[joined.end() :]
    return folded_word


@lru_cache(maxsize=5_000)
def forms(base: str) -> tuple[str, ...]:
    """The stems under which a word of this stem stands in texts: itself first, then with the
    letters that are too short to be taken off it."""
    if not _ARABIC.match(base):
        return (base,)
    if base in LITTLE_WORDS:  # with other letters they are other words: كان is no ك and أن
        return (base, f"و{base}", f"ف{base}")
    return tuple(dict.fromkeys((base, *(stem(clitic + base) for clitic in _CLITICS))))
