"""What a worker process does with the page of an article."""

from datetime import datetime

from crawler.challenge import challenge
from crawler.errors import ParseFailed
from crawler.extraction.page import Extraction, extract
from models.article import Entry
from models.site import Site


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    site: Site | None,
    entry: Entry | None,
    now: datetime,
) -> Extraction:
    """The article of a page. Raises ParseFailed for one that only stands in its way."""
    asks = challenge(body, content_type)
    if asks is not None:
        raise ParseFailed(asks)
    return extract(body, url=url, content_type=content_type, site=site, entry=entry, now=now)
