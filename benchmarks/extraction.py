"""How fast and how well articles are read from pages, beside trafilatura's default call.

    python benchmarks/extraction.py MANIFEST.jsonl [--body SITE=CSS]... [--write]

The manifest is that of `marsad quality-pages`. Marsad reads each page as it comes and, for the
sites with --body, by that selector and `h1`; trafilatura by bare_extraction with metadata. They
read page by page in turns, each page once, in one process on one core; CPU time counts.
--write puts the table into docs/performance.md.
"""

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import trafilatura

from crawler.extraction.page import extract
from marsad.pagequality import Page, read_pages, word_f1
from marsad.rows import BadRow
from models.site import Feed, Selectors, Site, Title

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN = "<!-- figures: benchmarks/extraction.py -->"
END = "<!-- end of the figures of extraction -->"
NOW = datetime.now(UTC)

Reader = Callable[[Page, bytes], str]
"""The text of a page; how well it fits is judged outside of the time that is measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Pages a second on one core, and the mean over sites of the mean F1 of their pages."""

    name: str
    pages: int
    per_second: float
    f1: float


def generic(page: Page, body: bytes) -> str:
    return _marsad(page, body, None)


def _marsad(page: Page, body: bytes, site: Site | None) -> str:
    found = extract(
        body, url=page.url, content_type=page.content_type, site=site, entry=None, now=NOW
    )
    return found.text or ""


def by_trafilatura(page: Page, body: bytes) -> str:
    found = trafilatura.bare_extraction(body, url=page.url, with_metadata=True)
    return getattr(found, "text", None) or ""


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
    f1: dict[str, list[float]] = {name: [] for name in readers}
    for reader in readers.values():
        reader(pages[0], pages[0].file.read_bytes())  # imports and patterns
    for page in pages:
        body = page.file.read_bytes()
        for name, reader in readers.items():
            started = time.process_time()
            text = reader(page, body)
            spent[name] += time.process_time() - started
            f1[name].append(word_f1(page.text, text))
    return [
        Figure(name, len(pages), len(pages) / spent[name], _macro(pages, f1[name]))
        for name in readers
    ]


def _macro(pages: Sequence[Page], f1: Sequence[float]) -> float:
    sites: dict[str, list[float]] = {}
    for page, value in zip(pages, f1, strict=True):
        sites.setdefault(page.site, []).append(value)
    return statistics.mean(statistics.mean(values) for values in sites.values())


def table(figures: Sequence[Figure]) -> str:
    slowest = next(figure for figure in figures if figure.name.startswith("trafilatura"))
    lines = [
        f"{figures[0].pages} pages, {cpu()}, Python {platform.python_version()}, one core:",
        "",
        "| reader | pages a second | times trafilatura | F1 of the text |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.name} | {each.per_second:.0f} | {each.per_second / slowest.per_second:.1f} |"
        f" {each.f1:.4f} |"
        for each in figures
    ]
    return "\n".join(lines)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--body", action="append", default=[], metavar="SITE=CSS")
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/performance.md"
    )
    arguments = parser.parse_args()
    pages = []
    for page in read_pages(arguments.manifest):
        if isinstance(page, BadRow):
            sys.exit(f"{arguments.manifest}: {page}")
        pages.append(page)
    bodies = dict(each.partition("=")[::2] for each in arguments.body)
    readers: dict[str, Reader] = {
        "Marsad, pages as they come": generic,
        f"trafilatura {version('trafilatura')}, default, with metadata": by_trafilatura,
    }
    if bodies and all(page.site in bodies for page in pages):
        readers["Marsad, selectors in the site files"] = by_selector(bodies)
    text = table(measured(readers, pages))
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
