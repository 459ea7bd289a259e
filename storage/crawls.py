"""What a crawl asks and tells the archive: fits crawler.memory.CrawlMemory by shape."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import select, update

from models.article import Article, Entry, Recheck, Validators
from models.crawl import RobotsFile
from storage import robots, searchindex
from storage.columns import clean, clean_or_none, indexable
from storage.database import Database
from storage.decisions import RECHECKS, next_recheck
from storage.dialect import insert
from storage.schema import article_versions, articles, links, listings
from storage.sites import first_crawl_done

# Five at the looks that follow; then after 1, 2, 4, 8 and 16 hours: pages may be away for longer
# than five looks take while the listing is there.
_QUICK_ATTEMPTS, MOST_ATTEMPTS = 5, 10
_LATER = timedelta(hours=1)

# One article stands in several listings of a site (feed, sitemap), each with its own title and
# `updated`; so many different pairs are remembered as known.
_KNOWN_LISTINGS = 8

T = TypeVar("T")
Listed = tuple[str | None, str | None]


class SqlCrawlMemory:
    """Each call is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _write(self, function: Callable[[sa.Connection], T]) -> T:
        """Behind what people wait for."""
        return await self._database.write(function, later=True)

    async def robots(self, origin: str) -> RobotsFile | None:
        return await self._database.read(lambda connection: robots.robots_of(connection, origin))

    async def remember_robots(self, file: RobotsFile) -> None:
        await self._write(lambda connection: robots.remember(connection, file))

    async def validators(self, url: str) -> Validators | None:
        return await self._database.read(lambda connection: _validators(connection, url))

    async def remember_listing(self, url: str, validators: Validators, now: datetime) -> None:
        await self._write(lambda connection: _remember_listing(connection, url, validators, now))

    async def wanted(self, site: str, entries: Sequence[Entry], now: datetime) -> Sequence[Entry]:
        return await self._write(lambda connection: _wanted(connection, site, entries, now))

    async def store(self, article: Article, now: datetime) -> bool:
        is_new: bool = await self._write(
            lambda connection: store(connection, article, now) is not None
        )
        return is_new

    async def failed(self, site: str, entry: Entry, reason: str, now: datetime) -> None:
        await self._write(lambda connection: _failed(connection, site, entry, reason, now))

    async def due_rechecks(self, site: str, now: datetime) -> Sequence[Recheck]:
        return await self._database.read(lambda connection: _due_rechecks(connection, site, now))

    async def rechecked(self, article_id: int, *, withdrawn: bool, now: datetime) -> None:
        await self._write(lambda connection: _rechecked(connection, article_id, withdrawn, now))


def _validators(connection: sa.Connection, url: str) -> Validators | None:
    row = connection.execute(select(listings).where(listings.c.url == url)).one_or_none()
    return None if row is None else Validators(etag=row.etag, last_modified=row.last_modified)


def _remember_listing(
    connection: sa.Connection, url: str, validators: Validators, now: datetime
) -> None:
    read = {"etag": validators.etag, "last_modified": validators.last_modified, "read_at": now}
    connection.execute(
        insert(connection, listings)
        .values(url=url, **read)
        .on_conflict_do_update(index_elements=["url"], set_=read)
    )


def _wanted(
    connection: sa.Connection, site: str, entries: Sequence[Entry], now: datetime
) -> list[Entry]:
    _add_links(connection, site, entries, now)
    known = _links(connection, [entry.key for entry in entries])
    _take_over(connection, site, known.values())
    wanted = [entry for entry in entries if _is_wanted(known[indexable(entry.key)], entry, now)]
    # A few dead pages at the top of a listing are not to keep the others waiting.
    return sorted(wanted, key=lambda entry: known[indexable(entry.key)].attempts > 0)


def _add_links(
    connection: sa.Connection, site: str, entries: Sequence[Entry], now: datetime
) -> None:
    backlog = not first_crawl_done(connection, site)
    for entry in entries:
        connection.execute(
            insert(connection, links)
            .values(
                key=entry.key,
                site=site,
                url=entry.url,
                listings=[],
                backlog=backlog,
                attempts=0,
                first_seen=now,
            )
            .on_conflict_do_nothing()
        )


def _take_over(connection: sa.Connection, site: str, known: Iterable[sa.Row[Any]]) -> None:
    """What another site's first crawl listed, and may be old, is news on a site that lists it only
    now."""
    others = [row.id for row in known if row.backlog and row.site != site and not row.article_id]
    if others and first_crawl_done(connection, site):
        connection.execute(
            update(links).where(links.c.id.in_(others)).values(site=site, backlog=False)
        )


def _links(connection: sa.Connection, keys: Sequence[str]) -> dict[str, sa.Row[Any]]:
    rows: dict[str, sa.Row[Any]] = {}
    # SQLite takes 32,766 variables in one statement
    for start in range(0, len(keys), 10_000):
        chosen = links.c.key.in_(keys[start : start + 10_000])
        rows |= {row.key: row for row in connection.execute(select(links).where(chosen))}
    return rows


def _is_wanted(link: sa.Row[Any], entry: Entry, now: datetime) -> bool:
    if link.article_id is not None and _is_news(link.listings, _listed(entry)):
        return True
    is_missing: bool = link.article_id is None or link.attempts > 0
    if not is_missing or link.attempts < _QUICK_ATTEMPTS:
        return is_missing
    if link.attempts >= MOST_ATTEMPTS or link.last_failed_at is None:
        return False
    wait = _LATER * 2 ** (link.attempts - _QUICK_ATTEMPTS)
    return bool(now >= link.last_failed_at + wait)


