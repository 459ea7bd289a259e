"""A site's health: what its crawls usually see, and since when they see nothing of use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

FAULTS: Final[Mapping[str, str]] = {
    "f": "could be read as an article",
    "u": "has a date",
    "o": "is new by its date",
    "h": "has a text beside its headline",
    "x": "fits the selectors of the site's file",
    "s": "has a text of its own",
}
"""Letters for what is wrong with a page; the words say what the page lacks: 'none ... has a date'.

'o': published longer ago than the site's max_age. 's': the same text as another page.
"""

Matter = Literal["reading", "listing", "pages"]
"""What a verdict is about: whether a listing could be read, what it says, what its pages hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual of a site, learned while it was well. Shares are 0..1.

    `pages` have been judged, `faults` maps a letter of FAULTS to how many of them had it; both
    fade, so that what is usual may change. `per_day`: new articles a day, None until it was
    watched for two days, of which `watched_days` are behind it.
    """

    arabic: float | None = None
    host: str | None = None
    host_share: float | None = None
    pages: float = 0
    faults: Mapping[str, float] = field(default_factory=dict)
    per_day: float | None = None
    watched_days: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Folded over the crawls of a site by marsad.health.judge.

    `bad`, `good`: crawls in a row that broke the site's promises, or kept them. `blind_since` is
    set from the second bad one to the second good one; `reason` says what is wrong, in a sentence.
    `recent`: the last pages as (key, text, faults), oldest first (models.crawl.PageSeen).
    """

    bad: int = 0
    good: int = 0
    matter: Matter | None = None
    reason: str | None = None
    blind_since: datetime | None = None
    bad_since: datetime | None = None
    judged_at: datetime | None = None
    newest: datetime | None = None
    last_new: datetime | None = None
    recent: tuple[tuple[str, str, str], ...] = ()
    usual: Usual = Usual()


UNJUDGED: Final = Health()
"""Of a site that was never crawled."""
