"""An alert: the decision that a story is to be told, with what the message is made of."""

from dataclasses import dataclass
from datetime import datetime

from models.text import Localized, Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """What one topic matched: its title and the words that matched, as the article writes them."""

    topic: str
    title: Localized
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Everything that a message shows, frozen at decision time: no look-up when it is sent."""

    article_id: int
    url: str
    site: str
    source: Localized
    title: Marked
    quote: Marked
    topics: tuple[TopicMatch, ...]
    published: datetime | None
    first_seen: datetime
    # Why it also goes to those who have the story already.
    repeats: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The matched words of all topics, each once, in order of appearance."""
        return tuple(dict.fromkeys(word for match in self.topics for word in match.words))


@dataclass(frozen=True, slots=True)
class Skip:
    """The decision not to alert; `reason` is a sentence that `marsad explain` shows."""

    reason: str


Decision = Alert | Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoTold:
    """Another source of the same story. `published`: as it says itself."""

    source: Localized
    url: str
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What became known after an alert was decided. `title`: the headline as the site corrected
    it; `corrected`: the revision that last changed more than the sources."""

    also: tuple[AlsoTold, ...] = ()
    title: Marked | None = None
    withdrawn: bool = False
    corrected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert as recorded: its row, its story, when it was decided, and how often it changed."""

    id: int
    story_id: int
    created: datetime
    alert: Alert
    revision: int = 0
    changes: Changes = Changes()
