"""What a site that blocks programs is read by, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from marsad.access import read_now
from models.access import Access
from models.site import Feed, Search, Site, Title

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SHORE = Site(
    name="shore",
    title=Title(ar="الشاطئ"),
    publishes=(Feed(type="feed", url="https://shore.example/feed"),),
    fallbacks=(Search(type="search", url="https://search.example/rss?q=site:shore.example"),),
)


@pytest.mark.parametrize(
    ("again_in", "is_asked"),
    [
        (timedelta(hours=-1), True),
        (timedelta(0), True),
        (timedelta(hours=1), False),
        (timedelta(hours=24), False),
        (timedelta(days=1500), True),
    ],
    ids=["over", "now", "in an hour", "in a day", "the clock was years ahead"],
)
def test_a_site_that_blocks_is_read_by_its_fallback_for_as_long_as_its_wait(
    again_in: timedelta, is_asked: bool
) -> None:
    access = Access(
        since=NOON + again_in, reason="HTTP 403", refusals=1, again_at=NOON + again_in, fallback="x"
    )
    assert bool(read_now(SHORE, access, NOON).publishes) is is_asked


def test_a_site_without_a_fallback_is_asked_itself() -> None:
    access = Access(
        since=NOON, reason="HTTP 403", refusals=1, again_at=NOON + timedelta(hours=1), fallback=None
    )
    alone = SHORE.model_copy(update={"fallbacks": ()})
    assert read_now(alone, access, NOON) == alone
