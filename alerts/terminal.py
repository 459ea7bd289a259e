"""The notifier of a Marsad without a bot token: alerts on the terminal, as Telegram shows them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from alerts.compose import compose_notice, compose_together, told_by
from alerts.message import Message, to_terminal
from alerts.notifier import Outcome, Sent
from models.delivery import Delivery

_RULE = "─" * 60


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TerminalNotifier:
    """Prints each message whole. Bold is shown where the stream is a terminal."""

    def __init__(
        self,
        stream: TextIO,
        zone: ZoneInfo,
        *,
        colour: bool | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._stream = stream
        self._zone = zone
        self._colour = stream.isatty() if colour is None else colour
        self._now = now

    async def ping(self) -> None:
        return

    async def deliver(self, delivery: Delivery) -> Outcome:
        shown = to_terminal(self._message(delivery), colour=self._colour)
        self._stream.write(f"{_RULE}\n{shown}\n")
        self._stream.flush()
        return Sent(message_id=delivery.id)

    def _message(self, delivery: Delivery) -> Message:
        language = delivery.chat.language
        if delivery.alert is None:
            return compose_notice(delivery.notice or "", language=language)
        return compose_together(
            told_by(delivery),
            language=language,
            zone=self._zone,
            now=self._now(),
            digest=delivery.digest,
        )
