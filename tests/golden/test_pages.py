"""Pages as sites build them, each with the article that it holds.

A folder a page: page.html as it was sent, article.json with its address, the parts of a site file
that matter, and the article expected. Pages and texts are our own, in the structures of real
themes. When a theme changes, a dated folder is added and the old one stays.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.page import extract
from models.site import Feed, Selectors, Site, Title

PAGES = sorted(Path(__file__).with_name("pages").iterdir())
NOW = datetime(2026, 4, 1, tzinfo=UTC)
FIELDS = ("url", "title", "text", "published", "author", "language")


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_the_article_of_a_page(folder: Path) -> None:
    case = json.loads((folder / "article.json").read_text(encoding="utf-8"))

    found = extract(
        (folder / "page.html").read_bytes(),
        url=case["url"],
        content_type=case.get("content_type"),
        site=site(case),
        entry=None,
        now=NOW,
    )

    values = {name: getattr(found, name) for name in FIELDS}
    values["published"] = found.published.isoformat() if found.published else None
    assert values == case["expected"]
    assert set(found.evidence) >= {"title", "text", "published", "author", "language"}


def site(case: dict[str, Any]) -> Site:
    return Site(
        name="sample",
        title=Title(ar="عينة"),
        publishes=(Feed(type="feed", url="https://example.org/feed/"),),
        timezone=case.get("timezone", "UTC"),
        selectors=Selectors.model_validate(case.get("selectors", {})),
    )
