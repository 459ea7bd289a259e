"""The conditions of compiled rules.

A condition is asked of the hits of one part of an article (all of it, a sentence, a paragraph):
`holds` is the answer, `prove` the answer with its reasons, `used` the hits that made it hold.
What a condition needs in order to hold is known beforehand: `anchors` are keywords of which at
least one must occur (None: it can hold without any), `possible` asks that of a whole article.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from alerts.matching.layout import Placed
from models.match import Clause
from models.topic import Zone

Hits = Sequence[Placed]
Anchors = frozenset[int] | None
Commonness = Sequence[float]
"""For each keyword, how often it is likely to occur; only the order matters."""


class Condition(Protocol):
    """See the module."""

    @property
    def label(self) -> str: ...
    def anchors(self, commonness: Commonness) -> Anchors: ...
    def possible(self, keywords: Set[int]) -> bool: ...
    def holds(self, hits: Hits) -> bool: ...
    def used(self, hits: Hits) -> list[Placed]: ...
    def prove(self, hits: Hits) -> Clause: ...


def cost(anchors: Anchors, commonness: Commonness) -> float:
    return float("inf") if anchors is None else sum(commonness[keyword] for keyword in anchors)


def rarest(parts: Iterable[Anchors], commonness: Commonness) -> Anchors:
    """All the parts must hold: the anchors of one of them are enough."""
    return min(parts, key=lambda anchors: cost(anchors, commonness), default=None)


def union(parts: Iterable[Anchors]) -> Anchors:
    """Any of the parts may hold."""
    found: set[int] = set()
    for anchors in parts:
        if anchors is None:
            return None
        found |= anchors
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class KeywordIn:
    """One of these keywords stands in one of these zones."""

    label: str
    keywords: frozenset[int]
    zones: frozenset[Zone]

    def anchors(self, commonness: Commonness) -> Anchors:
        return self.keywords

    def possible(self, keywords: Set[int]) -> bool:
        return not self.keywords.isdisjoint(keywords)

    def holds(self, hits: Hits) -> bool:
        return any(hit.keyword in self.keywords and hit.zone in self.zones for hit in hits)

    def used(self, hits: Hits) -> list[Placed]:
        return [hit for hit in hits if hit.keyword in self.keywords and hit.zone in self.zones]

    def prove(self, hits: Hits) -> Clause:
        here = len(self.used(hits))
        masked = sum(hit.keyword in self.keywords for hit in hits) - here
        detail = f"{here} found" if here else "not found"
        if masked:
            detail += f", {masked} elsewhere or in a byline do not count"
        return Clause(condition=self.label, passed=here > 0, detail=detail)


@dataclass(frozen=True, slots=True)
class AllHold:
    label: str
    parts: tuple[Condition, ...]

    def anchors(self, commonness: Commonness) -> Anchors:
        return rarest((part.anchors(commonness) for part in self.parts), commonness)

    def possible(self, keywords: Set[int]) -> bool:
        return all(part.possible(keywords) for part in self.parts)

    def holds(self, hits: Hits) -> bool:
        return all(part.holds(hits) for part in self.parts)

    def used(self, hits: Hits) -> list[Placed]:
        return list(chain.from_iterable(part.used(hits) for part in self.parts))

    def prove(self, hits: Hits) -> Clause:
        proofs = tuple(part.prove(hits) for part in self.parts)
        return Clause(
            condition=self.label, passed=all(proof.passed for proof in proofs), children=proofs
        )


@dataclass(frozen=True, slots=True)
class SomeHold:
    """At least `least` of the parts hold."""

    label: str
    parts: tuple[Condition, ...]
    least: int = 1

    def anchors(self, commonness: Commonness) -> Anchors:
        # any `len - least + 1` of the parts contain one that holds: leave out the commonest
        kept = sorted(
            (part.anchors(commonness) for part in self.parts),
            key=lambda anchors: cost(anchors, commonness),
        )
        return union(kept[: len(kept) - self.least + 1])

    def possible(self, keywords: Set[int]) -> bool:
        if self.least == 1:
            return any(part.possible(keywords) for part in self.parts)
        return sum(part.possible(keywords) for part in self.parts) >= self.least

    def holds(self, hits: Hits) -> bool:
        if self.least == 1:
            return any(part.holds(hits) for part in self.parts)
        return sum(part.holds(hits) for part in self.parts) >= self.least

    def used(self, hits: Hits) -> list[Placed]:
        return list(chain.from_iterable(part.used(hits) for part in self.parts if part.holds(hits)))

    def prove(self, hits: Hits) -> Clause:
        proofs = tuple(part.prove(hits) for part in self.parts)
        passed = sum(proof.passed for proof in proofs)
        return Clause(
            condition=self.label,
            passed=passed >= self.least,
            detail=f"{passed} of {len(proofs)} hold",
            children=proofs,
        )


@dataclass(frozen=True, slots=True)
class NoneHold:
    label: str
    parts: tuple[Condition, ...]

    def anchors(self, commonness: Commonness) -> Anchors:
        return None

    def possible(self, keywords: Set[int]) -> bool:
        return True

    def holds(self, hits: Hits) -> bool:
        return not any(part.holds(hits) for part in self.parts)

    def used(self, hits: Hits) -> list[Placed]:
        return []

    def prove(self, hits: Hits) -> Clause:
        found = [part.prove(hits) for part in self.parts if part.holds(hits)]
        detail = "; ".join(f"{proof.condition} {proof.detail}".strip() for proof in found)
        return Clause(
            condition=self.label,
            passed=not found,
            detail=f"but: {detail}" if found else "none holds",
            children=tuple(found),
        )


@dataclass(frozen=True, slots=True)
class CountOf:
    """The parts are hit so many times in all, or by so many different keywords."""

    label: str
    parts: tuple[Condition, ...]
    least: int
    different: bool = False

    def anchors(self, commonness: Commonness) -> Anchors:
        return union(part.anchors(commonness) for part in self.parts)

    def possible(self, keywords: Set[int]) -> bool:
        return any(part.possible(keywords) for part in self.parts)

    def holds(self, hits: Hits) -> bool:
        return self._number(hits) >= self.least

    def used(self, hits: Hits) -> list[Placed]:
        return [hit for part in self.parts for hit in part.used(hits)]

    def prove(self, hits: Hits) -> Clause:
        number = self._number(hits)
        return Clause(
            condition=self.label, passed=number >= self.least, detail=f"{number} of {self.least}"
        )

    def _number(self, hits: Hits) -> int:
        """A place that several keywords hit counts once."""
        used = self.used(hits)
        if self.different:
            return len({hit.keyword for hit in used})
        return len({hit.start for hit in used})
