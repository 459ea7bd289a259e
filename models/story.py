"""A story: the articles that tell the same event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEntry:
    """How an article is put into a story: why, by which keys later ones find it, of which article
    it is a copy (None: of none), and the meaning of its opening, if that was asked for."""

    reason: str
    score: float
    keys: tuple[str, ...]
    telling: int | None = None
    vector: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story. `published`: as its site says, or else when it was first seen;
    `topics`: those that matched it; `telling`: the first article of which it is a copy, or its
    own number."""

    story_id: int
    article_id: int
    version: int
    site: str
    title: str
    text: str
    published: datetime
    topics: frozenset[str]
    telling: int
    vector: bytes | None
