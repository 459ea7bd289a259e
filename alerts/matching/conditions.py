"""The conditions of compiled rules.

A condition is asked of the hits of one part of an article (all of it, a sentence, a paragraph):
`holds` is the answer, `prove` the answer with its reasons, `used` the hits that made it hold.
What a condition needs in order to hold is known beforehand: `needs` are sets of keywords, of each
of which one must occur (no set: it can hold without any).
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Literal, Protocol

from alerts.matching.layout import Placed
from models.match import Clause
from models.topic import Zone

Unit = Literal["sentence", "paragraph"]
Keywords = frozenset[int]
Needs = tuple[Keywords, ...]
Commonness = Sequence[float]
"""For each keyword, how often it is likely to occur; only the order matters."""


class Hits:
    """The hits of one part of an article, by keyword; its sentences and paragraphs likewise."""

    __slots__ = ("_by_keyword", "_parts", "placed")

    def __init__(self, placed: Iterable[Placed]) -> None:
        self.placed = tuple(placed)
        self._by_keyword: dict[int, list[Placed]] = {}
        for hit in self.placed:
            self._by_keyword.setdefault(hit.keyword, []).append(hit)
        self._parts: dict[Unit, tuple[Hits, ...]] = {}

    def of(self, keywords: Keywords) -> list[Placed]:
        found = self._by_keyword
        if len(keywords) == 1:
            (only,) = keywords
            return found.get(only, [])
        if len(found) < len(keywords):
            return [hit for keyword, hits in found.items() if keyword in keywords for hit in hits]
        return [hit for keyword in keywords if keyword in found for hit in found[keyword]]

    def parts(self, unit: Unit) -> "tuple[Hits, ...]":
        """The hits of each sentence or paragraph that has any."""
        if unit not in self._parts:
            groups: dict[int, list[Placed]] = {}
            for hit in self.placed:
                number = hit.sentence if unit == "sentence" else hit.paragraph
                groups.setdefault(number, []).append(hit)
            self._parts[unit] = tuple(map(Hits, groups.values()))
        return self._parts[unit]


NO_HITS = Hits(())


class Condition(Protocol):
    """See the module."""

    @property
    def label(self) -> str: ...
    def needs(self, commonness: Commonness) -> Needs: ...
    def holds(self, hits: Hits) -> bool: ...
    def used(self, hits: Hits) -> list[Placed]: ...
    def prove(self, hits: Hits) -> Clause: ...


def cost(keywords: Set[int], commonness: Commonness) -> float:
    return sum(commonness[keyword] for keyword in keywords)


def needs_of_all(parts: Iterable[Condition], commonness: Commonness) -> Needs:
    """All the parts hold: whatever any of them needs, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(part.needs(commonness) for part in parts)))


def needs_of_any(parts: Iterable[Condition], commonness: Commonness) -> Needs:
    """One of the parts holds: for each need of the first, the cheapest that covers the others."""
    needs = [part.needs(commonness) for part in parts]
    merged = []
    for need in needs[0] if needs else ():
        for other in needs[1:]:
            if not other:
                return ()
            need = min((need | more for more in other), key=lambda both: cost(both, commonness))
        merged.append(need)
    return tuple(dict.fromkeys(merged))


@dataclass(frozen=True, slots=True)
class KeywordIn:
    """One of these keywords stands in one of these zones."""

    label: str
    keywords: frozenset[int]
    zones: frozenset[Zone]

    def needs(self, commonness: Commonness) -> Needs:
        return (self.keywords,)

    def holds(self, hits: Hits) -> bool:
        zones = self.zones
        for hit in hits.of(self.keywords):  # noqa: SIM110 - `any` of a generator takes longer
            if hit.zone in zones:
                return True
        return False

    def used(self, hits: Hits) -> list[Placed]:
        zones = self.zones
        return [hit for hit in hits.of(self.keywords) if hit.zone in zones]

    def prove(self, hits: Hits) -> Clause:
        here = len(self.used(hits))
        masked = len(hits.of(self.keywords)) - here
        detail = f"{here} found" if here else "not found"
        if masked:
            detail += f", {masked} elsewhere or in a byline do not count"
        return Clause(condition=self.label, passed=here > 0, detail=detail)


@dataclass(frozen=True, slots=True)
class AllHold:
    label: str
    parts: tuple[Condition, ...]

    def needs(self, commonness: Commonness) -> Needs:
        return needs_of_all(self.parts, commonness)

    def holds(self, hits: Hits) -> bool:
        for part in self.parts:  # noqa: SIM110 - as above
            if not part.holds(hits):
                return False
        return True

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

    def needs(self, commonness: Commonness) -> Needs:
        return needs_of_any(self.parts, commonness)

    def holds(self, hits: Hits) -> bool:
        number = 0
        for part in self.parts:
            if part.holds(hits):
                number += 1
                if number == self.least:
                    return True
        return False

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

    def needs(self, commonness: Commonness) -> Needs:
        return ()

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

    def needs(self, commonness: Commonness) -> Needs:
        return needs_of_any(self.parts, commonness)

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
        places = len({hit.start for hit in used})
        if self.different:
            return min(places, len({hit.keyword for hit in used}))
        return places
