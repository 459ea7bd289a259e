"""Every text that operators are told unasked has its row in docs/operate.md."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.telegram.texts.keywords import keyword_texts
from alerts.telegram.texts.operators import operator_texts
from marsad import access, health, room
from marsad.engine import refusal
from marsad.health import judge
from marsad.room import Disk, Room
from models.access import Access, Proof
from models.crawl import PageSeen
from models.health import UNJUDGED, Health, Usual
from models.site import Feed, Site, Title
from tests.unit.marsad.test_health import START, report, site

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 5, 1, tzinfo=UTC)
SITE = Site(
    name="harbour",
    title=Title(ar="الميناء"),
    publishes=(Feed(type="feed", url="https://harbour.example/feed"),),
)

# Where operators are told something. A place that is missing here is one whose texts this test has
# not heard of.
PLACES = [
    "alerts/telegram/entrance.py _ask_operators",
    "alerts/telegram/keywords.py ask",
    "marsad/engine.py _on_probed",
    "marsad/engine.py _on_problem",
    "marsad/engine.py tell_operators",
    "marsad/room.py _tell",
    "marsad/schedule.py _tell_changes",
]


def places() -> Iterator[str]:
    """The functions that tell or ask operators."""
    for folder in ("marsad", "alerts", "crawler", "storage"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.name == "servicemanager.py":  # tells systemd
                continue
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if isinstance(function, ast.AsyncFunctionDef) and any(
                    map(_tells, ast.walk(function))
                ):
                    yield f"{file.relative_to(ROOT)} {function.name}"


def _tells(node: ast.AST) -> bool:
    awaited = isinstance(node, ast.Await)
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    return name in ("tell_operators", "ask_operators", "add_notice") or (awaited and name == "tell")


def of_the_configuration() -> str:
    return refusal([f"topics/caspian.yaml:{line}:1: unknown key" for line in range(1, 9)])


def of_probes() -> str:
    proof = Proof(tried_at=NOW, passed=False, how="HTTP 404", ways=access.ways_of(SITE))
    return access.notice({f"site-{number}": proof for number in range(12)})


def of_sites() -> str:
    blind = replace(UNJUDGED, blind_since=NOW, reason="it cannot be read: HTTP 500")
    blocked = Access(since=NOW, reason="HTTP 403", refusals=1, again_at=NOW + timedelta(hours=1))
    changes = (
        health.change(SITE, UNJUDGED, blind),
        health.change(SITE, blind, UNJUDGED),
        access.change(SITE, None, blocked),
        access.change(SITE, blocked, None),
    )
    return "\n".join(change or "" for change in changes)


def of_people() -> str:
    texts = operator_texts("en").asks_to_subscribe, keyword_texts("en").asks
    return "\n".join(texts)


async def of_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    told: list[str] = []
    free = [0]
    monkeypatch.setattr(room, "disk_of", lambda file: Disk(800, free[0]))

    async def note(text: str) -> None:
        told.append(text)

    kept = Room(folder / "marsad.db")
    kept.tell = note
    await kept.look()
    free[0] = 800
    await kept.look()
    return "\n".join(told)


def why_blind() -> list[str]:
    """Each reason, by crawls that break a promise."""
    known = Health(usual=Usual(host="shore.example", host_share=1.0, arabic=0.9))
    pages = tuple(PageSeen(key=str(number), text="", faults="f") for number in range(20))
    broken = (
        report(failed=True),
        report(listed=0),
        report(host="casino.example", host_share=1.0),
        report(arabic=0.1),
        report(newest=START - timedelta(days=9)),
        report(pages=pages),
    )
    return [judge(known, site(), each).reason or "" for each in broken]


def documented(heading: str) -> list[str]:
    """The first column of the table below it, as expressions: words in capitals stand for one
    word, three dots for any."""
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    rows = page.partition(f"# {heading}\n")[2].partition("\n##")[0].splitlines()
    texts = [text for row in rows for text in re.findall(r"`([^`]+)`", row.split(" | ")[0])]
    return [
        re.sub(r"\b[A-Z]+\b", r"\\S+", re.escape(text)).replace(r"\.\.\.", ".+") for text in texts
    ]


def test_every_place_that_tells_operators_is_known() -> None:
    assert sorted(places()) == PLACES


async def test_every_notice_is_documented_and_every_documented_one_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = await of_the_disk(tmp_path, monkeypatch)
    told = "\n".join([of_the_configuration(), of_probes(), of_sites(), of_people(), disk])
    lines = [line for line in told.splitlines() if "topics/caspian.yaml:" not in line]
    rows = documented("Notices")
    assert_same(lines, rows)


def test_every_reason_of_blindness_is_documented_and_every_documented_one_exists() -> None:
    reasons = why_blind()
    kinds = Path(health.__file__).read_text(encoding="utf-8").count("yield Broken(")
    assert len(reasons) == kinds - 1  # one repeats the reason of an unchanged listing
    assert_same(reasons, documented("Why a site is blind"))


def assert_same(texts: list[str], rows: list[str]) -> None:
    assert [text for text in texts if not any(re.fullmatch(row, text) for row in rows)] == []
    assert [row for row in rows if not any(re.fullmatch(row, text) for text in texts)] == []


async def test_a_notice_names_the_folder_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Marsad"
    folder.mkdir()
    assert f"The disk of {folder} is full" in await of_the_disk(folder, monkeypatch)
