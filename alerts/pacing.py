"""When a message may go out: the limits of the Bot API as clocks, pure of any real clock.

Telegram's limits (core.telegram.org/bots/faq, 'My bot is hitting limits'): about 30 messages a
second overall, one a second in a chat, 20 a minute in a group.
"""

from collections import deque
from dataclasses import dataclass

_MINUTE = 60.0
# A booked delivery that did not come back in this time was cancelled.
_BOOKING_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`per_second` overall; `chat_seconds` between two messages of a chat; groups have a negative
    chat id. `in_flight`: calls at once; httpx's pool slows down beyond 8 (encode/httpx #3215)."""

    per_second: float = 28.0
    chat_seconds: float = 1.0
    group_per_minute: int = 20
    in_flight: int = 8


UNHURRIED = Limits(per_second=20.0, chat_seconds=0.0, in_flight=4)
"""For programs, which state no limits but may be small."""

UNLIMITED = Limits(per_second=1e6, chat_seconds=0.0, group_per_minute=1_000_000, in_flight=1)


class Pacer:
    """Books send times. All times are seconds of one monotonic clock, given by the caller."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._next = 0.0
        self._halted_until = 0.0
        self._chats: dict[int, float] = {}
        self._chat_halts: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._bookings: dict[int, float] = {}

    def chat_time(self, delivery_id: int, chat_id: int, now: float) -> float:
        """When the chat may have this delivery; asked again, the booking stands."""
        booked = self._bookings.get(delivery_id)
        if booked is None or booked < self._chat_halts.get(chat_id, 0.0):
            booked = self._book_chat(chat_id, now)
            self._bookings[delivery_id] = booked
        return max(booked, self._halted_until)

    def overall_time(self, now: float) -> float:
        """The next slot of the whole bot; it is taken."""
        slot = max(now, self._next, self._halted_until)
        self._next = slot + 1.0 / self._limits.per_second
        return slot

    def halted_until(self) -> float:
        """The time before which nothing may be sent (0.0: no halt)."""
        return self._halted_until

    def halt(self, until: float, chat_id: int | None = None) -> None:
        """Nothing goes out before `until`: to this chat, or at all. Never shortens a halt."""
        if chat_id is None:
            self._halted_until = max(self._halted_until, until)
        else:
            self._chat_halts[chat_id] = max(self._chat_halts.get(chat_id, 0.0), until)

    def finished(self, delivery_id: int) -> None:
        """The booking was used or is not needed any more."""
        self._bookings.pop(delivery_id, None)

    def forget_before(self, now: float) -> None:
        """Drop clocks that cannot matter any more, so that they do not pile up."""
        self._chats = {chat: free for chat, free in self._chats.items() if free > now}
        self._chat_halts = {chat: end for chat, end in self._chat_halts.items() if end > now}
        self._bookings = {
            delivery: time
            for delivery, time in self._bookings.items()
            if time > now - _BOOKING_SECONDS
        }
        self._groups = {
            chat: times for chat, times in self._groups.items() if times[-1] > now - _MINUTE
        }

    def _book_chat(self, chat_id: int, now: float) -> float:
        time = max(now, self._chats.get(chat_id, 0.0), self._chat_halts.get(chat_id, 0.0))
        if chat_id < 0:
            times = self._groups.setdefault(chat_id, deque(maxlen=self._limits.group_per_minute))
            if len(times) == times.maxlen:
                time = max(time, times[0] + _MINUTE)
            times.append(time)
        self._chats[chat_id] = time + self._limits.chat_seconds
        return time
