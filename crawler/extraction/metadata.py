"""What a page says of itself in its head: JSON-LD, OpenGraph and plain elements."""

import html
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.elements import Elements
from crawler.extraction.markup import one_line, text_of

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|NewsReport|Report|LiveBlogPosting)$")
_EDITED = re.compile(r"updat|modif|edit", re.IGNORECASE)
_NAMED_DATE = re.compile(
    r"(?:entry|post|article|news)-date|item-?date|date-?header|posted-on|published", re.IGNORECASE
)
# Boxes beside an article, which have dates of their own.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|repl(?:y|ies)|related|recommended|sidebar|side-?bar|(?<!elementor-)widgets?|"
    r"prayers?|weather|clock|archives?|latest|trending|popular|most-?(?:read|viewed)|ticker|breaking|also|next|prev|previous)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_BESIDE_TAGS = frozenset({"aside", "nav", "blockquote", "figure"})
_WORD = re.compile(r"\w+")
_PAGE = frozenset({"html", "body", "main", "article"})
_NEAR, _LONGEST_CARD, _HEADLINE_WORDS = 4, 400, 4
_text_length = etree.XPath("string-length()")
_LONGEST_NAME = 60
_ALIKE = 0.3
_MOST_DATES, _MOST_LINKS = 50, 20  # pages have few near their headline, hostile ones thousands
_DEEPEST = 6
_MOST_SCRIPTS = 20


class Metadata:
    """What the head and the headings of a page say, each read when it is asked for.

    Each value is as the page gives it, on one line; None where it gives none.
    """

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._tree = tree = elements.tree
        # Read at once: finding the body takes scripts out of the tree.
        metas: list[HtmlElement] = []
        scripts: list[HtmlElement] = []
        for element in tree.iter("meta", "script"):
            (metas if element.tag == "meta" else scripts).append(element)
        self._scripts = scripts
        self._named = _metas(metas)
        self._article = self._article_of(_json_ld_articles(scripts))

    def _article_of(self, articles: Iterator[Mapping[str, object]]) -> Mapping[str, object]:
        """Of several, the one that has the page's headline: others are described there, too."""
        first: Mapping[str, object] = {}
        shown = (self.og_title, self.head_title, self.heading)
        for article in articles:
            title = _string(article.get("headline")) or _string(article.get("name"))
            if title and any(title in each for each in shown if each):
                return article
            if title is None or not any(shown) or _are_alike(title, shown):
                first = first or article
        return first

    @property
    def ld_title(self) -> str | None:
        return _string(self._article.get("headline")) or _string(self._article.get("name"))

    @property
    def ld_date(self) -> str | None:
        return _string(self._article.get("datePublished"))

    @property
    def ld_author(self) -> str | None:
        return _person(self._article.get("author"))

    @property
    def ld_text(self) -> str | None:
        text = self._article.get("articleBody")
        return html.unescape(text) if isinstance(text, str) else None

    @property
    def states(self) -> list[str]:
        """The scripts that may hold the data from which the page is rendered."""
        texts = ((each.get("type", ""), each.text or "") for each in self._scripts)
        return [
            text
            for kind, text in texts
            if (kind != "application/ld+json" and "json" in kind)
            or ("=" in text[:_LONGEST_NAME] and "{" in text[:_LONGEST_NAME])
        ]

    @property
    def og_title(self) -> str | None:
        return self._meta("og:title", "twitter:title")

    @property
    def og_date(self) -> str | None:
        return self._meta(
            "article:published_time", "og:article:published_time", "datepublished", "date",
            "dc.date.issued", "pubdate", "publish-date", "sailthru.date", "uploaddate",
        )  # fmt: skip

    @property
    def meta_author(self) -> str | None:
        return self._meta("author", "article:author", "dc.creator")

    @property
    def site_name(self) -> str | None:
        return self._meta("og:site_name", "application-name")

    @cached_property
    def heading(self) -> str | None:
        return _heading(self._tree)

    @cached_property
    def head_title(self) -> str | None:
        title = self._tree.find("head/title")
        return None if title is None else text_of(title) or None

    @cached_property
    def time_date(self) -> str | None:
        titles = (self.heading, self.og_title, self.ld_title, self.head_title)
        return _time(self._elements, {each for each in titles if each})

    @cached_property
    def canonical(self) -> str | None:
        head = self._tree.find("head")
        for link in (self._tree if head is None else head).iter("link"):
            if link.get("rel") == "canonical" and link.get("href", "").strip():
                return link.get("href", "").strip()
        return self._meta("og:url")

    def _meta(self, *names: str) -> str | None:
        for name in names:
            value = one_line(html.unescape(self._named.get(name, "")))
            if value:
                return value
        return None


def _are_alike(title: str, shown: Iterable[str | None]) -> bool:
    """Whether a headline shares words with one that the page shows: they may be worded apart."""
    words = set(_WORD.findall(title))
    return any(
        len(words & set(_WORD.findall(each))) >= _ALIKE * len(words) for each in shown if each
    )


def _metas(metas: Iterable[HtmlElement]) -> dict[str, str]:
    """The first content of each <meta>, by its name in lower case."""
    named: dict[str, str] = {}
    for meta in metas:
        attributes = dict(meta.attrib)
        content = attributes.get("content")
        if content and not content.isspace():
            for kind in ("property", "name", "itemprop"):
                if kind in attributes:
                    named.setdefault(attributes[kind].lower(), content)
    return named


