"""What operators ask of the rules and do to them; the application fits this Protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from models.text import Localized

Operation = Literal["add", "drop", "forbid", "set"]
Trouble = Literal["unknown", "present", "absent", "place", "number", "stale", "gone", "unwritable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """`name` is a topic's or a list's. `add` and `drop`: a word; `forbid`: a word with which the
    topic does not fire; `set`: the number or duration at `place`, as in any[2].within."""

    name: str
    operation: Operation
    value: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A topic or list as operators may edit it: its words, and its numbers by their place."""

    name: str
    title: Localized | None
    words: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a topic alerts on under two rules, with a few of the headlines that only one gives."""

    title: Localized
    before: int
    after: int
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    more_gained: int = 0
    more_lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edit that passes every check; nothing is written yet. `removed` and `added` are the lines
    of the file; `articles`: on so many of the newest the effects were measured."""

    key: str
    file: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    articles: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A file was written. `key` undoes it, where that can be."""

    file: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was written. `trouble` says why, or `problems` do, in the words of marsad check;
    `known`: names that could have been meant."""

    trouble: Trouble | None = None
    problems: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What the rules in force alert on in the articles of a time; nothing is sent. `cut`: there
    were more articles than are looked at, so that it reaches back less far."""

    articles: int
    cut: bool
    topics: tuple[Effect, ...]


class Rulebook(Protocol):
    async def names(self) -> Sequence[str]:
        """Topics and lists."""

    async def page(self, name: str) -> Page | Refused: ...

    async def propose(self, edit: Edit) -> Proposal | Refused: ...

    async def save(self, key: str, by_user: int) -> Done | Refused:
        """Write what was proposed, unless the file changed meanwhile."""

    async def undo(self, key: str | None, by_user: int) -> Done | Refused:
        """Put back what the last edit (None) or this one replaced, unless it changed since."""

    async def dry_run(self, since: timedelta) -> DryRun: ...
