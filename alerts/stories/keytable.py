"""Which articles share a key, in memory: chains in arrays, some 16 bytes for each key of an
article, where a dictionary of lists would take ten times as much."""

from collections import Counter

import numpy as np

from alerts.stories.telling import Ids

_FIRST_CAPACITY = 1 << 16
# A key that more articles share says nothing; the newest of them are found.
_LONGEST_CHAIN = 200


class KeyTable:
    """Articles are numbered as they come, from 0; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._keys = np.empty(_FIRST_CAPACITY, np.uint32)
        self._articles = np.empty(_FIRST_CAPACITY, np.int32)
        self._next = np.empty(_FIRST_CAPACITY, np.int32)
        self._heads = np.full(_FIRST_CAPACITY, -1, np.int32)
        self._entries = 0
        self._oldest = 0

    def add(self, article: int, keys: Ids) -> None:
        """`keys`: each once; `article`: greater than all before."""
        start, end = self._entries, self._entries + len(keys)
        if end > len(self._keys):
            self._make_room(len(keys))
            start, end = self._entries, self._entries + len(keys)
        self._keys[start:end] = keys
        self._articles[start:end] = article
        self._chain(start, end)
        self._entries = end

    def sharing(self, keys: Ids) -> Counter[int]:
        """The articles that share a key with these, and how many they share."""
        found: Counter[int] = Counter()
        at = self._heads[keys & np.uint32(len(self._heads) - 1)]
        for _ in range(_LONGEST_CHAIN):
            going = at >= 0
            at, keys = at[going], keys[going]
            if not len(at):
                break
            articles = self._articles[at]
            # A chain leads to ever older entries.
            going = articles >= self._oldest
            at, keys, articles = at[going], keys[going], articles[going]
            found.update(articles[self._keys[at] == keys].tolist())
            at = self._next[at]
        return found

    def forget(self, before: int) -> None:
        """Find no article any more that came before this one."""
        self._oldest = before

    def _make_room(self, wanted: int) -> None:
        """Drop what is forgotten; where that does not free enough, take a quarter more."""
        kept = slice(int(np.searchsorted(self._articles[: self._entries], self._oldest)), None)
        keys = self._keys[: self._entries][kept]
        articles = self._articles[: self._entries][kept]
        capacity = len(self._keys)
        if len(keys) + wanted > capacity * 7 // 8:
            capacity = max(capacity * 5 // 4, len(keys) + wanted)
        self._keys = np.resize(keys, capacity) if len(keys) else np.empty(capacity, np.uint32)
        self._articles = (
            np.resize(articles, capacity) if len(keys) else np.empty(capacity, np.int32)
        )
        self._next = np.empty(capacity, np.int32)
        self._entries = len(keys)
        self._heads = np.full(1 << (capacity - 1).bit_length(), -1, np.int32)
        for start in range(0, self._entries, _FIRST_CAPACITY):
            self._chain(start, min(start + _FIRST_CAPACITY, self._entries))

    def _chain(self, start: int, end: int) -> None:
        slots = self._keys[start:end] & np.uint32(len(self._heads) - 1)
        entries = np.arange(start, end, dtype=np.int32)
        # Entries of one slot within this stretch point at each other: sorted by slot, the earlier
        # first, each points at the one before it.
        order = np.argsort(slots, kind="stable")
        ordered = slots[order]
        before = np.empty(len(order), np.int32)
        first = np.ones(len(order), bool)
        first[1:] = ordered[1:] != ordered[:-1]
        before[first] = self._heads[ordered[first]]
        before[~first] = entries[order[np.flatnonzero(~first) - 1]]
        self._next[entries[order]] = before
        last = np.append(first[1:], True)
        self._heads[ordered[last]] = entries[order[last]]
