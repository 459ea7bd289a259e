"""A match: which topic an article is about, and the proof of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Field = Literal["title", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the matcher reads of an article. Offsets of hits are code points into title or text."""

    title: str
    text: str
    source: str | None = None
    language: str | None = None
    published: datetime | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A keyword found: `text` is how the article writes it, field[start:end] == text."""

    keyword: str
    text: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition of a rule as it was evaluated; `detail` says what was found or lacked."""

    condition: str
    passed: bool
    detail: str = ""
    children: "tuple[Clause, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The proof for one topic and one document, whether it fired or not."""

    topic: str
    fired: bool
    score: float
    hits: tuple[Hit, ...]
    clauses: tuple[Clause, ...]

    @property
    def lacked(self) -> tuple[str, ...]:
        """Why it did not fire: the conditions that did not pass, in the order of the rule."""
        return tuple(
            f"{clause.condition}: {clause.detail}" if clause.detail else clause.condition
            for clause in self.clauses
            if not clause.passed
        )
