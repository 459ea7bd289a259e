"""Who gets alerts: subscribers."""

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
@click.option("--topic", "topics", multiple=True, help="Follow this topic (default: all).")
@click.option(
    "--language",
    type=click.Choice(["ar", "en"]),
    default="ar",
    show_default=True,
    help="The bot writes to the chat in this language.",
)
@config_option
def subscribers_add(
    chat_id: int, topics: tuple[str, ...], language: str, config: Path | None
) -> None:
    """Add a chat, approved, with its topics.

    Example: marsad subscribers add 12345678 --topic caspian
    """
    from marsad.subscriptions import add

    settings = settings_from(config)
    known = configuration_from(settings).alerting
    refuse_unknown(topics, known, "alerting topic")
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
