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
from models.preset import PRESETS
from models.site import Site
from models.yamltree import parse_yaml

PAGES = sorted(Path(__file__).with_name("pages").iterdir())
SITES = Path(__file__).parents[2] / "config" / "sites"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIELDS = ("url", "title", "text", "published", "author", "language")


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_the_article_of_a_page(folder: Path) -> None:
    page = case(folder)

    found = extract(
        (folder / "page.html").read_bytes(),
        url=page["url"],
        content_type=page.get("content_type"),
        site=site(page),
        entry=None,
        now=NOW,
    )

    values = {name: getattr(found, name) for name in FIELDS}
    values["published"] = found.published.isoformat() if found.published else None
    assert values == page["expected"]
    if "site" in page or "preset" in page:
        assert found.evidence["text"] == "selector"
    assert set(found.evidence) >= {"title", "text", "published", "author", "language"}


@pytest.mark.parametrize(
    "name", [name for name, preset in PRESETS.items() if preset.selectors], ids=str
)
def test_the_selectors_of_a_preset_have_a_page(name: str) -> None:
    assert name in {case(folder).get("preset") for folder in PAGES}


def test_the_selectors_of_a_shipped_site_have_a_page() -> None:
    with_selectors = {path.stem for path in SITES.glob("*.yaml") if "\nselectors:" in read(path)}
    assert with_selectors == {name for folder in PAGES if (name := case(folder).get("site"))}


def case(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(read(folder / "article.json"))
    return content


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def site(case: dict[str, Any]) -> Site:
    """The shipped site that the page is of, or one with the preset or the parts that it names."""
    if "site" in case:
        shipped = parse_yaml(read(SITES / f"{case['site']}.yaml")).value
        assert isinstance(shipped, dict)
        return Site.model_validate({"name": case["site"], **shipped})
    content = {
        "name": "sample",
        "title": {"ar": "عينة"},
        "publishes": [{"type": "feed", "url": "https://example.org/feed/"}],
    }
    return Site.model_validate(
        content | {key: case[key] for key in ("timezone", "selectors", "preset") if key in case}
    )
