"""`marsad extract`: the article of a saved page, as the crawler would take it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.extraction.page import Extraction, extract
from marsad.clock import utc_now
from marsad.rows import BadRow, read_json_lines
from models.site import Site

_FIELDS = ("title", "text", "published", "author", "language")


def extract_file(
    path: Path, url: str, content_type: str | None, site: Site | None
) -> dict[str, Any]:
    """The fields of the page and why those that are null are missing. Raises OSError."""
    extraction = extract(
        path.read_bytes(), url=url, content_type=content_type, site=site, entry=None, now=utc_now()
    )
    return _row(extraction)


def extract_manifest(manifest: Path, site: Site | None) -> Iterator[dict[str, Any]]:
    """One object a row of the manifest (id, file beside it, url, optional content_type); a row
    that cannot be read carries `error` instead of the fields."""
    for number, row in read_json_lines(str(manifest)):
        if isinstance(row, BadRow):
            yield {"id": None, "error": str(row)}
            continue
        identity = row.get("id")
        file, url = row.get("file"), row.get("url")
        if not isinstance(file, str) or not isinstance(url, str):
            yield {"id": identity, "error": f"line {number}: file and url are needed, both text"}
            continue
        try:
            fields = extract_file(manifest.parent / file, url, row.get("content_type"), site)
        except OSError as error:
            yield {"id": identity, "error": f"line {number}: cannot read {file}: {error.strerror}"}
            continue
        yield {"id": identity, **fields}


def _row(extraction: Extraction) -> dict[str, Any]:
    values = {
        "title": extraction.title,
        "text": extraction.text,
        "published": extraction.published.isoformat() if extraction.published else None,
        "author": extraction.author,
        "language": extraction.language,
    }
    return {
        "url": extraction.url,
        **{name: value or None for name, value in values.items()},
        "missing": {
            name: extraction.evidence.get(name, "not found") for name in _FIELDS if not values[name]
        },
        "evidence": {
            name: extraction.evidence[name]
            for name in _FIELDS
            if values[name] and name in extraction.evidence
        },
    }
