"""Room on the disk: a reserve is given up before alerts have to wait."""

from pathlib import Path

import pytest

from marsad import room
from marsad.room import Disk, Room
from storage.errors import DatabaseFull

TOTAL = 800
RESERVE = TOTAL // 8


class Told:
    """Whom operators' notices go to; it may be that they cannot be written."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_full = False

    async def __call__(self, text: str) -> None:
        if self.is_full:
            raise DatabaseFull("database or disk is full")
        self.texts.append(text)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes that the disk has free, to be set."""
    left = [TOTAL]
    monkeypatch.setattr(room, "disk_of", lambda file: Disk(TOTAL, left[0]))
    return left


def with_teller(tmp_path: Path) -> tuple[Room, Told, Path]:
    told = Told()
    kept = Room(tmp_path / "marsad.db")
    kept.tell = told
    return kept, told, tmp_path / "marsad.db.reserve"


async def test_it_keeps_a_reserve_while_there_is_room(tmp_path: Path, free: list[int]) -> None:
    kept, told, reserve = with_teller(tmp_path)
    await kept.look()
    assert kept.is_open
    assert reserve.stat().st_size == RESERVE
    assert told.texts == []


async def test_scarce_room_closes_and_a_full_disk_gets_the_reserve(
    tmp_path: Path, free: list[int]
) -> None:
    kept, told, reserve = with_teller(tmp_path)
    await kept.look()
    free[0] = 2 * RESERVE - 1
    await kept.look()
    assert not kept.is_open
    assert reserve.exists()
    free[0] = RESERVE - 1
    await kept.look()
    await kept.look()
    assert not reserve.exists()
    (text,) = told.texts
    assert "is full" in text
    assert "still delivered" in text


async def test_a_little_room_does_not_open_again_and_enough_does(
    tmp_path: Path, free: list[int]
) -> None:
    kept, told, reserve = with_teller(tmp_path)
    free[0] = 0
    await kept.look()
    opened = []
    for free[0] in (4 * RESERVE - 1, 4 * RESERVE):
        await kept.look()
        opened.append(kept.is_open)
    assert opened == [False, True]
    assert reserve.exists()
    assert "has room again" in told.texts[-1]


async def test_a_notice_that_cannot_be_written_is_written_later(
    tmp_path: Path, free: list[int]
) -> None:
    kept, told, _ = with_teller(tmp_path)
    told.is_full = True
    free[0] = 0
    await kept.look()
    assert told.texts == []
    told.is_full = False
    await kept.look()
    await kept.look()
    assert len(told.texts) == 1


async def test_a_database_on_a_server_sees_to_its_own_disk(free: list[int]) -> None:
    free[0] = 0
    kept = Room(None)
    await kept.look()
    assert kept.is_open
