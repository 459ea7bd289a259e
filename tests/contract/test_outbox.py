"""What the dispatcher relies on; on the in-memory twin, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.telegram.store import MuteKind
from models.delivery import (
    Delivery,
    DeliveryKind,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    Settlement,
)
from models.schedule import Mode, Quiet, Schedule
from models.subscriber import Channel, ChatStatus
from tests.contract.archive import LEASE, NOW, Archive, chat, later


async def follow(archive: Archive, *chat_ids: int, topic: str = "caspian") -> None:
    for chat_id in chat_ids:
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.subscribe(chat_id, topic, later(-3600))


async def claim(
    archive: Archive, now: datetime = NOW, *, owner: str = "one", limit: int = 100
) -> list[Delivery]:
    claimed = await archive.outbox.claim(
        Channel.TELEGRAM, owner=owner, now=now, lease=LEASE, limit=limit
    )
    return list(claimed)


async def claim_one(archive: Archive, now: datetime = NOW, *, owner: str = "one") -> Delivery:
    (delivery,) = await claim(archive, now, owner=owner)
    return delivery


async def settle_started(
    archive: Archive, delivery: Delivery, settlement: Settlement, now: datetime = NOW
) -> None:
    assert await archive.outbox.mark_in_flight(delivery, now)
    await archive.outbox.settle(delivery, settlement, now)


def retry(delivery: Delivery, not_before: datetime, *, attempts: int = 0) -> MarkRetry:
    return MarkRetry(
        not_before=not_before, attempts=attempts, reason="502", maybe_sent=delivery.maybe_sent
    )


async def test_a_claimed_delivery_carries_its_chat_and_its_alert(archive: Archive) -> None:
    await follow(archive, 7)
    stored = await archive.alert("caspian")
    delivery = await claim_one(archive)
    assert delivery.chat == chat(7)
    assert delivery.alert == stored
    assert (delivery.kind, delivery.notice) == (DeliveryKind.ALERT, None)
    assert (delivery.attempts, delivery.maybe_sent) == (0, False)


async def test_what_is_claimed_is_not_claimed_again(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await claim_one(archive)
    assert await claim(archive, owner="two") == []


async def test_the_oldest_come_first_and_all_that_a_chat_has_waiting_with_it(
    archive: Archive,
) -> None:
    await follow(archive, 7, 8)
    for number in range(3):
        await archive.alert("caspian", story=f"story {number}", now=later(number))
    claimed = await claim(archive, later(1))
    assert [delivery.chat.id for delivery in claimed] == [7, 8]
    assert [len(delivery.alerts) for delivery in claimed] == [2, 2]
    assert {delivery.created for delivery in claimed} == {NOW}
    for delivery in claimed:
        await settle_started(archive, delivery, MarkSent(message_id=delivery.chat.id), later(2))
    assert (await archive.counts())["sent"] == 4
    assert {delivery.created for delivery in await claim(archive, later(11))} == {later(2)}


async def test_a_notice_goes_out_by_itself(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await archive.notice([7], "الإعدادات غير صالحة", later(1))
    assert (await claim_one(archive, later(2))).notice is None
    first = await claim_one(archive, later(2) + LEASE)
    assert first.joined == ()


async def test_a_message_of_several_alerts_comes_back_whole_after_a_crash_and_takes_nothing_in(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    for number in range(2):
        await archive.alert("caspian", story=f"story {number}")
    first = await claim_one(archive)
    assert await archive.outbox.mark_in_flight(first, NOW)
    await archive.alert("caspian", story="new", now=later(1))
    again = await claim_one(archive, NOW + LEASE, owner="two")
    assert (again.ids, again.attempts, again.maybe_sent) == (first.ids, 1, True)
    await settle_started(archive, again, MarkSent(message_id=3), NOW + LEASE)
    fresh = await claim_one(archive, NOW + LEASE, owner="two")
    assert (fresh.created, fresh.attempts, fresh.maybe_sent) == (later(1), 0, False)


async def test_what_was_refused_together_is_claimed_one_by_one(archive: Archive) -> None:
    await follow(archive, 7)
    for number in range(3):
        await archive.alert("caspian", story=f"story {number}")
    together = await claim_one(archive)
    alone = MarkRetry(not_before=NOW, attempts=1, reason="bad", maybe_sent=False, alone=True)
    await settle_started(archive, together, alone)
    for number in together.ids:
        one = await claim_one(archive)
        assert one.ids == (number,)
        await settle_started(archive, one, MarkSent(message_id=number))


async def test_a_message_that_lost_a_part_is_not_sent_and_the_rest_is_free(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    for number in range(2):
        await archive.alert("caspian", story=f"story {number}")
    claimed = await claim_one(archive)
    part = replace(claimed, joined=(), id=claimed.ids[1])
    assert await archive.outbox.mark_in_flight(part, NOW)
    await archive.outbox.settle(part, MarkDead(reason="not wanted"), NOW)
    assert not await archive.outbox.mark_in_flight(claimed, NOW)
    assert (await claim_one(archive)).ids == claimed.ids[:1]


async def test_an_urgent_alert_goes_before_what_has_not_waited_five_minutes(
    archive: Archive,
) -> None:
    await follow(archive, 7, 8)
    await archive.subscribers.set_mode(8, "caspian", Mode.URGENT)
    await follow(archive, 9, topic="iran-russia")
    await archive.alert("iran-russia", story="long ago", now=later(-301))
    await archive.alert("caspian")
    claimed = await claim(archive, later(1))
    assert [delivery.chat.id for delivery in claimed] == [9, 8, 7]


async def test_a_retry_keeps_its_place_before_what_came_later(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await follow(archive, 8, topic="iran-russia")
    delivery = await claim_one(archive)
    await settle_started(archive, delivery, retry(delivery, later(30)))
    await archive.alert("iran-russia", story="second", now=later(1))
    assert [one.chat.id for one in await claim(archive, later(30))] == [7, 8]


@pytest.mark.parametrize(
    ("mode", "silent"),
    [(Mode.URGENT, False), (Mode.NOW, False), (Mode.SILENT, True)],
)
async def test_a_topic_is_told_in_its_mode(archive: Archive, mode: Mode, silent: bool) -> None:
    await follow(archive, 7)
    await archive.subscribers.set_mode(7, "caspian", mode)
    await archive.alert("caspian")
    delivery = await claim_one(archive)
    assert (delivery.silent, delivery.digest) == (silent, False)


async def test_of_two_topics_the_one_that_tells_more_decides(archive: Archive) -> None:
    await follow(archive, 7)
    await follow(archive, 7, topic="iran-russia")
    await archive.subscribers.set_mode(7, "caspian", Mode.DIGEST)
    await archive.alert("caspian", "iran-russia")
    assert not (await claim_one(archive)).digest


async def test_a_digest_is_held_until_its_time_and_comes_as_one_message(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.subscribers.set_mode(7, "caspian", Mode.DIGEST)
    await archive.subscribers.set_schedule(7, Schedule(zone="Asia/Tehran", digest_at=13 * 60))
    for number in range(4):
        await archive.alert("caspian", story=f"story {number}", now=later(number))
    # 8:30 in UTC is 12:00 in Tehran
    assert await claim(archive, later(3599)) == []
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) == later(3600)
    digest = await claim_one(archive, later(3600))
    assert (digest.digest, len(digest.alerts)) == (True, 4)


async def test_quiet_hours_hold_alerts_but_not_urgent_ones(archive: Archive) -> None:
    await follow(archive, 7, 8)
    night = Schedule(zone="UTC", quiet=Quiet(begin=22 * 60, end=9 * 60, hold=True))
    for chat_id in (7, 8):
        await archive.subscribers.set_schedule(chat_id, night)
    await archive.subscribers.set_mode(8, "caspian", Mode.URGENT)
    await archive.alert("caspian")
    assert [delivery.chat.id for delivery in await claim(archive)] == [8]
    assert [delivery.chat.id for delivery in await claim(archive, later(1800), owner="two")] == [
        *(8, 7)
    ]


@pytest.mark.parametrize("kind", ["site", "story"])
async def test_what_is_muted_is_not_told(archive: Archive, kind: MuteKind) -> None:
    await follow(archive, 7)
    first = await archive.alert("caspian")
    await settle_started(archive, await claim_one(archive), MarkSent(message_id=1))
    name = "news" if kind == "site" else str(first.story_id)
    await archive.subscribers.mute(7, kind, name, NOW)
    await follow(archive, 7, topic="iran-russia")
    other = "another story" if kind == "site" else "a story"
    await archive.alert("iran-russia", story=other, now=later(1))
    assert await claim(archive, later(2)) == []
    if kind == "site":
        await archive.subscribers.unmute(7, kind, name)
        await archive.alert("caspian", story="a third", now=later(3))
        assert len(await claim(archive, later(4))) == 1


async def test_the_limit_bounds_a_claim(archive: Archive) -> None:
    await follow(archive, *range(1, 6))
    await archive.alert("caspian")
    assert [delivery.chat.id for delivery in await claim(archive, limit=2)] == [1, 2]
    assert [delivery.chat.id for delivery in await claim(archive, limit=9)] == [3, 4, 5]


async def test_a_delivery_that_waits_does_not_hold_back_the_others_of_its_chat(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian", story="first")
    refused = await claim_one(archive, later(2))
    await settle_started(archive, refused, retry(refused, later(300)), later(2))
    await archive.alert("caspian", story="second", now=later(3))
    assert (await claim_one(archive, later(3))).id != refused.id


async def test_channels_are_claimed_apart(archive: Archive) -> None:
    await archive.subscribers.register(chat(0, channel=Channel.TERMINAL))
    await archive.subscribers.subscribe(0, "caspian", later(-1))
    await archive.alert("caspian")
    assert await claim(archive) == []
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) is None
    assert await archive.outbox.next_due(Channel.TERMINAL, NOW) == NOW


async def test_a_lease_that_ran_out_before_the_call_is_free_again(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    first = await claim_one(archive)
    again = await claim_one(archive, NOW + LEASE, owner="two")
    assert (again.id, again.attempts, again.maybe_sent) == (first.id, 0, False)


async def test_a_lease_that_ran_out_in_flight_comes_back_as_maybe_sent_and_counted(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    first = await claim_one(archive)
    assert await archive.outbox.mark_in_flight(first, NOW)
    again = await claim_one(archive, NOW + LEASE, owner="two")
    assert (again.id, again.attempts, again.maybe_sent) == (first.id, 1, True)


async def test_a_call_starts_only_under_a_lease(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    delivery = await claim_one(archive)
    assert not await archive.outbox.mark_in_flight(delivery, NOW + LEASE)
    assert await archive.outbox.mark_in_flight(delivery, later(1))
    assert not await archive.outbox.mark_in_flight(delivery, later(2))


async def test_a_chat_that_stops_between_claim_and_call_is_not_written_to(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    delivery = await claim_one(archive)
    await archive.subscribers.set_status(7, ChatStatus.STOPPED, later(1))
    assert not await archive.outbox.mark_in_flight(delivery, later(1))


async def test_what_was_sent_is_over(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await settle_started(archive, await claim_one(archive), MarkSent(message_id=3))
    assert (await archive.counts())["sent"] == 1
    assert await claim(archive, later(hours=24)) == []
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) is None


async def test_a_retry_waits_for_its_time_and_keeps_what_the_dispatcher_says(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    delivery = await claim_one(archive)
    settlement = MarkRetry(not_before=later(30), attempts=2, reason="timeout", maybe_sent=True)
    await settle_started(archive, delivery, settlement)
    assert await claim(archive, later(29)) == []
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) == later(30)
    again = await claim_one(archive, later(30))
    assert (again.attempts, again.maybe_sent) == (2, True)


async def test_a_dead_delivery_leaves_its_chat_subscribed(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await settle_started(archive, await claim_one(archive), MarkDead(reason="refused"))
    assert (await archive.counts())["dead"] == 1
    subscriber = await archive.subscribers.subscriber(7)
    assert subscriber is not None
    assert subscriber.chat.status is ChatStatus.ACTIVE


async def test_a_gone_chat_gets_nothing_more(archive: Archive) -> None:
    await follow(archive, 7, 8)
    await archive.alert("caspian", story="first")
    await archive.alert("caspian", story="second")
    delivery = (await claim(archive))[0]
    await settle_started(archive, delivery, MarkGone(reason="bot was blocked by the user"))
    subscriber = await archive.subscribers.subscriber(7)
    assert subscriber is not None
    assert subscriber.chat.status is ChatStatus.GONE
    assert subscriber.topics == {"caspian"}
    assert (await archive.counts())["cancelled"] == 2
    await archive.alert("caspian", story="third", now=later(1))
    assert {delivery.chat.id for delivery in await claim(archive, later(120))} == {8}


async def test_a_migrated_group_keeps_topics_and_deliveries_under_its_new_id(
    archive: Archive,
) -> None:
    await follow(archive, -5)
    await archive.alert("caspian", story="first")
    await archive.alert("caspian", story="second")
    delivery = await claim_one(archive)
    await settle_started(archive, delivery, MarkMigrated(new_chat_id=-1005))
    assert await archive.subscribers.subscriber(-5) is None
    moved = await archive.subscribers.subscriber(-1005)
    assert moved is not None
    assert (moved.chat.status, moved.topics) == (ChatStatus.ACTIVE, frozenset({"caspian"}))
    again = await claim_one(archive)
    assert (again.id, again.chat.id, again.attempts) == (delivery.id, -1005, 0)
    assert (await archive.counts())["pending"] + (await archive.counts())["retry"] == 2


async def test_a_migrated_group_that_is_known_already_is_told_a_story_once(
    archive: Archive,
) -> None:
    await follow(archive, -5)
    await follow(archive, -1005, topic="iran-russia")
    await archive.alert("caspian", story="first")
    await archive.alert("iran-russia", story="first", now=later(1))
    mine = next(d for d in await claim(archive, later(2)) if d.chat.id == -5)
    await settle_started(archive, mine, MarkMigrated(new_chat_id=-1005), later(2))
    moved = await archive.subscribers.subscriber(-1005)
    assert moved is not None
    assert moved.topics == {"caspian", "iran-russia"}
    assert len(await claim(archive, later(2) + LEASE)) == 1


@pytest.mark.parametrize(
    ("new_status", "merged"),
    [
        (ChatStatus.WAITING, ChatStatus.ACTIVE),
        (ChatStatus.GONE, ChatStatus.ACTIVE),
        (ChatStatus.STOPPED, ChatStatus.STOPPED),
        (ChatStatus.REFUSED, ChatStatus.REFUSED),
    ],
)
async def test_a_no_of_the_new_group_outlives_the_migration(
    archive: Archive, new_status: ChatStatus, merged: ChatStatus
) -> None:
    await follow(archive, -5)
    await archive.subscribers.register(chat(-1005, status=new_status))
    await archive.alert("caspian")
    await settle_started(archive, await claim_one(archive), MarkMigrated(new_chat_id=-1005))
    moved = await archive.subscribers.subscriber(-1005)
    assert moved is not None
    assert moved.chat.status is merged
    assert len(await claim(archive)) == (merged is ChatStatus.ACTIVE)


async def test_a_late_answer_does_not_disturb_who_took_over(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    slow = await claim_one(archive)
    assert await archive.outbox.mark_in_flight(slow, NOW)
    taken = await claim_one(archive, NOW + LEASE, owner="two")
    await archive.outbox.settle(slow, retry(slow, NOW), later(61))
    assert await claim(archive, later(61), owner="three") == []
    await archive.outbox.settle(slow, MarkSent(message_id=9), later(62))
    assert not await archive.outbox.mark_in_flight(taken, later(63))


async def test_a_cancelled_delivery_is_not_revived_by_its_answer(archive: Archive) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    delivery = await claim_one(archive)
    assert await archive.outbox.mark_in_flight(delivery, NOW)
    await archive.subscribers.set_status(7, ChatStatus.STOPPED, NOW)
    await archive.outbox.settle(delivery, retry(delivery, NOW), later(1))
    assert (await archive.counts())["cancelled"] == 1


async def test_release_gives_back_what_was_claimed_and_not_started(archive: Archive) -> None:
    await follow(archive, 7, 8)
    await archive.alert("caspian")
    started, waiting = await claim(archive)
    assert await archive.outbox.mark_in_flight(started, NOW)
    await archive.outbox.release("another")
    assert await claim(archive, owner="two") == []
    await archive.outbox.release("one")
    assert [delivery.id for delivery in await claim(archive, owner="two")] == [waiting.id]


async def test_a_chat_with_something_in_flight_is_due_when_that_lease_ends(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian", story="first")
    await archive.alert("caspian", story="second")
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) == NOW
    await claim_one(archive)
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) == NOW + LEASE


async def test_a_story_is_delivered_to_a_chat_once_by_whatever_topic(archive: Archive) -> None:
    await follow(archive, 7)
    await follow(archive, 7, 8, topic="iran-russia")
    await archive.alert("caspian", story="one")
    await archive.alert("iran-russia", story="one", now=later(1))
    claimed = await claim(archive, later(2))
    assert sorted(delivery.chat.id for delivery in claimed) == [7, 8]
    assert (await archive.counts())["pending"] == 2


async def test_who_follows_later_gets_nothing_that_was_decided_before(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", NOW)
    await archive.alert("caspian", story="before", now=NOW)
    assert await claim(archive) == []
    await archive.alert("caspian", story="after", now=later(1))
    assert len(await claim(archive, later(1))) == 1


@pytest.mark.parametrize(
    "status", [status for status in ChatStatus if status is not ChatStatus.ACTIVE]
)
async def test_only_active_chats_get_alerts(archive: Archive, status: ChatStatus) -> None:
    await archive.subscribers.register(chat(7, status=status))
    await archive.subscribers.subscribe(7, "caspian", later(-1))
    await archive.alert("caspian")
    assert await archive.outbox.next_due(Channel.TELEGRAM, NOW) is None


async def test_a_notice_reaches_the_chats_that_can_be_reached(archive: Archive) -> None:
    await archive.subscribers.register(chat(7, status=ChatStatus.STOPPED))
    await archive.subscribers.register(chat(8, status=ChatStatus.GONE))
    assert await archive.notice([7, 8, 9], "الإعدادات غير صالحة") == 1
    assert await archive.notice([7], "والآن صالحة", later(1)) == 1
    delivery = await claim_one(archive, later(2))
    assert (delivery.kind, delivery.alert) == (DeliveryKind.NOTICE, None)
    assert (delivery.chat.id, delivery.notice) == (7, "الإعدادات غير صالحة")
    assert (await archive.counts())["pending"] == 2


async def test_a_clock_that_is_set_back_holds_a_lease_no_longer_than_its_end(
    archive: Archive,
) -> None:
    await follow(archive, 7)
    await archive.alert("caspian")
    await claim_one(archive)
    due = await archive.outbox.next_due(Channel.TELEGRAM, NOW - timedelta(hours=1))
    assert due == NOW + LEASE
