"""Runs as a process of its own, and forks: workers on one database, killed where it is asked.

    python -m tests.contract.forking crash URL     decide and fan out, SIGKILLed at every step
    python -m tests.contract.forking claim URL     three processes claim and send concurrently
    python -m tests.contract.forking write URL     three processes read and then write

Prints one JSON line. A process that has no threads yet may fork safely; pytest has.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from itertools import count, takewhile
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import select, update

from models.delivery import MarkSent
from models.story import StoryEntry
from models.subscriber import Channel
from storage import articles, decisions, outbox, stories
from storage.database import Database
from storage.outbox import SqlOutbox
from storage.schema import sites
from tests.contract.archive import LEASE, alert_on, later, verdict

T = TypeVar("T")

WORKERS = 3
WRITES = 60


def crash(url: str) -> dict[str, int]:
    """Work that is killed at its first statement, then at its second, and so on, until it is
    through; each time on what the one before left."""
    ends = (finished(start(partial(work, url, statement))) for statement in count(1))
    kills = list(takewhile(lambda code: code == -signal.SIGKILL, ends))
    return {"kills": len(kills)}


def work(url: str, kill_at: int) -> None:
    database = Database.open(url)
    die_at(kill_at)
    while waiting := database.read_now(lambda connection: articles.undecided(connection, 2)):
        for stored in waiting:
            database.write_now(partial(decide, article_id=stored.id))
    while database.write_now(lambda connection: outbox.expand(connection, later(10), limit=2)):
        pass
    database.close_now()


def decide(connection: sa.Connection, article_id: int) -> None:
    entry = StoryEntry(reason="first report", score=1.0, keys=(f"c:{article_id}",))
    assert not stories.sharing(connection, entry.keys, later(-60), later(60))
    decisions.record(
        connection,
        article_id=article_id,
        story_id=stories.found(connection, article_id, entry, later(5)),
        verdicts=[verdict("caspian")],
        decision=alert_on(article_id, "caspian"),
        rules_version="1",
        now=later(5),
    )


def die_at(step: int) -> None:
    """SIGKILL this process before its statement or COMMIT of this number."""
    steps = count(1)

    def die(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    sa.event.listen(sa.Engine, "commit", die)


def claim(url: str) -> dict[str, list[int]]:
    """The deliveries that each worker sent."""
    return {"sent": [number for numbers in gathered(partial(send_all, url)) for number in numbers]}


def send_all(url: str) -> list[int]:
    database = Database.open(url)
    sent = asyncio.run(_send_all(SqlOutbox(database)))
    database.close_now()
    return sent


async def _send_all(box: SqlOutbox) -> list[int]:
    sent = []
    while await box.next_due(Channel.TELEGRAM, later(20)) is not None:
        for delivery in await box.claim(
            Channel.TELEGRAM, owner=str(os.getpid()), now=later(20), lease=LEASE, limit=7
        ):
            assert await box.mark_in_flight(delivery, later(20))
            sent.extend(delivery.ids)
            await box.settle(delivery, MarkSent(message_id=delivery.id), later(20))
    return sent


def write(url: str) -> dict[str, list[int]]:
    """How many writes each worker did; any 'database is locked' ends it."""
    return {"written": gathered(partial(write_often, url))}


def write_often(url: str) -> int:
    database = Database.open(url)
    for _ in range(WRITES):
        database.write_now(_read_then_write)
    database.close_now()
    return WRITES


def _read_then_write(connection: sa.Connection) -> None:
    failures = connection.execute(
        select(sites.c.failures).where(sites.c.site == "news").with_for_update()
    ).scalar_one()
    connection.execute(update(sites).where(sites.c.site == "news").values(failures=failures + 1))


def gathered(task: Callable[[], T]) -> list[T]:
    """What so many workers answer that do the same at the same time."""
    pipes = [os.pipe() for _ in range(WORKERS)]
    workers = [start(partial(_answer, task, pipe[1])) for pipe in pipes]
    answers = []
    for reading, writing in pipes:
        os.close(writing)
        with os.fdopen(reading) as stream:
            answers.append(json.loads(stream.read()))
    assert [finished(worker) for worker in workers] == [0] * WORKERS
    return answers


def _answer(task: Callable[[], object], descriptor: int) -> None:
    answer = json.dumps(task())
    with os.fdopen(descriptor, "w") as stream:
        stream.write(answer)


def start(task: Callable[[], None]) -> int:
    """Fork, do the task in the child; the child's id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        task()
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        traceback.print_exc()
    finally:
        os._exit(code)


def finished(child: int) -> int:
    """The exit code; negative: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    print(json.dumps({"crash": crash, "claim": claim, "write": write}[sys.argv[1]](sys.argv[2])))
