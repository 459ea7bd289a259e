"""The terminal as a subscriber: while no bot token is set, it follows every topic."""

from datetime import datetime

from marsad.configuration import Configuration
from models.subscriber import Channel, Chat, ChatStatus
from storage.database import Database
from storage.subscribers import SqlSubscribers

TERMINAL_CHAT_ID = 0

ABOUT_TELEGRAM = (
    "No bot token is set: alerts are shown here, as Telegram would show them.\n"
    "To send them by Telegram: ask @BotFather for a bot, then set MARSAD_BOT_TOKEN to its token\n"
    "and MARSAD_OPERATORS to your numeric user id, in the environment or in a file named .env."
)


async def subscribe_terminal(
    database: Database, configuration: Configuration, now: datetime
) -> None:
    """Make the terminal an active chat that follows exactly the topics of the configuration."""
    subscribers = SqlSubscribers(database)
    await subscribers.register(
        Chat(
            id=TERMINAL_CHAT_ID,
            channel=Channel.TERMINAL,
            status=ChatStatus.ACTIVE,
            language="ar",
            title="terminal",
            username=None,
            created=now,
        )
    )
    await subscribers.set_status(TERMINAL_CHAT_ID, ChatStatus.ACTIVE, now)
    known = await subscribers.subscriber(TERMINAL_CHAT_ID)
    followed = known.topics if known is not None else frozenset()
    for topic in followed - set(configuration.topics):
        await subscribers.unsubscribe(TERMINAL_CHAT_ID, topic)
    for topic in set(configuration.topics) - followed:
        await subscribers.subscribe(TERMINAL_CHAT_ID, topic, now)


async def unsubscribe_terminal(database: Database, now: datetime) -> None:
    """With a bot token the terminal gets nothing any more."""
    await SqlSubscribers(database).set_status(TERMINAL_CHAT_ID, ChatStatus.STOPPED, now)
