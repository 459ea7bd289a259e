"""The worker processes: what a hostile page can do to them, and what becomes of them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from crawler.errors import ParseFailed, ParseTimeout
from crawler.parsing import ParserPool
from tests.unit.crawler import work

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ParserPool]:
    pool = ParserPool(workers=1, timeout_seconds=1, memory_mb=200)
    yield pool
    await pool.close()


async def test_work_is_done_in_another_process(pool: ParserPool) -> None:
    assert await pool.run(work.process_id) != os.getpid()


async def test_a_worker_that_never_ends_is_killed_and_the_next_call_succeeds(
    pool: ParserPool,
) -> None:
    with pytest.raises(ParseTimeout, match="longer than 1 s"):
        await pool.run(work.never_ends)

    assert await pool.run(work.double, 4) == 8


async def test_a_worker_that_wants_too_much_memory_fails_and_the_next_call_succeeds(
    pool: ParserPool,
) -> None:
    with pytest.raises(ParseFailed):
        await pool.run(work.wants, 400 * 2**20)

    assert await pool.run(work.double, 5) == 10


async def test_a_worker_that_dies_fails_and_the_next_call_succeeds(pool: ParserPool) -> None:
    with pytest.raises(ParseFailed, match="died"):
        await pool.run(work.dies)

    assert await pool.run(work.double, 6) == 12


async def test_a_worker_that_takes_no_work_is_given_up_and_the_next_call_succeeds() -> None:
    pool = ParserPool(workers=1, start_seconds=60)
    try:
        os.kill(await pool.run(work.process_id), signal.SIGSTOP)
        pool._start_seconds = 1
        with pytest.raises(ParseFailed, match="no parser process took the work"):
            await pool.run(work.double, 6)

        pool._start_seconds = 60
        assert await pool.run(work.double, 7) == 14
    finally:
        await pool.close()


async def test_a_worker_stands_back_behind_its_parent(pool: ParserPool) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert await pool.run(work.niceness) == min(own + 10, 19)


async def test_a_worker_is_in_a_group_of_its_own(pool: ParserPool) -> None:
    """A signal to the group, as Ctrl-C sends it, is for the parent alone."""
    assert os.getpgid(await pool.run(work.process_id)) != os.getpgid(0)


async def test_an_error_inside_is_a_parse_failure_that_names_it(pool: ParserPool) -> None:
    with pytest.raises(ParseFailed, match="KeyError: 'title'"):
        await pool.run(work.raises)


async def test_waiting_for_a_worker_does_not_hold_the_loop(pool: ParserPool) -> None:
    waiting = asyncio.create_task(pool.run(work.sleeps, 2.0))
    longest, last = 0.0, time.monotonic()
    while not waiting.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    await waiting

    # far from the two seconds, and from what a busy machine takes away
    assert longest < 1.5


async def test_workers_die_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Even SIGKILL, which gives the parent no chance to say goodbye."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, sys, time\n"
        "from crawler.parsing import ParserPool\n"
        "from tests.unit.crawler import work\n"
        "async def main():\n"
        "    print(await ParserPool(workers=1).run(work.process_id), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": root}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    worker = psutil.Process(int(await parent.stdout.readline()))

    parent.send_signal(signal.SIGKILL)
    await parent.wait()

    await asyncio.to_thread(psutil.wait_procs, [worker], timeout=5)
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


async def test_a_task_that_never_ends_holds_no_other_up() -> None:
    pool = ParserPool(workers=2, timeout_seconds=60)
    hog = asyncio.create_task(pool.run(work.never_ends))
    try:
        assert await pool.run(work.double, 4) == 8
        assert not hog.done()
    finally:
        hog.cancel()
        await pool.close()
