"""One look at one site: read what it lists, fetch what is new, ask again what was alerted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from crawler.errors import FetchFailed, ParseFailed, blocks
from crawler.extraction.page import Extraction, extract_entry
from crawler.fetch import Answer
from crawler.figures import page_failed, page_seen
from crawler.memory import CrawlMemory
from crawler.pages import read_headline, read_page
from crawler.parsing import ParserPool
from crawler.tally import Tally
from crawler.urls import is_front_page, same_site, url_key
from crawler.ways import Fetch, Listed, Ways, sentence
from crawler.wishes import Wishes
from models.article import Article, Entry, Recheck, Validators
from models.site import Search, Site, Way

log = structlog.get_logger(__name__)

# The pace holds each host to its delay; this bounds what waits in memory.
_PAGES_AT_ONCE = 4
# After so many pages in a row without an answer the site is left alone until its next crawl.
_GIVE_UP_AFTER = 5
_TOO_MANY_REQUESTS = 429
_GONE = frozenset({404, 410})
# A crawl with long delays ends about when the next one is due, and not before this.
_LEAST_TIME = timedelta(minutes=10)
# So many pages, all refused, are no articles that were taken back.
_LEAST_REFUSED = 3
# Longer than any article, and so short that matching and indexing it hold nobody up: a page of
# 800,000 letters took a second of each.
_LONGEST_TEXT, _LONGEST_TITLE = 100_000, 1_000
_PAGE_TYPES = ("text/html", "application/xhtml", "text/plain", "text/xml", "application/xml")

_Told = tuple[FetchFailed | ParseFailed, str]


@dataclass(slots=True)
class Visit:
    """One crawl of one site. `fetch` and `parser` do the work; what is wrong goes to the tally.

    `come_back`: a page failed for now, so it is to be tried again soon.
    """

    site: Site
    memory: CrawlMemory
    parser: ParserPool
    fetch: Fetch
    now: Callable[[], datetime]
    wishes: Wishes
    ways: Ways
    tally: Tally = field(default_factory=Tally)
    come_back: bool = False
    _missing: bool = False
    _led: dict[str, str] = field(default_factory=dict)
    _in_a_row: int = 0
    _refused: bool = False
    _blocked_pages: int = 0

    async def articles(self) -> AsyncIterator[Article]:
        """Each article once it is stored."""
        listed = await self._read_site()
        if not self.tally.read:
            return
        wanted = await self.memory.wanted(self.site.name, listed.entries, self.now())
        fetched = wanted[: most_pages(self.site, self.wishes.crawl_delay)]
        self._refused = any(self.ways.refuses(entry.url) for entry in fetched)
        async for article in self.pages(fetched):
            yield article
        self._note_blocked_pages()
        # What was not asked has to be listed again, and what failed, however finally it looked:
        # many a page is not there yet when it is listed. The attempts of the memory bound that.
        if len(fetched) == len(wanted) and not self._missing and not self.gave_up:
            await self._remember(listed)
        async for article in self._rechecks({entry.key: entry for entry in listed.entries}):
            yield article

    # -- what the site lists

    async def _read_site(self) -> Listed:
        """By the site's own ways, or while it blocks them by what its file declares instead."""
        listed, _, errors = await self._read_first(self.site.publishes)
        refusal = next((told for error, told in errors if blocks(error)), None)
        self.tally.passing = bool(errors) and all(_may_pass(error) for error, _ in errors)
        if self.tally.read or (refusal is None and self.site.publishes):
            return self._counted(listed)
        self.tally.blocked = refusal
        instead, way, _ = await self._read_first(self.site.fallbacks)
        self.tally.fallback = way.url if way is not None else None
        self.tally.problems.insert(0, self._blocked(way))
        return self._counted(instead)

    def _blocked(self, way: Way | None) -> str:
        """In one sentence with what was read instead."""
        why = f"blocked ({self.tally.blocked})" if self.tally.blocked else "blocked at the last try"
        if way is not None:
            return f"{why}; its fallback, the {way.type} {way.url}, was read instead"
        if self.site.fallbacks:
            return f"{why}, and none of its fallbacks could be read"
        return f"{why}; its file declares no fallback"

    async def _read_first(self, ways: Sequence[Way]) -> tuple[Listed, Way | None, list[_Told]]:
        """By the first way that works and lists something; the others are named as problems."""
        nothing: tuple[Listed, Way] | None = None
        failed = False
        errors: list[_Told] = []
        for way in ways:
            try:
                listed = await self.ways.read(way)
            except (FetchFailed, ParseFailed) as error:
                failed = True
                told = sentence(way.url, error)
                errors.append((error, told))
                self.tally.problem(told)
                continue
            self.tally.problems.extend(listed.problems)
            if listed.entries or listed.unchanged:
                if failed or nothing is not None:
                    self.tally.problem(f"the {way.type} {way.url} was read instead")
                self.tally.read = True
                return listed, way, errors
            if listed.problems:
                # Damaged, and nothing could be saved of it: that is no empty listing.
                failed = True
                continue
            nothing = nothing or (listed, way)
            self.tally.problem(f"{way.url}: lists no article")
        if nothing is not None:
            self.tally.read = True
            return *nothing, errors
        return Listed(), None, errors

    def _counted(self, listed: Listed) -> Listed:
        # What a fallback lists says nothing of the site's own listings.
        self.tally.entries = listed.entries if self.tally.fallback is None else ()
        self.tally.listed = len(listed.entries)
        self.tally.unchanged_listings = listed.unchanged
        return listed

    async def _remember(self, listed: Listed) -> None:
        for url, validators in listed.listings:
            await self.memory.remember_listing(url, validators, self.now())

    # -- pages

    async def pages(self, entries: Sequence[Entry]) -> AsyncIterator[Article]:
        """The articles of these pages, once they are stored. Several are asked at once; the order
        of what comes back is the order in which it came."""
        waiting = iter(entries)
        self._led |= {entry.key: entry.key for entry in entries}
        running: set[asyncio.Task[Article | None]] = set()
        try:
            while True:
                while len(running) < _PAGES_AT_ONCE and not self.gave_up:
                    entry = next(waiting, None)
                    if entry is None:
                        break
                    running.add(asyncio.create_task(self._page(entry)))
                if not running:
                    break
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    article = task.result()
                    if article is not None:
                        yield article
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        if self.wishes.retry_after is not None or self._refused:
            self.tally.problem("the site asks for fewer requests; the rest waits")
        elif self.gave_up:
            self.tally.problem(
                f"{_GIVE_UP_AFTER} pages in a row could not be fetched; the rest waits"
            )

    @property
    def gave_up(self) -> bool:
        """The site does not answer, or asks for fewer requests: no further page is asked."""
        too_often = self._refused or self.wishes.retry_after is not None
        return too_often or self._in_a_row >= _GIVE_UP_AFTER

    async def _page(self, entry: Entry) -> Article | None:
        try:
            article = await self._fetched(entry)
        except (FetchFailed, ParseFailed) as error:
            await self._failed(entry, error)
            return None
        self._in_a_row = 0
        await self._store(article)
        return article

    async def _fetched(self, entry: Entry) -> Article:
        """From its page; from its listing where the page gives nothing and the listing has all."""
        if entry.headline:
            found = await self.parser.run(read_headline, entry)
            if found.incomplete is not None:
                raise ParseFailed(found.incomplete)
            return self._article(found, entry, Validators())
        try:
            answer = await self._page_answer(entry.url)
            self._refuse_shared(answer, entry)
            found = await self._extracted(answer, entry)
            if found.incomplete is None:
                return self._article(found, entry, answer.validators)
            reason = found.incomplete
        except (FetchFailed, ParseFailed) as error:
            if not entry.content or _is_worth_waiting(error):
                raise
            reason = str(error)
        if entry.content:
            found = await self.parser.run(
                extract_entry, site=self.site, entry=entry, now=self.now(), reason=reason
            )
            if found.incomplete is None:
                return self._article(found, entry, Validators())
        raise ParseFailed(reason)

    async def _page_answer(self, url: str, validators: Validators | None = None) -> Answer:
        answer = (await self.fetch(url, validators)).or_failure()
        if answer.unchanged:
            return answer
        if is_front_page(answer.url) and not is_front_page(url):
            raise FetchFailed(url, "leads to the site's front page", temporary=False)
        kind = (answer.content_type or "text/html").partition(";")[0].strip().lower()
        if not kind.startswith(_PAGE_TYPES):
            raise FetchFailed(url, f"is no page but {kind[:60]}", temporary=False)
        return answer

    def _refuse_shared(self, answer: Answer, entry: Entry) -> None:
        """One page is one article: the address of a second leads to a section, or is a short one of
        the same. Raises FetchFailed."""
        led_to = url_key(answer.url)
        if self._led.setdefault(led_to, entry.key) != entry.key and led_to != entry.key:
            reason = f"leads to {answer.url}, as another article does"
            raise FetchFailed(entry.url, reason, temporary=False)

    async def _extracted(self, answer: Answer, entry: Entry) -> Extraction:
        return await self.parser.run(
            read_page,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            site=self.site,
            entry=entry,
            now=self.now(),
        )

    def _article(self, found: Extraction, entry: Entry, validators: Validators) -> Article:
        article = found.article(self.site.name, entry, validators)
        assert article is not None  # complete
        return shortened(article)

    async def _store(self, article: Article) -> None:
        if await self.memory.store(article, self.now()):
            self.tally.new += 1
            if self.tally.fallback is None:
                self.tally.pages.append(page_seen(article, self.site, self.now()))
        else:
            self.tally.updated += 1

    async def _failed(self, entry: Entry, error: FetchFailed | ParseFailed) -> None:
        reason = sentence(entry.url, error)
        self.tally.failed_pages += 1
        self._missing = True
        self.tally.pages.append(page_failed(entry))
        self.tally.problem(reason)
        self._blocked_pages += blocks(error)
        if isinstance(error, FetchFailed) and error.temporary:
            self.come_back = True
            self._in_a_row += 1
            self._refused = self._refused or error.status == _TOO_MANY_REQUESTS
        else:
            self._in_a_row = 0
        await self.memory.failed(self.site.name, entry, reason, self.now())

    def _note_blocked_pages(self) -> None:
        """Its listings are open, but its articles are not."""
        if self._blocked_pages >= _LEAST_REFUSED and not (self.tally.new or self.tally.updated):
            refused = next(iter(self.tally.problems), "its pages refuse programs")
            self.tally.blocked = refused
            self.tally.problems.insert(0, f"its articles are blocked ({refused})")

    # -- articles that were alerted

    async def _rechecks(self, listed: dict[str, Entry]) -> AsyncIterator[Article]:
        for recheck in await self.memory.due_rechecks(self.site.name, self.now()):
            if self.gave_up:
                return
            entry = listed.get(recheck.key) or Entry(url=recheck.url, key=recheck.key)
            article = await self._recheck(recheck, entry)
            if article is not None:
                yield article

    async def _recheck(self, recheck: Recheck, entry: Entry) -> Article | None:
        """The article as it is now, if its page was sent again. It stays due while its server does
        not answer; a page that is none any more says nothing of the article."""
        article: Article | None = None
        withdrawn = False
        try:
            if not self._is_of_search(recheck.url):
                article = await self._again(recheck, entry)
        except (FetchFailed, ParseFailed) as error:
            withdrawn = isinstance(error, FetchFailed) and error.status in _GONE
            if not withdrawn:
                self.tally.problem(sentence(recheck.url, error))
            if _is_worth_waiting(error):
                self._in_a_row += 1
                return None
        self._in_a_row = 0
        if article is not None:
            await self._store_again(article)
        await self.memory.rechecked(recheck.article_id, withdrawn=withdrawn, now=self.now())
        return article

    async def _again(self, recheck: Recheck, entry: Entry) -> Article | None:
        answer = await self._page_answer(recheck.url, recheck.validators)
        if answer.unchanged:
            return None
        found = await self._extracted(answer, replace(entry, url=recheck.url))
        article = found.article(self.site.name, entry, answer.validators)
        return shortened(article) if article is not None else None

    def _is_of_search(self, url: str) -> bool:
        """The address of a headline is the search engine's: its page is not the article."""
        searches = (way for way in self.site.ways if isinstance(way, Search))
        return any(same_site(url, way.url) for way in searches)

    async def _store_again(self, article: Article) -> None:
        """Not counted: the archive knows whether it changed."""
        await self.memory.store(article, self.now())


def _may_pass(error: FetchFailed | ParseFailed) -> bool:
    """Whether the same address may work in a while without anybody's doing."""
    return isinstance(error, FetchFailed) and error.temporary and not blocks(error)


def _is_worth_waiting(error: FetchFailed | ParseFailed) -> bool:
    """Whether the page may come; what forbids it (403) may stay, and the listing has it whole."""
    return isinstance(error, FetchFailed) and error.temporary and error.status != 403


def shortened(article: Article) -> Article:
    """Itself, or what is not too long of it."""
    title, text = article.title[:_LONGEST_TITLE], article.text[:_LONGEST_TEXT]
    if (title, text) == (article.title, article.text):
        return article
    log.warning("an article was cut off", url=article.url, letters=len(article.text))
    return replace(article, title=title, text=text)


def most_pages(site: Site, crawl_delay: timedelta | None) -> int:
    """As many as the delay allows until the next crawl; the rest waits for it."""
    delay = max(site.delay, crawl_delay or timedelta(0))
    if not delay:
        return site.max_articles
    return max(1, min(site.max_articles, max(site.every, _LEAST_TIME) // delay))
