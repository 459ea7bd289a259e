"""The usual way to match Arabic keywords: str.translate, pyahocorasick, checks, every rule.

It has the stems and the checks of Marsad's own matcher, and its rules; what differs is how a text
is folded and searched, and that all rules are asked of whatever has a hit.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

import ahocorasick

from alerts.matching.alphabet import KNOWN, spelled
from alerts.matching.conditions import Hits
from alerts.matching.folding import Folded
from alerts.matching.layout import joined, placed
from alerts.matching.rules import RuleSet
from alerts.matching.vocabulary import Found
from models.match import Document


class Translation(dict[int, str | None]):
    """The table of str.translate that folds as Marsad does; each letter becomes one character
    below 256, so that the checks can be shared."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        plain = char if char in KNOWN else spelled(char)
        self[code] = "".join(map(_folded, plain)) or None
        return self[code]


def _folded(char: str) -> str:
    return Folded(f"x{char}x").words.strip()[1:-1].decode("latin-1")


class Translated:
    """What the checks ask of a folded text."""

    def __init__(self, text: str, table: Translation) -> None:
        self.text = text
        self.folded = f" {text.translate(table)} "

    @cached_property
    def words(self) -> bytes:
        return self.folded.encode("latin-1")

    @cached_property
    def clean(self) -> bytes:
        return Folded(self.text).clean


class UsualWay:
    """Rules asked of the hits of one automaton over all their keywords."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules.rules
        self._finder = rules.every
        self._table = Translation()
        self._automaton: Any = ahocorasick.Automaton()
        numbers: dict[str, list[tuple[int, str]]] = {}
        for number, stem in enumerate(rules.every.stems):
            letters = stem.decode("latin-1")
            numbers.setdefault(letters.removesuffix(" "), []).append((number, letters))
        for letters, same in numbers.items():
            self._automaton.add_word(letters, (len(letters), same))
        self._automaton.make_automaton()

    def matching(self, document: Document) -> list[str]:
        """The topics that fire."""
        text = joined(document)
        found = self.find(text)
        if not found:
            return []
        hits = Hits(placed(Folded(text), len(document.title), found))
        return [rule.topic.name for rule in self._rules if rule.condition.holds(hits)]

    def find(self, text: str) -> list[Found]:
        translated = Translated(text, self._table)
        found = list(self._places(translated.folded))
        return self._finder.check(cast(Folded, translated), found) if found else []

    def _places(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """(stem, start, end) of each stem, with the space after it where nothing may follow."""
        for last, (length, same) in self._automaton.iter(folded):
            start = last + 1 - length
            for number, letters in same:
                if len(letters) == length or folded[last + 1] == " ":
                    yield number, start, start + len(letters)
