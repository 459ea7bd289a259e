"""How many articles a second come from local sites into decisions, and what 3,000 crawls leave.

    python benchmarks/crawl.py throughput [--sites 40] [--articles 50] [--no-selectors] [--bot]
    python benchmarks/crawl.py soak [--crawls 3000]

`throughput` runs the shipped command with the shipped topics against sites on loopback: pages of 4
to 80 KB, no delay. It counts from the start of the process to the last decision, prints the rate
and the memory of all of Marsad's processes, and fails if an article is missing or twice. The sites'
server is a process of its own on the same cores. With `--bot` there is a bot beside, to which
nobody writes, at a Bot API of its own.

`soak` makes crawls in this process, a few at a time, of sites of which some publish, some are
unchanged and some are broken, and prints memory, tasks and file descriptors as it goes.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from aiohttp import ClientSession, web

from benchmarks.corpus import own_articles

_TEXTS = 50
_SMALLEST, _LARGEST = 4_000, 80_000
_AT_ONCE = 8
_ROBOTS_ASKED = "http://127.0.0.1:{}/robots-asked"
_WARM_UP = 300


# -- the sites


def serve(ready: Connection, sites: int, articles: int) -> None:
    """A process: /N/feed and /N/M are the feed and the articles of site N."""
    texts = [(row.document.title, row.document.text.split("\n\n")) for row in own_articles(_TEXTS)]
    now = format_datetime(datetime.now(UTC))
    asked: dict[str, int] = {}

    async def feed(request: web.Request) -> web.Response:
        site = int(request.match_info["site"])
        asked[str(site)] = asked.get(str(site), 0) + 1
        if request.query.get("soak"):
            return soaking(request, site, asked[str(site)])
        return listing(request, site, range(articles), '"1"')

    def soaking(request: web.Request, site: int, look: int) -> web.Response:
        """Every fifth site is broken; the others publish at each tenth look."""
        if site % 5 == 4:
            return (
                web.Response(status=500) if look % 2 else web.Response(text="<html>لا شيء</html>")
            )
        edition = look // 10
        return listing(request, site, range(edition * 3, edition * 3 + 10), f'"{edition}"')

    def listing(request: web.Request, site: int, numbers: range, etag: str) -> web.Response:
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        items = "".join(
            f"<item><title>{texts[(site * 7 + n) % _TEXTS][0]} {site}-{n}</title>"
            f"<link>http://{request.host}/{site}/{n}</link><pubDate>{now}</pubDate></item>"
            for n in numbers
        )
        body = f"<rss version='2.0'><channel><title>s{site}</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def article(request: web.Request) -> web.Response:
        site, number = int(request.match_info["site"]), int(request.match_info["number"])
        title, paragraphs = texts[(site * 7 + number) % _TEXTS]
        size = random.Random(site * 1_000 + number).randint(_SMALLEST, _LARGEST)
        text = "".join(f"<p>{paragraph} ({site}-{number})</p>" for paragraph in paragraphs)
        head = (
            f"<!doctype html><html lang=ar><head><meta charset=utf-8><title>{title}</title>"
            f"</head><body><h1>{title} {site}-{number}</h1><div class=story>{text}</div>"
        )
        menu = "<ul>" + "<li><a href=/about>قسم من أقسام الموقع</a></li>" * 20 + "</ul>"
        script = "<script>var x = 'a';</script>" * max(0, (size - len(head.encode())) // 29 - 40)
        return web.Response(text=f"{head}{menu}{script}</body></html>", content_type="text/html")

    async def robots(request: web.Request) -> web.Response:
        asked["robots.txt"] = asked.get("robots.txt", 0) + 1
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def robots_asked(request: web.Request) -> web.Response:
        return web.Response(text=str(asked.get("robots.txt", 0)))

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/robots.txt", robots)
        app.router.add_get("/robots-asked", robots_asked)
        app.router.add_get("/{site}/feed", feed)
        app.router.add_get("/{site}/{number}", article)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def serving(sites: int, articles: int) -> Iterator[int]:
    """The port of the sites."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, sites, articles), daemon=True)
    server.start()
    try:
        yield mine.recv()
    finally:
        server.kill()
        server.join()


