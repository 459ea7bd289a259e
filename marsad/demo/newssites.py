"""A few small Arabic news sites on loopback, some of them publishing while they run.

    async with NewsSites() as news:
        news.sites          # site files for Marsad
        news.publish(article)

As a process of its own: python -m marsad.demo.newssites [--timetable FILE] [--speed N] prints one
line of JSON: the address of each site, and the control address to which new articles are posted.
"""

import argparse
import asyncio
import hashlib
import json
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from marsad.demo.articles import DemoArticle, Published, read_articles, retimed
from marsad.demo.outlets import OUTLETS, Document, Outlet, outlet_of
from models.site import Site

_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /wp-admin/\nSitemap: {}/sitemap.xml\n"
_SEE_ALSO = 3

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_TIMETABLE = TypeAdapter(dict[str, float])


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request that a site got; `conditional`: it asked whether something changed."""

    site: str
    path: str
    status: int
    user_agent: str
    conditional: bool


class NewsSites:
    """All outlets, each on a port of its own. Nothing is scheduled: an article is online as soon
    as the clock has passed its time, so a clock moved by hand publishes, too."""

    def __init__(
        self,
        articles: Sequence[DemoArticle] | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        outlets: Sequence[Outlet] = OUTLETS,
    ) -> None:
        self._clock = clock
        self._outlets = tuple(outlets)
        self._articles = {a.id: a for a in (read_articles() if articles is None else articles)}
        for article in self._articles.values():
            outlet_of(article)
        self._updates: dict[str, datetime] = {}
        self._withdrawn: set[str] = set()
        self._started = clock().replace(microsecond=0)
        self._runners: list[web.AppRunner] = []
        self.origins: dict[str, str] = {}
        self.requests: list[SeenRequest] = []

    async def start(self) -> None:
        """Listen; the timetable counts from here."""
        self._started = self._clock().replace(microsecond=0)
        for outlet in self._outlets:
            self.origins[outlet.name] = await self.listen(_handler(self, outlet))

    async def listen(self, handler: Handler) -> str:
        """One more server on loopback, stopped with the others; returns its address."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def sites(self) -> tuple[Site, ...]:
        """A site file for each, at the addresses where they listen."""
        return tuple(outlet.site(self.origins[outlet.name]) for outlet in self._outlets)

    @property
    def hosts(self) -> frozenset[tuple[str, int]]:
        """The loopback hosts and ports that a crawl of these sites needs."""
        return frozenset(
            ("127.0.0.1", int(origin.rpartition(":")[2])) for origin in self.origins.values()
        )

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """All articles, online or still to come, in the order of their time."""
        return tuple(sorted(self._articles.values(), key=lambda article: article.at))

    def url(self, article_id: str) -> str:
        """The address of an article. Raises KeyError."""
        article = self._articles[article_id]
        outlet = outlet_of(article)
        return outlet.address(self.origins[outlet.name], self._published(article))

    def publish(self, article: DemoArticle) -> None:
        """Put an article online now, whatever its `at`. Raises KeyError for an unknown site."""
        outlet_of(article)
        at = (self._clock() - self._started).total_seconds()
        self._articles[article.id] = article.model_copy(update={"at": at})

    def correct(
        self, article_id: str, *, title: str | None = None, text: str | None = None
    ) -> None:
        """Change an article that is online; its address stays. Raises KeyError."""
        old = self._articles[article_id]
        given = {"title": title, "text": text, "slug": old.address_name}
        changes = {name: value for name, value in given.items() if value is not None}
        self._articles[article_id] = old.model_copy(update=changes)
        self._updates[article_id] = self._clock()

    def withdraw(self, article_id: str) -> None:
        """Out of the listings, and its page answers 410. Raises KeyError."""
        self._withdrawn.add(self._articles[article_id].id)

    def online(self, site: str) -> list[Published]:
        """The articles of a site that are online now, newest first."""
        now = self._clock()
        shown = [self._published(a) for a in self._articles.values() if a.site == site]
        there = [i for i in shown if i.published <= now and i.article.id not in self._withdrawn]
        return sorted(there, key=lambda item: item.published, reverse=True)

    def _published(self, article: DemoArticle) -> Published:
        moment = self._started + timedelta(seconds=article.at)
        published = moment.replace(microsecond=0)
        return Published(article, published, self._updates.get(article.id, published))

    def respond(self, outlet: Outlet, path: str) -> tuple[Document, datetime] | int:
        """What a path answers and when that last changed, or the status of an error."""
        origin = self.origins[outlet.name]
        online = self.online(outlet.name)
        newest = max((item.updated for item in online), default=self._started)
        if path == "/robots.txt":
            return Document("text/plain; charset=utf-8", _ROBOTS.format(origin)), self._started
        for item in online:
            if path == outlet.articles_path(item):
                others = [other for other in online if other is not item][:_SEE_ALSO]
                return outlet.page(outlet, origin, item, others), item.updated
        if path in self._gone(outlet):
            return 410
        document = outlet.listing_documents(outlet, origin, online).get(path)
        return (document, newest) if document else 404

    def _gone(self, outlet: Outlet) -> set[str]:
        gone = (self._articles[name] for name in self._withdrawn)
        return {outlet.articles_path(self._published(a)) for a in gone if a.site == outlet.name}


