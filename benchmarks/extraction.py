"""How fast and how well articles are read from pages, beside other extractors.

    python benchmarks/extraction.py MANIFEST.jsonl [--body SITE=CSS]... [--without SITE=CSS]...
        [--peers PYTHON] [--write]

The manifest is that of `marsad quality-pages`. Marsad reads each page as it comes and, for the
sites with --body, by that selector and `h1`; trafilatura by bare_extraction with metadata. They
read page by page in turns, each page once, in one process on one core; CPU time counts.

--peers names the Python of an environment with newspaper4k[nlp] and news-please, which read the
pages one after another in processes of their own. --without judges once more against the known
texts less what the selector finds on the page, as boxes of related articles that they hold.
--write puts the table into docs/performance.md.
"""

import argparse
import json
import platform
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import trafilatura

from crawler.extraction.charset import decode
from crawler.extraction.elements import select
from crawler.extraction.markup import paragraphs, parse_html
from crawler.extraction.page import extract
from marsad.pagequality import Page, read_pages, word_f1
from marsad.rows import BadRow
from models.site import Feed, Selectors, Site, Title

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN = "<!-- figures: benchmarks/extraction.py -->"
END = "<!-- end of the figures of extraction -->"
NOW = datetime.now(UTC)

PEERS = ("newspaper4k", "news-please")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader took from a page."""

    text: str
    title: str
    day: date | None


Reader = Callable[[Page, bytes], Found]
"""Reads a page; how well that fits is judged outside of the time that is measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a reader found on each page, in order, and the CPU seconds that all took."""

    name: str
    found: Sequence[Found]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.found) / self.seconds


def generic(page: Page, body: bytes) -> Found:
    return _marsad(page, body, None)


def _marsad(page: Page, body: bytes, site: Site | None) -> Found:
    found = extract(
        body, url=page.url, content_type=page.content_type, site=site, entry=None, now=NOW
    )
    day = found.published.astimezone(page.zone).date() if found.published else None
    return Found(found.text or "", found.title or "", day)


def by_trafilatura(page: Page, body: bytes) -> Found:
    found = trafilatura.bare_extraction(body, url=page.url, with_metadata=True)
    day = getattr(found, "date", None)
    return Found(
        getattr(found, "text", None) or "",
        getattr(found, "title", None) or "",
        date.fromisoformat(day) if day else None,
    )


def by_selector(bodies: dict[str, str]) -> Reader:
    sites = {
        name: Site(
            name="sample",
            title=Title(ar="عينة"),
            publishes=(Feed(type="feed", url="https://example.org/feed"),),
            selectors=Selectors(title="h1", body=selector),
        )
        for name, selector in bodies.items()
    }
    return lambda page, body: _marsad(page, body, sites[page.site])


def measured(readers: dict[str, Reader], pages: Sequence[Page]) -> list[Figure]:
    """The readers take turns on each page, so that a busy machine slows all of them alike. Each
    page is read once, as a crawler does: a second time, caches would answer."""
    spent = dict.fromkeys(readers, 0.0)
    found: dict[str, list[Found]] = {name: [] for name in readers}
    for reader in readers.values():
        reader(pages[0], pages[0].file.read_bytes())  # imports and patterns
    for page in pages:
        body = page.file.read_bytes()
        for name, reader in readers.items():
            started = time.process_time()
            article = reader(page, body)
            spent[name] += time.process_time() - started
            found[name].append(article)
    return [Figure(name, found[name], spent[name]) for name in readers]


def by_peer(name: str, python: str, manifest: Path) -> Figure:
    """Raises CalledProcessError where the library is missing in that environment."""
    script = Path(__file__).with_name("peers.py")
    ran = subprocess.run(
        [python, str(script), name, str(manifest)], stdout=subprocess.PIPE, check=True, text=True
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    found = [
        Found(row["text"], row["title"], date.fromisoformat(row["day"]) if row["day"] else None)
        for row in rows
    ]
    return Figure(name, found, sum(row["seconds"] for row in rows))


def known_texts(pages: Sequence[Page], boxes: Mapping[str, str]) -> list[str]:
    """The known texts, less the words of the boxes of their sites."""
    return [_less(page, boxes[page.site]) if page.site in boxes else page.text for page in pages]


def _less(page: Page, selector: str) -> str:
    tree = parse_html(decode(page.file.read_bytes(), page.content_type))
    boxes = Counter(
        word
        for box in select(tree, selector)
        for line in paragraphs(box)
        for word in _WORD.findall(line)
    )
    return " ".join((Counter(_WORD.findall(page.text)) - boxes).elements())


def macro(pages: Sequence[Page], texts: Sequence[str], found: Sequence[Found]) -> float:
    """The mean over sites of the mean F1 of their pages."""
    sites: dict[str, list[float]] = {}
    for page, text, each in zip(pages, texts, found, strict=True):
        sites.setdefault(page.site, []).append(word_f1(text, each.text))
    return statistics.mean(statistics.mean(values) for values in sites.values())


def table(figures: Sequence[Figure], pages: Sequence[Page], boxes: Mapping[str, str]) -> str:
    slowest = next(figure for figure in figures if figure.name.startswith("trafilatura"))
    less = known_texts(pages, boxes)
    lines = [
        f"{len(pages)} pages, {cpu()}, Python {platform.python_version()}, one core:",
        "",
        "| reader | pages a second | times trafilatura | F1 of the text | less the boxes"
        " | titles | days |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.name} | {each.per_second:.0f} | {each.per_second / slowest.per_second:.1f} |"
        f" {macro(pages, [page.text for page in pages], each.found):.4f} |"
        f" {macro(pages, less, each.found):.4f} | {_titles(pages, each.found)} |"
        f" {_days(pages, each.found)} |"
        for each in figures
    ]
    return "\n".join(lines)


def _titles(pages: Sequence[Page], found: Sequence[Found]) -> str:
    right = sum(
        each.title.split() == page.title.split() for page, each in zip(pages, found, strict=True)
    )
    return f"{right} of {len(pages)}"


def _days(pages: Sequence[Page], found: Sequence[Found]) -> str:
    dated = [
        (page.day, each.day)
        for page, each in zip(pages, found, strict=True)
        if page.day is not None and each.day is not None
    ]
    return f"{sum(known == day for known, day in dated)} of {len(dated)}"


def cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "a processor without a name"


def write(text: str) -> None:
    """Between this benchmark's own marks; other tables of the page stay as they are."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Performance\n"
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in page:
        head, _, rest = page.partition(BEGIN)
        page = head + block + rest.partition(END)[2]
    else:
        page = f"{page.rstrip()}\n\n## Extraction\n\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")


def _by_site(pairs: Sequence[str]) -> dict[str, str]:
    return {site: selector for site, _, selector in (pair.partition("=") for pair in pairs)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--body", action="append", default=[], metavar="SITE=CSS")
    parser.add_argument("--without", action="append", default=[], metavar="SITE=CSS")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/performance.md"
    )
    arguments = parser.parse_args()
    pages = []
    for page in read_pages(arguments.manifest):
        if isinstance(page, BadRow):
            sys.exit(f"{arguments.manifest}: {page}")
        pages.append(page)
    bodies = _by_site(arguments.body)
    readers: dict[str, Reader] = {
        "Marsad, pages as they come": generic,
        f"trafilatura {version('trafilatura')}, default, with metadata": by_trafilatura,
    }
    if bodies and all(page.site in bodies for page in pages):
        readers["Marsad, selectors in the site files"] = by_selector(bodies)
    figures = measured(readers, pages)
    if arguments.peers:
        figures += [by_peer(name, arguments.peers, arguments.manifest) for name in PEERS]
    text = table(figures, pages, _by_site(arguments.without))
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
