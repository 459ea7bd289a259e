"""The keywords of all topics and lexicons, and what is wrong with them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.matching.errors import RuleProblem
from alerts.matching.vocabulary import Vocabulary
from models.lexicon import Keyword, Lexicon

Path = tuple[str | int, ...]
"""Where in a file's YAML: ('any', 0, 'near', 1)."""


@dataclass(slots=True)
class KeywordLists:
    """The numbers of keywords by lexicon; `inline` are those that rules write themselves, `used`
    those that any rule asks for. Problems are collected, each once."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    problems: list[RuleProblem] = field(default_factory=list)
    inline: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    _lists: dict[str, frozenset[int]] = field(default_factory=dict)

    def add_lexicon(self, name: str, lexicon: Lexicon) -> None:
        numbers: dict[int, int] = {}
        for index, entry in enumerate(lexicon.entries):
            path = ("entries", index)
            try:
                number = self.vocabulary.add(entry)
            except ValueError as error:
                self._add(RuleProblem(kind="lexicon", name=name, path=path, message=str(error)))
                continue
            if number in numbers:
                message = f"'{entry.word}' is listed already, as entry {numbers[number] + 1}"
                self._add(RuleProblem(kind="lexicon", name=name, path=path, message=message))
            numbers[number] = index
        self._lists[name] = frozenset(numbers)

    def word(self, keyword: Keyword, topic: str, path: Path) -> int | None:
        """The number of a keyword that a rule writes itself; None where it is none."""
        try:
            number = self.vocabulary.add(keyword)
        except ValueError as error:
            self.problem(topic, path, str(error))
            return None
        self.inline.add(number)
        self.used.add(number)
        return number

    def listed(self, lexicon: str, topic: str, path: Path) -> frozenset[int]:
        if lexicon not in self._lists:
            self.problem(topic, path, unknown("list", lexicon, self._lists))
        listed = self._lists.get(lexicon, frozenset())
        self.used |= listed
        return listed

    def every(self) -> frozenset[int]:
        """The keywords of all lexicons."""
        return frozenset().union(*self._lists.values())

    def problem(self, topic: str, path: Path, message: str) -> None:
        self._add(RuleProblem(kind="topic", name=topic, path=path, message=message))

    def _add(self, problem: RuleProblem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"there is no {kind} '{name}'{hint} Known: {', '.join(names) or 'none'}"
