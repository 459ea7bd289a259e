"""What Marsad knows and did: explain, search, stats, metrics, feeds."""

import json
import sys
from pathlib import Path

import click

from marsad.commands.options import (
    Sentence,
    config_option,
    configuration_from,
    database_from,
    sentences,
    settings_from,
)


@click.command()
@click.argument("url_or_id")
@config_option
def explain(url_or_id: str, config: Path | None) -> None:
    """Say what happened to an article: fetched, extracted, matched, alerted, and why or why not.

    Example: marsad explain https://example.org/news/1
    """
    from marsad.explain import explain as tell

    settings = settings_from(config)
    configuration = configuration_from(settings)
    database = database_from(settings)
    text = tell(database, configuration, url_or_id)
    if text is None:
        raise Sentence(
            f"{url_or_id} is not known: no site has listed it, or it is spelt otherwise "
            "(ids are the numbers that explain and the logs show)"
        )
    click.echo(text)


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="At most so many articles.",
)
@click.option("--rank", is_flag=True, help="The newest 2,000 answers by relevance.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an article.")
@click.option("--rebuild", is_flag=True, help="Build the index anew from the stored articles.")
def search(query: tuple[str, ...], limit: int, rank: bool, as_json: bool, rebuild: bool) -> None:
    """Search the stored articles, newest first, those of one story together. All words must be
    there; OR, "a phrase", -not, title:word, site:name and since:7d (or since:2026-01-31) say it
    otherwise. What follows -- may begin with -.

    Example: marsad search '"بحر قزوين" روسيا -كرة since:30d'
    """
    from marsad import search as archive
    from marsad.clock import utc_now
    from marsad.progress import progress

    database = database_from(settings_from(None))
    with sentences():
        if rebuild:
            with progress(archive.stored_articles(database)) as advance:
                total = archive.rebuild(database, utc_now(), advance)
            click.echo(f"{total} articles are indexed", err=True)
            if not query:
                return
        hits = archive.find(database, " ".join(query), utc_now(), limit=limit, rank=rank)
        answers = archive.by_story(database, hits)
    marks = sys.stdout.isatty()
    for told in answers:
        if as_json:
            click.echo(json.dumps(archive.row(told.hit), ensure_ascii=False))
            for other in told.also:
                row = archive.row(other, same_as=told.hit.article_id)
                click.echo(json.dumps(row, ensure_ascii=False))
            continue
        for line in archive.lines(
            told, lambda word: click.style(word, bold=True) if marks else f"*{word}*"
        ):
            click.echo(line)
    if not hits and not as_json:
        click.echo("nothing was found", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a site, times in seconds.")
def stats(as_json: bool) -> None:
    """Say what each site gave today (UTC): articles, alerts, and how long they took from
    publication to the message.

    Example: marsad stats
    """
    from rich.console import Console

    from marsad.clock import utc_now
    from marsad.stats import rows, table, times_today

    now = utc_now()
    with sentences():
        times = times_today(database_from(settings_from(None)), now)
    if as_json:
        for row in rows(times):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    Console(width=None if sys.stdout.isatty() else 120).print(table(times, now))


@click.command()
def metrics() -> None:
    """Print the figures of /metrics, as Prometheus and node_exporter's textfile collector read
    them; for those who run Marsad by cron.

    Example: marsad metrics > /var/lib/prometheus/node-exporter/marsad.prom
    """
    from marsad.clock import utc_now
    from marsad.metrics import metrics_text
    from storage.monitoring import snapshot

    now = utc_now()
    seen = database_from(settings_from(None)).read_now(lambda c: snapshot(c, now))
    click.echo(metrics_text(seen, now), nl=False)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@config_option
def feeds(directory: Path, config: Path | None) -> None:
    """Write what was alerted as feeds, TOPIC.atom and TOPIC.json, for people without Telegram.
    `marsad run` serves the same under /feeds/ of MARSAD_MONITOR_LISTEN.

    Example: marsad feeds /srv/www/feeds
    """
    from marsad.topicfeeds import write_feeds
    from marsad.wiring import topic_titles

    settings = settings_from(config)
    topics = topic_titles(configuration_from(settings))
    for path, entries in write_feeds(database_from(settings), topics, directory):
        click.echo(f"wrote {path}: {entries} entries")
