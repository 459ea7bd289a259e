"""The usual way to match Arabic keywords: str.translate, pyahocorasick, checks, every rule.

The text is folded with a table that `str.maketrans` would make, one entry for each character that
changes, and stays a str. The stems, the forms around them, phrases and guards are those of Marsad,
asked in the same order; what was found is placed and asked of the rules by Marsad's own code, and
shown at its place in the original text. What differs is how a text is folded and searched, and that
all rules are asked of whatever has a hit.
"""

import re
import sys
import unicodedata
from functools import cached_property
from typing import Any, NamedTuple

import ahocorasick

from alerts.matching.alphabet import KNOWN, STRANGE_LETTER, spelled, text_of
from alerts.matching.conditions import Hits
from alerts.matching.folding import Folded
from alerts.matching.layout import joined, placed
from alerts.matching.phrases import Guards, Phrase
from alerts.matching.rules import RuleSet
from alerts.matching.vocabulary import Form, Found
from models.arabic import COMPOSING
from models.match import Document

_REACH = 160
_CLITICS = 6
_PUNCTUATION = re.compile(rb"[.,\n]")
_COMPOSING = re.compile(f"[{COMPOSING}]")


def _table() -> dict[int, str | None]:
    """What becomes of each character that changes."""
    table: dict[int, str | None] = {}
    for char in map(chr, range(sys.maxunicode + 1)):
        category = unicodedata.category(char)
        if category in ("Cn", "Co", "Cs"):
            continue
        if category == "Lo" and char not in KNOWN and spelled(char) == STRANGE_LETTER:
            continue
        folded = text_of(Folded(f"x{char}x").words[2:-2])
        if folded not in (char, STRANGE_LETTER):
            table[ord(char)] = folded or None
    return table


class StrForm(NamedTuple):
    """A form of a keyword in letters."""

    keyword: int
    affixes: dict[str, frozenset[str] | None]
    phrase: "StrPhrase | None"
    guards: "StrGuards | None"


class StrPhrase(NamedTuple):
    pattern: re.Pattern[str]
    before: int
    neighbour: str


class StrGuards(NamedTuple):
    forms: frozenset[str]
    following: re.Pattern[str] | None
    preceding: re.Pattern[str] | None
    lasts: tuple[str, ...]
    reach: int
    around: re.Pattern[str] | None
    firsts: tuple[str, ...]
    inner: tuple[str, ...]
    around_reach: int


class Translated:
    """A folded text; `kinds` tells the signs apart, where a phrase asks for them."""

    def __init__(self, text: str, table: dict[int, str | None]) -> None:
        self.text = text
        if _COMPOSING.search(text):
            text = unicodedata.normalize("NFC", text)
        self.words = f" {text.translate(table)} "

    @cached_property
    def kinds(self) -> bytes:
        return Folded(self.text).clean


class UsualWay:
    """Rules asked of the hits of one automaton over all their keywords.

    With `whole` the table lists the letters that stay as they are, too: str.translate then need not
    find out that they are missing.
    """

    def __init__(self, rules: RuleSet, *, whole: bool = False) -> None:
        self._rules = rules.rules
        self._table = _table()
        if whole:
            self._table = {ord(char): char for char in KNOWN} | self._table
        self._automaton: Any = ahocorasick.Automaton()
        same: dict[str, list[tuple[bool, StrForm]]] = {}
        for stem, forms in rules.every.forms.items():
            letters = text_of(stem)
            whole = letters.endswith(" ")
            same.setdefault(letters.rstrip(), []).extend((whole, _form(form)) for form in forms)
        for letters, listed in same.items():
            self._automaton.add_word(letters, (len(letters), listed))
        self._automaton.make_automaton()

    def matching(self, document: Document) -> list[tuple[str, list[tuple[int, int]]]]:
        """The topics that fire, each with the places of its words in the text."""
        text = joined(document)
        found = self.find(text)
        if not found:
            return []
        folded = Folded(text)
        hits = Hits(placed(folded, len(document.title), found))
        return [
            (
                rule.topic.name,
                [folded.span(hit.start, hit.end) for hit in rule.condition.used(hits)],
            )
            for rule in self._rules
            if rule.condition.holds(hits)
        ]

    def find(self, text: str) -> list[Found]:
        """As Finder.find; a position of the folded text is one of Marsad's."""
        translated = Translated(text, self._table)
        words = translated.words
        found: set[Found] = set()
        for last, (length, same) in self._automaton.iter(words):
            start, end = last + 1 - length, last + 1
            left = words.rfind(" ", 0, start) + 1
            before, right = words[left:start], words.find(" ", end)
            for whole, form in same:
                if before not in form.affixes or (whole and right != end):
                    continue
                ends = form.affixes[before]
                if ends is not None and words[end:right] not in ends:
                    continue
                place = _place(form, translated, left, right)
                if place is not None:
                    found.add(Found(form.keyword, *place))
        return sorted(found, key=lambda hit: (hit.start, hit.end, hit.keyword))


