"""Whether the other side answers again, after answers were lost: pure of any real clock.

A message whose answer was lost may have arrived. It is sent a second time and not a third, so the
second time has to be one whose answer comes.
"""

from collections import deque

# So many answers in a row are evidence of calm after one trouble; in a storm in which half of
# the calls fail, they come once in a million.
GOOD_IN_A_ROW = 20
# After several troubles as many more, but not without end.
MOST_IN_A_ROW = 300
# Troubles so close together are one: a server that was started anew.
EPISODE_SECONDS = 10.0
# Trouble that is longer ago is over.
REMEMBERED_SECONDS = 600.0


class Weather:
    """Told of each answer (good) and each failure or lost answer (bad); seconds of any clock."""

    def __init__(self) -> None:
        self._good = 0
        self._troubles: deque[float] = deque(maxlen=MOST_IN_A_ROW // GOOD_IN_A_ROW)
        self._heard = 0.0

    def good(self, now: float) -> None:
        self._good += 1
        self._heard = now

    def bad(self, now: float) -> None:
        self._good = 0
        self._heard = now
        if not self._troubles or now - self._troubles[-1] >= EPISODE_SECONDS:
            self._troubles.append(now)

    def is_calm(self, now: float) -> bool:
        """Whether so many answers came since the last trouble that the next will come, too."""
        while self._troubles and self._troubles[0] < now - REMEMBERED_SECONDS:
            self._troubles.popleft()
        return self._good >= GOOD_IN_A_ROW * len(self._troubles)

    def silent_for(self, now: float) -> float:
        """Seconds since anything was heard: evidence has to be asked for."""
        return now - self._heard
