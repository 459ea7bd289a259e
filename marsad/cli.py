"""The command line. Each command reads settings, calls one module and prints; rules live there."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from datetime import datetime

    from marsad.configuration import Configuration
    from marsad.settings import Settings
    from marsad.sweep import Advance, Articles, Tally
    from storage.database import Database

# sysexits.h: try again later.
EXIT_ALREADY_RUNNING = 75

F = TypeVar("F", bound=Callable[..., Any])


class Sentence(click.ClickException):
    """A problem that the person who typed the command can act on: one sentence, no traceback."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(f"marsad: {self.message}", err=True)


def config_option(command: F) -> F:
    return click.option(
        "--config",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the configuration (default: MARSAD_CONFIG, or ./config).",
    )(command)


def files_argument(command: F) -> F:
    """JSON-lines files of articles, .gz too; without one a command reads the archive."""
    path = click.Path(exists=True, dir_okay=False, allow_dash=True)
    return click.argument("files", nargs=-1, type=path, metavar="[FILE.jsonl]...")(command)


def _age(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    from models.duration import parse_duration

    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r}: {error}") from error


def since_option(command: F) -> F:
    return click.option(
        "--since",
        callback=_age,
        metavar="AGE",
        help="Only articles of this age at most, as in 30d: in the archive since they were first "
        "seen, in a file since they were published.",
    )(command)


def _settings(config: Path | None) -> "Settings":
    from dataclasses import replace

    from marsad.logs import configure_logs
    from marsad.settings import SettingsError, read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        raise Sentence(str(error)) from error
    secrets = tuple(
        secret.get_secret_value()
        for secret in (settings.bot_token, settings.bot_proxy, settings.crawl_proxy)
        if secret is not None
    )
    configure_logs(settings.log_level, secrets)
    return settings if config is None else replace(settings, config=config.resolve())


def _configuration(settings: "Settings") -> "Configuration":
    from marsad.configuration import load
    from models.configfile import ConfigErrors

    try:
        return load(settings.config)
    except ConfigErrors as errors:
        raise Sentence(f"the configuration cannot be used:\n{errors}") from errors


def _database(settings: "Settings") -> "Database":
    from marsad.wiring import open_database
    from storage.errors import DatabaseError

    try:
        return open_database(settings)
    except DatabaseError as error:
        raise Sentence(str(error)) from error


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        with _sentences():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="marsad")
def main() -> None:
    """Marsad watches Arabic news sites and alerts Telegram subscribers by topic."""


