"""Forms of keywords that are, by their frequency, rather another word.

A clitic or a possessor is rarer than the word without it. Where a form is far commoner than the
form that it would be made of, it is another word: of a name 'لاد' the form 'بلاد' is 'countries'.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerts.matching.alphabet import text_of
from alerts.matching.folding import fold_key
from alerts.matching.grammar import Stem, stems
from alerts.matching.phrases import words_of
from alerts.matching.vocabulary import spellings
from models.lexicon import Keyword

_FREQUENT = 40
"""Occurrences of a form that make it a frequent word, in the counts that come with Marsad."""
_AND = 2.0  # news sentences like to begin with it
_PROCLITIC = 1.35
_OWNED = 1.5
_PEOPLE = 8.0
"""How much commoner a form may be than what it is made of (measured on the shipped lists)."""
_LONGER = 3.0
_UNKNOWN = 18
"""How often a word that is not counted may occur."""
_MARGIN = 20
_BARE = ("", "ال")


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """`form` occurs `count` times, what it is made of (`base`) only `base_count` times."""

    form: str
    count: int
    base: str
    base_count: int


def ambiguities(keyword: Keyword, counts: Mapping[str, int]) -> Iterator[Ambiguity]:
    """The forms of a keyword that are rather another word, the commonest first."""
    if keyword.grammar in ("exact", "regex", "phrase"):
        return
    removed = set(map(fold_key, keyword.not_forms))
    found = {
        ambiguity.form: ambiguity
        for spelling in spellings(keyword)
        if len(words_of(spelling)) == 1
        for ambiguity in _of_spelling(spelling, keyword, counts)
        if ambiguity.form not in removed
    }
    yield from sorted(found.values(), key=lambda ambiguity: -ambiguity.count)


def _of_spelling(spelling: str, keyword: Keyword, counts: Mapping[str, int]) -> Iterator[Ambiguity]:
    known = fold_key(spelling)
    others = {fold_key(other) for other in spellings(keyword)}
    most = max(others, key=lambda other: counts.get(other, 0))
    for number, stem in enumerate(stems(spelling, keyword.grammar)):
        if keyword.grammar == "prefix":
            yield from _longer(stem, known, counts)
            continue
        people = keyword.grammar == "place" and number > 0
        for form, base, factor in _made_of(stem, noun=keyword.grammar == "noun"):
            count = counts.get(form, 0)
            if form in others or count < _FREQUENT:
                continue
            if base is None:
                if not people:
                    continue
                base, factor = most, _PEOPLE
            elif factor == _OWNED:  # any other form of the word will do
                base = max(base, most, key=lambda word: counts.get(word, 0))
            if count > factor * max(counts.get(base, 0), _UNKNOWN) + _MARGIN:
                yield Ambiguity(form, count, base, counts.get(base, 0))


def _made_of(stem: Stem, *, noun: bool) -> Iterator[tuple[str, str | None, float]]:
    """Each form, what it is made of by leaving out a clitic, and how much commoner it may be."""
    letters = text_of(stem.letters.rstrip())
    for proclitic, endings in stem.affixes.items():
        before = text_of(proclitic)
        article = before.endswith(("ال", "لل"))
        for ending in endings or ():
            after = text_of(ending)
            form = before + letters + after
            if before not in _BARE:
                factor = _AND if before in ("و", "وال") else _PROCLITIC
                yield form, ("ال" if article else "") + letters + after, factor
            elif noun and after not in ("", "ه", "ا"):
                yield form, letters + ("ه" if after.startswith("ت") else ""), _OWNED
            else:
                yield form, None, 0.0


def _longer(stem: Stem, known: str, counts: Mapping[str, int]) -> Iterator[Ambiguity]:
    """Of a prefix: words that go on otherwise than by an ending."""
    befores = tuple(map(text_of, stem.affixes))
    letters = text_of(stem.letters)
    own = sum(counts.get(before + letters + after, 0) for before in befores for after in _ENDINGS)
    for word, count in counts.items():
        at = word.find(letters)
        if count < _FREQUENT or at < 0 or word[:at] not in befores:
            continue
        if word[at + len(letters) :] not in _ENDINGS and count > _LONGER * own:
            yield Ambiguity(word, count, known, own)


_ENDINGS = (
    *("", "ه", "ا", "ي", "ها", "هم", "نا", "ات", "ين", "ون", "ان", "يه", "يا", "يين", "يون"),
    *("يات", "اته", "اتها", "اتهم", "تها", "ته", "تهم", "يتين", "يتان"),
)
