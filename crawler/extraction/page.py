"""A downloaded page as the fields of an article, each with where it came from."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from crawler.errors import ParseFailed
from crawler.extraction.body import Body, Page, find_body, read_fragment
from crawler.extraction.charset import decode
from crawler.extraction.dates import parse_date
from crawler.extraction.elements import Elements
from crawler.extraction.language import detect_language
from crawler.extraction.markup import join, one_line, parse_html, text_of
from crawler.extraction.metadata import Metadata
from crawler.extraction.publication import date_candidates
from crawler.extraction.state import article_in, text_in
from crawler.extraction.titles import headlines, title_candidates
from crawler.urls import clean_url, is_front_page, same_site
from models.article import Article, Entry, Validators
from models.site import Selectors, Site

_CRUMBS = re.compile(
    r"^(?:(?:أنت هنا|انت هنا|You are here)[\s:]*)?(?:الصفحة\s+)?(?:الرئيسية|الرئيسيه|Home)"
    r"\s*[/\\»«›‹>|→←-].{0,400}$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 500
_WORD = re.compile(r"\w+")
_LEAST_WORDS = 8
_LEAST_SUMMARY_WORDS = 8
_FEED_TAIL = re.compile(
    r"^(?:The post .{0,400} (?:appeared first on|first appeared on) .{0,200}"
    r"|ظهرت المقالة .{0,400} أولاً على .{0,200})$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page holds. `evidence` says for each field which source gave it, or why it is missing.

    `url` is the canonical address. `title` and `text` are NFC; paragraphs of `text` are separated
    by a blank line. Without title or text there is no article.
    """

    url: str
    title: str | None
    text: str | None
    published: datetime | None
    author: str | None
    language: str | None
    evidence: Mapping[str, str]

    @property
    def incomplete(self) -> str | None:
        """Why there is no article, as a clause; None where there is one."""
        for name, value in (("text", self.text), ("title", self.title)):
            if value is None:
                return self.evidence[name].removeprefix("missing: ")
        return None

    def article(self, site: str, entry: Entry, validators: Validators) -> Article | None:
        """The article under the identity of its entry; None where title or text is missing."""
        if self.title is None or self.text is None:
            return None
        return Article(
            site=site,
            url=self.url,
            key=entry.key,
            title=self.title,
            text=self.text,
            published=self.published,
            author=self.author,
            language=self.language,
            evidence=self.evidence,
            listed_title=entry.title,
            listed_updated=entry.updated,
            validators=validators,
        )


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    site: Site | None,
    entry: Entry | None,
    now: datetime,
) -> Extraction:
    """The article of a page; what the page lacks, its entry in the feed may give.

    Never raises for what the bytes are: a page that cannot be parsed has no fields, and says why.
    """
    try:
        source = decode(body, content_type)
        tree = parse_html(source)
    except ParseFailed as error:
        return _nothing(_cleaned(url) or url, f"missing: {error}")
    elements = Elements(tree, source)
    metadata = Metadata(elements)
    selectors = site.selectors if site is not None else Selectors()
    found = _Fields()
    names = (site.title.ar, site.title.en) if site is not None else ()
    found.take(
        "title",
        title_candidates(
            tree,
            metadata,
            selected=_selected_text(elements, selectors.title),
            listed=entry.title if entry is not None else None,
            names=names,
        ),
    )
    page = Page(elements, headlines(found.title, metadata))
    dates = date_candidates(
        tree,
        metadata,
        selected=_selected_date(elements, selectors.date),
        url=url,
        reading=lambda: page.reading,
        titles=page.titles,
    )
    found.date(dates, entry, now, _zone(site))
    found.take("author", _authors(elements, metadata, selectors, entry))
    text = (
        find_body(page, selectors)
        or _structured_body(metadata)
        or _state_body(metadata, page.titles)
        or _entry_body(entry)
        or _headline(found, entry)
    )
    return _extraction(found, text, url=_canonical(metadata, url))


def extract_entry(*, site: Site | None, entry: Entry, now: datetime, reason: str) -> Extraction:
    """The article as its listing carries it whole; `reason` says why its page was not used."""
    found = _Fields()
    found.take("title", [("listing", entry.title)])
    found.date([], entry, now, _zone(site))
    found.take("author", [("listing", entry.author)])
    found.evidence["page"] = reason
    return _extraction(found, _entry_body(entry), url=entry.url)


def _nothing(url: str, reason: str) -> Extraction:
    return Extraction(
        url=url,
        title=None,
        text=None,
        published=None,
        author=None,
        language=None,
        evidence=dict.fromkeys(("title", "text", "published", "author", "language"), reason),
    )


def _extraction(found: "_Fields", text: Body | None, *, url: str) -> Extraction:
    evidence = found.evidence
    evidence["text"] = (
        text.source if text is not None else "missing: no text of an article was found on the page"
    )
    content = _clean_text(text, found.title) if text else None
    if content is not None and "\ufffd" in content:
        evidence["characters"] = "some characters could not be read (U+FFFD)"
    language = detect_language(f"{found.title or ''} {content or ''}")
    evidence["language"] = "detected" if language else "missing: no words"
    return Extraction(
        url=url,
        title=found.title,
        text=content or None,
        published=found.published,
        author=found.author,
        language=language,
        evidence=evidence,
    )


