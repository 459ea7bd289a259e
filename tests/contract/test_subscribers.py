"""What the bot relies on; on the in-memory twin, SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from models.delivery import MarkSent, MarkThreadGone
from models.schedule import Mode, Quiet, Schedule
from models.subscriber import Channel, ChatStatus, Subscriber
from storage import chats, choices, keywords, subscribers
from storage.database import Database
from storage.errors import ImportRefused, UnknownChat
from storage.subscribers import SqlSubscribers
from tests.contract.archive import LEASE, NOW, Archive, SqlArchive, chat, later


async def deliver_all(archive: Archive, *, first_message: int = 100) -> None:
    """Send what is pending, one message after another."""
    number = first_message
    while claimed := await archive.outbox.claim(
        Channel.TELEGRAM, owner="one", now=later(number), lease=LEASE, limit=1
    ):
        assert await archive.outbox.mark_in_flight(claimed[0], later(number))
        await archive.outbox.settle(claimed[0], MarkSent(message_id=number), later(number))
        number += 1


async def test_who_never_wrote_is_unknown(archive: Archive) -> None:
    assert await archive.subscribers.subscriber(7) is None
    assert await archive.subscribers.set_status(7, ChatStatus.ACTIVE, NOW) is None
    assert await archive.subscribers.subscribers() == []


async def test_a_new_chat_is_registered_as_given(archive: Archive) -> None:
    waiting = chat(7, status=ChatStatus.WAITING)
    assert await archive.subscribers.register(waiting) == waiting
    assert await archive.subscribers.subscriber(7) == Subscriber(chat=waiting, topics=frozenset())


async def test_registering_again_refreshes_the_names_only(archive: Archive) -> None:
    first = chat(7, status=ChatStatus.WAITING)
    await archive.subscribers.register(first)
    again = replace(
        first,
        title="سعاد الجديدة",
        username="suad",
        status=ChatStatus.ACTIVE,
        language="en",
        created=later(hours=9),
    )
    expected = replace(first, title="سعاد الجديدة", username="suad")
    assert await archive.subscribers.register(again) == expected
    found = await archive.subscribers.subscriber(7)
    assert found is not None
    assert found.chat == expected


async def test_following_is_idempotent(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    for topic in ("caspian", "iran-russia", "caspian"):
        await archive.subscribers.subscribe(7, topic, NOW)
    for _ in range(2):
        await archive.subscribers.unsubscribe(7, "iran-russia")
    found = await archive.subscribers.subscriber(7)
    assert found is not None
    assert found.topics == {"caspian"}


async def test_following_again_does_not_make_the_subscription_younger(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", NOW)
    await archive.subscribers.subscribe(7, "caspian", later(hours=5))
    await archive.alert("caspian", now=later(1))
    assert (await archive.counts())["pending"] == 1


async def test_an_unknown_chat_cannot_follow(archive: Archive) -> None:
    with pytest.raises(UnknownChat, match="chat 7 is not registered"):
        await archive.subscribers.subscribe(7, "caspian", NOW)


async def test_the_language_can_be_changed(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.set_language(7, "en")
    await archive.subscribers.set_language(8, "en")
    found = await archive.subscribers.subscriber(7)
    assert found is not None
    assert found.chat.language == "en"


@pytest.mark.parametrize(
    "status", [status for status in ChatStatus if status is not ChatStatus.ACTIVE]
)
async def test_leaving_cancels_what_is_open_and_keeps_the_topics(
    archive: Archive, status: ChatStatus
) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", later(-1))
    await archive.alert("caspian")
    assert await archive.subscribers.set_status(7, status, later(1)) == chat(7, status=status)
    assert (await archive.counts())["cancelled"] == 1
    assert await archive.subscribers.set_status(7, ChatStatus.ACTIVE, later(2)) == chat(7)
    found = await archive.subscribers.subscriber(7)
    assert found is not None
    assert found.topics == {"caspian"}
    assert (await archive.counts())["pending"] == 0


async def test_all_subscribers_come_by_id(archive: Archive) -> None:
    for chat_id in (12, -1003, 7):
        await archive.subscribers.register(chat(chat_id))
    await archive.subscribers.subscribe(7, "caspian", NOW)
    everybody = await archive.subscribers.subscribers()
    assert [subscriber.chat.id for subscriber in everybody] == [-1003, 7, 12]
    assert [subscriber.topics for subscriber in everybody] == [set(), {"caspian"}, set()]


async def test_the_latest_alerts_are_one_a_story_and_the_newest_first(archive: Archive) -> None:
    first = await archive.alert("caspian", story="first")
    second = await archive.alert("caspian", story="second", now=later(1))
    other = await archive.alert("iran-russia", story="first", now=later(2))
    assert list(await archive.subscribers.latest(["caspian"], 5)) == [second, first]
    assert list(await archive.subscribers.latest(["caspian", "iran-russia"], 5)) == [other, second]
    assert list(await archive.subscribers.latest(["caspian", "iran-russia"], 1)) == [other]
    assert list(await archive.subscribers.latest([], 5)) == []


async def test_a_message_leads_to_its_alert(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.subscribe(7, "caspian", later(-1))
    assert list(await archive.subscribers.delivered(7, None)) == []
    first = await archive.alert("caspian", story="first")
    await archive.notice([7], "تنبيه للمشغل", later(2))
    assert list(await archive.subscribers.delivered(7, None)) == []
    await deliver_all(archive)
    second = await archive.alert("caspian", story="second", now=later(200))
    third = await archive.alert("caspian", story="third", now=later(200))
    await deliver_all(archive, first_message=201)
    assert list(await archive.subscribers.delivered(7, 100)) == [first]
    assert list(await archive.subscribers.delivered(7, 101)) == []
    assert list(await archive.subscribers.delivered(7, 201)) == [second, third]
    assert list(await archive.subscribers.delivered(7, None)) == [second, third]
    assert list(await archive.subscribers.delivered(8, 100)) == []


async def test_modes_schedule_and_muted_sites_are_kept(archive: Archive) -> None:
    people = archive.subscribers
    await people.register(chat(7))
    for topic in ("caspian", "iran-russia"):
        await people.subscribe(7, topic, NOW)
    await people.set_mode(7, "caspian", Mode.DIGEST)
    night = Schedule(zone="Asia/Tehran", quiet=Quiet(begin=1320, end=420, hold=True))
    await people.set_schedule(7, night)
    await people.mute(7, "site", "news", NOW)
    await people.mute(7, "site", "news", NOW)
    known = await people.subscriber(7)
    assert known is not None
    assert known.modes == {"caspian": Mode.DIGEST}
    assert known.muted_sites == {"news"}
    assert known.chat.schedule == night
    assert list(await people.subscribers()) == [known]
    await people.set_schedule(7, None)
    await people.unmute(7, "site", "news")
    again = await people.subscriber(7)
    assert again is not None
    assert (again.chat.schedule, again.muted_sites) == (None, frozenset())


async def test_a_mode_of_a_topic_that_is_not_followed_is_nothing(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.set_mode(7, "caspian", Mode.SILENT)
    known = await archive.subscribers.subscriber(7)
    assert known is not None
    assert (known.topics, dict(known.modes)) == (frozenset(), {})


async def test_an_opinion_on_an_unknown_alert_is_ignored(archive: Archive) -> None:
    await archive.subscribers.register(chat(7))
    await archive.subscribers.label(7, 999, True, NOW)
    with pytest.raises(UnknownChat):
        await archive.subscribers.label(8, 1, True, NOW)


async def test_a_chat_that_is_forgotten_leaves_nothing(archive: Archive) -> None:
    people = archive.subscribers
    await people.register(chat(7))
    await people.subscribe(7, "caspian", later(-1))
    told = await archive.alert("caspian")
    await deliver_all(archive)
    await people.label(7, told.id, True, NOW)
    await people.mute(7, "story", str(told.story_id), NOW)
    assert (await people.my_data(7))["messages"] == 1
    assert await people.forget(7)
    assert not await people.forget(7)
    assert await people.subscriber(7) is None
    assert await people.my_data(7) == {}
    assert sum((await archive.counts()).values()) == 0


async def test_pages_of_the_newest_alerts(archive: Archive) -> None:
    alerts = [
        await archive.alert("caspian", story=f"story {number}", now=later(number))
        for number in range(5)
    ]
    newest = list(reversed(alerts))
    assert list(await archive.subscribers.latest(["caspian"], 2)) == newest[:2]
    assert list(await archive.subscribers.latest(["caspian"], 2, 2)) == newest[2:4]
    assert list(await archive.subscribers.latest(["caspian"], 2, 4)) == newest[4:]


async def test_opinions_are_counted_by_alert_without_saying_whose(database: Database) -> None:
    archive = SqlArchive(database)
    told = await archive.alert("caspian")
    for chat_id, relevant in ((7, True), (8, False), (9, False)):
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.label(chat_id, told.id, relevant, NOW)
    await archive.subscribers.label(9, told.id, True, later(1))
    (judged,) = await database.read(lambda c: list(choices.judged(c)))
    assert (judged.relevant, judged.irrelevant, judged.topics) == (2, 1, ("caspian",))
    assert judged.title == told.alert.title.text


async def test_what_a_subscriber_chose_is_exported_and_imported(database: Database) -> None:
    people = SqlSubscribers(database)
    await people.register(chat(7))
    await people.subscribe(7, "caspian", NOW)
    await people.set_mode(7, "caspian", Mode.URGENT)
    await people.set_schedule(7, Schedule(zone="UTC", digest_at=None))
    await people.mute(7, "site", "news", NOW)
    rows = await database.read(subscribers.export)
    before = await people.subscriber(7)
    await people.forget(7)
    await database.write(lambda c: subscribers.import_(c, enumerate(rows, 1)))
    assert await people.subscriber(7) == before


async def test_a_schedule_that_cannot_be_read_is_refused_with_its_line(
    database: Database,
) -> None:
    await SqlSubscribers(database).register(chat(7))
    (row,) = await database.read(subscribers.export)
    with pytest.raises(ImportRefused, match="3"):
        await database.write(
            lambda c: subscribers.import_(c, [(3, row | {"schedule": "Mars/Base x"})])
        )


async def test_the_archive_is_searched_and_a_query_that_cannot_be_read_is_none(
    database: Database,
) -> None:
    archive = SqlArchive(database)
    for _ in range(3):
        await archive.stored()
    people = archive.subscribers
    first = await people.search("طهران", later(1), 2, 0)
    assert first is not None
    assert first.whole
    assert [hit.url for hit in first.hits] == ["https://news.example/3", "https://news.example/2"]
    rest = await people.search("طهران", later(1), 2, 2)
    assert rest is not None
    assert [hit.site for hit in rest.hits] == ["news"]
    assert await people.search("قمح OR", later(1), 2, 0) is None


async def test_a_keyword_of_a_chat_is_followed_like_a_topic_and_named_apart(
    archive: Archive,
) -> None:
    people = archive.subscribers
    await people.register(chat(7))
    await people.subscribe(7, "caspian", later(-1))
    for _ in range(2):
        await people.watch_for(7, "kw-1", "قناة السويس", later(-1))
    await people.set_mode(7, "kw-1", Mode.SILENT)
    known = await people.subscriber(7)
    assert known is not None
    assert known.topics == {"caspian"}
    assert dict(known.keywords) == {"kw-1": "قناة السويس"}
    assert known.modes == {"kw-1": Mode.SILENT}
    assert list(await people.subscribers()) == [known]
    assert "قناة السويس" in str((await people.my_data(7))["keywords"])
    await archive.alert("kw-1")
    assert (await archive.counts())["pending"] == 1


async def test_a_keyword_is_kept_as_long_as_somebody_watches_for_it(archive: Archive) -> None:
    people = archive.subscribers
    for chat_id in (7, 8):
        await people.register(chat(chat_id))
        await people.allow_keywords(chat_id, True)
        await people.watch_for(chat_id, "kw-1", "قناة السويس", NOW)
    await people.forget(7)
    other = await people.subscriber(8)
    assert other is not None
    assert (dict(other.keywords), other.may_have_keywords) == ({"kw-1": "قناة السويس"}, True)
    await people.allow_keywords(8, False)
    other = await people.subscriber(8)
    assert other is not None
    assert (dict(other.keywords), other.may_have_keywords) == ({}, False)
    with pytest.raises(UnknownChat):
        await people.allow_keywords(7, True)


async def test_a_keyword_that_replaces_another_is_seen_whatever_the_clock_says(
    database: Database,
) -> None:
    people = SqlSubscribers(database)
    await people.register(chat(7))
    await people.allow_keywords(7, True)
    await people.watch_for(7, "kw-1", "قناة السويس", NOW)
    await people.watch_for(7, "kw-2", "مضيق هرمز", later(60))
    first = await database.read(keywords.revision)
    await people.stop_watching_for(7, "kw-1")
    await people.watch_for(7, "kw-3", "باب المندب", later(-3600))
    assert await database.read(keywords.revision) != first


async def test_keywords_are_exported_imported_and_go_with_a_group_to_its_new_id(
    database: Database,
) -> None:
    people = SqlSubscribers(database)
    await people.register(chat(-7))
    await people.allow_keywords(-7, True)
    await people.watch_for(-7, "kw-1", "قناة السويس", NOW)
    before, first = await people.subscriber(-7), await database.read(keywords.revision)
    rows = await database.read(subscribers.export)
    await people.forget(-7)
    assert await database.read(keywords.every) == {}
    assert await database.read(keywords.revision) != first
    await database.write(lambda c: subscribers.import_(c, enumerate(rows, 1)))
    assert await people.subscriber(-7) == before
    await database.write(lambda c: chats.rename(c, -7, -100, NOW))
    moved = await people.subscriber(-100)
    assert moved is not None
    assert (dict(moved.keywords), moved.may_have_keywords) == ({"kw-1": "قناة السويس"}, True)


async def test_each_topic_is_told_in_the_topic_of_the_forum_where_it_was_chosen(
    archive: Archive,
) -> None:
    people = archive.subscribers
    await people.register(replace(chat(-7), thread_id=3))
    await people.subscribe(-7, "caspian", later(-1), 5)
    await people.subscribe(-7, "iran-russia", later(-1), 6)
    await people.subscribe(-7, "ports", later(-1))
    for number, topic in enumerate(("caspian", "iran-russia", "ports", "caspian")):
        await archive.alert(topic, story=f"story {number}", now=later(number))
    told = []
    for second in range(10, 14):
        for one in await archive.outbox.claim(
            Channel.TELEGRAM, owner="one", now=later(second), lease=LEASE, limit=9
        ):
            told.append((one.chat.thread_id, len(one.alerts)))
            assert await archive.outbox.mark_in_flight(one, later(second))
            await archive.outbox.settle(one, MarkSent(message_id=second), later(second))
    # the two in one topic of the forum go together
    assert told == [(5, 2), (6, 1), (3, 1)]


async def test_what_went_to_a_topic_of_the_forum_that_is_gone_goes_to_the_chats(
    archive: Archive,
) -> None:
    people = archive.subscribers
    await people.register(replace(chat(-7), thread_id=3))
    await people.subscribe(-7, "caspian", later(-1), 5)
    await archive.alert("caspian")
    seen = []
    for second in range(10, 13):
        (one,) = await archive.outbox.claim(
            Channel.TELEGRAM, owner="one", now=later(second), lease=LEASE, limit=1
        )
        seen.append(one.chat.thread_id)
        assert await archive.outbox.mark_in_flight(one, later(second))
        await archive.outbox.settle(one, MarkThreadGone(reason="gone"), later(second))
    assert seen == [5, 3, None]
