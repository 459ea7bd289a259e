"""What the database survives, shortened: the rows of `python -m scripts.soak`, whose floors must
hold."""

from pathlib import Path

import pytest

from scripts.soak.backup import backup
from scripts.soak.diskfull import NoMount, diskfull
from scripts.soak.pgkill import pgkill
from scripts.soak.powercut import powercut

pytestmark = pytest.mark.e2e


def test_a_power_cut_loses_nothing_that_was_acknowledged() -> None:
    row = powercut(cuts=40, seed=7)
    assert row.passes, str(row)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_simulated_disk_shows_what_weaker_settings_lose(synchronous: str) -> None:
    row = powercut(cuts=10, seed=7, synchronous=synchronous)
    assert not row.passes


async def test_a_backup_under_load_gives_every_row_back(tmp_path: Path) -> None:
    row = await backup(
        "sqlite", "postgresql", tmp_path, articles=2_000, chats=200, before_seconds=3, timed=False
    )
    assert row.passes, str(row)


async def test_a_full_disk_stops_crawling_and_not_delivering_and_heals(tmp_path: Path) -> None:
    try:
        row = await diskfull(tmp_path, chats=24)
    except NoMount as reason:
        pytest.skip(str(reason))
    assert row.passes, str(row)


async def test_a_killed_postgresql_loses_nothing_and_the_outbox_drains(tmp_path: Path) -> None:
    row = await pgkill(tmp_path, kills=2, long_outage=False)
    assert row.passes, str(row)
