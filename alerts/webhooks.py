"""Alerts as signed posts to somebody's program: what is sent is pure, the notifier sends it."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx
from pydantic import JsonValue, SecretStr

from alerts.notifier import Ambiguous, NotSent, Outcome, Rejected, Sent
from models.delivery import Delivery, DeliveryKind
from models.webhook import PLACEHOLDER, Webhook

SECONDS = 10.0
# Of a whole call, less than alerts.dispatcher.LONGEST_CALL: each byte of it has its own SECONDS.
LONGEST = 25.0
# What a program answers that read the body and will not have it, whenever it is asked.
_REFUSED = frozenset({400, 413, 415, 422})


class WebhookNotifier:
    """Posts deliveries of chats whose title names a webhook; `async with` closes connections."""

    def __init__(
        self,
        webhooks: Callable[[], Mapping[str, Webhook]],
        key: SecretStr,
        *,
        now: Callable[[], datetime],
        proxy: str | None = None,
    ) -> None:
        self._webhooks = webhooks
        self._key = key
        self._now = now
        self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, proxy=proxy)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def deliver(self, delivery: Delivery) -> Outcome:
        webhook = self._webhooks().get(delivery.chat.title)
        if webhook is None:
            return Rejected(reason="the configuration names this webhook no more", final=True)
        content = content_of(webhook, delivery)
        headers = headers_of(content, delivery, self._key.get_secret_value(), self._now())
        try:
            async with asyncio.timeout(LONGEST):
                status = await self._status(webhook.url, content, headers)
        except TimeoutError:
            return Ambiguous(reason=f"no answer within {LONGEST:g} s")
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
        ) as error:
            return NotSent(reason=type(error).__name__)
        except httpx.HTTPError as error:
            return Ambiguous(reason=type(error).__name__)
        if httpx.codes.is_success(status):
            return Sent(message_id=delivery.id)
        if status in _REFUSED:
            return Rejected(reason=f"HTTP {status}")
        # It may have failed after it took the event.
        return Ambiguous(reason=f"HTTP {status}", answered=True)

    async def _status(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """What a program says beyond the status is not read: it may be long, or without an end."""
        async with self._client.stream("POST", url, content=content, headers=headers) as answer:
            return answer.status_code

    async def ping(self) -> Outcome | None:
        """Nobody is asked: a program is told again until it answers."""
        return None


def event_of(delivery: Delivery) -> dict[str, JsonValue]:
    """All that is known; `id` is the same however often the event is posted.

    `event`: `alert`, or `change` of one that was posted (a further source, a correction, a
    withdrawal). `possibly_repeated`: an earlier post may have arrived. Times are ISO 8601 in UTC.
    """
    stored = delivery.alert
    if stored is None:
        raise ValueError("a webhook is told of alerts alone")
    alert, changes = stored.alert, stored.changes
    return {
        "event": "change" if delivery.kind is DeliveryKind.EDIT else "alert",
        "id": f"{stored.id}.{stored.revision}"
        if delivery.kind is DeliveryKind.EDIT
        else str(stored.id),
        "story": str(stored.story_id),
        "topics": [
            {"name": match.topic, "title": match.title.ar, "words": list(match.words)}
            for match in alert.topics
        ],
        "title": (changes.title or alert.title).text,
        "url": alert.url,
        "site": alert.site,
        "source": alert.source.ar,
        "quote": alert.quote.text,
        "words": list(alert.words),
        "published": None if alert.published is None else alert.published.isoformat(),
        "decided": stored.created.isoformat(),
        "also": [{"source": told.source.ar, "url": told.url} for told in changes.also],
        "withdrawn": changes.withdrawn,
        "possibly_repeated": delivery.maybe_sent,
    }


def content_of(webhook: Webhook, delivery: Delivery) -> bytes:
    """The body: the event, or the webhook's own with its placeholders filled."""
    event = event_of(delivery)
    body: JsonValue = event
    if webhook.body is not None:
        body = _filled(webhook.body, {name: _told(name, value) for name, value in event.items()})
    return json.dumps(body, ensure_ascii=False).encode()


def _filled(value: JsonValue, told: Mapping[str, str]) -> JsonValue:
    """Replacing is all that happens: what an article says is never looked into for braces."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: told.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(item, told) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, told) for key, item in value.items()}
    return value


def _told(name: str, value: JsonValue) -> str:
    if name == "topics" and isinstance(value, list):
        return "، ".join(str(each["title"]) for each in value if isinstance(each, dict))
    if isinstance(value, list):
        return "، ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def headers_of(content: bytes, delivery: Delivery, key: str, now: datetime) -> dict[str, str]:
    """The signature is over the time, a full stop and the body, so that an old post cannot be sent
    again by somebody who saw it."""
    moment = str(int(now.timestamp()))
    signed = hmac.new(key.encode(), moment.encode() + b"." + content, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Marsad",
        "X-Marsad-Delivery": str(delivery.id),
        "X-Marsad-Time": moment,
        "X-Marsad-Signature": f"sha256={signed}",
    }
