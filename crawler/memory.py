"""What a crawl asks and tells the archive; storage fits this Protocol by shape."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from models.article import Article, Entry, Recheck, Validators
from models.crawl import RobotsFile

QUICK_ATTEMPTS, MAX_ATTEMPTS = 5, 10


class CrawlMemory(Protocol):
    """What is remembered between crawls. Two implementations, one contract suite:
    ForgetfulMemory below (a crawl that stores nothing) and storage's."""

    async def validators(self, url: str) -> Validators | None:
        """What the server gave for this listing at the last read that was processed whole."""

    async def remember_listing(self, url: str, validators: Validators, now: datetime) -> None:
        """Called when all new articles of the listing are stored, never before: a listing that
        answers 304 next time must have lost nothing."""

    async def wanted(self, site: str, entries: Sequence[Entry], now: datetime) -> Sequence[Entry]:
        """The entries whose page is to be fetched, in the order given, those that failed before
        last: never seen, or seen with another title or `updated`, or failed before (5 attempts at
        once, 5 more after 1, 2, 4, 8 and 16 hours). Remembers new ones, as backlog while the
        site's first crawl is not done."""

    async def store(self, article: Article, now: datetime) -> bool:
        """Store undecided; True if the article is new. An article known by `key` whose title or
        text changed keeps its old version and is undecided again; unchanged: nothing happens."""

    async def failed(self, site: str, entry: Entry, reason: str, now: datetime) -> None:
        """The page could not be fetched or holds no article; counts an attempt."""

    async def due_rechecks(self, site: str, now: datetime) -> Sequence[Recheck]:
        """Alerted articles to ask again: at most 3 times within 48 hours of the alert."""

    async def rechecked(self, article_id: int, *, withdrawn: bool, now: datetime) -> None:
        """The page was asked again. `withdrawn`: it answered 404 or 410."""

    async def robots(self, origin: str) -> RobotsFile | None:
        """The host's robots.txt as it was last read, however long ago."""

    async def remember_robots(self, file: RobotsFile) -> None:
        """It was read; an older copy is replaced."""


class ForgetfulMemory:
    """The twin that keeps nothing beyond its own life: a crawl without a database.

    Within its life it knows what it was told, so that one crawl fetches nothing twice. `articles`
    are the articles stored, by key, in the order of their first arrival.
    """

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.failures: dict[str, str] = {}
        self.withdrawn: set[int] = set()
        self.rechecks: list[Recheck] = []
        self._listings: dict[str, Validators] = {}
        self._attempts: dict[str, int] = {}
        self._failed_at: dict[str, datetime] = {}
        self._robots: dict[str, RobotsFile] = {}

    async def validators(self, url: str) -> Validators | None:
        return self._listings.get(url)

    async def remember_listing(self, url: str, validators: Validators, now: datetime) -> None:
        self._listings[url] = validators

    async def wanted(self, site: str, entries: Sequence[Entry], now: datetime) -> Sequence[Entry]:
        wanted = [entry for entry in entries if self._is_wanted(entry, now)]
        return sorted(wanted, key=lambda entry: entry.key in self._attempts)

    async def store(self, article: Article, now: datetime) -> bool:
        new = article.key not in self.articles
        self.articles[article.key] = article
        self._attempts.pop(article.key, None)
        return new

    async def failed(self, site: str, entry: Entry, reason: str, now: datetime) -> None:
        self.failures[entry.key] = reason
        self._attempts[entry.key] = self._attempts.get(entry.key, 0) + 1
        self._failed_at[entry.key] = now

    async def due_rechecks(self, site: str, now: datetime) -> Sequence[Recheck]:
        return tuple(self.rechecks)

    async def rechecked(self, article_id: int, *, withdrawn: bool, now: datetime) -> None:
        self.rechecks = [each for each in self.rechecks if each.article_id != article_id]
        if withdrawn:
            self.withdrawn.add(article_id)

    async def robots(self, origin: str) -> RobotsFile | None:
        return self._robots.get(origin)

    async def remember_robots(self, file: RobotsFile) -> None:
        self._robots[file.origin] = file

    def _is_wanted(self, entry: Entry, now: datetime) -> bool:
        article = self.articles.get(entry.key)
        if article is None:
            attempts = self._attempts.get(entry.key, 0)
            later = timedelta(hours=1) * 2 ** max(0, attempts - QUICK_ATTEMPTS)
            return attempts < QUICK_ATTEMPTS or (
                attempts < MAX_ATTEMPTS and now >= self._failed_at[entry.key] + later
            )
        return (entry.title, entry.updated) != (article.listed_title, article.listed_updated)
