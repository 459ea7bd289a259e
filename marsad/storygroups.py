"""The stories of a file or of a replay, by the same rules as a running Marsad's."""

from array import array
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from alerts.stories.grouping import Member, Placement, place
from alerts.stories.keys import keys
from alerts.stories.keytable import KeyTable
from alerts.stories.likeness import SAME_TEXT_WINDOWS
from alerts.stories.meaning import NEAR, Meaning
from alerts.stories.telling import Telling, telling
from marsad.rows import Row

WINDOW = timedelta(hours=72)
REMEMBERED = 100_000
# Of those that share the most; unlike ones are only compared in vain.
_MOST_COPIES = 60
_MOST_EVENTS = 30
_EVENT_KEYS = 2


class StoryGroups:
    """Articles join or found a story in the order in which they come; stories count from 1, and
    one that turns out to be another's goes on under the lower number.

    `window`: only what was published within this time of each other is one story (what has no date
    may be any's). `remembered`: so many articles are kept for later ones to join. `events` False:
    only copies are joined. `meaning`: embeddings decide with the words.
    """

    def __init__(
        self,
        window: timedelta = WINDOW,
        remembered: int = REMEMBERED,
        *,
        events: bool = True,
        meaning: Meaning | None = None,
    ) -> None:
        self._window = window
        self._remembered = remembered
        self._events = events
        self._meaning = meaning
        self._copies, self._rare = KeyTable(), KeyTable()
        # By number of the article; None: forgotten. Most stories have one article: only the others
        # have a list, by number of the story.
        self._members: list[Member | None] = []
        self._known = 0
        self._story_of = array("i")
        self._founder = array("i", [0])
        self._stories: dict[int, list[int]] = {}
        self._vectors: list[NDArray[np.float32]] = []
        self._replaced: dict[int, int] = {}
        self._articles = 0
        self._founded = 0

    def add(self, row: Row, known: Telling | None = None) -> int:
        """The story of this article; `known`: what is compared of it, where it was made already."""
        return self.place(row, known)[0]

    def place(self, row: Row, known: Telling | None = None) -> tuple[int, Placement]:
        """The story of this article and why it is in it."""
        document = row.document
        told = known or telling(document.title, document.text, document.published)
        if self._meaning is not None and told.vector is None:
            told = replace(told, vector=self._meaning.vector(document.title, document.text))
        number = self._articles
        self._articles += 1
        found = keys(told)
        new = Member(number, f"article {row.id}", told, telling=number)
        placement = place(
            new,
            self._like(told, found.copies, found.events),
            self._window,
            self._known,
            events=self._events,
        )
        self._settle(new, placement)
        self._copies.add(number, found.copies)
        if self._events:
            self._rare.add(number, found.events)
        self._remember(number, told)
        return self._story_of[number], placement

    def story(self, story: int) -> int:
        """The story that this one has become, itself while none has taken it in."""
        while story in self._replaced:
            story = self._replaced[story]
        return story

    def _like(
        self,
        told: Telling,
        copies: np.ndarray,
        rare: np.ndarray,
    ) -> dict[int, list[Member]]:
        near = {article for article, _ in self._copies.sharing(copies).most_common(_MOST_COPIES)}
        if self._events:
            sharing = self._rare.sharing(rare).most_common(_MOST_EVENTS)
            near |= {article for article, count in sharing if count >= _EVENT_KEYS}
        if self._vectors and told.vector is not None:
            meant = np.frombuffer(told.vector, np.float16).astype(np.float32)
            first = self._articles - 1 - len(self._vectors)
            found = np.flatnonzero(np.stack(self._vectors) @ meant >= NEAR)
            near |= {first + int(place) for place in found}
        stories = {
            self._story_of[article] for article in near if self._within(told.published, article)
        }
        return {story: self._members_of(story) for story in stories}

    def _articles_of(self, story: int) -> list[int]:
        return self._stories.get(story) or [self._founder[story]]

    def _members_of(self, story: int) -> list[Member]:
        members = (self._members[article] for article in self._articles_of(story))
        return [member for member in members if member is not None]

    def _within(self, published: datetime | None, article: int) -> bool:
        """False also for one that is forgotten."""
        member = self._members[article]
        if member is None:
            return False
        other = member.told.published
        if published is None or other is None:
            return True
        return abs(published - other) <= self._window * SAME_TEXT_WINDOWS

    def _settle(self, new: Member, placement: Placement) -> None:
        self._members.append(replace(new, telling=placement.telling))
        self._known += 1
        story = placement.story
        if story is None:
            self._founded += 1
            self._founder.append(new.article)
            self._story_of.append(self._founded)
            return
        self._story_of.append(story)
        members = [*self._articles_of(story), new.article]
        for merged in placement.merged:
            articles = self._articles_of(merged)
            self._stories.pop(merged, None)
            members += articles
            for article in articles:
                self._story_of[article] = story
            self._replaced[merged] = story
        self._stories[story] = sorted(members)
        if placement.merged_tellings:
            for member in self._members_of(story):
                if member.telling in placement.merged_tellings:
                    self._members[member.article] = replace(member, telling=placement.telling)

    def _remember(self, number: int, told: Telling) -> None:
        if told.vector is not None:
            self._vectors.append(np.frombuffer(told.vector, np.float16).astype(np.float32))
        if self._known <= self._remembered:
            return
        oldest = number - self._remembered
        self._copies.forget(oldest + 1)
        self._rare.forget(oldest + 1)
        self._members[oldest] = None
        self._known -= 1
        if self._vectors:
            del self._vectors[0]
        several = self._stories.get(self._story_of[oldest])
        if several is not None and len(several) > 1:
            several.remove(oldest)