def _handler(news: NewsSites, outlet: Outlet) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        answer = _answer(request, news.respond(outlet, unquote(request.path)))
        news.requests.append(
            SeenRequest(
                site=outlet.name,
                path=request.path_qs,
                status=answer.status,
                user_agent=request.headers.get("User-Agent", ""),
                conditional=not {"If-None-Match", "If-Modified-Since"}.isdisjoint(request.headers),
            )
        )
        return answer

    return handle


def _answer(request: web.Request, found: tuple[Document, datetime] | int) -> web.Response:
    if isinstance(found, int):
        return web.Response(status=found, text=str(found))
    if request.method not in ("GET", "HEAD"):
        return web.Response(status=405)
    document, changed = found
    changed = changed.replace(microsecond=0)
    etag = '"' + hashlib.sha256(document.body).hexdigest()[:20] + '"'
    headers = {
        "ETag": etag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Content-Type": document.content_type,
        **dict(document.headers),
    }
    if _unchanged(request.headers, etag, changed):
        return web.Response(status=304, headers=headers)
    return web.Response(body=document.body, headers=headers)


def _unchanged(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """RFC 9110, 13.2.2: If-Modified-Since counts only without If-None-Match."""
    if "If-None-Match" in headers:
        asked = [tag.strip().removeprefix("W/") for tag in headers["If-None-Match"].split(",")]
        return etag in asked or "*" in asked
    if "If-Modified-Since" not in headers:
        return False
    try:
        return changed <= parsedate_to_datetime(headers["If-Modified-Since"])
    except ValueError:
        return False


def _control(news: NewsSites, secret: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if request.path != f"/{secret}/publish" or request.method != "POST":
            return web.Response(status=404)
        try:
            news.publish(DemoArticle.model_validate_json(await request.read()))
        except (ValidationError, KeyError) as error:
            return web.Response(status=400, text=str(error))
        return web.Response(status=204)

    return handle


async def _serve(articles: tuple[DemoArticle, ...]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    secret = secrets.token_urlsafe(16)
    async with NewsSites(articles) as news:
        control = await news.listen(_control(news, secret))
        sites = [site.model_dump(mode="json", exclude_defaults=True) for site in news.sites]
        line = {"origins": news.origins, "control": f"{control}/{secret}", "sites": sites}
        print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201  (its one answer)
        await stopped.wait()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="marsad.demo.newssites", description="Local news sites.")
    parser.add_argument("--articles", type=Path, help="a YAML file like the shipped articles.yaml")
    parser.add_argument("--timetable", type=Path, help='JSON: {"article id": seconds after start}')
    parser.add_argument("--speed", type=float, default=1.0, help="divides the times after start")
    given = parser.parse_args(argv)
    articles = read_articles(given.articles) if given.articles else read_articles()
    if given.timetable:
        timetable = _TIMETABLE.validate_json(given.timetable.read_bytes())
        articles = retimed(articles, timetable)
    later = {a.id: a.at / given.speed for a in articles if a.at > 0}
    asyncio.run(_serve(retimed(articles, later)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
