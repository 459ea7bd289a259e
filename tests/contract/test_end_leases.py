"""A Marsad waits for no lease of a dead one, and for no time that a clock set back moved away."""

from datetime import timedelta

from models.delivery import Delivery, MarkRetry
from models.subscriber import Channel
from storage import outbox, takeover
from storage.database import Database
from tests.contract.archive import LEASE, NOW, SqlArchive, chat, later


async def claim(archive: SqlArchive, owner: str, seconds: float = 1) -> list[Delivery]:
    return list(
        await archive.outbox.claim(
            Channel.TELEGRAM, owner=owner, now=later(seconds), lease=LEASE, limit=10
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


async def test_a_retry_that_a_clock_set_back_moved_away_is_due_now_and_others_wait(
    database: Database,
) -> None:
    archive = SqlArchive(database)
    for chat_id in (1, 2):
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.subscribe(chat_id, "caspian", NOW - timedelta(hours=1))
    await archive.alert("caspian")
    for delivery, seconds in zip(await claim(archive, "one"), (4000, 300), strict=True):
        again = MarkRetry(not_before=later(seconds), attempts=1, reason="lost", maybe_sent=True)
        await archive.outbox.settle(delivery, again, later(2))
    assert await database.write(lambda connection: outbox.hasten(connection, later(3))) == 1
    assert [each.chat.id for each in await claim(archive, "one", 4)] == [1]
    assert 2 in [each.chat.id for each in await claim(archive, "one", 301)]
