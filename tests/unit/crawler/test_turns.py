"""Processes that share a folder ask a host no more often than one of them would."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from crawler.pace import Pace
from crawler.turns import reserve

HOST = "shore.example"


def test_turns_of_a_host_are_a_delay_apart_whoever_takes_them(tmp_path: Path) -> None:
    turns = tmp_path / "turns"
    assert reserve(turns, HOST, 5, now=100) == 100
    assert reserve(turns, HOST, 5, now=101) == 105
    assert reserve(turns, HOST, 2, now=101) == 107
    assert reserve(turns, HOST, 5, now=200) == 200
    assert reserve(turns, "other.example", 5, now=101) == 101


def test_what_was_noted_before_the_system_was_started_again_does_not_count(tmp_path: Path) -> None:
    reserve(tmp_path, HOST, 5, now=300)
    assert reserve(tmp_path, HOST, 5, now=10) == 10


def test_a_site_that_wants_hours_between_two_requests_has_them(tmp_path: Path) -> None:
    reserve(tmp_path, HOST, 7_200, now=300)
    assert reserve(tmp_path, HOST, 7_200, now=300) == 7_500
    assert reserve(tmp_path, HOST, 7_200, now=301) == 14_700


def test_a_damaged_file_does_not_count(tmp_path: Path) -> None:
    reserve(tmp_path, HOST, 5, now=100)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"\x00")
    assert reserve(tmp_path, HOST, 5, now=101) == 101


def test_without_a_usable_folder_the_process_keeps_its_own_pace(tmp_path: Path) -> None:
    (tmp_path / "turns").write_text("", encoding="ascii")
    with capture_logs() as logs:
        assert reserve(tmp_path / "turns", HOST, 5, now=100) == 100
        assert reserve(tmp_path / "turns", HOST, 5, now=101) == 101
    assert [entry["event"] for entry in logs] == ["turns are not shared with other processes"]


def test_the_first_command_makes_the_folder_of_the_data_for_its_owner_alone(tmp_path: Path) -> None:
    turns = tmp_path / "data" / "marsad.sqlite3.turns"
    assert reserve(turns, HOST, 5, now=100) == 100
    assert reserve(turns, HOST, 5, now=101) == 105
    assert turns.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("processes", [3])
def test_many_processes_at_once_take_each_turn_once(tmp_path: Path, processes: int) -> None:
    script = (
        "import sys; from pathlib import Path; from crawler.turns import reserve\n"
        "for _ in range(200): print(reserve(Path(sys.argv[1]), 'h', 1, now=0))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    turns = [float(line) for each in running for line in each.communicate()[0].splitlines()]
    assert sorted(turns) == [float(number) for number in range(200 * processes)]


def noted(folder: Path) -> float:
    (file,) = folder.iterdir()
    return float(file.read_bytes().split()[0])


async def test_a_pace_waits_for_the_turn_of_another_process(tmp_path: Path) -> None:
    mine, theirs = Pace(), Pace()
    for _ in range(3):
        await theirs.turn("https://shore.example/", 0.05, tmp_path)
    before = noted(tmp_path)
    await mine.turn("https://shore.example/a", 0.05, tmp_path)
    assert noted(tmp_path) >= before + 0.05
    assert asyncio.get_running_loop().time() >= before + 0.05