class _Fields:
    """The fields found so far, and where each came from."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.author: str | None = None
        self.published: datetime | None = None
        self.evidence: dict[str, str] = {}

    def take(self, name: str, candidates: Iterable[tuple[str, str | None]]) -> None:
        for source, value in candidates:
            if value:
                clean = unicodedata.normalize("NFC", one_line(value))[:_LONGEST_TITLE]
                if clean:
                    setattr(self, name, clean)
                    self.evidence[name] = source
                    return
        self.evidence[name] = f"missing: the page names no {name}"

    def date(
        self,
        candidates: Iterable[tuple[str, str | None]],
        entry: Entry | None,
        now: datetime,
        zone: tzinfo,
    ) -> None:
        if entry is not None and entry.published is not None:
            self.published, self.evidence["published"] = entry.published, "listing"
            return
        unread = ""
        for source, value in candidates:
            moment = parse_date(value, now=now, zone=zone)
            if moment is not None:
                self.published, self.evidence["published"] = moment, source
                return
            if value and not unread:
                unread = f"missing: {source} says {value[:60]!r}, which is no date"
        self.evidence["published"] = unread or "missing: the page names no date"


def _authors(
    elements: Elements, metadata: Metadata, selectors: Selectors, entry: Entry | None
) -> list[tuple[str, str | None]]:
    candidates = [
        ("selector", _selected_text(elements, selectors.author)),
        ("listing", entry.author if entry is not None else None),
        ("json-ld", metadata.ld_author),
        ("meta", metadata.meta_author),
    ]
    return [(source, name) for source, name in candidates if name and "://" not in name]


def _selected_text(elements: Elements, selector: str | None) -> str | None:
    found = elements.select(selector) if selector else []
    return (text_of(found[0]) or None) if found else None


def _selected_date(elements: Elements, selector: str | None) -> str | None:
    found = elements.select(selector) if selector else []
    if not found:
        return None
    element = found[0]
    return element.get("datetime") or element.get("content") or text_of(element) or None


def _structured_body(metadata: Metadata) -> Body | None:
    """The text that JSON-LD carries, of a page that shows none before its scripts have run."""
    paragraphs = [one_line(line) for line in (metadata.ld_text or "").splitlines()]
    blocks = tuple(line for line in paragraphs if line)
    if sum(len(_WORD.findall(block)) for block in blocks) < _LEAST_WORDS:
        return None
    return Body(blocks, "json-ld: the page shows no text")


def _state_body(metadata: Metadata, titles: Sequence[str]) -> Body | None:
    """The text in the data from which the page is rendered."""
    article = article_in(metadata.states, titles)
    blocks = text_in(article) if article is not None else ()
    return Body(blocks, "page data: the page shows no text") if blocks else None


def _entry_body(entry: Entry | None) -> Body | None:
    """The body that the listing carries; feeds hold HTML as a text."""
    if entry is None or not entry.content:
        return None
    try:
        tree = parse_html(f"<html><body><div>{entry.content}</div></body></html>")
    except ParseFailed:
        return None
    blocks = tuple(block for block in read_fragment(tree) if not _FEED_TAIL.match(block))
    return Body(blocks, "listing content") if blocks else None


def _headline(found: "_Fields", entry: Entry | None) -> Body | None:
    """Flashes and videos are a headline and no text: the page and the listing agree on it."""
    title = found.title
    if title is None or entry is None or entry.title is None:
        return None
    if found.evidence["title"] == "listing" or _WORD.findall(title) != _WORD.findall(
        unicodedata.normalize("NFC", entry.title)
    ):
        return None
    if entry.summary is not None and len(_WORD.findall(entry.summary)) >= _LEAST_SUMMARY_WORDS:
        return Body((entry.summary,), "listing summary: the page has no text")
    return Body((title,), "headline: the page has no text beside it")


def _clean_text(body: Body, title: str | None) -> str:
    return unicodedata.normalize("NFC", join(_without_head(body.paragraphs, title)))


def _without_head(blocks: Sequence[str], title: str | None) -> list[str]:
    """Some themes have the breadcrumb and the headline inside the body: no text of the article."""
    kept = list(blocks)
    while len(kept) > 1 and (_CRUMBS.match(kept[0]) or _same_line(kept[0], title)):
        del kept[0]
    return kept


def _same_line(block: str, title: str | None) -> bool:
    return title is not None and one_line(block).strip(" .") == title.strip(" .")


def _canonical(metadata: Metadata, url: str) -> str:
    """The address that the page names, where it is one of this site and no front page."""
    own = _cleaned(url)
    address = urljoin(url, metadata.canonical or "")
    named = own if address == url else _cleaned(address)
    if own is None or named is None:
        # A saved page may come without a whole address of its own; then it is the one it names.
        return own or named or url
    if not same_site(named, own) or (is_front_page(named) and not is_front_page(own)):
        return own
    return named


def _cleaned(url: str) -> str | None:
    try:
        return clean_url(url)
    except ValueError:
        return None


def _zone(site: Site | None) -> tzinfo:
    return ZoneInfo(site.timezone if site is not None else "UTC")
