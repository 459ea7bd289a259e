"""What the command line says to a person who mistypes, and what its options mean."""

import asyncio
from pathlib import Path
from typing import Any

import click
import pytest

from marsad.backfill import Summary
from marsad.cli import main
from tests.unit.marsad.conftest import GRAIN, SITE, Run, write_config, write_rows


def test_a_chat_that_is_added_follows_the_topics_that_alert(marsad: Run, config: Path) -> None:
    write_config(config, {"grain": GRAIN, "block": f"internal: true\n{GRAIN}"})
    assert marsad("subscribers", "add", 7).output == "7 follows grain\n"
    refused = marsad("subscribers", "add", 7, "--topic", "block")
    assert refused.exit_code == 1
    assert refused.output == "marsad: no alerting topic is named 'block'; known: grain\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("extract", "page.html", "--url", "x"), "'x' is no address that begins with http"),
        (("feed", "page.html", "--url", "/feed"), "'/feed' is no address that begins with http"),
        (("run", "--max-seconds", 5), "--max-seconds needs --once"),
        (("stories", "page.html", "--shuffles", 3), "--shuffles needs --eval"),
        (("backfill", "news", "--since", "yesterday"), "'yesterday' is no day, as in 2024-01-31"),
    ],
    ids=["a page's address", "a feed's address", "for one round", "for labels", "a day"],
)
def test_an_option_that_is_mistyped_is_named_with_what_is_allowed(
    marsad: Run, tmp_path: Path, arguments: tuple[object, ...], sentence: str
) -> None:
    (tmp_path / "page.html").write_text("<p>نص</p>", encoding="utf-8")
    refused = marsad(*arguments)
    assert refused.exit_code == 2
    assert sentence in refused.output


def test_the_name_of_a_probed_site_is_refused_in_plain_words(
    marsad: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # refused before anything is crawled; a process has one reactor, which other tests may have run
    monkeypatch.setattr("marsad.reactor.run_on_reactor", lambda main: asyncio.run(main()))
    refused = marsad("probe", "http://news.invalid/", "--name", "Sada_1")
    assert "name: small Latin letters" in refused.output


def test_one_problem_is_one_problem(marsad: Run, config: Path) -> None:
    (config / "sites" / "news.yaml").write_text(f"{SITE}evry: 10m\n", encoding="utf-8")
    assert marsad("check").output.endswith("marsad: 1 problem\n")


def test_an_archive_of_which_nothing_could_be_read_is_a_failure(
    marsad: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = Summary(problems=["https://news.example/sitemap.xml: HTTP 404"])
    monkeypatch.setattr("marsad.reactor.run_on_reactor", lambda _: walked)
    failed = marsad("backfill", "news", "--since", "2024-01-31")
    assert failed.exit_code == 1
    assert failed.output.endswith("marsad: no part of the archive of news could be read\n")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [({}, "line 1: the key 'chat' is missing"), ({"chat": "x"}, "line 1: chat: must be")],
    ids=["nothing of a chat", "a chat that is no number"],
)
def test_a_row_that_is_no_subscriber_is_refused_in_plain_words(
    marsad: Run, tmp_path: Path, row: dict[str, Any], sentence: str
) -> None:
    refused = marsad("import", write_rows(tmp_path / "rows.jsonl", row))
    assert refused.exit_code == 1
    assert sentence in refused.output


def _commands(group: click.Group) -> list[click.Command]:
    below = [
        _commands(command) if isinstance(command, click.Group) else [command]
        for command in (group.get_command(click.Context(group), n) for n in _names(group))
        if command is not None
    ]
    return [command for commands in below for command in commands]


def _names(group: click.Group) -> list[str]:
    return group.list_commands(click.Context(group))


@pytest.mark.parametrize("command", _commands(main), ids=lambda c: str(c.name))
def test_a_commands_help_has_an_example_and_explains_every_option(command: click.Command) -> None:
    assert "Example: " in (command.help or "")
    silent = [
        o.name for o in command.params if isinstance(o, click.Option) and not (o.help or o.hidden)
    ]
    assert not silent
