"""Articles that are fetched long after they were published, and how far that came."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select, update

from models.article import Article, Entry, Recheck, Validators
from storage.columns import indexable
from storage.crawls import SqlCrawlMemory, store
from storage.database import Database
from storage.dialect import insert
from storage.schema import articles, backfilled, links

_REASON = "marsad backfill fetched it long after it was published"


class BackfillMemory(SqlCrawlMemory):
    """Keeps articles published from `since` to `until`, decided: none of them ever alerts.

    Newer ones are left to the crawls, which may alert. Nothing is remembered of listings.
    """

    def __init__(self, database: Database, since: datetime, until: datetime) -> None:
        super().__init__(database)
        self._opened = database
        self._since = since
        self._until = until

    async def validators(self, url: str) -> Validators | None:
        return None

    async def remember_listing(self, url: str, validators: Validators, now: datetime) -> None:
        return None

    async def due_rechecks(self, site: str, now: datetime) -> Sequence[Recheck]:
        return ()

    async def wanted(self, site: str, entries: Sequence[Entry], now: datetime) -> Sequence[Entry]:
        """Those that are not stored yet: an article that changed since is the crawls' to see."""
        keys = [indexable(entry.key) for entry in entries]
        known = await self._opened.read(lambda connection: _stored(connection, keys))
        new = [entry for entry in entries if indexable(entry.key) not in known]
        return await super().wanted(site, new, now)

    async def store(self, article: Article, now: datetime) -> bool:
        published = article.published
        if published is not None and not self._since <= published <= self._until:
            return False
        return await self._opened.write(lambda connection: _settled(connection, article, now))


def is_done(connection: sa.Connection, site: str, part: str) -> bool:
    found = select(backfilled.c.url).where(
        backfilled.c.site == site, backfilled.c.url == indexable(part)
    )
    return connection.scalar(found) is not None


def mark_done(connection: sa.Connection, site: str, part: str, now: datetime) -> None:
    """Everything that this part of the site's archive lists is stored, or has failed for good."""
    connection.execute(
        insert(connection, backfilled)
        .values(site=site, url=part, done_at=now)
        .on_conflict_do_nothing()
    )


def _stored(connection: sa.Connection, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 10_000):
        chosen = select(links.c.key).where(
            links.c.key.in_(keys[start : start + 10_000]), links.c.article_id.is_not(None)
        )
        found |= set(connection.scalars(chosen))
    return found


def _settled(connection: sa.Connection, article: Article, now: datetime) -> bool:
    new_id = store(connection, article, now)
    if new_id is None:
        return False
    connection.execute(
        update(articles)
        .where(articles.c.id == new_id)
        .values(backlog=True, state="decided", decision="skip", reason=_REASON, decided_at=now)
    )
    return True