# -- throughput


def throughput(sites: int, articles: int, selectors: bool, bot: bool) -> int:
    beside: AbstractContextManager[dict[str, str]] = bot_api() if bot else nullcontext({})
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(sites, articles) as port,
        beside as settings,
    ):
        home = Path(folder)
        _configure(home, sites, port, selectors)
        environment = {
            **os.environ,
            "MARSAD_CONFIG": str(home / "config"),
            "MARSAD_DATA": str(home / "data"),
            "MARSAD_ALLOW_PRIVATE_NETWORKS": f"127.0.0.1:{port}",
            "MARSAD_LOG_LEVEL": "error",
            **settings,
        }
        began = time.monotonic()
        with (home / "out").open("wb") as out:
            marsad = subprocess.Popen(
                [sys.executable, "-m", "marsad", "run"], env=environment, stdout=out, stderr=out
            )
            try:
                peak, first = _watch(home, marsad, sites * articles)
                spent = _processor(psutil.Process(marsad.pid))
            finally:
                marsad.terminate()
                marsad.wait(30)
        seconds = time.monotonic() - began
        stored, keys = _counts(home, "SELECT count(*), count(DISTINCT key) FROM articles")
        result = {
            "articles": stored,
            "missing": sites * articles - stored,
            "twice": stored - keys,
            "selectors": selectors,
            "bot": bot,
            "seconds": round(seconds, 1),
            "articles a second": round(stored / seconds, 1),
            "articles a second after the start": round(stored / (seconds - first), 1),
            "processor seconds": spent,
            "MB": round(sum(peak)),
            "MB of each process": [round(each) for each in peak],
            "load": round(os.getloadavg()[0], 1),
        }
        print(json.dumps(result))
        return 0 if stored == keys == sites * articles else 1


