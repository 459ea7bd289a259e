"""Where a stored article belongs: the rules of alerts.stories over the stories of the archive."""

from collections import OrderedDict
from datetime import datetime, timedelta

import structlog

from alerts.stories.grouping import Member, Placement, place
from alerts.stories.keys import keys
from alerts.stories.likeness import SAME_TEXT_WINDOWS
from alerts.stories.meaning import E5Meaning, Meaning, installed, near
from alerts.stories.telling import Telling, telling
from models.article import StoredArticle
from models.story import StoryArticle, StoryEntry
from storage import stories
from storage.database import Connection

log = structlog.get_logger(__name__)

# Articles are compared again and again within a window; what is compared of one takes 4 KB.
_TELLINGS_KEPT = 5_000


class StoryDesk:
    """`read` belongs into the thread that matches, `place` into the one that writes.

    `meaning`: None takes the extra `semantic`, when a configuration wants it and it is installed.
    """

    def __init__(self, meaning: Meaning | None = None) -> None:
        self._meaning = meaning
        self._complained = False
        self._known: OrderedDict[tuple[int, int], Telling] = OrderedDict()

    def read(self, stored: StoredArticle, topics: frozenset[str], by_meaning: bool) -> Telling:
        """What is compared of an article. With its meaning that takes a tenth of a second."""
        article = stored.article
        told = telling(article.title, article.text, article.published or stored.first_seen)
        meaning = self._meant_by() if by_meaning else None
        vector = None if meaning is None else meaning.vector(article.title, article.text)
        return told.known_as(topics, vector)

    def _meant_by(self) -> Meaning | None:
        if self._meaning is None:
            if installed():
                self._meaning = E5Meaning()
            elif not self._complained:
                self._complained = True
                log.warning("stories by meaning need the extra 'semantic': compared by words only")
        return self._meaning

    def place(
        self,
        connection: Connection,
        stored: StoredArticle,
        told: Telling,
        window: timedelta,
        now: datetime,
    ) -> int:
        """The story of an article: the one it is in, one that it joins, or a new one. Stories that
        it shows to be one become one."""
        known = stories.story_of(connection, stored.id)
        if known is not None:
            return known
        found = keys(told)
        spelled = found.spelled()
        placement = place(
            Member(stored.id, _name(stored.id, stored.article.site), told, telling=stored.id),
            self._like(connection, stored, told, spelled, window),
            window,
            stories.crowd(connection, stored.first_seen - window),
        )
        self._keep((stored.id, stored.version), told)
        entry = StoryEntry(
            reason=placement.reason,
            score=placement.score,
            keys=spelled,
            telling=placement.telling,
            vector=told.vector,
        )
        if placement.story is None:
            return stories.found(connection, stored.id, entry, now)
        _join(connection, stored.id, placement, entry, now)
        return placement.story

    def _like(
        self,
        connection: Connection,
        stored: StoredArticle,
        told: Telling,
        spelled: tuple[str, ...],
        window: timedelta,
    ) -> dict[int, list[Member]]:
        """The stories that hold something like the article, with their articles."""
        reach = window * SAME_TEXT_WINDOWS
        published = stored.article.published or stored.first_seen
        like = stories.sharing(connection, spelled, published - reach, published + reach)
        if told.vector is not None:
            rows = stories.vectors(connection, stored.first_seen - window)
            packed = b"".join(vector for _, vector in rows)
            like |= {rows[row][0] for row in near(told.vector, packed)} if rows else set()
        return {
            story: [self._member(article) for article in articles]
            for story, articles in stories.of_articles(connection, like).items()
        }

    def _member(self, article: StoryArticle) -> Member:
        known = self._known.get((article.article_id, article.version))
        told = known or telling(article.title, article.text, article.published)
        told = told.known_as(article.topics, article.vector)
        self._keep((article.article_id, article.version), told)
        name = _name(article.article_id, article.site)
        return Member(article.article_id, name, told, article.telling)

    def _keep(self, key: tuple[int, int], told: Telling) -> None:
        self._known[key] = told
        self._known.move_to_end(key)
        if len(self._known) > _TELLINGS_KEPT:
            self._known.popitem(last=False)


def _name(article_id: int, site: str) -> str:
    return f"article {article_id} of {site}"


def _join(
    connection: Connection, article_id: int, placement: Placement, entry: StoryEntry, now: datetime
) -> None:
    story = placement.story
    if story is None:
        raise ValueError("an article joins a story")
    stories.join(connection, story, article_id, entry, now)
    stories.merge(connection, story, placement.merged)
    stories.retell(connection, placement.merged_tellings, placement.telling)
    if placement.merged:
        log.info("stories became one", story=story, merged=list(placement.merged))
