"""Every setting, command and metric is in the docs, and every command shows an example."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from marsad.cli import main
from marsad.metrics import metrics_text
from marsad.settings import NAMES
from scripts.soak.__main__ import main as soak
from storage.database import Database
from storage.monitoring import snapshot

ROOT = Path(__file__).parents[3]
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "marsad") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in OPERATE


@pytest.mark.parametrize(
    ("name", "command"), [pytest.param(*each, id=each[0]) for each in commands(main)]
)
def test_every_command_is_documented_and_shows_an_example(
    name: str, command: click.Command
) -> None:
    first_two = " ".join(name.split()[:2])
    assert f"`{first_two}" in README
    _, said, example = (command.help or "").partition("Example: ")
    assert said
    assert name in example


def test_every_row_of_the_soak_is_documented() -> None:
    assert [name for name in soak.commands if f"`{name}`" not in OPERATE] == []


def test_every_metric_is_documented(tmp_path: Path) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    database = Database.open(f"sqlite:///{tmp_path}/marsad.sqlite3")
    text = metrics_text(database.read_now(lambda c: snapshot(c, now)), now).decode()
    database.close_now()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(names) > 10
    assert [name for name in names if f"`{name}" not in OPERATE] == []
