"""Which clause made the difference between two proofs of the same article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from models.match import Clause, Hit, Verdict
from models.topic import Topic

_PLAIN = ("rule", "all of")  # these say nothing that their parts do not
_WORDS = 3
_WITHOUT, _UNNEEDED = "without ", "no need of "
_MASKED = re.compile(r", \d+ elsewhere.*")

Ways = tuple[Sequence[str], Sequence[str]]
"""What the alternatives of a topic's `any` say, before and after."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`clause`: where in the rule, the same for all articles; `detail`: what this one has."""

    clause: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.clause}: {self.detail}" if self.detail else self.clause


@dataclass(frozen=True, slots=True)
class Side:
    """A topic's rule and its proof for an article."""

    topic: Topic
    verdict: Verdict

    @property
    def ways(self) -> list[str]:
        return [
            way if isinstance(way, str) else way.model_dump_json(exclude_defaults=True)
            for way in self.topic.any
        ]


def difference(old: Side | None, new: Side | None) -> Difference:
    """Why `new` fires and `old` does not, or the other way round. None: there is no such topic."""
    if old is None:
        return Difference("the topic is new")
    if new is None:
        return Difference("the topic is gone")
    fewer, more = (old, new) if new.verdict.fired else (new, old)
    gains = _gains(
        fewer.verdict.clauses, more.verdict.clauses, "all of", (), (fewer.ways, more.ways)
    )
    first = next(gains, Difference("the rule"))
    words = _words(more.verdict.hits, fewer.verdict.hits)
    detail = "; ".join(part for part in (first.detail, words) if part)
    return Difference(first.clause if new.verdict.fired else _loss(first.clause), detail)


def _loss(clause: str) -> str:
    """What the gain of the other side is called where it is a loss."""
    if _UNNEEDED in clause:
        return clause.replace(_UNNEEDED, "now needs ")
    if _WITHOUT in clause:
        return clause.replace(_WITHOUT, "now ")
    return f"no longer {clause}"


def _gains(
    before: Sequence[Clause],
    after: Sequence[Clause],
    kind: str,
    path: tuple[str, ...],
    ways: Ways | None = None,
) -> Iterator[Difference]:
    """The parts by which a condition of this kind holds after and not before."""
    own = ways if kind == "any of" else None
    pairs = list(_pairs(before, after, own))
    index = -1
    for one, other in pairs:
        index += other is not None
        if other is not None and other.passed and (one is None or not one.passed):
            yield from _gain(one, other, kind, (*path, _step(kind, index, other)), ways)
    for one, other in pairs:
        if one is not None and other is None and one.passed == (kind == "none of"):
            gone = _WITHOUT if kind == "none of" else _UNNEEDED
            yield Difference(_joined((*path, gone + one.condition)), _brief(one.detail))


def _gain(
    one: Clause | None, other: Clause, kind: str, path: tuple[str, ...], ways: Ways | None
) -> Iterator[Difference]:
    if one is None:
        if kind == "any of":  # elsewhere a condition that is added lets nothing more pass
            yield Difference(_joined(path), _brief(other.detail))
        return
    inner = _kind(other)
    if inner == "none of" or (one.children and other.children):
        deeper = list(
            _gains(one.children, other.children, inner, path, ways if len(path) == 1 else None)
        )
        if deeper:
            yield from deeper
            return
    then, now = _brief(one.detail), _brief(other.detail)
    before = f"{one.condition} {then}".strip() if one.condition != other.condition else then
    said = f"{now} (else: {before})" if before and before != now else now
    yield Difference(_joined(path), said)


def _joined(path: Sequence[str]) -> str:
    return " > ".join(step for step in path if step)


def _pairs(
    before: Sequence[Clause], after: Sequence[Clause], ways: Ways | None
) -> Iterator[tuple[Clause | None, Clause | None]]:
    """Which clause of one version of a rule became which of the other, by what they say."""
    one, other = ways or (
        [clause.condition for clause in before],
        [clause.condition for clause in after],
    )
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        yield from zip_longest(before[i1:i2], after[j1:j2])


def _kind(clause: Clause) -> str:
    if clause.condition in ("any of", "none of"):
        return clause.condition
    return "any of" if clause.condition.startswith("at least") else "all of"


def _step(kind: str, index: int, clause: Clause) -> str:
    """A step on the way to a clause: parts of `any` by number, as they stand in the file."""
    if kind == "any of":
        said = "" if clause.condition in _PLAIN else f" {clause.condition}"
        return f"any[{index}]{said}"
    return "" if clause.condition in (*_PLAIN, "any of") else clause.condition


def _brief(detail: str) -> str:
    return _MASKED.sub("", detail)


def _words(more: Sequence[Hit], fewer: Sequence[Hit]) -> str:
    places = {(hit.field, hit.start, hit.end) for hit in fewer}
    words = dict.fromkeys(hit.text for hit in more if (hit.field, hit.start, hit.end) not in places)
    return "، ".join(list(words)[:_WORDS])
