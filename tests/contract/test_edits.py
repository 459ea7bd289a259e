"""Messages that were sent are brought up to date, last of all; on both databases."""

import sqlalchemy as sa

from models.alert import AlsoTold
from models.delivery import Delivery, DeliveryKind, MarkGone, MarkSent, Settlement
from models.subscriber import Channel
from models.text import Localized
from storage import edits, outbox
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.schema import articles
from tests.contract.archive import LEASE, NOW, SqlArchive, article, chat, later

OTHER = AlsoTold(source=Localized("وكالة أخرى", "Another agency"), url="https://other.example/1")


async def told(database: Database, *chat_ids: int, stories: int = 1) -> SqlArchive:
    """Chats that got an alert each, or several in one message: 10 and the chat's id."""
    archive = SqlArchive(database)
    for chat_id in chat_ids:
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.subscribe(chat_id, "caspian", later(-60))
    for number in range(stories):
        await archive.alert("caspian", story=f"story {number}")
    for delivery in await claim(archive):
        await settle(archive, delivery, MarkSent(message_id=10 + delivery.chat.id))
    return archive


async def claim(archive: SqlArchive, seconds: float = 1) -> list[Delivery]:
    claimed = await archive.outbox.claim(
        Channel.TELEGRAM, owner="one", now=later(seconds), lease=LEASE, limit=100
    )
    return list(claimed)


async def settle(
    archive: SqlArchive, delivery: Delivery, settlement: Settlement, seconds: float = 1
) -> None:
    assert await archive.outbox.mark_in_flight(delivery, later(seconds))
    await archive.outbox.settle(delivery, settlement, later(seconds))


async def another_source(database: Database, url: str = OTHER.url, story_id: int = 1) -> int:
    source = AlsoTold(source=OTHER.source, url=url)
    changed = await database.write(lambda c: edits.add_source(c, story_id, source))
    await expand(database)
    return changed


async def expand(database: Database, limit: int = 1000) -> None:
    while await database.write(lambda c: outbox.expand(c, later(1), limit)):
        pass


async def withdraw(database: Database, article_id: int = 1) -> None:
    await SqlCrawlMemory(database).rechecked(article_id, withdrawn=True, now=later(1))
    await expand(database)


async def test_a_further_source_edits_what_was_sent(database: Database) -> None:
    archive = await told(database, 7, 8)
    assert await another_source(database) == 1
    (first, second) = await claim(archive)
    assert (first.kind, first.message_id, second.message_id) == (DeliveryKind.EDIT, 17, 18)
    assert first.alert is not None
    assert first.alert.changes.also == (OTHER,)
    await settle(archive, first, MarkSent(message_id=17))
    await settle(archive, second, MarkSent(message_id=18))
    assert await claim(archive) == []


async def test_the_same_source_again_changes_nothing(database: Database) -> None:
    await told(database, 7)
    assert await another_source(database) == 1
    assert await another_source(database) == 0


async def test_only_the_latest_of_many_changes_is_told(database: Database) -> None:
    archive = await told(database, 7)
    for number in range(5):
        await another_source(database, f"https://other.example/{number}")
    (edit,) = await claim(archive)
    assert edit.alert is not None
    assert len(edit.alert.changes.also) == 5
    await settle(archive, edit, MarkSent(message_id=17))
    assert await claim(archive) == []


async def test_a_change_during_an_edit_makes_another_one(database: Database) -> None:
    archive = await told(database, 7)
    await another_source(database)
    (edit,) = await claim(archive)
    assert await archive.outbox.mark_in_flight(edit, later(1))
    await another_source(database, "https://other.example/2")
    await archive.outbox.settle(edit, MarkSent(message_id=17), later(1))
    (again,) = await claim(archive)
    assert again.alert is not None
    assert len(again.alert.changes.also) == 2


async def test_a_change_while_the_alert_is_on_its_way_edits_it_afterwards(
    database: Database,
) -> None:
    archive = SqlArchive(database)
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", later(-60))
    await archive.alert("caspian")
    (delivery,) = await claim(archive)
    assert await archive.outbox.mark_in_flight(delivery, later(1))
    await another_source(database)
    await archive.outbox.settle(delivery, MarkSent(message_id=17), later(1))
    await expand(database)
    (edit,) = await claim(archive)
    assert (edit.kind, edit.message_id) == (DeliveryKind.EDIT, 17)