def _place(form: StrForm, text: Translated, left: int, right: int) -> tuple[int, int] | None:
    words = text.words
    if form.phrase is not None:
        if not _may_stand(form.phrase, words, left, right):
            return None
        for _ in range(form.phrase.before):
            left = words.rfind(" ", 0, len(words[:left].rstrip())) + 1
        match = form.phrase.pattern.match(words, left)
        if match is None or _PUNCTUATION.search(text.kinds, left, match.end()):
            return None
        left, right = match.span()
    if form.guards is not None and _rejected(form.guards, words, left, right):
        return None
    return left, right


def _may_stand(phrase: StrPhrase, words: str, left: int, right: int) -> bool:
    near = phrase.neighbour
    if phrase.before:
        return words.endswith(near, 0, left) or words.startswith(" ", left - 2)
    if words.find(near, right, right + len(near) + _CLITICS) >= 0:
        return True
    return words.startswith("  ", right)


def _rejected(guards: StrGuards, words: str, start: int, end: int) -> bool:
    if guards.forms and words[start:end] in guards.forms:
        return True
    if guards.following and guards.following.match(words, end):
        return True
    if (
        guards.preceding
        and words.endswith(guards.lasts, 0, _after_word(words, start))
        and guards.preceding.search(words, max(0, start - guards.reach), start)
    ):
        return True
    return guards.around is not None and _surrounded(guards, guards.around, words, start, end)


def _surrounded(
    guards: StrGuards, around: re.Pattern[str], words: str, start: int, end: int
) -> bool:
    if words.endswith(guards.firsts, start, end):
        match = around.match(words, start - 1)
        if match is not None and end <= match.end():
            return True
    if not words.endswith(guards.inner, 0, _after_word(words, start)):
        return False
    before = max(0, start - guards.around_reach)
    return any(
        match.start() < start and end <= match.end()
        for match in around.finditer(words, before, end + guards.around_reach)
    )


def _after_word(words: str, start: int) -> int:
    furthest = max(1, start - _REACH)
    while start > furthest and words[start - 2] == " ":
        start -= 1
    return start


def _form(form: Form) -> StrForm:
    affixes = {
        text_of(before): None if ends is None else frozenset(map(text_of, ends))
        for before, ends in form.affixes.items()
    }
    return StrForm(form.keyword, affixes, _phrase(form.phrase), _guards(form.guards))


def _phrase(phrase: Phrase | None) -> StrPhrase | None:
    if phrase is None:
        return None
    return StrPhrase(_pattern(phrase.pattern), phrase.before, text_of(phrase.neighbour))


def _guards(guards: Guards | None) -> StrGuards | None:
    if guards is None:
        return None
    around = guards.around
    return StrGuards(
        frozenset(map(text_of, guards.forms)),
        _pattern(guards.following) if guards.following else None,
        _pattern(guards.preceding) if guards.preceding else None,
        tuple(map(text_of, guards.lasts)),
        guards.reach,
        _pattern(around.pattern) if around else None,
        tuple(map(text_of, around.firsts)) if around else (),
        tuple(map(text_of, around.inner)) if around else (),
        around.reach if around else 0,
    )


def _pattern(pattern: re.Pattern[bytes]) -> re.Pattern[str]:
    return re.compile(text_of(pattern.pattern))
