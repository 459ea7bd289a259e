"""What a page says of itself in its head: JSON-LD, OpenGraph and plain elements."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.markup import one_line, text_of

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|NewsReport|Report|LiveBlogPosting)$")
_DEEPEST = 6
_MOST_SCRIPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Each value as the page gives it, on one line; None where it gives none."""

    ld_title: str | None = None
    og_title: str | None = None
    heading: str | None = None
    head_title: str | None = None
    ld_date: str | None = None
    og_date: str | None = None
    time_date: str | None = None
    ld_author: str | None = None
    meta_author: str | None = None
    site_name: str | None = None
    canonical: str | None = None
    language: str | None = None


def read_metadata(tree: HtmlElement) -> Metadata:
    article = _json_ld_article(tree)
    return Metadata(
        ld_title=_string(article.get("headline")) or _string(article.get("name")),
        og_title=_meta(tree, "og:title") or _meta(tree, "twitter:title"),
        heading=_heading(tree),
        head_title=_first_text(tree, "//head/title"),
        ld_date=_string(article.get("datePublished")),
        og_date=_meta(
            tree, "article:published_time", "og:article:published_time", "datePublished",
            "date", "DC.date.issued", "pubdate", "publish-date", "sailthru.date",
        ),
        time_date=_time(tree),
        ld_author=_person(article.get("author")),
        meta_author=_meta(tree, "author", "article:author", "DC.creator"),
        site_name=_meta(tree, "og:site_name", "application-name"),
        canonical=_attribute(tree, "//link[@rel='canonical']/@href") or _meta(tree, "og:url"),
        language=_attribute(tree, "/html/@lang"),
    )  # fmt: skip


def _json_ld_article(tree: HtmlElement) -> Mapping[str, object]:
    for script in tree.xpath("//script[@type='application/ld+json']")[:_MOST_SCRIPTS]:
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data, _DEEPEST):
            if any(_ARTICLE_TYPES.search(name) for name in _types(node)):
                return node
    return {}


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


def _meta(tree: HtmlElement, *names: str) -> str | None:
    for name in names:
        for content in tree.xpath(
            "//meta[@property=$name or @name=$name or @itemprop=$name]/@content", name=name
        ):
            value = one_line(html.unescape(content))
            if value:
                return value
    return None


def _heading(tree: HtmlElement) -> str | None:
    """The article's h1; a page with several has it marked, or inside its article."""
    for path in (
        "//h1[@itemprop='headline']",
        "//h1[contains(concat(' ', @class, ' '), 'title')]",
        "//article//h1",
        "//main//h1",
        "//h1",
        "//h2[@itemprop='headline']",
        "//h2[contains(@class, 'entry-title') or contains(@class, 'post-title')]",
    ):
        texts = [text for text in map(text_of, tree.xpath(path)) if text]
        if len(set(texts)) == 1:
            return texts[0]
    return None


def _time(tree: HtmlElement) -> str | None:
    for path in (
        "//*[@itemprop='datePublished']/@datetime",
        "//*[@itemprop='datePublished']/@content",
        "//time[contains(@class, 'published')]/@datetime",
        "//time[@pubdate]/@datetime",
        "//article//time/@datetime",
        "//time/@datetime",
        "//abbr[contains(@class, 'published')]/@title",
        "//*[@itemprop='datePublished']",
        "//article//time",
        "//*[contains(@class, 'entry-date') or contains(@class, 'post-date') or "
        "contains(@class, 'posted-on') or contains(@class, 'published') or "
        "contains(@class, 'article-date') or contains(@class, 'news-date')]",
    ):
        for found in tree.xpath(path):
            value = one_line(found) if isinstance(found, str) else text_of(found)
            if value:
                return value
    return None


def _first_text(tree: HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return (text_of(found[0]) or None) if found else None


def _attribute(tree: HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return (str(found[0]).strip() or None) if found else None
