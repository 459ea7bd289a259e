"""Webhooks as subscribers: a chat of their own channel each, which follows their topics."""

import hashlib
from datetime import datetime

from marsad.configuration import Configuration
from models.subscriber import Channel, Chat, ChatStatus
from storage.database import Database
from storage.subscribers import SqlSubscribers

# Beyond every id of Telegram's, which have 52 bits.
_FIRST_ID = 1 << 60


def chat_id_of(name: str) -> int:
    """The same for the name always."""
    digest = hashlib.blake2b(name.encode(), digest_size=6).digest()
    return _FIRST_ID + int.from_bytes(digest)


async def subscribe_webhooks(
    database: Database, configuration: Configuration, now: datetime
) -> None:
    """Make exactly the enabled webhooks active, with their topics. What waits for one that was
    taken out goes nowhere; one that comes back gets what is decided from then on."""
    subscribers = SqlSubscribers(database)
    wanted = {hook.name: hook for hook in configuration.webhooks.values() if hook.enabled}
    for name, webhook in wanted.items():
        number = chat_id_of(name)
        await subscribers.register(
            Chat(
                id=number,
                channel=Channel.WEBHOOK,
                status=ChatStatus.ACTIVE,
                language="ar",
                title=name,
                username=None,
                created=now,
            )
        )
        await subscribers.set_status(number, ChatStatus.ACTIVE, now)
        known = await subscribers.subscriber(number)
        followed = known.topics if known is not None else frozenset()
        topics = frozenset(webhook.topics or configuration.alerting)
        for topic in followed - topics:
            await subscribers.unsubscribe(number, topic)
        for topic in topics - followed:
            await subscribers.subscribe(number, topic, now)
    for chat in await subscribers.chats_of(Channel.WEBHOOK):
        if chat.title not in wanted and chat.status is ChatStatus.ACTIVE:
            await subscribers.set_status(chat.id, ChatStatus.STOPPED, now)
