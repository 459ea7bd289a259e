"""A token bucket a person, before any handler: a flood of commands costs next to nothing."""

from dataclasses import dataclass

CAPACITY = 20.0
PER_SECOND = 0.5
_MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Throttle:
    """20 commands or buttons at once, then one every two seconds. Times are seconds of any clock
    of the caller; of commands that waited while Marsad was off, their own."""

    def __init__(self) -> None:
        self._buckets: dict[int, _Bucket] = {}

    def allows(self, user_id: int, at: float) -> bool:
        """Take a token of this person's; False: there is none left."""
        bucket = self._buckets.get(user_id)
        if bucket is None:
            bucket = self._buckets[user_id] = _Bucket(CAPACITY, at)
            self._forget(at)
        bucket.tokens = min(CAPACITY, bucket.tokens + max(at - bucket.at, 0.0) * PER_SECOND)
        bucket.at = max(bucket.at, at)
        if bucket.tokens < 1.0:
            return False
        bucket.tokens -= 1.0
        return True

    def _forget(self, at: float) -> None:
        """Full buckets say nothing; they go once there are many."""
        if len(self._buckets) > _MOST_REMEMBERED:
            full_since = at - CAPACITY / PER_SECOND
            self._buckets = {
                user: bucket for user, bucket in self._buckets.items() if bucket.at > full_since
            }
