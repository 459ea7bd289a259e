"""Data for other programs, and subscribers to move: export, import."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING, TextIO

import click

from marsad.commands.options import Sentence, database_from, parse_age, settings_from

if TYPE_CHECKING:
    from marsad.export import Format

_KINDS = click.Choice(["articles", "alerts", "labels", "subscribers"])


@click.command("export")
@click.argument("what", type=_KINDS)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    help="Default: csv if FILE ends so, else JSON lines.",
)
@click.option(
    "--since",
    callback=parse_age,
    metavar="AGE",
    help="Only articles first seen, or alerts decided, in this time, as in 30d.",
)
def export_(what: str, file: str, form: "Format | None", since: timedelta | None) -> None:
    """Write articles, alerts, labels (what readers said of alerts: relevant or not) or subscribers
    to FILE ('-': standard output). CSV is safe to open in a spreadsheet. Labels as JSON lines are
    what marsad quality reads, subscribers what marsad import reads.

    Example: marsad export articles --since 30d articles.csv
    """
    from marsad.clock import utc_now
    from marsad.export import exported, format_of, write_rows

    chosen = format_of(file, form)
    if what == "subscribers" and chosen == "csv":
        raise Sentence("subscribers are exported as JSON lines, which marsad import reads")
    if since is not None and what not in ("articles", "alerts"):
        raise Sentence(f"{what} are exported whole; --since is for articles and alerts")
    start = None if since is None else utc_now() - since
    rows = exported(database_from(settings_from(None)), what, start)
    with click.open_file("-", "w") if file == "-" else _private(file) as stream:
        written = write_rows(stream, rows, chosen)
    click.echo(f"{written} {what}", err=True)


def _private(file: str) -> TextIO:
    """What is exported is of persons, or of a publisher: a new file is the owner's alone."""
    return open(file, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def import_(file: str) -> None:
    """Read what `marsad export subscribers` wrote: all of it, or nothing if a line is wrong.

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
        import_rows(database_from(settings_from(None)), rows)
    except ImportRefused as error:
        raise Sentence(f"{file}: {error}; nothing was imported") from error
    click.echo(f"{len(rows)} subscribers imported")
