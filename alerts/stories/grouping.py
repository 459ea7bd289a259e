"""Which story an article joins, and which stories it makes one: pure.

A story has two levels. Copies of one text make a telling; tellings of one event make a story. One
like article is not enough to join many: an article that holds two others, or is the third edition
of a daily column, would chain what has nothing to do with each other. So two tellings become one,
and two stories, when enough of what they are made of is alike across, and nothing speaks against
the rest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.stories.likeness import Comparison, Likeness, compare
from alerts.stories.telling import Telling

FIRST_REPORT = "first report"

# Of the pairs across two tellings, and across two stories, so many are alike; of either, so many do
# not contradict each other.
COPIES_ALIKE = 0.4
EVENTS_ALIKE = 0.25
COMPATIBLE = 0.9
# The newest of a telling speak for all of it, the newest tellings for their story.
MOST_COPIES = 24
MOST_SPEAKERS = 3
MOST_TELLINGS = 12


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story. `telling`: the number of the first article of which it is a copy, or
    its own; `name`: how reasons call it."""

    article: int
    name: str
    told: Telling
    telling: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs. `story` None: it founds a new one. `merged`, `merged_tellings`:
    what it shows to be the same as `story` and as `telling`, which are the oldest of them."""

    story: int | None
    telling: int
    reason: str
    score: float
    merged: tuple[int, ...] = ()
    merged_tellings: tuple[int, ...] = ()


def place(
    new: Member,
    stories: Mapping[int, Sequence[Member]],
    window: timedelta,
    crowd: int = 0,
    *,
    events: bool = True,
) -> Placement:
    """`stories`: by their numbers, which grow, those that hold something like the article, each
    with its articles, oldest first. `crowd`: so many other articles could have been like it by
    chance. `events` False: only copies join."""
    comparisons = _Comparisons(window, crowd)
    telling, merged_tellings, as_copy = _telling(new, stories, comparisons)
    own = _Story.of(new, merged_tellings, stories)
    others = {number: _tellings(members) for number, members in stories.items()}
    joined = sorted(own.numbers)
    for number in joined:
        del others[number]
    as_event = None
    while others and events:
        share, chosen = max(
            (comparisons.events(own.tellings, tellings), -number)
            for number, tellings in others.items()
        )
        if share < EVENTS_ALIKE:
            break
        tellings = others.pop(-chosen)
        as_event = as_event or comparisons.best(new, tellings)
        own.tellings.extend(tellings)
        joined.append(-chosen)
    if not joined:
        return Placement(None, telling, FIRST_REPORT, 1.0)
    like, of = as_copy or as_event or (Likeness("event", 1.0, "joined through a copy"), new)
    story = min(joined)
    return Placement(
        story=story,
        telling=telling,
        reason=f"{like.why}: {of.name}",
        score=like.score,
        merged=tuple(sorted(set(joined) - {story})),
        merged_tellings=tuple(sorted(set(merged_tellings) - {telling})),
    )


_Best = tuple[Likeness, Member]
_Tellings = list[list[Member]]


def _telling(
    new: Member, stories: Mapping[int, Sequence[Member]], comparisons: "_Comparisons"
) -> tuple[int, list[int], _Best | None]:
    """The telling that the article is a copy of (its own, if there is none), all that it makes one,
    and the copy that it is most like."""
    left = {
        members[0].telling: members
        for story in stories.values()
        for members in _tellings(story)
        if any(comparisons.is_copy(new, member) for member in members)
    }
    own, merged = [new], list[int]()
    best: _Best | None = None
    while left:
        share, chosen = max(
            (comparisons.copies(own, members), -telling) for telling, members in left.items()
        )
        if share < COPIES_ALIKE:
            break
        members = left.pop(-chosen)
        best = best or comparisons.best(new, [members])
        own += members
        merged.append(-chosen)
    return min(merged, default=new.telling), merged, best


def _tellings(members: Sequence[Member]) -> _Tellings:
    """The articles of a story by telling; the newest tellings, the newest articles of each."""
    found: dict[int, list[Member]] = {}
    for member in members:
        found.setdefault(member.telling, []).append(member)
    return [copies[-MOST_COPIES:] for copies in found.values()][-MOST_TELLINGS:]


@dataclass(slots=True)
class _Story:
    """What the article is part of so far: the stories of its copies, by telling."""

    numbers: set[int] = field(default_factory=set)
    tellings: _Tellings = field(default_factory=list)

    @classmethod
    def of(
        cls, new: Member, merged: Sequence[int], stories: Mapping[int, Sequence[Member]]
    ) -> "_Story":
        story, copies = cls(), [new]
        for number, members in stories.items():
            if not any(member.telling in merged for member in members):
                continue
            story.numbers.add(number)
            for telling in _tellings(members):
                if telling[0].telling in merged:
                    copies += telling
                else:
                    story.tellings.append(telling)
        story.tellings.insert(0, copies)
        return story


class _Comparisons:
    """Each pair is compared once."""

    def __init__(self, window: timedelta, crowd: int) -> None:
        self._window = window
        self._crowd = crowd
        self._known: dict[tuple[int, int], Comparison] = {}

    def of(self, one: Member, other: Member) -> Comparison:
        first, second = (one, other) if one.article < other.article else (other, one)
        pair = (first.article, second.article)
        known = self._known.get(pair)
        if known is None:
            known = compare(first.told, second.told, self._window, self._crowd)
            self._known[pair] = known
        return known

    def is_copy(self, one: Member, other: Member) -> bool:
        return _is_copy(self.of(one, other))

    def copies(self, one: Sequence[Member], other: Sequence[Member]) -> float:
        """The share of copies among the pairs across; 0 where too many contradict each other."""
        return _share((self.of(first, second) for first in one for second in other), _is_copy)

    def events(self, one: _Tellings, other: _Tellings) -> float:
        """The same by telling: two are alike when any two of their newest articles are."""
        return _share(
            (
                self._nearest(first[-MOST_SPEAKERS:], second[-MOST_SPEAKERS:])
                for first in one
                for second in other
            ),
            _is_event,
        )

    def _nearest(self, one: Sequence[Member], other: Sequence[Member]) -> Comparison:
        found = [self.of(first, second) for first in one for second in other]
        return max(found, key=lambda comparison: comparison.rank)

    def best(self, new: Member, tellings: _Tellings) -> _Best | None:
        likes = [
            (like.score, -member.article, like, member)
            for members in tellings
            for member in members
            if (like := self.of(new, member).like) is not None
        ]
        if not likes:
            return None
        _, _, like, member = max(likes, key=lambda entry: entry[:2])
        return like, member


def _is_copy(comparison: Comparison) -> bool:
    return comparison.like is not None and comparison.like.kind == "copy"


def _is_event(comparison: Comparison) -> bool:
    return comparison.like is not None and comparison.like.kind == "event"


def _share(comparisons: Iterator[Comparison], alike: Callable[[Comparison], bool]) -> float:
    found = list(comparisons)
    if sum(comparison.compatible for comparison in found) < COMPATIBLE * len(found):
        return 0.0
    comparable = [comparison for comparison in found if comparison.comparable]
    return sum(map(alike, comparable)) / len(comparable) if comparable else 0.0
