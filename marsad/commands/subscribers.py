"""Who gets alerts, and what they say of them: subscribers, export, import, labels."""

import json
from pathlib import Path

import click

from marsad.commands.options import (
    Sentence,
    config_option,
    configuration_from,
    database_from,
    refuse_unknown,
    settings_from,
)


@click.group()
def subscribers() -> None:
    """Manage who gets alerts."""


@subscribers.command("list")
def subscribers_list() -> None:
    """List the chats, their state and their topics.

    Example: marsad subscribers list
    """
    from marsad.subscriptions import lines

    for line in lines(database_from(settings_from(None))):
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

    settings = settings_from(config)
    known = configuration_from(settings).topics
    refuse_unknown(topics, known, "topic")
    chosen = topics or tuple(sorted(known))
    add(database_from(settings), chat_id, chosen, "en" if language == "en" else "ar")
    click.echo(f"{chat_id} follows {', '.join(chosen)}")


@subscribers.command("remove")
@click.argument("chat_id", type=int)
def subscribers_remove(chat_id: int) -> None:
    """Delete a chat with everything that is kept of it.

    Example: marsad subscribers remove 12345678
    """
    from marsad.subscriptions import remove

    if not remove(database_from(settings_from(None)), chat_id):
        raise Sentence(f"no chat has the id {chat_id}")
    click.echo(f"{chat_id} is deleted")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export_(file: str) -> None:
    """Write all subscriptions as JSON lines ('-': standard output), to move them.

    Example: marsad export subscribers.jsonl
    """
    from marsad.subscriptions import export_rows

    rows = export_rows(database_from(settings_from(None)))
    with click.open_file(file, "w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    click.echo(f"{len(rows)} subscribers", err=True)


@click.command("import")
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
        import_rows(database_from(settings_from(None)), rows)
    except ImportRefused as error:
        raise Sentence(f"{file}: {error}; nothing was imported") from error
    click.echo(f"{len(rows)} subscribers imported")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def labels(file: str) -> None:
    """Write what readers said of alerts (relevant, not relevant) as JSON lines, one an alert
    ('-': standard output), which `marsad quality` reads.

    Example: marsad labels said.jsonl && marsad quality said.jsonl
    """
    from marsad.labels import rows
    from marsad.rows import write_row

    with click.open_file(file, "w", encoding="utf-8") as stream:
        for row in rows(database_from(settings_from(None))):
            stream.write(f"{write_row(row)}\n")
