"""python -m scripts.soak: long runs that put figures on what is promised of delivery."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from marsad.logs import configure_logs
from scripts.soak.figures import Row

# Figures of time are to be read with it.
_LOAD = os.getloadavg()
_DATABASES = click.Choice(["sqlite", "postgresql"])
_database = click.option("--database", type=_DATABASES, default="sqlite", show_default=True)


def _show(run: Coroutine[Any, Any, Row]) -> None:
    _show_now(asyncio.run(run))


def _show_now(row: Row) -> None:
    click.echo(str(row))
    before, cores = _LOAD[0], os.cpu_count()
    click.echo(
        f"    load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} now, {cores} cores"
    )
    if not row.passes:
        sys.exit(1)


def _folder(*, in_memory: bool = False) -> Path:
    """`in_memory`: what is simulated waits for no disk."""
    memory = Path("/dev/shm")
    where = memory if in_memory and memory.is_dir() else None
    return Path(tempfile.mkdtemp(prefix="marsad-soak-", dir=where))


@click.group(help=__doc__)
def main() -> None:
    configure_logs("WARNING", ())


@main.command()
@_database
@click.option("--chats", default=1500, show_default=True)
def rate(database: str, chats: int) -> None:
    """Alerts against the strict limits of 30 messages a second."""
    from scripts.soak.rate import rate

    _show(rate(database, _folder(), chats))


@main.command()
@_database
@click.option("--deliveries", default=3000, show_default=True)
@click.option("--kills", default=100, show_default=True)
def kills(database: str, deliveries: int, kills: int) -> None:
    """SIGKILL at random during deliveries."""
    from scripts.soak.kills import kills as run

    _show(run(database, _folder(), deliveries, kills))


@main.command()
@_database
@click.option("--deliveries", default=600, show_default=True)
@click.option("--stops", default=10, show_default=True)
def stops(database: str, deliveries: int, stops: int) -> None:
    """SIGTERM at random during deliveries."""
    from scripts.soak.kills import stops as run

    _show(run(database, _folder(), deliveries, stops))


@main.command()
@click.option("--chats", default=1000, show_default=True)
@click.option("--minutes", default=30.0, show_default=True)
def storm(chats: int, minutes: float) -> None:
    """Most calls fail, on a simulated clock."""
    from scripts.soak.storm import storm as run

    _show_now(run(_folder(in_memory=True), chats, minutes))


@main.command()
@click.option("--chats", default=10_000, show_default=True)
@click.option("--alerts", default=72, show_default=True)
@click.option("--hours", default=2.0, show_default=True)
@click.option("--seed", type=int, help="Alerts come at random times instead of evenly.")
def delay(chats: int, alerts: int, hours: float, seed: int | None) -> None:
    """Worst delay of an alert under a flood of news, on a simulated clock."""
    from scripts.soak.delay import delay as run

    _show_now(run(_folder(in_memory=True), chats, alerts, hours, seed=seed))


@main.command()
@click.option("--chats", default=401, show_default=True)
def errors(chats: int) -> None:
    """Chats with every error mixed."""
    from scripts.soak.errors import errors as run

    _show(run(_folder(), chats))


@main.command()
@_database
@click.option("--chats", default=100_000, show_default=True)
@click.option("--sent", default=3000, show_default=True)
def fanout(database: str, chats: int, sent: int) -> None:
    """Time and memory of a fan-out."""
    from scripts.soak.fanout import fanout as run

    _show_now(run(database, _folder(), chats, sent))


@main.command()
@click.option("--commands", default=5000, show_default=True)
def flood(commands: int) -> None:
    """Commands of three users while alerts go out."""
    from scripts.soak.flood import flood as run

    _show(run(_folder(), commands))


@main.command()
@click.option("--alerts", default=20_000, show_default=True)
def hostile(alerts: int) -> None:
    """Hostile texts through TDLib's parser."""
    from scripts.soak.hostile import hostile as run
    from tests.fakes.td_parser import TdTextParser

    _show_now(run(TdTextParser(), _folder(in_memory=True), alerts))


@main.command()
@click.option("--seconds", default=180.0, show_default=True)
@click.option("--every", default=5.0, show_default=True, help="Seconds between two attacks.")
@click.option("--only", default="", help="Attacks whose names have this: 'bomb', 'page: links'.")
def siege(seconds: float, every: float, only: str) -> None:
    """How long people wait for the bot while sites send what is made to hurt."""
    from scripts.soak.siege import siege as run

    _show(run(_folder(), seconds, every, only))


@main.command()
@_database
@click.option("--into", type=_DATABASES, default="postgresql", show_default=True)
@click.option("--articles", default=100_000, show_default=True)
def backup(database: str, into: str, articles: int) -> None:
    """A backup while crawling and delivering, and what is restored from it."""
    from scripts.soak.backup import backup as run

    _show(run(database, into, _folder(), articles))


@main.command()
@click.option("--cuts", default=600, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--synchronous", help="OFF or NORMAL, to see that what they lose is found.")
def powercut(cuts: int, seed: int, synchronous: str | None) -> None:
    """The power is cut while the database writes, on a simulated disk."""
    from scripts.soak.powercut import powercut as run

    _show_now(run(cuts, seed, synchronous))


@main.command()
def diskfull() -> None:
    """The disk of the database fills up, and is emptied again (needs the right to mount)."""
    from scripts.soak.diskfull import NoMount
    from scripts.soak.diskfull import diskfull as run

    try:
        _show(run(_folder()))
    except NoMount as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--kills", default=12, show_default=True)
def pgkill(kills: int) -> None:
    """PostgreSQL is killed in the middle of commits, once for longer than a lease."""
    from scripts.soak.pgkill import pgkill as run

    # that it is away is what is tried here
    configure_logs("ERROR", ())
    _show(run(_folder(), kills))


@main.command()
@click.option("--minutes", default=30.0, show_default=True)
def hundreds(minutes: float) -> None:
    """500 sites every two minutes, a tenth dead, a tenth slow: who is late, what memory grows."""
    from scripts.soak.hundreds import hundreds as run

    _show(run(_folder(), minutes))


@main.command()
@click.option("--articles", default=600, show_default=True)
@click.option("--seed", default=0, show_default=True)
def day(articles: int, seed: int) -> None:
    """From publication to alert over a day of news, on a simulated clock."""
    from scripts.soak.day import day as run

    _show_now(run(_folder(in_memory=True), articles, seed))


@main.command()
@click.option("--days", default=3.0, show_default=True, help="At x600, in four places; 0: none.")
def clock(days: float) -> None:
    """The clock is set forward, back, and run through the nights in which summer time changes."""
    from scripts.soak.clock import clock as run

    _show(run(_folder(), days))


if __name__ == "__main__":
    main()
