"""The keywords of all rules as one automaton, and the check of each place it finds.

Aho-Corasick runs over the folded words and finds stems; what stands before and after a stem in
its token is then checked against the grammar of the keyword.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from alerts.matching.folding import Folded
from alerts.matching.grammar import (
    Affixes,
    phrase_stem,
    stems,
)
from alerts.matching.patterns import spelled_out
from alerts.matching.phrases import (
    Guards,
    Phrase,
    guards_of,
    neighbour,
    phrase_at,
    phrase_pattern,
    words_of,
)
from models.lexicon import Keyword

_DFA_LIMIT = 3_000
"""Stems up to which the larger and faster automaton pays (measured)."""
_HITS_AT_MOST = 2_000
"""Hits after which an article is read no further."""
_SHORTEST_PREFIX = 4
_LONGEST_PREFIX = 6
_SPACE = ord(" ")


class Found(NamedTuple):
    """A keyword at `start:end` of the folded words; the span covers its whole tokens."""

    keyword: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Form:
    """One stem of one keyword."""

    keyword: int
    affixes: Affixes
    phrase: Phrase | None
    guards: Guards | None


@dataclass(slots=True)
class Vocabulary:
    """The keywords, numbered in the order in which they were added; equal keywords are one."""

    keywords: list[Keyword] = field(default_factory=list)
    _numbers: dict[Keyword, int] = field(default_factory=dict)
    _forms: dict[bytes, list[Form]] = field(default_factory=dict)

    def add(self, keyword: Keyword) -> int:
        """The number of the keyword. Raises ValueError when it has no forms."""
        number = self._numbers.get(keyword)
        if number is None:
            check(keyword)
            number = self._numbers[keyword] = len(self.keywords)
            self.keywords.append(keyword)
            guards = guards_of(keyword)
            for word in spellings(keyword):
                for letters, form in _forms_of(word, keyword, number, guards):
                    self._forms.setdefault(letters, []).append(form)
        return number

    def commonness(self) -> list[float]:
        """For each keyword how often it is likely to occur: short stems are common."""
        common = [0.0] * len(self.keywords)
        for letters, stem_forms in self._forms.items():
            for form in stem_forms:
                common[form.keyword] += 4.0 ** -len(letters) / (1 + 9 * (form.phrase is not None))
        return common

    def finder(self, keywords: Set[int]) -> "Finder":
        """Finds these keywords."""
        forms = {
            letters: [form for form in stem_forms if form.keyword in keywords]
            for letters, stem_forms in self._forms.items()
        }
        return Finder({letters: kept for letters, kept in forms.items() if kept})


_in_order = itemgetter(1, 2, 0)
"""Found by start, end and keyword."""


Ends = frozenset[bytes] | None
"""What may follow a stem in its word; None: anything, or nothing as the stem ends with a space."""
_Admitted = tuple[Ends, Phrase | None, Form]


class Finder:
    """Finds keywords in folded texts; immutable. `forms` are those of each stem."""

    def __init__(self, forms: dict[bytes, list[Form]]) -> None:
        self.forms = forms
        self.stems = tuple(forms)
        self._admitted = tuple(_by_proclitic(stem, forms[stem]) for stem in self.stems)
        dfa = len(self.stems) <= _DFA_LIMIT
        kind = Implementation.DFA if dfa else Implementation.ContiguousNFA
        self._automaton = BytesAhoCorasick(self.stems, implementation=kind) if forms else None

    def find(self, folded: Folded) -> list[Found]:
        """Every keyword in the text, each place once, overlapping ones too, in order."""
        if self._automaton is None:
            return []
        return self.check(
            folded, self._automaton.find_matches_as_indexes(folded.words, overlapping=True)
        )

    def check(self, folded: Folded, places: Iterable[tuple[int, int, int]]) -> list[Found]:
        """The keywords at these (stem, start, end), where the grammar admits them.

        Every article comes through here: what most often fails is asked first, and in place.
        """
        words, admitted = folded.words, self._admitted
        found: set[Found] = set()
        for stem, start, end in places:
            if words[start - 1] == _SPACE:
                left, before = start, b""
            else:
                left = words.rfind(b" ", max(0, start - _LONGEST_PREFIX), start) + 1
                before = words[left:start]
            forms = admitted[stem].get(before)
            if forms is None:
                continue
            # some stems end with the space after the word
            right = end - 1 if words[end - 1] == _SPACE else words.find(b" ", end)
            for ends, phrase, form in forms:
                if ends is not None and words[end:right] not in ends:
                    continue
                if phrase is not None and not phrase.may_stand(words, left, right):
                    continue
                if form.guards is None and phrase is None:
                    found.add(Found(form.keyword, left, right))
                elif (place := _place(form, folded, left, right)) is not None:
                    found.add(Found(form.keyword, *place))
                if len(found) >= _HITS_AT_MOST:
                    return sorted(found, key=_in_order)
        return sorted(found, key=_in_order)


def _by_proclitic(stem: bytes, forms: Iterable[Form]) -> dict[bytes, tuple[_Admitted, ...]]:
    """For each thing that may stand before the stem the forms that it can be, and their ends."""
    whole = stem.endswith(b" ")
    # most proclitics admit the same: it is in memory once
    entries: dict[tuple[int, Ends], _Admitted] = {}
    admitted: dict[bytes, list[_Admitted]] = {}
    for number, form in enumerate(forms):
        for before, ends in form.affixes.items():
            kept = None if whole else ends
            entry = entries.setdefault((number, kept), (kept, form.phrase, form))
            admitted.setdefault(before, []).append(entry)
    groups: dict[tuple[int, ...], tuple[_Admitted, ...]] = {}
    return {
        before: groups.setdefault(tuple(map(id, group)), tuple(group))
        for before, group in admitted.items()
    }


def _place(form: Form, folded: Folded, left: int, right: int) -> tuple[int, int] | None:
    """Where the form stands when the rest of its phrase and its guards allow it."""
    if form.phrase is not None:
        whole = phrase_at(form.phrase, folded, left)
        if whole is None:
            return None
        left, right = whole
    if form.guards is not None and form.guards.reject(folded.words, left, right):
        return None
    return left, right


def spellings(keyword: Keyword) -> tuple[str, ...]:
    """The word and its variants; of class regex the forms that each pattern stands for."""
    words = (keyword.word, *keyword.variants)
    if keyword.grammar != "regex":
        return words
    return tuple(form for word in words for form in spelled_out(word))


def check(keyword: Keyword) -> None:
    """Raises ValueError when a keyword cannot be matched as its class says."""
    for word in spellings(keyword):
        tokens = words_of(word)
        if not tokens:
            raise ValueError(f"'{word}' has no letter")
        if keyword.grammar == "prefix" and len(tokens[0]) < _SHORTEST_PREFIX:
            raise ValueError(f"the prefix '{word}' is shorter than {_SHORTEST_PREFIX} letters")
        if len(tokens) == 1 and len(tokens[0]) < 2:
            raise ValueError(f"'{word}' is a single letter")
    _check_number_of_words(keyword)


def _check_number_of_words(keyword: Keyword) -> None:
    several = len(words_of(keyword.word)) > 1
    if several and keyword.grammar not in ("phrase", "exact", "regex"):
        raise ValueError(f"'{keyword.word}' has several words: its class is phrase or exact")
    if not several and keyword.grammar == "phrase":
        raise ValueError(f"'{keyword.word}' is a single word: it has no class phrase")
    if keyword.slop and keyword.grammar != "phrase":
        raise ValueError("slop is for the class phrase")


def _forms_of(
    word: str, keyword: Keyword, number: int, guards: Guards | None
) -> Iterable[tuple[bytes, Form]]:
    tokens = words_of(word)
    if len(tokens) == 1:
        for stem in stems(word, keyword.grammar):
            yield stem.letters, Form(number, stem.affixes, None, guards)
        return
    exact = keyword.grammar in ("exact", "regex")
    # the longest word is the rarest; with slop only the first one's distance is known
    anchor = 0 if keyword.slop else max(range(len(tokens)), key=lambda at: len(tokens[at]))
    pattern = phrase_pattern(tokens, exact=exact, slop=keyword.slop)
    phrase = Phrase(pattern, anchor, neighbour(tokens, anchor, exact=exact, slop=keyword.slop))
    stem = phrase_stem(tokens[anchor], exact=exact)
    yield stem.letters, Form(number, stem.affixes, phrase, guards)
