"""`marsad stories`: the stories of a file, by the same rules as a running Marsad's."""

from collections import defaultdict

from alerts.stories import fingerprint, join
from marsad.rows import Row
from models.story import StoryCandidate


class StoryGroups:
    """Articles join or found a story in the order in which they come; stories count from 1."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, list[StoryCandidate]] = defaultdict(list)
        self._articles = 0
        self._stories = 0

    def add(self, row: Row) -> int:
        """The story of this article."""
        self._articles += 1
        title, text = row.document.title, row.document.text
        print_ = fingerprint(title, text)
        keys = {key for key in (print_.title_key, *print_.bands) if key}
        candidates = {
            candidate.article_id: candidate for key in keys for candidate in self._by_key[key]
        }
        joined = join(title, text, print_, list(candidates.values()))
        if joined is None:
            self._stories += 1
        story = self._stories if joined is None else joined.story_id
        candidate = StoryCandidate(
            story_id=story,
            article_id=self._articles,
            site=row.document.source or "",
            title=title,
            text=text,
            fingerprint=print_,
        )
        for key in keys:
            self._by_key[key].append(candidate)
        return story
