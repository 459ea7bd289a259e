"""Half an hour, simulated, in which most calls of the Bot API fail."""

import asyncio
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from telegram import Bot

from alerts.dispatcher import Dispatcher
from alerts.telegram.errors import opt_in_to_durations
from alerts.telegram.notifier import TelegramNotifier
from models.subscriber import Channel
from scripts.soak import virtual
from scripts.soak.arrange import add_alert, add_chats, expand
from scripts.soak.canary import logged, not_leaked
from scripts.soak.figures import Row, copies
from scripts.soak.processes import TOKEN
from scripts.soak.rate import fullest
from scripts.soak.virtual import BlockingOutbox, VirtualBotApi, Weather
from storage import outbox
from storage.database import Database

ALERTS = 3
# Three hours after the storm the last pause of all is over.
_CALM = 3 * 3600.0


def storm(folder: Path, chats: int = 1000, minutes: float = 30.0) -> Row:
    """Three alerts to so many chats, one of which in ten is a group, while half of the calls are
    answered 429, a fifth 502 and one in twenty not at all (every second of those was carried
    out); then calm weather until the outbox is empty."""
    row = Row(f"storm: {minutes:g} minutes of 50 % 429, 20 % 502, 5 % hang; {chats} chats")
    ids = [-1000 - number if number % 10 == 0 else 1000 + number for number in range(chats)]
    database = Database.open(f"sqlite:///{folder}/storm.db")
    weather = Weather(until=60 * minutes, flood=0.5, bad_gateway=0.2, hang=0.05)
    try:
        # The alerts are written first: storage works in threads, and virtual time has none.
        asyncio.run(_arrange(database, ids))
        with logged(folder):
            api = virtual.run_virtual(lambda: _deliver(database, ids, weather))
        states = database.read_now(outbox.counts)
    finally:
        database.close_now()
    received = copies(api.receipts, ALERTS)
    row.note("calls", api.seen.calls)
    row.note("answered 429 / 502 / not", api.seen.floods)
    row.note("  502", api.seen.gateways)
    row.note("  hung", api.seen.hangs)
    row.at_most("lost", chats * ALERTS - len(received), 0)
    row.at_most("given up", states["dead"] + states["cancelled"], 0)
    row.at_most("calls before retry_after was over", api.seen.early, 0)
    row.at_most("calls beyond a limit", api.limits.refused, 0)
    times = sorted(receipt.time for receipt in api.receipts)
    row.at_most("messages in the fullest second", fullest(times), 30)
    row.note("duplicates", sum(received.values()) - len(received))
    not_leaked(row, folder)
    return row


async def _arrange(database: Database, ids: list[int]) -> None:
    start = virtual.EPOCH
    add_chats(database, ids, start - timedelta(hours=1))
    for number in range(ALERTS):
        await add_alert(database, number, start + timedelta(seconds=number))
    await expand(database, start + timedelta(seconds=ALERTS))


async def _deliver(database: Database, ids: list[int], weather: Weather) -> VirtualBotApi:
    opt_in_to_durations()
    api = VirtualBotApi(weather)
    for chat_id in ids:
        if chat_id < 0:
            api.people.add_group(chat_id)
        else:
            api.people.add_user(chat_id, started=True)
    bot = Bot(TOKEN, "http://virtual.invalid/bot", request=api, get_updates_request=api)
    dispatcher = Dispatcher(
        BlockingOutbox(database),
        TelegramNotifier(bot, lambda: ZoneInfo("UTC"), now=virtual.now, clock=virtual.seconds),
        Channel.TELEGRAM,
        "storm",
        now=virtual.now,
        clock=virtual.seconds,
    )
    await asyncio.sleep(ALERTS)
    await dispatcher.drain(weather.until + _CALM)
    return api
