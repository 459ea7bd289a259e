"""401 chats with every error mixed: each ends in the state that is right for it."""

from dataclasses import replace
from pathlib import Path

from alerts.dispatcher import Dispatcher
from alerts.pacing import Limits
from alerts.telegram.bot import TelegramBot
from marsad.clock import utc_now
from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_people import People
from marsad.demo.botapi_state import Standing
from marsad.demo.faults import Fault, FaultPlan
from models.subscriber import Channel, ChatStatus
from models.text import Localized
from scripts.soak.arrange import alerts_for
from scripts.soak.canary import logged, not_leaked
from scripts.soak.figures import Row, copies
from scripts.soak.processes import TOKEN
from storage import outbox
from storage.database import Database
from storage.operating import SqlOperating
from storage.outbox import SqlOutbox
from storage.subscribers import SqlSubscribers, all_subscribers

CHATS = 401
# What is wrong with a chat, by its number modulo so many; all others are well.
_KINDS = 20
_GONE = ("blocked", "deactivated", "unknown", "kicked", "deleted group")
_TROUBLES = (*_GONE, "migrated", "dead thread", "429", "502", "reset", "accepted, then reset")


def _trouble(number: int) -> str | None:
    kind = number % _KINDS
    return _TROUBLES[kind] if kind < len(_TROUBLES) else None


def _chat_id(number: int) -> int:
    in_groups = ("kicked", "deleted group", "migrated", "dead thread")
    return -(5000 + number) if _trouble(number) in in_groups else 5000 + number


def _new_id(chat_id: int) -> int:
    return chat_id - 1_000_000


async def errors(folder: Path, chats: int = CHATS) -> Row:
    row = Row(f"errors: {chats} chats with every error mixed")
    ids = [_chat_id(number) for number in range(chats)]
    database = Database.open(f"sqlite:///{folder}/errors.db")
    await alerts_for(database, ids, 1, utc_now())
    subscribers = SqlSubscribers(database)
    faults = FaultPlan([fault for number in range(chats) for fault in _faults(number)])
    async with BotApiServer(TOKEN, faults=faults, limits=FloodLimits(enabled=False)) as server:
        for number in range(chats):
            await _set_up(server.people, number, database)
        with logged(folder):
            await _deliver(server, database, subscribers)
        received = copies(server.receipts, 1)
    states = await database.read(outbox.counts)
    statuses = {one.chat.id: one.chat for one in await database.read(all_subscribers)}
    await database.close()

    not_leaked(row, folder)
    well = [number for number in range(chats) if _trouble(number) not in _GONE]
    gone = [number for number in range(chats) if _trouble(number) in _GONE]
    reached = [_final_id(number) for number in well]
    row.note("chats in trouble", sum(_trouble(number) is not None for number in range(chats)))
    row.at_most("chats that could be reached and were not", _missing(received, reached), 0)
    wrong = sum(statuses[_chat_id(n)].status is not ChatStatus.GONE for n in gone)
    row.at_most("gone chats not marked gone", wrong, 0)
    active = sum(statuses[chat_id].status is not ChatStatus.ACTIVE for chat_id in reached)
    row.at_most("good chats not active", active, 0)
    threads = [n for n in well if _trouble(n) == "dead thread"]
    dead = sum(statuses[_chat_id(n)].thread_id is not None for n in threads)
    row.at_most("dead threads kept", dead, 0)
    row.at_most("sent, as recorded, differs from received by", abs(states["sent"] - len(well)), 0)
    repeated = {chat_id for (chat_id, _), count in received.items() if count > 1}
    lost = {_chat_id(n) for n in well if _trouble(n) == "accepted, then reset"}
    row.at_most("repeated without need", len(repeated - lost), 0)
    row.note("repeated since the answer was lost", len(repeated))
    return row


def _final_id(number: int) -> int:
    chat_id = _chat_id(number)
    return _new_id(chat_id) if _trouble(number) == "migrated" else chat_id


def _missing(received: "dict[tuple[int, int], int]", reached: list[int]) -> int:
    return sum((chat_id, 0) not in received for chat_id in reached)


def _faults(number: int) -> list[Fault]:
    chat_id = _chat_id(number)
    match _trouble(number):
        case "429":
            return [Fault(kind="flood", chat_id=chat_id, times=1, seconds=1)]
        case "502":
            return [Fault(kind="status", chat_id=chat_id, times=1)]
        case "reset":
            return [Fault(kind="reset", chat_id=chat_id, times=1)]
        case "accepted, then reset":
            return [Fault(kind="reset", chat_id=chat_id, times=1, accepted=True)]
    return []


async def _set_up(people: People, number: int, database: Database) -> None:
    chat_id, trouble = _chat_id(number), _trouble(number)
    match trouble:
        case "unknown":
            return
        case "kicked":
            people.add_group(chat_id, bot=Standing.KICKED)
        case "deleted group":
            people.add_group(chat_id).is_deleted()
        case "migrated":
            people.add_group(chat_id, type="group").migrates(_new_id(chat_id))
        case "dead thread":
            people.add_group(chat_id, threads=[12])
            known = await SqlSubscribers(database).subscriber(chat_id)
            assert known is not None
            await SqlSubscribers(database).register(replace(known.chat, thread_id=99))
        case _:
            person = people.add_user(chat_id, started=True)
            if trouble == "blocked":
                person.blocks_bot()
            if trouble == "deactivated":
                person.deletes_account()


async def _deliver(server: BotApiServer, database: Database, store: SqlSubscribers) -> None:
    bot = TelegramBot(
        TOKEN,
        api_base=server.base_url,
        proxy=None,
        operators=frozenset(),
        access=lambda: "open",
        topics=lambda: {"caspian": Localized("بحر قزوين")},
        store=store,
        operating=SqlOperating(database),
        now=utc_now,
    )
    fast = Limits(per_second=200, chat_seconds=0.0, group_per_minute=1000)
    dispatcher = Dispatcher(
        SqlOutbox(database), bot.notifier, Channel.TELEGRAM, "errors", now=utc_now, limits=fast
    )
    await dispatcher.drain(60)
    await bot.stop()
