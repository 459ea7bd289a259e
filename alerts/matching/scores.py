"""The score condition: weighted terms that must add up to a threshold."""

from dataclasses import dataclass

from alerts.matching.conditions import (
    NO_HITS,
    Commonness,
    Condition,
    Hits,
    KeywordIn,
    Keywords,
    Needs,
    cost,
    needs_of_any,
)
from alerts.matching.layout import Placed
from models.match import Clause
from models.topic import Zone, ZoneWeights


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term of a score."""

    parts: tuple[Condition, ...]
    weight: float
    cap: int

    def total(self, hits: Hits, weights: ZoneWeights) -> float:
        factors: list[float] = []
        for part in self.parts:
            factors += self._factors(part, hits, weights)
        if not factors:
            return 0.0
        return self.weight * sum(sorted(factors)[-self.cap :])

    def _factors(self, part: Condition, hits: Hits, weights: ZoneWeights) -> list[float]:
        if isinstance(part, KeywordIn):
            return [_factor(hit.zone, weights) for hit in part.used(hits)]
        return [1.0] if part.holds(hits) else []

    def needs(self, commonness: Commonness) -> Needs:
        return needs_of_any(self.parts, commonness)

    def holds_without_keyword(self) -> bool:
        return any(part.holds(NO_HITS) for part in self.parts)

    def most(self, weights: ZoneWeights) -> float:
        """The most that it can add (or take away)."""
        countable = any(isinstance(part, KeywordIn) for part in self.parts)
        factor = max(1.0, weights.title, weights.lead, weights.body) if countable else 1.0
        times = self.cap if countable else min(self.cap, len(self.parts))
        return self.weight * times * factor


def _factor(zone: Zone, weights: ZoneWeights) -> float:
    match zone:
        case "title":
            return weights.title
        case "lead":
            return weights.lead
        case "body":
            return weights.body
        case "byline":
            return 1.0


@dataclass(frozen=True, slots=True)
class ScoreReached:
    label: str
    terms: tuple[Weighed, ...]
    weights: ZoneWeights
    threshold: float

    def total(self, hits: Hits) -> float:
        return sum(term.total(hits, self.weights) for term in self.terms)

    def most(self) -> float:
        """The most that it can come to."""
        return sum(term.most(self.weights) for term in self.terms if term.weight > 0)

    def least(self) -> float:
        """What it comes to, at the least, in any article."""
        always = sum(
            term.weight for term in self.terms if term.weight > 0 and term.holds_without_keyword()
        )
        return always + sum(term.most(self.weights) for term in self.terms if term.weight < 0)

    def needs(self, commonness: Commonness) -> Needs:
        """One of the terms; the commonest are left out while they alone cannot reach the score."""
        terms: list[tuple[float, Keywords, float]] = []
        for term in self.terms:
            if term.weight > 0:
                need = min(
                    term.needs(commonness),
                    key=lambda keywords: cost(keywords, commonness),
                    default=None,
                )
                if need is None:
                    return ()
                terms.append((cost(need, commonness), need, term.most(self.weights)))
        terms.sort(key=lambda item: item[0])
        reach = 0.0
        while terms and reach + terms[-1][2] < self.threshold:
            reach += terms.pop()[2]
        return (frozenset().union(*(need for _, need, _ in terms)),) if terms else ()

    def holds(self, hits: Hits) -> bool:
        return self.total(hits) >= self.threshold

    def used(self, hits: Hits) -> list[Placed]:
        return [
            hit
            for term in self.terms
            if term.weight > 0
            for part in term.parts
            if part.holds(hits)
            for hit in part.used(hits)
        ]

    def prove(self, hits: Hits) -> Clause:
        total = self.total(hits)
        terms = tuple(
            Clause(
                condition=", ".join(part.label for part in term.parts),
                passed=bool(gain := term.total(hits, self.weights)),
                detail=f"{gain:+g}",
            )
            for term in self.terms
        )
        missing = self.threshold - total
        detail = f"{total:g} of {self.threshold:g}" + (
            f", {missing:g} short" if missing > 0 else ""
        )
        return Clause(condition=self.label, passed=missing <= 0, detail=detail, children=terms)
