"""Whether a story that was told is told again: pure, by each topic's own policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.stories.numbers import numbers
from alerts.stories.words import stem_id, telling_stems, words
from models.topic import Reping

# A headline is another one when it names so many rare things that no earlier article said.
_NEW_WORDS = 2
_RARE = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What was known of a story before an article came: the sites and the articles that told it
    (title and text), and the topics on which it was alerted."""

    sites: frozenset[str] = frozenset()
    articles: tuple[tuple[str, str], ...] = ()
    topics: frozenset[str] = frozenset()


def reason_to_repeat(
    policy: Reping, *, topic: str, site: str, title: str, so_far: SoFar
) -> str | None:
    """Why those who have the story are told again because of this article; None: they are not."""
    if not so_far.topics:
        return None
    if policy.other_topic and topic not in so_far.topics:
        return "another topic matches"
    if site not in so_far.sites:
        sources = len(so_far.sites) + 1
        if policy.sources == sources:
            return f"{sources} sources tell it"
        if site in policy.joins:
            return f"{site} tells it too"
    if policy.headline and is_another_headline(title, so_far.articles):
        return "the headline changed in substance"
    return None


def is_another_headline(title: str, earlier: Sequence[tuple[str, str]]) -> bool:
    """The figure of the headline is another one, or it names what was never named before."""
    figures = numbers(title, words(title))
    before = [numbers(other, words(other)) for other, _ in earlier]
    if figures and any(before) and not any(figures & each for each in before):
        return True
    said = {stem_id(word) for other, text in earlier for word in words(f"{other}\n{text}")}
    return len(telling_stems(words(title), _RARE) - said) >= _NEW_WORDS