@main.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Write a commented starter configuration.

    Example: marsad init my-config
    """
    from marsad.initconfig import init as write_starter

    try:
        written = write_starter(directory)
    except FileExistsError as error:
        raise Sentence(str(error)) from error
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(
        f"\nNext:\n  1. marsad check --config {directory}\n"
        f"  2. edit {directory}/topics (docs/keywords.md)\n"
        f"     and {directory}/sites (docs/add-a-site.md)\n"
        f"  3. marsad run --config {directory}"
    )


@main.command()
@config_option
def check(config: Path | None) -> None:
    """Validate the whole configuration and run the examples of each topic.

    Example: marsad check --config config
    """
    from marsad.check import check as check_configuration

    result = check_configuration(_settings(config).config)
    for problem in result.problems:
        click.echo(str(problem), err=True)
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    if result.problems:
        raise Sentence(f"{len(result.problems)} problems")
    click.echo(result.summary)


@main.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the articles as JSON lines to this file instead of storing them.",
)
@config_option
def crawl(names: tuple[str, ...], output: Path | None, config: Path | None) -> None:
    """Crawl the named sites (all, if none is named) now, and store what is new.

    Example: marsad crawl rt-arabic --output rt.jsonl
    """
    from marsad.crawls import crawl_now
    from marsad.reactor import run_on_reactor

    settings = _settings(config)
    configuration = _configuration(settings)
    unknown = [name for name in names if name not in configuration.sites]
    if unknown:
        raise Sentence(
            f"no site is named {unknown[0]!r}; known: {', '.join(sorted(configuration.sites))}"
        )
    chosen = names or tuple(n for n, site in configuration.sites.items() if site.enabled)
    with _sentences():
        failed = run_on_reactor(lambda: crawl_now(settings, configuration, chosen, output))
    if failed:
        raise Sentence(f"{len(failed)} of {len(chosen)} sites failed: {', '.join(failed)}")


@main.command()
@click.option("--once", is_flag=True, help="Do one round and exit, for cron.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=1),
    default=240,
    show_default=True,
    help="With --once: stop after this long; the rest stays pending.",
)
@click.option(
    "--skip-if-running", is_flag=True, help="Exit 0 if another Marsad is at work, for crontabs."
)
@config_option
def run(once: bool, max_seconds: float, skip_if_running: bool, config: Path | None) -> None:
    """Crawl, match and alert: for good, or with --once for one round.

    Example: marsad run --once --skip-if-running
    """
    from marsad.lock import AlreadyRunning
    from marsad.reactor import run_on_reactor

    settings = _settings(config)
    try:
        with _sentences():
            if once:
                exit_code = run_on_reactor(lambda: _run_once(settings, max_seconds))
            else:
                exit_code = run_on_reactor(lambda: _run(settings))
    except AlreadyRunning as error:
        click.echo(f"marsad: {error}", err=True)
        exit_code = 0 if skip_if_running else EXIT_ALREADY_RUNNING
    sys.exit(exit_code)


async def _run(settings: "Settings") -> int:
    from marsad.wiring import open_engine

    async with open_engine(settings) as (engine, lost):
        await engine.run(lost)
    return 1 if lost.is_set() else 0


async def _run_once(settings: "Settings", max_seconds: float) -> int:
    from marsad.wiring import open_engine

    async with open_engine(settings) as (engine, _):
        summary = await engine.run_once(max_seconds)
    click.echo(str(summary))
    if summary.reports and len(summary.failed_sites) == len(summary.reports):
        click.echo("marsad: every site failed; see marsad doctor", err=True)
        return 1
    return 0


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--url", help="The address that the page came from.")
@click.option("--site", "site_name", help="Use this site's selectors and time zone.")
@click.option("--content-type", help="The Content-Type header that came with the page.")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="JSON lines with id, file and url: extract each, one JSON line a row.",
)
@config_option
def extract(
    file: Path | None,
    url: str | None,
    site_name: str | None,
    content_type: str | None,
    manifest: Path | None,
    config: Path | None,
) -> None:
    """Extract the article of a saved page as JSON, with the reason for what is missing.

    Example: marsad extract page.html --url https://example.org/news/1
    """
    from marsad.extracts import extract_file, extract_manifest

    settings = _settings(config)
    site = None
    if site_name is not None:
        sites = _configuration(settings).sites
        if site_name not in sites:
            raise Sentence(f"no site is named {site_name!r}; known: {', '.join(sorted(sites))}")
        site = sites[site_name]
    if manifest is not None:
        bad = 0
        for line in extract_manifest(manifest, site):
            bad += "error" in line
            click.echo(json.dumps(line, ensure_ascii=False))
        if bad:
            raise Sentence(f"{bad} rows of {manifest} could not be read")
        return
    if file is None or url is None:
        raise click.UsageError("give a FILE and --url URL, or --manifest M.jsonl")
    try:
        row = extract_file(file, url, content_type, site)
    except OSError as error:
        raise Sentence(f"cannot read {file}: {error.strerror}") from error
    click.echo(json.dumps(row, ensure_ascii=False, indent=2))


@main.command("quality-pages")
@click.argument("manifest", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--jsonl", is_flag=True, help="One JSON line a page instead of the account.")
def quality_pages(manifest: Path, jsonl: bool) -> None:
    """Say how well articles are extracted from saved pages whose articles are known: JSON lines
    with id, site, file, url, title, text and date.

    Example: marsad quality-pages pages/manifest.jsonl
    """
    from dataclasses import asdict

    from marsad.clock import utc_now
    from marsad.pagequality import account, judge, read_pages
    from marsad.rows import BadRow

    marks = []
    for page in read_pages(manifest):
        if isinstance(page, BadRow):
            raise Sentence(f"{manifest}: {page}")
        try:
            marks.append(judge(page, utc_now()))
        except OSError as error:
            raise Sentence(f"{manifest}: cannot read {page.file}: {error.strerror}") from error
    for line in (json.dumps(asdict(m), ensure_ascii=False) for m in marks) if jsonl else ():
        click.echo(line)
    for line in account(marks):
        click.echo(line, err=jsonl)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def date(file: str) -> None:
    """Say what the dates of a file tell ('-': standard input), or why they tell none. A line is
    string, time zone and now, parted by tabs, or a JSON object with these names.

    Example: marsad date dates.tsv
    """
    from marsad.clock import utc_now
    from marsad.datefile import read_date_file

    bad = 0
    for row in read_date_file(file, utc_now()):
        bad += "error" in row
        click.echo(json.dumps(row, ensure_ascii=False))
    if bad:
        raise Sentence(f"{bad} lines of {file} are no rows; the others were read")


@main.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--url", help="The address that the feeds came from, for relative links.")
@click.option("--site", "site_name", help="Use this site's time zone.")
@click.option("--content-type", help="The Content-Type header that came with the feeds.")
@config_option
def feed(
    files: tuple[Path, ...],
    url: str | None,
    site_name: str | None,
    content_type: str | None,
    config: Path | None,
) -> None:
    """List the entries of saved feeds as JSON lines; a feed of comments gives the one line
    `"comments": true`.

    Example: marsad feed feed.xml --url https://example.org/feed/
    """
    from marsad.clock import utc_now
    from marsad.feedfile import read_feed_files

    settings = _settings(config)
    site = None
    if site_name is not None:
        sites = _configuration(settings).sites
        if site_name not in sites:
            raise Sentence(f"no site is named {site_name!r}; known: {', '.join(sorted(sites))}")
        site = sites[site_name]

    async def show() -> int:
        bad = 0
        async for found in read_feed_files(
            files, url=url, content_type=content_type, site=site, now=utc_now()
        ):
            for row in found.rows:
                click.echo(json.dumps(row, ensure_ascii=False))
            for problem in found.problems:
                click.echo(f"marsad: {found.file}: {problem}", err=True)
            if found.error:
                bad += 1
                click.echo(json.dumps({"file": str(found.file), "error": found.error}))
        return bad

    if bad := asyncio.run(show()):
        raise Sentence(f"{bad} of {len(files)} files are no feeds")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--all", "show_all", is_flag=True, help="Add the topics that did not fire, and why.")
@config_option
def match(file: str, show_all: bool, config: Path | None) -> None:
    """Match the articles of a JSON-lines file ('-': standard input) against all topics.

    Example: marsad match articles.jsonl --all
    """
    from marsad.rows import BadRow, match_row, read_rows, write_row

    matcher = _configuration(_settings(config)).matcher
    bad = 0
    for row in read_rows(file):
        if isinstance(row, BadRow):
            bad += 1
            click.echo(f"marsad: {file}: {row}", err=True)
            continue
        if show_all:
            verdicts = matcher.evaluate(row.document)
            fired = tuple(v for v in verdicts if v.fired)
            others = tuple(v for v in verdicts if not v.fired)
            click.echo(write_row(match_row(row.id, fired, others)))
        else:
            click.echo(write_row(match_row(row.id, matcher.matching(row.document), None)))
    if bad:
        raise Sentence(f"{bad} lines of {file} are not rows; the others were matched")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def stories(file: str) -> None:
    """Group the articles of a JSON-lines file into stories: one line with id and story a row.

    Example: marsad stories articles.jsonl
    """
    from marsad.rows import BadRow, read_rows, write_row
    from marsad.storygroups import StoryGroups

    groups = StoryGroups()
    bad = 0
    for row in read_rows(file):
        if isinstance(row, BadRow):
            bad += 1
            click.echo(f"marsad: {file}: {row}", err=True)
            continue
        click.echo(write_row({"id": row.id, "story": groups.add(row)}))
    if bad:
        raise Sentence(f"{bad} lines of {file} are not rows; the others were grouped")


@main.command()
@click.argument("url_or_id")
@config_option
def explain(url_or_id: str, config: Path | None) -> None:
    """Say what happened to an article: fetched, extracted, matched, alerted, and why or why not.

    Example: marsad explain https://example.org/news/1
    """
    from marsad.explain import explain as tell

    settings = _settings(config)
    configuration = _configuration(settings)
    database = _database(settings)
    text = tell(database, configuration, url_or_id)
    if text is None:
        raise Sentence(
            f"{url_or_id} is not known: no site has listed it, or it is spelt otherwise "
            "(ids are the numbers that explain and the logs show)"
        )
    click.echo(text)


@main.command()
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--rank", is_flag=True, help="The newest 2,000 answers by relevance.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an article.")
@click.option("--rebuild", is_flag=True, help="Build the index anew from the stored articles.")
def search(query: tuple[str, ...], limit: int, rank: bool, as_json: bool, rebuild: bool) -> None:
    """Search the stored articles, newest first. All words must be there; OR, "a phrase", -not,
    title:word, site:name and since:7d (or since:2026-01-31) say it otherwise. What follows --
    may begin with -.

    Example: marsad search '"بحر قزوين" روسيا -كرة since:30d'
    """
    from marsad import search as archive
    from marsad.clock import utc_now
    from marsad.progress import progress

    database = _database(_settings(None))
    with _sentences():
        if rebuild:
            with progress(archive.stored_articles(database)) as advance:
                total = archive.rebuild(database, utc_now(), advance)
            click.echo(f"{total} articles are indexed", err=True)
            if not query:
                return
        hits = archive.find(database, " ".join(query), utc_now(), limit=limit, rank=rank)
    marks = sys.stdout.isatty()
    for hit in hits:
        if as_json:
            click.echo(json.dumps(archive.row(hit), ensure_ascii=False))
            continue
        for line in archive.lines(
            hit, lambda word: click.style(word, bold=True) if marks else f"*{word}*"
        ):
            click.echo(line)
    if not hits and not as_json:
        click.echo("nothing was found", err=True)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site, times in seconds.")
def stats(as_json: bool) -> None:
    """Say what each site gave today (UTC): articles, alerts, and how long they took from
    publication to the message.

    Example: marsad stats
    """
    from rich.console import Console

    from marsad.clock import utc_now
    from marsad.stats import rows, table, times_today

    with _sentences():
        times = times_today(_database(_settings(None)), utc_now())
    if as_json:
        for row in rows(times):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    Console(width=None if sys.stdout.isatty() else 120).print(table(times))


@main.group()
def subscribers() -> None:
    """Manage who gets alerts."""


@subscribers.command("list")
def subscribers_list() -> None:
    """List the chats, their state and their topics."""
    from marsad.subscriptions import lines

    for line in lines(_database(_settings(None))):
        click.echo(line)


@subscribers.command("add")
@click.argument("chat_id", type=int)
@click.option("--topic", "topics", multiple=True, help="Follow this topic (default: all topics).")
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
@config_option
def subscribers_add(
    chat_id: int, topics: tuple[str, ...], language: str, config: Path | None
) -> None:
    """Add a chat, approved, with its topics.

    Example: marsad subscribers add 12345678 --topic caspian
    """
    from marsad.subscriptions import add

    settings = _settings(config)
    known = _configuration(settings).topics
    unknown = [topic for topic in topics if topic not in known]
    if unknown:
        raise Sentence(f"no topic is named {unknown[0]!r}; known: {', '.join(sorted(known))}")
    chosen = topics or tuple(sorted(known))
    add(_database(settings), chat_id, chosen, "en" if language == "en" else "ar")
    click.echo(f"{chat_id} follows {', '.join(chosen)}")


@subscribers.command("remove")
@click.argument("chat_id", type=int)
def subscribers_remove(chat_id: int) -> None:
    """Delete a chat with everything that is kept of it."""
    from marsad.subscriptions import remove

    if not remove(_database(_settings(None)), chat_id):
        raise Sentence(f"no chat has the id {chat_id}")
    click.echo(f"{chat_id} is deleted")


@main.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export_(file: str) -> None:
    """Write all subscriptions as JSON lines ('-': standard output), to move them.

    Example: marsad export subscribers.jsonl
    """
    from marsad.subscriptions import export_rows

    rows = export_rows(_database(_settings(None)))
    with click.open_file(file, "w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    click.echo(f"{len(rows)} subscribers", err=True)


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def import_(file: str) -> None:
    """Read subscriptions that `marsad export` wrote: all of them, or none if a line is wrong.

    Example: marsad import subscribers.jsonl
    """
    from marsad.rows import BadRow, read_json_lines
    from marsad.subscriptions import import_rows
    from storage.errors import ImportRefused

    rows = []
    for number, value in read_json_lines(file):
        if isinstance(value, BadRow):
            raise Sentence(f"{file}: {value}; nothing was imported")
        rows.append((number, value))
    try:
        import_rows(_database(_settings(None)), rows)
    except ImportRefused as error:
        raise Sentence(f"{file}: {error}; nothing was imported") from error
    click.echo(f"{len(rows)} subscribers imported")


@main.command()
@click.argument("target", metavar="URL|SITE")
@click.option("--write", is_flag=True, help="Write the site file into the configuration.")
@click.option("--name", help="The site's name (default: from its address).")
@click.option("--timezone", "zone", help="The newsroom's time zone, as in Asia/Beirut.")
@config_option
def probe(
    target: str, write: bool, name: str | None, zone: str | None, config: Path | None
) -> None:
    """Find out how a site publishes, show its newest articles, and write its site file; or try
    the ways of a site that is configured.

    Example: marsad probe https://shore.example --write
    """
    from marsad.probes import probe_target, write_probed
    from marsad.reactor import run_on_reactor

    settings = _settings(config)
    configuration = _configuration(settings)
    with _sentences():
        site = run_on_reactor(
            lambda: probe_target(settings, configuration, target, name=name, zone=zone)
        )
        if site is None:
            raise Sentence(f"no way to read {target} was found")
        if target not in configuration.sites:
            click.echo(write_probed(configuration, site, target, write=write))


@main.command()
@click.argument("name", metavar="SITE")
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    required=True,
    help="Back to this day (UTC), as in 2024-01-01.",
)
@config_option
def backfill(name: str, since: "datetime", config: Path | None) -> None:
    """Store a site's older articles, from its sitemaps or WordPress; never alert on them. Run it
    again to go on where it stopped.

    Example: marsad backfill hespress --since 2024-01-01
    """
    from datetime import UTC

    from crawler.errors import FetchFailed, ParseFailed
    from marsad.backfill import NoArchive
    from marsad.backfills import run_backfill
    from marsad.lock import AlreadyRunning
    from marsad.reactor import run_on_reactor

    settings = _settings(config)
    configuration = _configuration(settings)
    _known([name], configuration.sites, "site")
    site, start = configuration.sites[name], since.replace(tzinfo=UTC)
    try:
        with _sentences():
            done = run_on_reactor(lambda: run_backfill(settings, configuration, site, start))
    except (FetchFailed, ParseFailed, NoArchive) as error:
        raise Sentence(f"the archive of {name} cannot be read: {error}") from error
    except AlreadyRunning as error:
        click.echo(f"marsad: {error}", err=True)
        sys.exit(EXIT_ALREADY_RUNNING)
    for problem in done.problems[:20]:
        click.echo(f"marsad: {problem}", err=True)
    click.echo(f"{name}: {done.stored} articles stored, {done.failed} pages failed")
    if done.stopped is not None:
        raise Sentence(f"stopped early ({done.stopped}); run it again later to go on")


@main.command("import-opml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
def import_opml(file: Path, config: Path | None) -> None:
    """Write a site file for each feed of an OPML file that no site has yet.

    Example: marsad import-opml feeds.opml
    """
    from marsad.opml import BadOpml, import_outlines, read_opml

    configuration = _configuration(_settings(config))
    try:
        outlines = read_opml(file.read_bytes())
    except BadOpml as error:
        raise Sentence(f"{file} is no OPML file: {error}") from error
    written = 0
    folder = configuration.directory / "sites"
    for each in import_outlines(outlines, configuration.sites, folder):
        if each.path is not None:
            written += 1
            click.echo(f"wrote {each.path}")
        else:
            click.echo(f"left out {each.outline.feed}: {each.reason}", err=True)
    click.echo(f"{written} of {len(outlines)} feeds imported; marsad probe NAME tries one")


@main.command("export-opml")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@config_option
def export_opml(file: str, config: Path | None) -> None:
    """Write the feeds of all sites as OPML ('-': standard output), for a feed reader.

    Example: marsad export-opml feeds.opml
    """
    from marsad.opml import write_opml

    content = write_opml(_configuration(_settings(config)).sites.values())
    with click.open_file(file, "wb") as stream:
        stream.write(content)


@main.command()
@config_option
def doctor(config: Path | None) -> None:
    """Check database, configuration, token and the sites' health; say what to do.

    Example: marsad doctor
    """
    from marsad.examination import examine

    findings = asyncio.run(examine(_settings(config)))
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    if errors:
        raise Sentence(f"{errors} errors")


@main.command()
@click.option(
    "--seconds",
    type=click.FloatRange(min=10, max=600),
    default=45,
    show_default=True,
    help="How long the demo runs.",
)
def demo(seconds: float) -> None:
    """Show the whole pipeline against local news sites and a local Bot API, without internet.

    Example: marsad demo
    """
    from marsad.demo.run import DemoFailed, run_demo

    started = time.monotonic()
    try:
        alerts = run_demo(seconds, click.echo)
    except DemoFailed as error:
        raise Sentence(f"the demo did not work; the end of its log:\n{error.log}") from error
    click.echo(f"\nmarsad demo: {alerts} alerts in {time.monotonic() - started:.0f} s")
    if not alerts:
        raise Sentence("the demo showed no alert")


@main.command()
@files_argument
@since_option
@click.option("--topic", "topics", multiple=True, help="Only this topic (default: all).")
@click.option("--samples", type=click.IntRange(min=0), default=5, show_default=True)
@click.option("--jsonl", is_flag=True, help="One JSON line a match instead of the account.")
@config_option
def replay(
    files: tuple[str, ...],
    since: timedelta | None,
    topics: tuple[str, ...],
    samples: int,
    jsonl: bool,
    config: Path | None,
) -> None:
    """Say what the rules as they are would have alerted on: in the archive, or in JSON-lines
    files (.gz too).

    Example: marsad replay --since 30d --topic caspian
    """
    from marsad.replay import Replay, Report, fired_fields, read_line
    from marsad.rows import write_row

    settings = _settings(config)
    configuration = _configuration(settings)
    alerting = tuple(n for n, topic in configuration.topics.items() if not topic.internal)
    chosen = topics or alerting
    _known(chosen, alerting, "alerting topic")
    run = Replay(configuration.matcher, chosen, configuration.general.story_window)
    report = Report(chosen, samples)
    started = time.monotonic()
    with _articles(settings, files, since) as (articles, advance):
        for fired in run.run(articles, advance):
            if jsonl:
                click.echo(write_row(fired_fields(fired)))
            else:
                report.add(fired)
    click.echo(read_line(run.tally, time.monotonic() - started), err=jsonl)
    if not jsonl:
        for line in report.lines(run.tally):
            click.echo(line)
    _complain(run.tally)


@main.command()
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
@files_argument
@since_option
@click.option(
    "--labels",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labelled JSON lines, as `marsad quality` reads them (default: those that it takes).",
)
@click.option("--samples", type=click.IntRange(min=0), default=5, show_default=True)
@config_option
def diff(
    new: Path,
    files: tuple[str, ...],
    since: timedelta | None,
    labels: tuple[Path, ...],
    samples: int,
    config: Path | None,
) -> None:
    """Say which alerts the rules of the configuration NEW would add and take away, and by which
    clause: in the archive, or in JSON-lines files (.gz too).

    Example: marsad diff edited-config --since 30d
    """
    from dataclasses import replace

    from alerts.matching.quality import label_columns
    from marsad.diff import Diff, labelled_diff, labelled_lines, lines
    from marsad.quality import judged_files
    from marsad.replay import read_line

    settings = _settings(config)
    configuration = _configuration(settings)
    old, changed = configuration.matcher, _configuration(replace(settings, config=new)).matcher
    run = Diff(old, changed, configuration.general.story_window)
    started = time.monotonic()
    with _articles(settings, files, since) as (articles, advance):
        run.run(articles, advance)
    click.echo(read_line(run.tally, time.monotonic() - started))
    for line in lines(run, samples):
        click.echo(line)
    columns = label_columns(old) | label_columns(changed)
    for file in labels or judged_files(columns, settings.eval_data):
        click.echo()
        for line in labelled_lines(labelled_diff(old, changed, file)):
            click.echo(line)
    _complain(run.tally)


@main.command()
@click.argument(
    "file",
    required=False,
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
)
@click.option("--topic", "topics", multiple=True, help="Only this topic (default: all).")
@click.option("--by-source", is_flag=True, help="Add the figures of each source apart.")
@click.option(
    "--forms",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Judge word forms: a table of keyword, class, surface form, yes or no, between tabs.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a file.")
@config_option
def quality(
    file: Path | None,
    topics: tuple[str, ...],
    by_source: bool,
    forms: str | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Give precision, recall and F1 of each topic on labelled articles, with the wrong ones and
    why. FILE holds JSON lines (.gz too) with id, title, text and a label a topic: 2 must alert,
    1 borderline (left out), 0 must not. Without FILE: Marsad's own labelled articles, and those
    under MARSAD_EVAL_DATA.

    Example: marsad quality labelled.jsonl --by-source
    """
    from alerts.matching.quality import label_columns
    from marsad.quality import judged_files, quality_fields, quality_lines, quality_of
    from marsad.rows import write_row

    if forms is not None:
        if file is not None:
            raise click.UsageError("give a FILE or --forms TABLE, not both")
        _form_quality(forms, as_json)
        return
    settings = _settings(config)
    matcher = _configuration(settings).matcher
    columns = label_columns(matcher)
    _known(topics, columns, "topic")
    files = [file] if file is not None else list(judged_files(columns, settings.eval_data))
    if not files:
        raise Sentence(
            "no FILE is given, this installation has no labelled articles of its own, and there "
            "are none under MARSAD_EVAL_DATA"
        )
    bad = 0
    for number, path in enumerate(files):
        found = quality_of(matcher, path, topics or tuple(columns), sources=by_source)
        bad += len(found.judged.bad)
        if as_json:
            click.echo(write_row(quality_fields(found)))
        else:
            click.echo("\n" if number else "", nl=False)
            for line in quality_lines(found):
                click.echo(line)
        for problem in found.judged.bad[:10]:
            click.echo(f"marsad: {path}: {problem}", err=True)
    if bad:
        raise Sentence(f"{bad} lines are not labelled articles; the others were judged")


