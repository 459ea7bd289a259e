"""Fan-out at the size that the design promises."""

import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from models.subscriber import Channel
from storage import outbox
from storage.database import Database
from storage.schema import chats, subscriptions
from tests.contract.archive import LEASE, NOW, SqlArchive, later

CHATS = 100_000
# 0.5-1.2 s and some milliseconds were measured on two cores. On shared ones this only tells what
# grows with the square of the chats; `python -m scripts.soak fanout` measures.
MOST_SECONDS = 30.0
MOST_SECONDS_OF_A_CLAIM = 5.0


def add_followers(connection: sa.Connection) -> None:
    connection.execute(
        sa.insert(chats),
        [
            {
                "id": number,
                "channel": "telegram",
                "status": "active",
                "language": "ar",
                "title": "",
                "created": NOW,
                "status_changed_at": NOW,
            }
            for number in range(CHATS)
        ],
    )
    connection.execute(
        sa.insert(subscriptions),
        [{"chat_id": number, "topic": "caspian", "created": NOW} for number in range(CHATS)],
    )


async def test_an_alert_is_fanned_out_to_100_000_chats_in_seconds(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    try:
        await database.write(add_followers)
        archive = SqlArchive(database)
        await archive.decide("caspian", now=later(1))
        started = time.perf_counter()
        while await database.write(lambda connection: outbox.expand(connection, later(2))):
            pass
        seconds = time.perf_counter() - started
        print(f"fan-out to {CHATS} chats: {seconds:.2f} s")
        record_property("fan_out_seconds", round(seconds, 2))
        assert (await archive.counts())["pending"] == CHATS
        assert seconds < MOST_SECONDS

        started = time.perf_counter()
        claimed = await archive.outbox.claim(
            Channel.TELEGRAM, owner="one", now=later(3), lease=LEASE, limit=32
        )
        due = await archive.outbox.next_due(Channel.TELEGRAM, later(3))
        seconds = time.perf_counter() - started
        print(f"claim of {len(claimed)} and a look at the next: {seconds:.3f} s")
        assert (len(claimed), due) == (32, later(2))
        assert seconds < MOST_SECONDS_OF_A_CLAIM
    finally:
        database.close_now()