async def test_what_was_not_sent_yet_is_sent_as_it_is_now(database: Database) -> None:
    archive = SqlArchive(database)
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", later(-60))
    await archive.alert("caspian")
    await another_source(database)
    (delivery,) = await claim(archive)
    assert delivery.alert is not None
    assert (delivery.kind, delivery.alert.changes.also) == (DeliveryKind.ALERT, (OTHER,))
    await settle(archive, delivery, MarkSent(message_id=17))
    await expand(database)
    assert await claim(archive) == []


async def test_no_edit_goes_out_while_an_alert_waits_or_is_on_its_way(database: Database) -> None:
    archive = await told(database, 7, 8)
    await another_source(database)
    await archive.alert("caspian", story="new", now=later(2))
    alerts = await claim(archive, 3)
    assert [delivery.kind for delivery in alerts] == [DeliveryKind.ALERT] * 2
    assert await claim(archive, 3) == []
    for number, delivery in enumerate(alerts):
        assert await claim(archive, 3) == []
        await settle(archive, delivery, MarkSent(message_id=20 + number), 3)
    assert [delivery.kind for delivery in await claim(archive, 3)] == [DeliveryKind.EDIT] * 2


async def test_a_message_of_several_alerts_is_edited_for_corrections_only(
    database: Database,
) -> None:
    archive = await told(database, 7, stories=3)
    await another_source(database)
    assert await claim(archive) == []
    await withdraw(database)
    (edit,) = await claim(archive)
    assert [stored.changes.withdrawn for stored in edit.alerts] == [True, False, False]
    assert edit.alerts[0].changes.also == (OTHER,)


async def test_a_withdrawn_article_is_told_and_so_is_one_that_comes_back(
    database: Database,
) -> None:
    archive = await told(database, 7)
    await withdraw(database)
    (edit,) = await claim(archive)
    assert edit.alert is not None
    assert edit.alert.changes.withdrawn
    await settle(archive, edit, MarkSent(message_id=17))
    await database.write(lambda c: c.execute(sa.update(articles).values(withdrawn_at=None)))
    await expand(database)
    (edit,) = await claim(archive)
    assert edit.alert is not None
    assert not edit.alert.changes.withdrawn


async def test_a_corrected_headline_is_told_with_the_words_that_matched(
    database: Database,
) -> None:
    archive = await told(database, 7)
    corrected = article("news.example/1", title="وفد من طهران يغادر أستراخان")
    await SqlCrawlMemory(database).store(corrected, later(1))
    await expand(database)
    (edit,) = await claim(archive)
    assert edit.alert is not None
    title = edit.alert.changes.title
    assert title is not None
    assert title.text == corrected.title
    assert {title.text[start:end] for start, end in title.spans} == {"طهران", "أستراخان"}


async def test_a_text_that_changed_without_its_headline_edits_nothing(database: Database) -> None:
    archive = await told(database, 7)
    await SqlCrawlMemory(database).store(article("news.example/1", text="نص آخر."), later(1))
    await expand(database)
    assert await claim(archive) == []


async def test_chats_that_are_gone_get_no_edits(database: Database) -> None:
    archive = await told(database, 7, 8)
    await archive.alert("caspian", story="new", now=later(1))
    gone = next(d for d in await claim(archive) if d.chat.id == 8)
    await settle(archive, gone, MarkGone(reason="blocked"))
    await another_source(database)
    edited = await claim(archive, 1 + LEASE.total_seconds())
    assert {delivery.chat.id for delivery in edited} == {7}


async def test_edits_are_written_in_small_steps(database: Database) -> None:
    archive = await told(database, *range(1, 26))
    await database.write(lambda c: edits.add_source(c, 1, OTHER))
    steps = 0
    while await database.write(lambda c: outbox.expand(c, NOW, 10)):
        steps += 1
    assert steps == 3
    assert len(await claim(archive)) == 25
