"""The soak, shortened: the same rows as `python -m scripts.soak`, whose floors must hold."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.soak.delay import delay
from scripts.soak.errors import errors
from scripts.soak.fanout import fanout
from scripts.soak.flood import flood
from scripts.soak.hostile import hostile
from scripts.soak.kills import kills, stops
from scripts.soak.rate import rate
from scripts.soak.storm import storm
from tests.fakes.td_parser import TdTextParser

pytestmark = pytest.mark.e2e


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder for what is simulated, which need not wait for a disk."""
    where = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=where if where.is_dir() else None) as folder:
        yield Path(folder)


async def test_alerts_go_out_as_fast_as_the_limits_allow(tmp_path: Path) -> None:
    row = await rate("sqlite", tmp_path, chats=120, least=15)
    assert row.passes, str(row)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_killed_at_random_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    row = await kills(kind, tmp_path, deliveries=400, kills=10)
    assert row.passes, str(row)


async def test_stopped_at_random_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    row = await stops("sqlite", tmp_path, deliveries=200, stops=3)
    assert row.passes, str(row)


def test_a_storm_loses_nothing_and_no_limit_is_exceeded(memory: Path) -> None:
    row = storm(memory, chats=100, minutes=10)
    assert row.passes, str(row)


async def test_every_chat_ends_in_the_state_that_is_right_for_it(memory: Path) -> None:
    row = await errors(memory, chats=80)
    assert row.passes, str(row)


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["evenly", "at random", "at random again"])
def test_no_alert_is_later_than_chats_divided_by_rate(memory: Path, seed: int | None) -> None:
    row = delay(memory, chats=40, seed=seed)
    assert row.passes, str(row)


def test_a_fan_out_takes_little_memory(memory: Path) -> None:
    row = fanout("sqlite", memory, chats=5000, sent=500)
    assert row.passes, str(row)


async def test_a_flood_of_commands_hardly_delays_alerts(tmp_path: Path) -> None:
    row = await flood(tmp_path, commands=300, chats=60)
    assert row.passes, str(row)


def test_hostile_alerts_are_accepted_whole_and_right_to_left(memory: Path) -> None:
    row = hostile(TdTextParser(), memory, count=600)
    assert row.passes, str(row)