def _form_quality(path: str, as_json: bool) -> None:
    from marsad.formquality import form_fields, form_lines, form_quality
    from marsad.rows import write_row

    found = form_quality(path)
    if as_json:
        click.echo(write_row(form_fields(path, found)))
    else:
        for line in form_lines(path, found):
            click.echo(line)
    for problem in found.bad[:10]:
        click.echo(f"marsad: {path}: {problem}", err=True)
    if found.bad:
        raise Sentence(f"{len(found.bad)} lines of {path} are not judged; the others were")


@main.command()
@files_argument
@since_option
@click.option("--json", "as_json", is_flag=True)
@config_option
def lint(
    files: tuple[str, ...], since: timedelta | None, as_json: bool, config: Path | None
) -> None:
    """Warn of keywords that never hit, that another one makes superfluous, or whose forms are
    rather other words, and of clauses that never decide: in the archive, or in JSON-lines files
    (.gz too). Exits 0: a warning is something to look at.

    Example: marsad lint articles.jsonl.gz
    """
    from marsad.configuration import load_with_sources
    from marsad.lint import Lint, finding_fields
    from marsad.rows import write_row

    settings = _settings(config)
    run = Lint(load_with_sources(settings.config))
    with _articles(settings, files, since) as (articles, advance):
        run.run(articles, advance)
    findings, unjudged = run.findings(), list(run.unjudged())
    if as_json:
        fields = [finding_fields(finding) for finding in findings]
        counts = {"articles": run.tally.articles, "findings": fields, "unjudged": unjudged}
        click.echo(write_row(counts))
    else:
        for line in (*findings, *(f"not judged: {sentence}" for sentence in unjudged)):
            click.echo(str(line))
        click.echo(f"{len(findings)} warnings, on {run.tally.articles:,} articles")
    _complain(run.tally)