def _is_news(known: Sequence[Sequence[str | None]], listed: Listed) -> bool:
    """Whether a listing says what none said before of a known address. Saying nothing (a bare
    link) is no news, nor is a title that is another at every look ('... منذ 5 دقائق')."""
    if listed[1] is None and len(known) >= _KNOWN_LISTINGS:
        return False
    return listed != (None, None) and list(listed) not in [list(pair) for pair in known]


def _listed(entry: Entry) -> Listed:
    return clean_or_none(entry.title), clean_or_none(entry.updated)


def _with(known: Sequence[Sequence[str | None]], listed: Listed) -> list[list[str | None]]:
    if not _is_news(known, listed):
        return [list(pair) for pair in known]
    return [*map(list, known), list(listed)][-_KNOWN_LISTINGS:]


def _failed(connection: sa.Connection, site: str, entry: Entry, reason: str, now: datetime) -> None:
    _add_links(connection, site, [entry], now)
    link = _link(connection, entry.key)
    # What failed is the page as it is listed now; another change begins to count anew.
    is_news = link.article_id is not None and _is_news(link.listings, _listed(entry))
    connection.execute(
        update(links)
        .where(links.c.id == link.id)
        .values(
            attempts=1 if is_news else links.c.attempts + 1,
            listings=_with(link.listings, _listed(entry)),
            last_error=reason,
            last_failed_at=now,
        )
    )


def _link(connection: sa.Connection, key: str) -> sa.Row[Any]:
    return connection.execute(select(links).where(links.c.key == key).with_for_update()).one()


def store(connection: sa.Connection, article: Article, now: datetime) -> int | None:
    """Store the article as a crawl found it; its id if it is new."""
    entry = Entry(
        url=article.url,
        key=article.key,
        title=article.listed_title,
        updated=article.listed_updated,
    )
    _add_links(connection, article.site, [entry], now)
    link = _link(connection, article.key)
    new_id = _insert(connection, article, backlog=link.backlog, now=now)
    if new_id is not None:
        searchindex.add(connection, new_id)
    article_id = _refresh(connection, article, now) if new_id is None else new_id
    connection.execute(
        update(links)
        .where(links.c.id == link.id)
        .values(
            article_id=article_id,
            attempts=0,
            last_error=None,
            listings=_with(link.listings, _listed(entry)),
        )
    )
    return new_id


def _insert(
    connection: sa.Connection, article: Article, *, backlog: bool, now: datetime
) -> int | None:
    article_id: int | None = connection.scalar(
        insert(connection, articles)
        .values(
            key=article.key,
            site=article.site,
            first_seen=now,
            backlog=backlog,
            version=1,
            rechecks=0,
            state="undecided",
            published=article.published,
            fetched_at=now,
            **_content(article),
            **_page(article),
        )
        .on_conflict_do_nothing()
        .returning(articles.c.id)
    )
    return article_id


def _refresh(connection: sa.Connection, article: Article, now: datetime) -> int:
    old = connection.execute(
        select(articles).where(articles.c.key == article.key).with_for_update()
    ).one()
    changes: dict[str, Any] = {**_page(article), "withdrawn_at": None}
    if old.content_hash != _content_hash(article):
        _keep_version(connection, old, now)
        changes |= _content(article)
        changes |= {
            "published": article.published or old.published,
            "version": old.version + 1,
            "state": "undecided",
            "fetched_at": now,
        }
    connection.execute(update(articles).where(articles.c.id == old.id).values(changes))
    if "version" in changes:
        searchindex.replace(connection, old)
    return int(old.id)


def _keep_version(connection: sa.Connection, old: sa.Row[Any], now: datetime) -> None:
    connection.execute(
        sa.insert(article_versions).values(
            article_id=old.id,
            version=old.version,
            title=old.title,
            text=old.text,
            content_hash=old.content_hash,
            fetched_at=old.fetched_at,
            replaced_at=now,
        )
    )


def _content(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "author": article.author,
        "language": article.language,
        "evidence": dict(article.evidence),
        "content_hash": _content_hash(article),
    }


def _page(article: Article) -> dict[str, Any]:
    return {
        "listed_title": article.listed_title,
        "listed_updated": article.listed_updated,
        "etag": article.validators.etag,
        "last_modified": article.validators.last_modified,
    }


def _content_hash(article: Article) -> str:
    content = f"{clean(article.title)}\0{clean(article.text)}"
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def _due_rechecks(connection: sa.Connection, site: str, now: datetime) -> list[Recheck]:
    rows = connection.execute(
        select(articles)
        .where(articles.c.site == site, articles.c.next_recheck_at <= now)
        .order_by(articles.c.next_recheck_at, articles.c.id)
    )
    return [
        Recheck(
            article_id=row.id,
            url=row.url,
            key=row.key,
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
        )
        for row in rows
        if now <= row.alerted_at + RECHECKS.within
    ]


def _rechecked(connection: sa.Connection, article_id: int, withdrawn: bool, now: datetime) -> None:
    row = connection.execute(
        select(articles).where(articles.c.id == article_id).with_for_update()
    ).one_or_none()
    if row is None or row.alerted_at is None:
        return
    done = row.rechecks + 1
    following = None if withdrawn else next_recheck(row.alerted_at, done, now)
    changes: dict[str, Any] = {"rechecks": done, "next_recheck_at": following}
    if withdrawn:
        changes["withdrawn_at"] = row.withdrawn_at or now
    connection.execute(update(articles).where(articles.c.id == article_id).values(changes))
