"""`marsad feed`: the entries of saved feeds, as the crawler reads them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.discovery.feed import read_feed
from crawler.discovery.reading import Reading
from crawler.errors import ParseFailed
from crawler.parsing import ParserPool
from models.article import Entry
from models.site import Site

# Where a link is relative and nobody said where the feed came from (RFC 2606).
UNKNOWN_ADDRESS = "https://unknown.invalid/"
_MOST_SECONDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """What one file lists; `error`: why it is no feed. `problems`: what was wrong with it."""

    file: Path
    rows: tuple[dict[str, Any], ...] = ()
    problems: tuple[str, ...] = ()
    error: str | None = None


async def read_feed_files(
    files: Sequence[Path],
    *,
    url: str | None,
    content_type: str | None,
    site: Site | None,
    now: datetime,
) -> AsyncIterator[FeedFile]:
    """Each file in turn, in a worker process that is killed after 4 s of its time.

    A feed of comments has the one row `{"file": ..., "comments": true}`.
    """
    pool = ParserPool(workers=1, timeout_seconds=_MOST_SECONDS)
    try:
        for file in files:
            try:
                reading = await pool.run(
                    read_feed,
                    file.read_bytes(),
                    url=url or UNKNOWN_ADDRESS,
                    content_type=content_type,
                    site=site,
                    now=now,
                )
            except OSError as error:
                yield FeedFile(file=file, error=f"cannot be read: {error.strerror}")
            except ParseFailed as error:
                yield FeedFile(file=file, error=str(error))
            else:
                yield FeedFile(file=file, rows=_rows(file, reading), problems=reading.problems)
    finally:
        await pool.close()


def _rows(file: Path, reading: Reading) -> tuple[dict[str, Any], ...]:
    if reading.comments:
        return ({"file": str(file), "comments": True},)
    return tuple(_row(file, entry) for entry in reading.entries)


def _row(file: Path, entry: Entry) -> dict[str, Any]:
    return {
        "file": str(file),
        "url": entry.url,
        "title": entry.title,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated,
        "author": entry.author,
        "summary": entry.summary,
        "content": entry.content,
    }
