"""Programs are told in order, one event at a time; on the in-memory twin and both databases."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from alerts.notifier import Ambiguous, NotSent, Outcome, Sent
from alerts.settlement import settlement
from marsad.configuration import load
from marsad.webhooks import chat_id_of, subscribe_webhooks
from models.delivery import Delivery, MarkSent
from models.subscriber import Channel, ChatStatus
from storage import operating
from storage.database import Database
from storage.subscribers import SqlSubscribers
from tests.contract.archive import LEASE, NOW, Archive, SqlArchive, chat, later
from tests.unit.marsad.conftest import write_config

HOOK = "url: https://desk.example/in\n"


async def follow(archive: Archive, *chat_ids: int) -> None:
    for chat_id in chat_ids:
        await archive.subscribers.register(chat(chat_id, channel=Channel.WEBHOOK, title="desk"))
        await archive.subscribers.subscribe(chat_id, "sea", later(-3600))


async def claim(archive: Archive, now: datetime) -> list[Delivery]:
    claimed = await archive.outbox.claim(
        Channel.WEBHOOK, owner="one", now=now, lease=LEASE, limit=10
    )
    return list(claimed)


async def settle(archive: Archive, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    assert await archive.outbox.mark_in_flight(delivery, now)
    await archive.outbox.settle(delivery, settlement(outcome, delivery, now), now)


async def test_what_waits_behind_a_failed_event_waits_with_it(archive: Archive) -> None:
    await follow(archive, 7, 8)
    for number in range(2):
        await archive.alert("sea", story=f"story {number}", now=later(number))
    now = later(10)
    first, other = await claim(archive, now)
    assert (len(first.alerts), len(other.alerts)) == (1, 1)
    await settle(archive, first, Ambiguous(reason="HTTP 500", answered=True), now)
    await settle(archive, other, Sent(message_id=1), now)
    (behind_the_other,) = await claim(archive, now)
    assert behind_the_other.chat.id == other.chat.id
    await settle(archive, behind_the_other, Sent(message_id=2), now)
    assert await claim(archive, later(12)) == []
    assert await archive.outbox.next_due(Channel.WEBHOOK, later(12)) == later(15)
    again = (await claim(archive, later(15)))[0]
    assert (again.ids, again.maybe_sent) == (first.ids, True)


async def test_after_hours_of_silence_and_failures_each_event_came_once_or_was_marked(
    archive: Archive,
) -> None:
    """Down for two hours, then answering 500 though it took the event, then well."""
    await follow(archive, 7)
    told: list[tuple[str, bool]] = []
    decided = 0
    unsent: dict[int, int] = {}
    for second in range(0, 4 * 3600, 20):
        now = later(second)
        if second % 600 == 0 and second < 3 * 3600:
            await archive.alert("sea", story=f"story {second}", now=now)
            decided += 1
        for delivery in await claim(archive, now):
            assert await archive.outbox.mark_in_flight(delivery, now)
            outcome: Outcome
            if second < 2 * 3600:
                outcome = NotSent(reason="ConnectError")
                unsent[delivery.id] = unsent.get(delivery.id, 0) + 1
            else:
                told.append((str(delivery.alert and delivery.alert.id), delivery.maybe_sent))
                failing = second < 2.2 * 3600
                outcome = (
                    Ambiguous(reason="HTTP 500", answered=True) if failing else Sent(message_id=1)
                )
            result = settlement(outcome, delivery, now, unsent=unsent.get(delivery.id, 0))
            await archive.outbox.settle(delivery, result, now)
    numbers = [int(number) for number, _ in told]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == decided == 18
    firsts = [told.index(next(each for each in told if each[0] == str(n))) for n in set(numbers)]
    assert all(marked for place, (_, marked) in enumerate(told) if place not in firsts)
    assert not any(told[place][1] for place in firsts)


async def test_no_program_reads_a_message_to_everybody(database: Database) -> None:
    archive = SqlArchive(database)
    await follow(archive, 7)
    await archive.subscribers.register(chat(8))
    assert await database.write(lambda c: operating.broadcast(c, "صيانة الليلة", NOW)) == 1


def configured(folder: Path, hooks: Mapping[str, str]) -> Path:
    folder = write_config(folder)
    for name, text in hooks.items():
        path = folder / "webhooks" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


async def test_the_webhooks_of_the_configuration_are_subscribers(
    database: Database, tmp_path: Path
) -> None:
    subscribers = SqlSubscribers(database)
    hooks = {"desk": HOOK, "off": f"{HOOK}enabled: false\n"}
    configuration = load(configured(tmp_path / "one", hooks))
    await subscribe_webhooks(database, configuration, NOW)
    desk = await subscribers.subscriber(chat_id_of("desk"))
    assert desk is not None
    assert desk.chat.channel is Channel.WEBHOOK
    assert desk.topics == {"grain"}
    assert await subscribers.subscriber(chat_id_of("off")) is None
    gone = load(configured(tmp_path / "two", {}))
    await subscribe_webhooks(database, gone, later(1))
    desk = await subscribers.subscriber(chat_id_of("desk"))
    assert desk is not None
    assert desk.chat.status is ChatStatus.STOPPED
    await subscribe_webhooks(database, configuration, later(2))
    desk = await subscribers.subscriber(chat_id_of("desk"))
    assert desk is not None
    assert desk.chat.status is ChatStatus.ACTIVE


async def test_an_event_is_posted_to_those_that_follow_its_topic(database: Database) -> None:
    archive = SqlArchive(database)
    await follow(archive, 7)
    await archive.alert("other")
    assert await claim(archive, later(1)) == []
    await archive.alert("sea", story="another", now=later(1))
    (delivery,) = await claim(archive, later(2))
    result = MarkSent(message_id=delivery.id)
    assert await archive.outbox.mark_in_flight(delivery, later(2))
    await archive.outbox.settle(delivery, result, later(2))
    assert await claim(archive, later(2) + timedelta(days=1)) == []