@contextmanager
def bot_api() -> Iterator[dict[str, str]]:
    """The settings of a bot, while its Bot API runs."""
    from marsad.demo.botapi import DEMO_TOKEN

    command = [sys.executable, "-m", "marsad.demo.botapi", "--token", DEMO_TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        origin = json.loads(process.stdout.readline())["base_url"].removesuffix("/bot")
        try:
            yield {
                "MARSAD_BOT_TOKEN": DEMO_TOKEN,
                "MARSAD_BOT_API": origin,
                "MARSAD_OPERATORS": "7",
            }
        finally:
            process.terminate()


def _configure(home: Path, sites: int, port: int, selectors: bool) -> None:
    from marsad.initconfig import init

    init(home / "config")
    for path in (home / "config" / "sites").iterdir():
        path.unlink()
    for number in range(sites):
        (home / "config" / "sites" / f"site-{number}.yaml").write_text(
            f"title: {{ar: موقع {number}}}\n"
            f"publishes: [{{type: feed, url: 'http://127.0.0.1:{port}/{number}/feed'}}]\n"
            "every: 1h\ndelay: 0s\n"
            + ("selectors: {title: h1, body: div.story}\n" if selectors else ""),
            encoding="utf-8",
        )


def _watch(home: Path, marsad: "subprocess.Popen[bytes]", wanted: int) -> tuple[list[float], float]:
    """Until everything is decided: the most memory, and when the first article was stored."""
    process, began, first = psutil.Process(marsad.pid), time.monotonic(), 0.0
    peak: list[float] = []
    while marsad.poll() is None:
        peak = max(peak, _megabytes(process), key=sum)
        decided, stored = _counts(
            home, "SELECT coalesce(sum(state = 'decided'), 0), count(*) FROM articles"
        )
        first = first or (time.monotonic() - began if stored else 0.0)
        if decided >= wanted or time.monotonic() - began > 600:
            return peak, first
        time.sleep(0.1)
    raise SystemExit((home / "out").read_text(encoding="utf-8")[-2_000:])


def _megabytes(process: psutil.Process) -> list[float]:
    """Of Marsad itself, then of the processes that it started."""
    sizes = []
    for each in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            # Between fork and exec a child is its parent's twin, and all pages are shared.
            if each == process or each.cmdline() != process.cmdline():
                sizes.append(each.memory_info().rss / 2**20)
    return sizes


def _processor(process: psutil.Process) -> list[float]:
    """Seconds of Marsad itself, of its workers that have ended, and of each that runs."""
    own, *others = [each.cpu_times() for each in [process, *process.children(recursive=True)]]
    running = [each.user + each.system for each in others]
    ended = own.children_user + own.children_system
    return [round(each, 1) for each in (own.user + own.system, ended, *running)]


def _counts(home: Path, query: str) -> tuple[int, int]:
    file = home / "data" / "marsad.sqlite3"
    if not file.exists():
        return 0, 0
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
    try:
        row = connection.execute(query).fetchone()
    except sqlite3.OperationalError:  # the tables are not there yet
        return 0, 0
    finally:
        connection.close()
    return int(row[0]), int(row[1])


# -- soak


async def soak(crawls: int, port: int, folder: Path) -> int:
    from crawler.crawl import crawl_site
    from crawler.guard import AllowPrivate
    from crawler.options import CrawlOptions
    from crawler.parsing import ParserPool
    from marsad.clock import utc_now
    from models.site import Feed, Site, Title
    from storage.crawls import SqlCrawlMemory
    from storage.database import Database

    options = CrawlOptions(
        contact="", allow_private=AllowPrivate(hosts=frozenset({("127.0.0.1", port)}))
    )
    database, parser = Database.open(f"sqlite:///{folder}/marsad.db"), ParserPool()
    memory = SqlCrawlMemory(database)
    sites = [
        Site(
            name=f"site-{number}",
            title=Title(ar="موقع"),
            publishes=(Feed(type="feed", url=f"http://127.0.0.1:{port}/{number}/feed?soak=1"),),
            delay=timedelta(0),
        )
        for number in range(40)
    ]
    rows: list[dict[str, float]] = []

    async def crawl(number: int) -> None:
        await crawl_site(
            sites[number % len(sites)], memory=memory, parser=parser, options=options, now=utc_now
        )

    done, began = 0, time.monotonic()
    while done < crawls:
        upto = min(crawls, done + (_WARM_UP if not done else 300))
        await _in_turn(range(done, upto), crawl)
        done = upto
        row = _leftovers(done, time.monotonic() - began)
        rows.append(row)
        print(json.dumps(row), flush=True)
    # All sites are on one host here, and the crawls take less than a day.
    async with ClientSession() as session, session.get(_ROBOTS_ASKED.format(port)) as answer:
        robots = int(await answer.text())
    print(json.dumps({"robots.txt asked": robots, "at most": 1}))
    grown = rows[-1]["MB"] - rows[0]["MB"]
    leaks = rows[-1]["tasks"] > rows[0]["tasks"] or rows[-1]["files"] > rows[0]["files"]
    print(json.dumps({"MB grown after the warm-up": round(grown, 1), "leaks": leaks}))
    await parser.close()
    await database.close()
    return 0 if grown < 5 and not leaks and robots <= 1 else 1


async def _in_turn(numbers: range, work: Callable[[int], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await work(number)

    await asyncio.gather(*(one(number) for number in numbers))


def _leftovers(done: int, seconds: float) -> dict[str, float]:
    process = psutil.Process()
    return {
        "crawls": done,
        "seconds": round(seconds),
        "MB": round(process.memory_info().rss / 2**20, 1),
        "tasks": len(asyncio.all_tasks()),
        "files": process.num_fds(),
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    commands = arguments.add_subparsers(dest="command", required=True)
    fast = commands.add_parser("throughput")
    fast.add_argument("--sites", type=int, default=40)
    fast.add_argument("--articles", type=int, default=50)
    fast.add_argument("--no-selectors", action="store_true")
    fast.add_argument("--bot", action="store_true")
    long = commands.add_parser("soak")
    long.add_argument("--crawls", type=int, default=3_000)
    given = arguments.parse_args()
    if given.command == "throughput":
        return throughput(given.sites, given.articles, not given.no_selectors, given.bot)
    from marsad.logs import configure_logs
    from marsad.reactor import run_on_reactor

    configure_logs("error", ())
    with serving(40, 10) as port, tempfile.TemporaryDirectory() as folder:
        return run_on_reactor(lambda: soak(given.crawls, port, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