@main.command()
@click.argument("word")
@click.option(
    "--class",
    "word_class",
    help="name, place, noun, nisba, exact, phrase, prefix or regex (default: noun, and phrase "
    "for several words).",
)
@click.option("--json", "as_json", is_flag=True)
def forms(word: str, word_class: str | None, as_json: bool) -> None:
    """List the forms of WORD that count as it, grouped by article and ending.

    Example: marsad forms روسي --class nisba
    """
    from pydantic import ValidationError

    from marsad.rows import write_row
    from marsad.wordforms import fields, lines
    from models.faults import faults_of
    from models.lexicon import Keyword

    try:
        keyword = Keyword.model_validate({"word": word, "class": word_class})
        for line in (write_row(fields(keyword)),) if as_json else lines(keyword):
            click.echo(line)
    except ValidationError as error:
        faults = "; ".join(fault.message for fault in faults_of(error, Keyword))
        raise Sentence(f"{word}: {faults}") from error
    except ValueError as error:
        raise Sentence(str(error)) from error


@main.command("import-rule")
@click.argument("query")
def import_rule(query: str) -> None:
    """Print the YAML of a topic for a boolean QUERY: AND, OR, NOT, parentheses, "phrases",
    NEAR/n, ONEAR/n (in this order), title:, and * at the end of a word.

    Example: marsad import-rule '(إيران AND روسيا) NEAR/12 NOT title:"كأس"'
    """
    from marsad.boolean import QueryError
    from marsad.importrule import topic_yaml

    try:
        click.echo(topic_yaml(query), nl=False)
    except QueryError as error:
        arrow = " " * (error.column - 1) + "^"
        raise Sentence(f"{error}\n{query}\n{arrow}" if "\n" not in query else str(error)) from error


