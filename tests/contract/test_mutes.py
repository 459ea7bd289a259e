"""A muted story stays muted when it becomes part of another."""

from models.subscriber import Channel
from storage import choices, stories
from storage.database import Database
from tests.contract.archive import LEASE, SqlArchive, chat, later


async def test_what_was_told_before_a_story_became_part_of_another_mutes_the_whole(
    database: Database,
) -> None:
    archive = SqlArchive(database)
    for number in (7, 8):
        await archive.subscribers.register(chat(number))
        await archive.subscribers.subscribe(number, "sea", later(-3600))
    first = await archive.alert("sea", story="a round of talks")
    second = await archive.alert("sea", story="talks as others tell them", now=later(1))
    await database.write(
        lambda connection: stories.merge(connection, first.story_id, [second.story_id])
    )
    await database.write(
        lambda connection: choices.mute(connection, 7, "story", str(second.story_id), later(2))
    )
    claimed = await archive.outbox.claim(
        Channel.TELEGRAM, owner="one", now=later(3), lease=LEASE, limit=10
    )
    assert {delivery.chat.id for delivery in claimed} == {8}
