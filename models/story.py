"""A story: the articles that tell the same thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What tells whether two articles are one story, without their texts.

    `title_key`: the folded title. `bands`: locality-sensitive hashes of the text; two texts that
    are near-identical share at least one with high probability (see alerts.stories).
    """

    title_key: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCandidate:
    """An earlier article that shares a key with a new one, and the story it belongs to."""

    story_id: int
    article_id: int
    site: str
    title: str
    text: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The story that an article joins, and why: 'same title', 'near-identical text 0.93'."""

    story_id: int
    reason: str
    score: float
