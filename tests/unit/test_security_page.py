"""docs/security.md names tests that exist, and limits that are those of the code."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from alerts import keywords, webhooks
from alerts.telegram import throttle
from crawler import download, settings, ways
from crawler.discovery import reading
from crawler.extraction import markup
from models import configfile

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PROMISES = [
    row
    for row in PAGE.partition("## Promises")[2].splitlines()
    if row.startswith("| ") and not row.startswith("| promise ")
]


@cache
def names_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize("row", PROMISES)
def test_every_promise_is_held_by_tests_that_exist_and_has_a_figure(row: str) -> None:
    _, _, tests, figure, _ = (cell.strip() for cell in row.split("|"))
    named = re.findall(r"`([^`]+)`", tests)
    assert named
    assert figure
    for name in named:
        file, _, test = name.partition("::")
        assert test in names_in(ROOT / file), name


def test_there_are_promises_of_each_danger() -> None:
    assert len(PROMISES) > 30
    for heading in re.findall(r"\]\(#([a-z-]+)\)", PAGE):
        assert any(line.lower().replace(" ", "-") == f"###-{heading}" for line in PAGE.splitlines())


def test_the_named_limits_are_those_of_the_code() -> None:
    limits = PAGE.partition("## Named limits")[2].partition("## Promises")[0]
    for said in (
        f"{markup.MAX_BYTES // 2**20} MiB; its headers {download.MAX_HEADER_BYTES // 2**10} KiB; "
        f"{settings.DOWNLOAD_TIMEOUT} seconds",
        f"{settings.REDIRECT_MAX_TIMES}; {ways.MAX_SITEMAPS}, three deep; {reading.MAX_ENTRIES:,}",
        f"{throttle.CAPACITY:.0f} at once, then one every two seconds",
        f"{keywords.MOST}, of {keywords.LONGEST} letters and {keywords.MOST_WORDS} words",
        f"{configfile.MAX_BYTES // 2**10} KiB, {configfile.MAX_PROBLEMS} problems told",
        f"{webhooks.SECONDS:.0f} seconds, no redirects",
    ):
        assert f"| {said} |" in limits
    assert settings.DOWNLOAD_MAXSIZE == markup.MAX_BYTES
    assert (ways.MAX_DEPTH, throttle.PER_SECOND) == (3, 0.5)
