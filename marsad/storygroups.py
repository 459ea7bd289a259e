"""The stories of a file or of a replay, by the same rules as a running Marsad's."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from alerts.stories import fingerprint, join
from marsad.rows import Row
from models.story import Fingerprint, StoryCandidate


class StoryGroups:
    """Articles join or found a story in the order in which they come; stories count from 1.

    `window`: only articles published within this time of each other join (one without date joins
    any). `remembered`: so many articles are kept for later ones to join; None: all.
    """

    def __init__(self, window: timedelta | None = None, remembered: int | None = None) -> None:
        self._window = window
        self._remembered = remembered
        self._by_key: defaultdict[str, dict[int, StoryCandidate]] = defaultdict(dict)
        self._published: dict[int, datetime | None] = {}
        self._order: deque[StoryCandidate] = deque()
        self._articles = 0
        self._stories = 0

    def add(self, row: Row, known: Fingerprint | None = None) -> int:
        """The story of this article; `known`: its fingerprint, where it was made already."""
        self._articles += 1
        title, text = row.document.title, row.document.text
        print_ = known or fingerprint(title, text)
        candidates = {
            number: candidate
            for key in _keys(print_)
            for number, candidate in self._by_key[key].items()
            if self._within(row, number)
        }
        joined = join(title, text, print_, list(candidates.values()))
        if joined is None:
            self._stories += 1
        story = self._stories if joined is None else joined.story_id
        self._remember(
            StoryCandidate(
                story_id=story,
                article_id=self._articles,
                site=row.document.source or "",
                title=title,
                text=text,
                fingerprint=print_,
            ),
            row.document.published,
        )
        return story

    def _within(self, row: Row, number: int) -> bool:
        one, other = row.document.published, self._published[number]
        if self._window is None or one is None or other is None:
            return True
        return abs(one - other) <= self._window

    def _remember(self, candidate: StoryCandidate, published: datetime | None) -> None:
        self._published[candidate.article_id] = published
        for key in _keys(candidate.fingerprint):
            self._by_key[key][candidate.article_id] = candidate
        self._order.append(candidate)
        if self._remembered is not None and len(self._order) > self._remembered:
            self._forget(self._order.popleft())

    def _forget(self, candidate: StoryCandidate) -> None:
        del self._published[candidate.article_id]
        for key in _keys(candidate.fingerprint):
            same = self._by_key[key]
            del same[candidate.article_id]
            if not same:
                del self._by_key[key]


def _keys(print_: Fingerprint) -> set[str]:
    return {key for key in (print_.title_key, *print_.bands) if key}
