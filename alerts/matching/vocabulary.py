"""The keywords of all rules as one automaton, and the check of each place it finds.

Aho-Corasick runs over the folded words and finds stems; what stands before and after a stem in
its token is then checked against the grammar of the keyword.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from alerts.matching import alphabet
from alerts.matching.folding import Folded, fold_bytes
from alerts.matching.grammar import (
    BARE,
    DEFINITE,
    Affixes,
    has_article,
    phrase_stem,
    stems,
)
from alerts.matching.patterns import spelled_out
from models.lexicon import Keyword

_DFA_LIMIT = 3_000
"""Stems up to which the larger and faster automaton pays (measured)."""
_HITS_AT_MOST = 2_000
"""Hits after which an article is read no further."""
_SHORTEST_PREFIX = 4
_LONGEST_PREFIX = 6
_REACH = 160
"""Bytes before and after a hit within which its phrase and its guards are looked for."""
_SPACE = ord(" ")
_SIGNS = re.compile(f"[{re.escape(alphabet.SIGNS)}]")
_MARKS = re.compile(f"[{re.escape(alphabet.DELETED_MARKS)}]")
_PUNCTUATION = re.compile(rb"[.,\n]")


class Found(NamedTuple):
    """A keyword at `start:end` of the folded words; the span covers its whole tokens."""

    keyword: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Guards:
    """When a form is another word after all."""

    forms: frozenset[bytes] = frozenset()
    following: re.Pattern[bytes] | None = None
    preceding: re.Pattern[bytes] | None = None
    around: "Surroundings | None" = None

    def reject(self, words: bytes, start: int, end: int) -> bool:
        if self.forms and words[start:end] in self.forms:
            return True
        if self.following and self.following.match(words, end):
            return True
        before = max(0, start - _REACH)
        if self.preceding and self.preceding.search(words, before, start):
            return True
        return self.around is not None and self.around.surrounds(words, start, end)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Phrases inside which a keyword is not matched; `openings` are what they begin with."""

    openings: frozenset[bytes]
    pattern: re.Pattern[bytes]

    def surrounds(self, words: bytes, start: int, end: int) -> bool:
        before = max(0, start - _REACH)
        near = words[before:end]
        if not any(opening in near for opening in self.openings):  # far cheaper than the pattern
            return False
        return any(
            match.start() < start and end <= match.end()
            for match in self.pattern.finditer(words, before, end + _REACH)
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """The whole phrase as a pattern, and how many tokens of it stand before the stem."""

    pattern: re.Pattern[bytes]
    before: int


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
            guards = _guards(keyword)
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


class Finder:
    """Finds keywords in folded texts; immutable."""

    def __init__(self, forms: dict[bytes, list[Form]]) -> None:
        self.stems = tuple(forms)
        self._forms = tuple(tuple(forms[stem]) for stem in self.stems)
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
        """The keywords at these (stem, start, end), where the grammar admits them."""
        words = folded.words
        found: set[Found] = set()
        for stem, start, end in places:
            left = words.rfind(b" ", max(0, start - _LONGEST_PREFIX), start) + 1
            if not left:
                continue
            right = words.find(b" ", end - 1)  # some stems end with the space
            before, after = words[left:start], words[end:right]
            for form in self._forms[stem]:
                if before not in form.affixes:
                    continue
                allowed = form.affixes[before]
                if allowed is not None and after not in allowed:
                    continue
                place = _place(form, folded, left, right)
                if place is not None:
                    found.add(Found(form.keyword, *place))
            if len(found) >= _HITS_AT_MOST:
                break
        return sorted(found, key=_in_order)


def _in_order(found: Found) -> tuple[int, int, int]:
    return found.start, found.end, found.keyword


def _place(form: Form, folded: Folded, left: int, right: int) -> tuple[int, int] | None:
    """Where the form stands when the rest of its phrase and its guards allow it."""
    if form.phrase is not None:
        whole = _phrase_at(form.phrase, folded, left)
        if whole is None:
            return None
        left, right = whole
    if form.guards is not None and form.guards.reject(folded.words, left, right):
        return None
    return left, right


def _phrase_at(phrase: Phrase, folded: Folded, left: int) -> tuple[int, int] | None:
    words = folded.words
    for _ in range(phrase.before):
        left = _word_before(words, left)
        if not left:
            return None
    match = phrase.pattern.match(words, left)
    if match is None or _PUNCTUATION.search(folded.clean, left, match.end()):
        return None
    return match.span()


def _word_before(words: bytes, start: int) -> int:
    """Where the word before the one at `start` starts; 0 when there is none near."""
    end = start
    while words[end - 1] == _SPACE and end > start - _REACH:
        end -= 1
    return words.rfind(b" ", max(0, end - _REACH), end) + 1


def spellings(keyword: Keyword) -> tuple[str, ...]:
    """The word and its variants; of class regex the forms that each pattern stands for."""
    words = (keyword.word, *keyword.variants)
    if keyword.grammar != "regex":
        return words
    return tuple(form for word in words for form in spelled_out(word))


def check(keyword: Keyword) -> None:
    """Raises ValueError when a keyword cannot be matched as its class says."""
    for word in spellings(keyword):
        tokens = _words(word)
        if not tokens:
            raise ValueError(f"'{word}' has no letter")
        if keyword.grammar == "prefix" and len(tokens[0]) < _SHORTEST_PREFIX:
            raise ValueError(f"the prefix '{word}' is shorter than {_SHORTEST_PREFIX} letters")
        if len(tokens) == 1 and len(tokens[0]) < 2:
            raise ValueError(f"'{word}' is a single letter")
    _check_number_of_words(keyword)


def _check_number_of_words(keyword: Keyword) -> None:
    several = len(_words(keyword.word)) > 1
    if several and keyword.grammar not in ("phrase", "exact", "regex"):
        raise ValueError(f"'{keyword.word}' has several words: its class is phrase or exact")
    if not several and keyword.grammar == "phrase":
        raise ValueError(f"'{keyword.word}' is a single word: it has no class phrase")
    if keyword.slop and keyword.grammar != "phrase":
        raise ValueError("slop is for the class phrase")


def _forms_of(
    word: str, keyword: Keyword, number: int, guards: Guards | None
) -> Iterable[tuple[bytes, Form]]:
    tokens = _words(word)
    if len(tokens) == 1:
        for stem in stems(word, keyword.grammar):
            yield stem.letters, Form(number, stem.affixes, None, guards)
        return
    exact = keyword.grammar in ("exact", "regex")
    # the longest word is the rarest; with slop only the first one's distance is known
    anchor = 0 if keyword.slop else max(range(len(tokens)), key=lambda at: len(tokens[at]))
    phrase = Phrase(_phrase_pattern(tokens, exact=exact, slop=keyword.slop), anchor)
    stem = phrase_stem(tokens[anchor], exact=exact)
    yield stem.letters, Form(number, stem.affixes, phrase, guards)


def _words(text: str) -> list[str]:
    """The words of a keyword as it is written, without the marks that fold to nothing."""
    return _SIGNS.sub(" ", _MARKS.sub("", text)).split()


_BEFORE_BARE = b"(?:" + b"|".join(fold_bytes(p) for p in (*DEFINITE, *BARE)) + b")"
_BEFORE_DEFINITE = b"(?:" + b"|".join(fold_bytes(p) for p in DEFINITE) + b")"


def _word_pattern(word: str, *, exact: bool = False) -> bytes:
    """A word of a phrase with its clitics: one written with the article always has it."""
    if exact:
        return re.escape(fold_bytes(word))
    if has_article(word):
        return _BEFORE_DEFINITE + re.escape(fold_bytes(word[2:]))
    return _BEFORE_BARE + re.escape(fold_bytes(word))


def _phrase_pattern(tokens: Sequence[str], *, exact: bool, slop: int) -> re.Pattern[bytes]:
    between = rb" +(?:[^ ]+ +){0,%d}?" % slop if slop else b" +"
    return re.compile(between.join(_word_pattern(t, exact=exact) for t in tokens) + b"(?= )")


def _guards(keyword: Keyword) -> Guards | None:
    if not (keyword.not_forms or keyword.not_next or keyword.not_prev or keyword.not_in):
        return None
    return Guards(
        forms=frozenset(map(fold_bytes, keyword.not_forms)),
        following=_any_of(keyword.not_next, b" +", b"(?= )"),
        preceding=_any_of(keyword.not_prev, b" ", b" +$"),
        around=_surroundings(keyword.not_in),
    )


def _surroundings(phrases: Sequence[str]) -> Surroundings | None:
    pattern = _any_of(phrases, b" ", b"(?= )")
    if pattern is None:
        return None
    firsts = (_words(phrase)[0] for phrase in phrases)
    openings = (word[2:] if has_article(word) else word for word in firsts)
    return Surroundings(frozenset(map(fold_bytes, openings)), pattern)


def _any_of(texts: Sequence[str], before: bytes, after: bytes) -> re.Pattern[bytes] | None:
    if not texts:
        return None
    phrases = (b" +".join(map(_word_pattern, _words(text))) for text in texts)
    return re.compile(before + b"(?:" + b"|".join(phrases) + b")" + after)
