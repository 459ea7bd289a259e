"""Edits of a running configuration, with real files and a real watch."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from marsad.configuration import Configuration
from marsad.reload import LiveConfiguration
from models.configfile import ConfigErrors

# Two are promised and some tenths are usual; a machine that runs all tests at once may take more.
WITHIN_SECONDS = 10.0
WADI = Path("sites/wadi.yaml")
SHATI = "title: {ar: صحيفة الشاطئ}\npublishes:\n  - {type: feed, url: https://shati.example/}\n"


class Watched:
    """A live configuration and what its watch reported."""

    def __init__(self, directory: Path) -> None:
        self.live = LiveConfiguration(directory)
        self.directory = directory
        self.reports: asyncio.Queue[Configuration | ConfigErrors] = asyncio.Queue()

    async def report(self) -> Configuration | ConfigErrors:
        return await asyncio.wait_for(self.reports.get(), WITHIN_SECONDS + 1)

    def edit(self, file: Path | str, text: str) -> None:
        (self.directory / file).write_text(text, encoding="utf-8")

    def read(self, file: Path | str) -> str:
        return (self.directory / file).read_text(encoding="utf-8")

    async def sentinel(self) -> Configuration:
        """A good edit, whose report shows that nothing was reported before it."""
        self.edit("marsad.yaml", "access: open\nstory_window: 5h\n")
        report = await self.report()
        assert isinstance(report, Configuration)
        assert report.general.story_window.total_seconds() == 5 * 3600
        return report


def swap_for_a_copy_with_shati(directory: Path, tmp_path: Path) -> None:
    new = Path(shutil.copytree(directory, tmp_path / "new"))
    (new / "sites/shati.yaml").write_text(SHATI, encoding="utf-8")
    directory.rename(tmp_path / "old")
    new.rename(directory)


@asynccontextmanager
async def watching(directory: Path) -> AsyncIterator[Watched]:
    watched, stop = Watched(directory), asyncio.Event()
    task = asyncio.create_task(watched.live.watch(stop, watched.reports.put, watched.reports.put))
    try:
        yield watched
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def test_an_edit_is_in_force_at_once(directory: Path) -> None:
    async with watching(directory) as watched:
        began = time.monotonic()
        watched.edit("sites/shati.yaml", SHATI)
        report = await watched.report()

        assert time.monotonic() - began < WITHIN_SECONDS
        assert isinstance(report, Configuration)
        assert list(watched.live.current.sites) == ["shati", "wadi"]


async def test_an_atomic_replace_is_seen(directory: Path, tmp_path: Path) -> None:
    async with watching(directory) as watched:
        new = tmp_path / "new.yaml"
        new.write_text(watched.read(WADI) + "every: 7m\n", encoding="utf-8")
        new.replace(directory / WADI)
        await watched.report()

        assert watched.live.current.sites["wadi"].every.total_seconds() == 7 * 60


async def test_a_removed_file_is_seen(directory: Path) -> None:
    (directory / "sites/shati.yaml").write_text(SHATI, encoding="utf-8")
    async with watching(directory) as watched:
        (directory / "sites/shati.yaml").unlink()
        await watched.report()

        assert list(watched.live.current.sites) == ["wadi"]


async def test_a_bad_edit_leaves_the_last_good_configuration_and_is_reported_once(
    directory: Path,
) -> None:
    async with watching(directory) as watched:
        good, text = watched.live.current, watched.read(WADI)
        watched.edit(WADI, text + "evry: 10m\n")
        report = await watched.report()
        assert isinstance(report, ConfigErrors)
        assert "unknown key 'evry'" in str(report)

        # the same mistake, saved again: no second report before the next good edit's
        watched.edit(WADI, text + "evry: 11m\n")
        await asyncio.sleep(1.5)
        assert watched.reports.empty()
        assert watched.live.current is good


async def test_another_mistake_is_reported_again(directory: Path) -> None:
    async with watching(directory) as watched:
        text = watched.read(WADI)
        watched.edit(WADI, text + "evry: 10m\n")
        first = await watched.report()
        watched.edit(WADI, text + "delya: 10m\n")
        second = await watched.report()

        assert "evry" in str(first)
        assert "delya" in str(second)


async def test_recovery_is_reported_even_if_nothing_changed_in_the_end(directory: Path) -> None:
    async with watching(directory) as watched:
        good, text = watched.live.current, watched.read(WADI)
        watched.edit(WADI, text + "evry: 10m\n")
        assert isinstance(await watched.report(), ConfigErrors)
        watched.edit(WADI, text)
        report = await watched.report()

        assert isinstance(report, Configuration)
        assert report.version == good.version


async def test_a_comment_is_not_reported(directory: Path) -> None:
    async with watching(directory) as watched:
        watched.edit(WADI, "# a note\n" + watched.read(WADI))
        await asyncio.sleep(1)

        await watched.sentinel()


async def test_a_file_that_is_written_in_pieces_is_not_reported_half_way(directory: Path) -> None:
    async with watching(directory) as watched:
        text = watched.read(WADI) + "every: 9m\n"
        with (directory / WADI).open("w", encoding="utf-8") as stream:
            for piece in (text[:30], text[30:60], text[60:]):
                stream.write(piece)
                stream.flush()
                await asyncio.sleep(0.15)
        report = await watched.report()

        assert isinstance(report, Configuration)
        assert report.sites["wadi"].every.total_seconds() == 9 * 60


async def test_files_of_an_editor_change_nothing(directory: Path) -> None:
    async with watching(directory) as watched:
        for name in ("sites/.wadi.yaml.swp", "sites/wadi.yaml~", "sites/4913"):
            watched.edit(name, "not: [yaml")
        await asyncio.sleep(1)

        await watched.sentinel()


async def test_a_folder_that_is_swapped_for_another_is_followed(
    directory: Path, tmp_path: Path
) -> None:
    async with watching(directory) as watched:
        swap_for_a_copy_with_shati(directory, tmp_path)
        report = await watched.report()
        assert isinstance(report, Configuration)
        assert "shati" in report.sites

        await watched.sentinel()


async def test_a_folder_that_vanishes_is_reported_and_its_return_too(
    directory: Path, tmp_path: Path
) -> None:
    async with watching(directory) as watched:
        shutil.move(directory, tmp_path / "away")
        report = await watched.report()
        assert isinstance(report, ConfigErrors)
        assert "is not a folder" in str(report)

        shutil.move(tmp_path / "away", directory)
        assert isinstance(await watched.report(), Configuration)
        await watched.sentinel()


async def test_a_report_that_fails_does_not_end_the_watch(directory: Path) -> None:
    live, stop = LiveConfiguration(directory), asyncio.Event()
    failed, seen = asyncio.Event(), asyncio.Event()

    async def fail_once(_: Configuration) -> None:
        if not failed.is_set():
            failed.set()
            raise OSError("no connection")
        seen.set()

    async def unexpected(errors: ConfigErrors) -> None:
        raise AssertionError(str(errors))

    task = asyncio.create_task(live.watch(stop, fail_once, unexpected))
    (directory / "marsad.yaml").write_text("access: approval\n", encoding="utf-8")
    await asyncio.wait_for(failed.wait(), WITHIN_SECONDS + 1)
    assert live.current.general.access == "approval"
    (directory / "sites/shati.yaml").write_text(SHATI, encoding="utf-8")
    await asyncio.wait_for(seen.wait(), WITHIN_SECONDS + 1)
    stop.set()
    await asyncio.wait_for(task, 30)


async def test_an_edit_that_must_not_be_taken_over_is_reported_and_leaves_the_last_one(
    directory: Path,
) -> None:
    def refused(configuration: Configuration) -> str | None:
        return "there is no key" if configuration.general.access == "open" else None

    reports: asyncio.Queue[Configuration | ConfigErrors] = asyncio.Queue()
    live, stop = LiveConfiguration(directory, refused), asyncio.Event()
    before = live.current
    task = asyncio.create_task(live.watch(stop, reports.put, reports.put))
    (directory / "marsad.yaml").write_text("access: open\n", encoding="utf-8")
    report = await asyncio.wait_for(reports.get(), WITHIN_SECONDS + 1)
    assert str(report) == f"{directory}:1:1: there is no key"
    assert live.current is before
    stop.set()
    await asyncio.wait_for(task, 30)


def test_a_bad_configuration_does_not_start(directory: Path) -> None:
    (directory / WADI).write_text("title: 5\n", encoding="utf-8")

    with pytest.raises(ConfigErrors):
        LiveConfiguration(directory)
