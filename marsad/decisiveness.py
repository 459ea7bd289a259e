"""Clauses of rules that never decide: with or without them the same articles fire."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alerts.matching.conditions import AllHold, Condition, Hits, NoneHold, SomeHold
from models import topic as written
from models.topic import Topic

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A condition, its place in the topic's file, and those that it is made of."""

    path: Path
    condition: Condition
    parts: "tuple[Node, ...]" = ()

    def walk(self) -> "Iterator[Node]":
        yield self
        for part in self.parts:
            yield from part.walk()


def tree(topic: Topic, condition: AllHold) -> Node:
    """The conditions of a topic with their places. Only those that are true or false of the
    whole article are taken apart, not what must hold in one sentence."""
    parts = iter(condition.parts)
    nodes = [_node(one, next(parts), ("all", i)) for i, one in enumerate(topic.all)]
    if topic.any:
        nodes.append(_parts(topic.any, next(parts), ("any",)))
    if topic.none:
        nodes.append(_parts(topic.none, next(parts), ("none",)))
    return Node((), condition, tuple(nodes))


def _node(one: written.Condition, condition: Condition, path: Path) -> Node:
    match one:
        case written.All():
            return _parts(one.all, condition, path, "all")
        case written.AnyOf():
            return _parts(one.any, condition, path, "any")
        case written.NoneOf():
            return _parts(one.none, condition, path, "none")
        case written.AtLeast():
            return _parts(one.of, condition, path, "of")
    return Node(path, condition)


def _parts(of: Sequence[written.Condition], condition: Condition, path: Path, *key: str) -> Node:
    assert isinstance(condition, AllHold | SomeHold | NoneHold)
    inner = zip(of, condition.parts, strict=True)
    nodes = (_node(one, part, (*path, *key, index)) for index, (one, part) in enumerate(inner))
    return Node(path, condition, tuple(nodes))


@dataclass(slots=True)
class Decisions:
    """For each clause in how many articles it held, and in how many the topic would have decided
    otherwise without it."""

    held: Counter[Path] = field(default_factory=Counter)
    decided: Counter[Path] = field(default_factory=Counter)
    fired: int = 0

    def add(self, root: Node, hits: Hits) -> None:
        values: dict[Path, bool] = {}
        self.fired += _evaluate(root, hits, values)
        self.held.update(path for path, value in values.items() if value)
        self._decide(root, values)

    def plus(self, other: "Decisions") -> "Decisions":
        return Decisions(
            self.held + other.held, self.decided + other.decided, self.fired + other.fired
        )

    def _decide(self, node: Node, values: dict[Path, bool]) -> None:
        """The truth of `node` decides; go on to the parts whose truth does."""
        holding = sum(values[part.path] for part in node.parts)
        for part in node.parts:
            held = values[part.path]
            if _turns(node.condition, holding - held, len(node.parts) - 1):
                # without the part: a need is met, an alternative or a ban is not
                self.decided[part.path] += held != isinstance(node.condition, AllHold)
                self._decide(part, values)


def _turns(condition: Condition, others: int, among: int) -> bool:
    """Whether the truth of one part is that of the whole when so many other parts hold."""
    if isinstance(condition, AllHold):
        return others == among
    if isinstance(condition, SomeHold):
        return others == condition.least - 1
    return others == 0


def _evaluate(node: Node, hits: Hits, values: dict[Path, bool]) -> bool:
    for part in node.parts:
        _evaluate(part, hits, values)
    if node.parts:
        held = [values[part.path] for part in node.parts]
        match node.condition:
            case SomeHold():
                value = sum(held) >= node.condition.least
            case NoneHold():
                value = not any(held)
            case _:
                value = all(held)
    else:
        value = node.condition.holds(hits)
    values[node.path] = value
    return value


def undecided(root: Node, decisions: Decisions) -> Iterator[tuple[Path, str]]:
    """The clauses that never decide, the outermost of each branch, with what they did."""
    for part in root.parts:
        if decisions.decided[part.path] or len(part.path) == 1:  # all of `any` or `none`
            yield from undecided(part, decisions)
            continue
        held = decisions.held[part.path]
        if isinstance(root.condition, NoneHold):
            yield part.path, _banned(held)
        elif isinstance(root.condition, SomeHold):
            yield part.path, _alternative(held)
        else:
            fails = "where it fails, another condition beside it fails too"
            yield part.path, f"holds in {held:,} articles, and {fails}"


def _alternative(held: int) -> str:
    if not held:
        return "never holds"
    return f"holds in {held:,} articles, always beside another alternative"


def _banned(held: int) -> str:
    if not held:
        return "never occurs, so it keeps nothing out"
    return f"occurs in {held:,} articles, none of which would fire without it"
