"""Telegram's flood limits, with the clock passed in.

The documented ones: about 30 messages a second over all, one a second to a chat (short bursts
pass), 20 a minute to a group. Telegram does not say what a burst is; here it is 3. Who calls on
while told to wait is refused with the seconds that remain, and counted in `ignored_waits`.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Window:
    """At most `most` events in any `seconds`."""

    most: int
    seconds: float
    events: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more event fits; 0 if it fits now."""
        while self.events and self.events[0] <= now - self.seconds:
            self.events.popleft()
        if len(self.events) < self.most:
            return 0.0
        return self.events[len(self.events) - self.most] + self.seconds - now


@dataclass(slots=True)
class FloodLimits:
    """`scale` multiplies all rates (a test runs ten times as fast with 10); see admit()."""

    enabled: bool = True
    scale: float = 1.0
    overall_per_second: int = 30
    chat_burst: int = 3
    group_per_minute: int = 20
    ignored_waits: int = 0
    refused: int = 0
    _overall: _Window | None = None
    _windows: dict[tuple[str, int], _Window] = field(default_factory=dict)
    _waits: defaultdict[int | None, float] = field(default_factory=lambda: defaultdict(float))

    def admit(self, chat_id: int, *, is_group: bool, is_edit: bool, now: float) -> int:
        """0 and the message counts; or the whole seconds (at least 1) of a refusal.

        Edits count overall and in groups, not against the one a second of a chat.
        """
        if not self.enabled:
            return 0
        standing = max(self._waits[None], self._waits[chat_id]) - now
        if standing > 0:
            self.ignored_waits += 1
            return self._refuse(standing)
        windows = self._chat_windows(chat_id, is_group=is_group, is_edit=is_edit)
        overall = self._overall_window()
        for scope, window in [(None, overall), *((chat_id, w) for w in windows)]:
            wait = window.wait(now)
            if wait > 0:
                seconds = self._refuse(wait)
                self._waits[scope] = now + seconds
                return seconds
        for window in (overall, *windows):
            window.events.append(now)
        return 0

    def _refuse(self, wait: float) -> int:
        self.refused += 1
        return max(1, math.ceil(wait))

    def _overall_window(self) -> _Window:
        if self._overall is None:
            self._overall = _Window(max(1, round(self.overall_per_second * self.scale)), 1.0)
        return self._overall

    def _chat_windows(self, chat_id: int, *, is_group: bool, is_edit: bool) -> list[_Window]:
        windows = []
        if is_group:
            windows.append(self._window("group", chat_id, self.group_per_minute, 60.0))
        if not is_edit:
            windows.append(self._window("chat", chat_id, self.chat_burst, float(self.chat_burst)))
        return windows

    def _window(self, kind: str, chat_id: int, most: int, seconds: float) -> _Window:
        return self._windows.setdefault((kind, chat_id), _Window(most, seconds / self.scale))
