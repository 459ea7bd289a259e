"""What operators do in the chat; on the in-memory twin, SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from alerts.telegram.operating import OperatorStore
from models.delivery import DeliveryKind, MarkSent
from models.subscriber import Channel, ChatStatus
from storage.operating import SqlOperating
from tests.contract.archive import LEASE, NOW, Archive, MemoryArchive, SqlArchive, chat, later
from tests.fakes.memory_operating import MemoryOperating


@pytest.fixture
def operating(archive: Archive) -> OperatorStore:
    if isinstance(archive, MemoryArchive):
        return MemoryOperating(archive.store)
    assert isinstance(archive, SqlArchive)
    return SqlOperating(archive.database)


async def follower(archive: Archive, chat_id: int = 7) -> None:
    await archive.subscribers.register(chat(chat_id))
    await archive.subscribers.subscribe(chat_id, "caspian", later(-60))


async def claim(archive: Archive, seconds: float = 1):  # type: ignore[no-untyped-def]  # as typed by Outbox
    return await archive.outbox.claim(
        Channel.TELEGRAM, owner="one", now=later(seconds), lease=LEASE, limit=10
    )


async def test_the_counts_are_those_of_now_and_of_the_last_day(
    archive: Archive, operating: OperatorStore
) -> None:
    await follower(archive)
    await archive.subscribers.register(chat(8, status=ChatStatus.WAITING))
    await archive.alert("caspian")
    (delivery,) = await claim(archive)
    assert await archive.outbox.mark_in_flight(delivery, later(1))
    await archive.outbox.settle(delivery, MarkSent(message_id=1), later(1))
    today = await operating.stats(later(2))
    assert (today.chats["active"], today.chats["waiting"], today.chats["gone"]) == (1, 1, 0)
    assert (today.deliveries["sent"], today.alerts, today.sent) == (1, 1, 1)
    assert not today.paused
    tomorrow = await operating.stats(later(hours=25))
    assert (tomorrow.alerts, tomorrow.sent) == (0, 0)


async def test_while_it_is_paused_nothing_is_claimed_or_due(
    archive: Archive, operating: OperatorStore
) -> None:
    await follower(archive)
    await archive.alert("caspian")
    for _ in range(2):
        await operating.pause(True, 1, NOW)
    assert (await operating.stats(NOW)).paused
    assert list(await claim(archive)) == []
    assert await archive.outbox.next_due(Channel.TELEGRAM, later(1)) is None
    await operating.pause(False, 1, later(1))
    assert len(await claim(archive)) == 1


async def test_a_broadcast_goes_to_every_active_chat_once_each_time(
    archive: Archive, operating: OperatorStore
) -> None:
    for chat_id in (7, 8):
        await follower(archive, chat_id)
    await archive.subscribers.register(chat(9, status=ChatStatus.STOPPED))
    assert await operating.reach() == 2
    assert await operating.broadcast("صيانة الليلة", NOW) == 2
    assert await operating.broadcast("صيانة الليلة", NOW) == 2
    claimed = await claim(archive)
    assert {one.chat.id for one in claimed} == {7, 8}
    assert {(one.kind, one.notice, one.joined) for one in claimed} == {
        (DeliveryKind.BROADCAST, "صيانة الليلة", ())
    }
    assert (await archive.counts())["pending"] == 4


async def test_an_invitation_admits_once_and_not_for_ever(operating: OperatorStore) -> None:
    await operating.add_invite("i-one", NOW + timedelta(days=7), NOW)
    await operating.add_invite("i-two", NOW + timedelta(days=7), NOW)
    assert await operating.use_invite("i-one", 7, later(1))
    assert not await operating.use_invite("i-one", 8, later(2))
    assert not await operating.use_invite("i-two", 8, NOW + timedelta(days=7))
    assert not await operating.use_invite("i-three", 8, NOW)


async def test_an_invitation_whose_chat_was_not_registered_admits_that_chat_again(
    archive: Archive, operating: OperatorStore
) -> None:
    await operating.add_invite("i-one", NOW + timedelta(days=7), NOW)
    assert await operating.use_invite("i-one", 7, later(1))
    assert not await operating.use_invite("i-one", 8, later(2))
    assert await operating.use_invite("i-one", 7, later(3))
    await archive.subscribers.register(chat(7))
    assert not await operating.use_invite("i-one", 7, later(4))


async def test_a_chat_that_was_admitted_long_ago_needs_another_invitation(
    operating: OperatorStore,
) -> None:
    await operating.add_invite("i-one", NOW + timedelta(days=7), NOW)
    assert await operating.use_invite("i-one", 7, NOW)
    assert not await operating.use_invite("i-one", 7, NOW + timedelta(minutes=10))