def _json_ld_articles(scripts: Iterable[HtmlElement]) -> Iterator[Mapping[str, object]]:
    structured = [each for each in scripts if each.get("type") == "application/ld+json"]
    for script in structured[:_MOST_SCRIPTS]:
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data, _DEEPEST):
            if any(_ARTICLE_TYPES.search(name) for name in _types(node)):
                yield node


def _nodes(data: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth == 0:
        return
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item, depth - 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _nodes(data.get(key), depth - 1)


def _types(node: Mapping[str, object]) -> list[str]:
    kind = node.get("@type")
    return [each for each in (kind if isinstance(kind, list) else [kind]) if isinstance(each, str)]


def _person(value: object) -> str | None:
    if isinstance(value, list):
        names = [name for name in map(_person, value) if name]
        return "، ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        return _string(value.get("name"))
    return _string(value)


def _string(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    # Many systems escape the text once more before they put it into JSON.
    return one_line(html.unescape(value)) or None


def _heading(tree: HtmlElement) -> str | None:
    """The article's h1; a page with several has it marked, or inside its article."""
    first = list(tree.iter("h1"))
    for chosen in (
        [each for each in first if each.get("itemprop") == "headline"],
        [each for each in first if "title" in each.get("class", "").split()],
        [each for each in first if _within(each, "article")],
        [each for each in first if _within(each, "main")],
        first,
        [each for each in tree.iter("h2", "h3") if _is_named_title(each)],
    ):
        texts = {text for text in map(text_of, chosen) if text}
        if len(texts) == 1:
            return texts.pop()
    return None


def _within(element: HtmlElement, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _is_named_title(heading: HtmlElement) -> bool:
    names = heading.get("class", "")
    return heading.get("itemprop") == "headline" or "entry-title" in names or "post-title" in names


def _time(elements: Elements, titles: Collection[str]) -> str | None:
    """When the article was published, as an element marks it or is named for it."""
    tree = elements.tree

    @cache
    def holders() -> set[HtmlElement]:
        return {each for heading in _headings(tree, titles) for each in heading.iterancestors()}

    def own(found: Iterable[HtmlElement]) -> list[HtmlElement]:
        few = islice(found, _MOST_DATES)
        return [each for each in few if not _is_of_another(each, holders(), titles)]

    published = own(elements.with_attribute("itemprop", "datePublished"))
    named = own(elements.of_class(_is_named_date))
    times = own(_near_heading(tree))
    marked = [
        each for each in times if "publish" in each.get("class", "") or "pubdate" in each.attrib
    ]
    inside = [each for each in times if _within(each, "article")]
    for element in (*published, *marked, *inside, *times):
        value = element.get("datetime") or element.get("content")
        if value and one_line(value):
            return one_line(value)
    for element in (*own(tree.iter("abbr")), *published, *inside, *named, *times):
        titled = element.tag == "abbr"
        if titled and "published" not in element.get("class", ""):
            continue
        shown: str | None = element.get("title") if titled else text_of(element)
        if shown:
            return shown
    return None


def _headings(tree: HtmlElement, titles: Collection[str]) -> Iterator[HtmlElement]:
    for each in tree.iter("h1", "h2", "h3"):
        if each.tag == "h1" or _is_in(text_of(each), titles):
            yield each


@lru_cache(maxsize=10_000)
def _is_named_date(names: str) -> bool:
    return _NAMED_DATE.search(names) is not None and not _EDITED.search(names)


def _is_edited(names: str) -> bool:
    """WordPress calls the day of an article that was never edited 'entry-date updated'."""
    return _EDITED.search(names) is not None and _NAMED_DATE.search(names) is None


def _is_of_another(
    element: HtmlElement, holders: Collection[HtmlElement], titles: Collection[str]
) -> bool:
    """Whether a date stands in a box beside the article, or in a small one with another headline.

    `holders` are what holds the article's own headline as well."""
    for distance, box in enumerate(element.iterancestors()):
        if box in holders:
            return False
        if box.tag in _BESIDE_TAGS or _is_named_beside(box):
            return True
        if distance < _NEAR and _text_length(box) <= _LONGEST_CARD and _leads_away(box, titles):
            return True
    return False


def _is_named_beside(box: HtmlElement) -> bool:
    return box.tag not in _PAGE and _names_beside(f"{box.get('class', '')} {box.get('id', '')}")


@lru_cache(maxsize=10_000)
def _names_beside(names: str) -> bool:
    return _BESIDE.search(names) is not None


def _leads_away(box: HtmlElement, titles: Collection[str]) -> bool:
    texts = (text_of(link) for link in islice(box.iter("a"), _MOST_LINKS))
    return any(
        len(_WORD.findall(text)) >= _HEADLINE_WORDS and not _is_in(text, titles) for text in texts
    )


def _is_in(text: str, titles: Collection[str]) -> bool:
    return bool(text) and any(text in title for title in titles)


def _near_heading(tree: HtmlElement) -> list[HtmlElement]:
    """The times of a page that are no edits: those after its first h1 first, in their order."""
    before: list[HtmlElement] = []
    after: list[HtmlElement] = []
    headed = False
    for element in tree.iter("h1", "time"):
        if element.tag == "h1":
            headed = True
        elif not _is_edited(element.get("class", "")):
            (after if headed else before).append(element)
    return after + [each for each in before if _precedes_heading(each)]


def _precedes_heading(time: HtmlElement) -> bool:
    """Whether the first heading stands near a `time` before it: more than the page holds both."""
    for box in islice(time.iterancestors(), _NEAR):
        if box.tag in ("body", "html"):
            return False
        if box.find(".//h1") is not None:
            return True
    return False
