"""`marsad quality-pages`: how well articles are extracted from pages whose articles are known."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from crawler.extraction.page import Extraction, extract
from marsad.rows import BadRow, read_json_lines

_WORD = re.compile(r"\w+")
# What the shipped topics are about: a page must not be given one of these by its surroundings.
_WATCHED = re.compile(
    r"^\w{0,3}(?:[إا]يران|روسي|موسكو|طهران|قزوين|الخزر|بوتين|الكرملين)\w*$"
    r"|^(?:iran|russia|caspian|moscow|tehran|putin)\w*$",
    re.IGNORECASE,
)
_WORST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and what it holds, as one row of a manifest says. `text` and `title` are the gold;
    `day` is the calendar day of publication in `zone`, None where the page names none."""

    id: str
    site: str
    file: Path
    url: str
    content_type: str | None
    title: str
    text: str
    day: date | None
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the extraction of one page is worth. `date_right` is None where there is no date."""

    id: str
    site: str
    f1: float
    precision: float
    recall: float
    title_right: bool
    date_found: bool
    date_right: bool | None
    leaked: tuple[str, ...]


def read_pages(manifest: Path) -> Iterator[Page | BadRow]:
    """The rows of a manifest: JSON lines with id, site, file (beside it), url, title, text and, if
    the page has one, date (RFC 2822 or ISO 8601) and content_type."""
    for number, row in read_json_lines(str(manifest)):
        if isinstance(row, BadRow):
            yield row
            continue
        missing = [
            name
            for name in ("id", "site", "file", "url", "title", "text")
            if not isinstance(row.get(name), str)
        ]
        if missing:
            yield BadRow(number, f"{missing[0]} is needed, a text")
            continue
        try:
            yield _page(row, manifest.parent)
        except ValueError:
            yield BadRow(number, f"{row.get('date')!r} is no date of RFC 2822 or ISO 8601")


def _page(row: dict[str, Any], folder: Path) -> Page:
    day, zone = _day(row.get("date"))
    return Page(
        id=row["id"],
        site=row["site"],
        file=folder / row["file"],
        url=row["url"],
        content_type=row.get("content_type"),
        title=row["title"],
        text=row["text"],
        day=day,
        zone=zone,
    )


def _day(value: object) -> tuple[date | None, tzinfo]:
    if value is None:
        return None, UTC
    if not isinstance(value, str):
        raise ValueError(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = parsedate_to_datetime(value)
    return moment.date(), moment.tzinfo or UTC


def judge(page: Page, now: datetime) -> Mark:
    """Extract the page, without a site file, and compare. Raises OSError."""
    found = extract(
        page.file.read_bytes(),
        url=page.url,
        content_type=page.content_type,
        site=None,
        entry=None,
        now=now,
    )
    return mark(page, found)


def mark(page: Page, found: Extraction) -> Mark:
    """Compare what was found with what the page holds.

    F1 is that of the words as a bag. Titles are equal when they are after runs of white space
    became one blank on both sides. A day is counted in the zone of the date that is known.
    """
    gold, words = _words(page.text), _words(found.text or "")
    common = (gold & words).total()
    own = set(gold) | set(_words(page.title))
    published = found.published.astimezone(page.zone).date() if found.published else None
    return Mark(
        id=page.id,
        site=page.site,
        f1=word_f1(page.text, found.text or ""),
        precision=common / max(1, words.total()),
        recall=common / max(1, gold.total()),
        title_right=_blanks(found.title or "") == _blanks(page.title),
        date_found=published is not None,
        date_right=None if page.day is None else published == page.day,
        leaked=tuple(sorted(word for word in words if _WATCHED.match(word) and word not in own)),
    )


def word_f1(gold: str, found: str) -> float:
    """F1 of the words of two texts as bags."""
    one, other = _words(gold), _words(found)
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _blanks(text: str) -> str:
    return " ".join(text.split())


def account(marks: Sequence[Mark]) -> Iterator[str]:
    """The figures, as lines: the mean over sites, each site, the worst pages, what leaked."""
    if not marks:
        yield "no pages"
        return
    sites: dict[str, list[Mark]] = {}
    for each in marks:
        sites.setdefault(each.site, []).append(each)
    means = {site: _mean(each.f1 for each in of_site) for site, of_site in sites.items()}
    yield f"text F1   {_mean(means.values()):.4f} (mean over {len(sites)} sites)"
    yield f"          {_mean(each.f1 for each in marks):.4f} (mean over {len(marks)} pages)"
    yield f"titles    {_share([each.title_right for each in marks])}"
    dated = [each for each in marks if each.date_right is not None]
    found = [bool(each.date_right) for each in dated if each.date_found]
    none = len(dated) - len(found)
    yield f"dates     {_share(found)} of those found; {none} of {len(dated)} pages gave none"
    yield f"leaked    {sum(bool(each.leaked) for each in marks)} pages"
    yield ""
    yield f"{'site':<24} {'pages':>5} {'F1':>7} {'P':>7} {'R':>7} {'least':>7}  titles"
    for site, of_site in sorted(sites.items(), key=lambda item: means[item[0]]):
        yield (
            f"{site:<24} {len(of_site):>5} {means[site]:>7.4f}"
            f" {_mean(each.precision for each in of_site):>7.4f}"
            f" {_mean(each.recall for each in of_site):>7.4f}"
            f" {min(each.f1 for each in of_site):>7.4f}"
            f"  {_share([each.title_right for each in of_site])}"
        )
    yield ""
    for each in sorted(marks, key=lambda item: item.f1)[:_WORST]:
        yield f"worst     {each.id}: F1 {each.f1:.4f}, P {each.precision:.4f}, R {each.recall:.4f}"
    for each in marks:
        if each.leaked:
            yield f"leaked    {each.id}: {', '.join(each.leaked)}"
    for each in marks:
        if not each.title_right:
            yield f"title     {each.id}: not as known"
        if each.date_found and each.date_right is False:
            yield f"date      {each.id}: not as known"


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / max(1, len(numbers))


def _share(verdicts: Sequence[bool]) -> str:
    if not verdicts:
        return "none to judge"
    return f"{sum(verdicts) / len(verdicts):.4f} ({sum(verdicts)}/{len(verdicts)})"