@contextmanager
def _articles(
    settings: "Settings", files: tuple[str, ...], since: timedelta | None
) -> Iterator[tuple["Articles", "Advance"]]:
    """The articles of the files, or else of the archive, with a progress bar on a terminal."""
    from marsad.clock import utc_now
    from marsad.progress import progress
    from marsad.sweep import ArchiveArticles, FileArticles

    start = None if since is None else utc_now() - since
    articles: Articles
    if files:
        articles = FileArticles(files, start)
    else:
        articles = ArchiveArticles(settings.database_url.get_secret_value(), start)
    with progress(articles.size) as advance:
        yield articles, advance


def _known(names: Iterable[str], known: Iterable[str], noun: str) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise Sentence(f"no {noun} is named {unknown[0]!r}; known: {', '.join(sorted(known))}")


def _complain(tally: "Tally") -> None:
    """Name the lines that could not be read; the others were."""
    for complaint in tally.complaints:
        click.echo(f"marsad: {complaint}", err=True)
    if tally.bad:
        raise Sentence(f"{tally.bad} lines are not rows; the others were read")


class _sentences:
    """Turns the errors that carry a sentence for the person into a Sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, click.ClickException):
            return
        from alerts.telegram.bot import TokenRefused
        from marsad.rows import UnreadableFile
        from marsad.settings import SettingsError
        from marsad.sitefile import ProbeFailed
        from marsad.sweep import SweepFailed
        from models.configfile import ConfigErrors
        from storage.errors import DatabaseError

        if isinstance(error, ConfigErrors):
            raise Sentence(f"the configuration cannot be used:\n{error}") from error
        known = (
            SettingsError
            | DatabaseError
            | TokenRefused
            | UnreadableFile
            | SweepFailed
            | ProbeFailed
        )
        if isinstance(error, known):
            raise Sentence(str(error)) from error
