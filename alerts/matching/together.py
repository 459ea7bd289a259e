"""Conditions on where hits stand to each other: one sentence, one paragraph, so many words."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.matching.conditions import (
    AllHold,
    Commonness,
    Condition,
    Hits,
    Needs,
    Unit,
    needs_of_all,
)
from alerts.matching.layout import Placed
from models.match import Clause


@dataclass(frozen=True, slots=True)
class TogetherIn:
    """The part holds within one sentence or paragraph, in so many of them."""

    label: str
    part: AllHold
    unit: Unit
    times: int = 1

    def needs(self, commonness: Commonness) -> Needs:
        return self.part.needs(commonness)

    def holds(self, hits: Hits) -> bool:
        return len(self._passing(hits)) >= self.times

    def used(self, hits: Hits) -> list[Placed]:
        return [hit for group in self._passing(hits) for hit in self.part.used(group)]

    def prove(self, hits: Hits) -> Clause:
        passing = len(self._passing(hits))
        if passing:
            detail = f"in {passing} of {self.times}" if self.times > 1 else f"in {passing}"
            return Clause(condition=self.label, passed=passing >= self.times, detail=detail)
        whole = self.part.prove(hits)
        detail = f"it holds, but not within one {self.unit}" if whole.passed else ""
        return Clause(condition=self.label, passed=False, detail=detail, children=whole.children)

    def _passing(self, hits: Hits) -> list[Hits]:
        return [group for group in hits.parts(self.unit) if self.part.holds(group)]


@dataclass(frozen=True, slots=True)
class NearEachOther:
    """Each part is hit once within so many words, counted from the first hit to the last."""

    label: str
    parts: tuple[Condition, ...]
    within: int
    ordered: bool

    def needs(self, commonness: Commonness) -> Needs:
        return needs_of_all(self.parts, commonness)

    def holds(self, hits: Hits) -> bool:
        return bool(self.used(hits))

    def used(self, hits: Hits) -> list[Placed]:
        lists = [part.used(hits) for part in self.parts]
        if not all(lists):
            return []
        lists = _apart(lists)
        if not all(lists):
            return []
        return _in_order(lists, self.within) if self.ordered else _in_window(lists, self.within)

    def prove(self, hits: Hits) -> Clause:
        if used := self.used(hits):
            return Clause(condition=self.label, passed=True, detail=f"{len(used)} hits")
        proofs = tuple(part.prove(hits) for part in self.parts)
        apart = all(proof.passed for proof in proofs)
        return Clause(
            condition=self.label,
            passed=False,
            detail="all occur, but further apart" if apart else "",
            children=() if apart else proofs,
        )


def _apart(lists: Sequence[Sequence[Placed]]) -> list[list[Placed]]:
    """Without the hits inside a longer hit of another list: a word is not near itself."""
    every = sorted(
        ((hit, number) for number, hits in enumerate(lists) for hit in hits),
        key=lambda item: (item[0].start, -item[0].end),
    )
    kept: list[list[Placed]] = [[] for _ in lists]
    end, owner = -1, -1
    for hit, number in every:
        if hit.end > end:
            end, owner = hit.end, number
        elif number != owner:
            continue
        kept[number].append(hit)
    return kept


def _in_order(lists: Sequence[Sequence[Placed]], within: int) -> list[Placed]:
    """The hits of every shortest run that has one hit of each list in the lists' order."""
    ordered = [sorted(hits, key=lambda hit: hit.word) for hits in lists]
    used: dict[Placed, None] = {}
    for first in ordered[0]:
        run = [first]
        for hits in ordered[1:]:
            at = bisect_left(hits, run[-1].last_word + 1, key=lambda hit: hit.word)
            if at == len(hits):
                return list(used)
            run.append(hits[at])
        if run[-1].last_word - first.word < within:
            used.update(dict.fromkeys(run))
    return list(used)


def _in_window(lists: Sequence[Sequence[Placed]], within: int) -> list[Placed]:
    """The hits of every stretch of `within` words that has a hit of each list."""
    hits = sorted(
        ((hit, number) for number, part in enumerate(lists) for hit in part),
        key=lambda item: (item[0].word, item[1]),
    )
    used: dict[Placed, None] = {}
    inside = [0] * len(lists)
    left = kept = 0
    for right, (hit, number) in enumerate(hits):
        inside[number] += 1
        while left <= right and hit.last_word - hits[left][0].word >= within:
            inside[hits[left][1]] -= 1
            left += 1
        if all(inside):
            used.update(dict.fromkeys(item[0] for item in hits[max(left, kept) : right + 1]))
            kept = right + 1
    return list(used)
