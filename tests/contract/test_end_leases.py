"""A Marsad that starts alone on a database waits for no lease of a dead one."""

from datetime import timedelta

from models.delivery import Delivery
from models.subscriber import Channel
from storage import takeover
from storage.database import Database
from tests.contract.archive import LEASE, NOW, SqlArchive, chat, later


async def claim(archive: SqlArchive, owner: str) -> list[Delivery]:
    return list(
        await archive.outbox.claim(
            Channel.TELEGRAM, owner=owner, now=later(1), lease=LEASE, limit=10
        )
    )


async def test_what_a_dead_process_had_claimed_is_free_and_what_was_in_flight_may_have_arrived(
    database: Database,
) -> None:
    archive = SqlArchive(database)
    for chat_id in (1, 2):
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.subscribe(chat_id, "caspian", NOW - timedelta(hours=1))
    await archive.alert("caspian")
    started, _ = await claim(archive, "dead")
    assert await archive.outbox.mark_in_flight(started, later(1))
    assert await claim(archive, "new") == []
    await database.write(lambda connection: takeover.end_leases(connection, later(1)))
    again = await claim(archive, "new")
    assert {d.id: d.maybe_sent for d in again} == {started.id: True, again[1].id: False}
