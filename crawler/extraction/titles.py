"""The headline of a page, less the site's name."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.markup import one_line
from crawler.extraction.metadata import Metadata

_TAIL = re.compile(r"\s+[|–—\-:»•·]\s*(?=[^|–—:»•·]*$)|\s*[|»]\s*(?=[^|»]*$)")
_PARTS = re.compile(r"\s+[|–—\-:»«•·/]+\s+|\s*[|»]+\s*")
_PARTS_OR_COLON = re.compile(_PARTS.pattern + r"|:\s+")
_SHORTEST_PART = 8
_CUT = ("...", "…", "[…]")

Candidate = tuple[str, str | None]


def title_candidates(
    tree: HtmlElement,
    metadata: Metadata,
    *,
    selected: str | None,
    listed: str | None,
    names: tuple[str, ...],
) -> Iterator[Candidate]:
    """Where a title may come from and what it is, best first. `names`: what the site is called."""
    for source, value in _sources(tree, metadata, selected, listed):
        if not value:
            continue
        title = _without_name(value, metadata, names)
        if title.endswith(_CUT):
            others = _sources(tree, metadata, selected, listed)
            yield _uncut(source, title, others, metadata, names)
        else:
            yield source, title


def headlines(title: str | None, metadata: Metadata) -> list[str]:
    """The headline in the spellings that the page has of it."""
    named = (title, metadata.heading, metadata.og_title, metadata.ld_title)
    spellings = [each for each in named if each]
    return list(dict.fromkeys((*spellings, *_heads(metadata.head_title or ""))))


def _sources(
    tree: HtmlElement, metadata: Metadata, selected: str | None, listed: str | None
) -> Iterator[Candidate]:
    yield "selector", selected
    yield "json-ld", metadata.ld_title
    yield "og:title", metadata.og_title
    yield "h1", metadata.heading
    yield "listing", listed
    yield "title", _shown(tree, metadata.head_title)


def _without_name(title: str, metadata: Metadata, names: tuple[str, ...]) -> str:
    """'Headline | Site' -> 'Headline', where the tail is known to be the site's name."""
    known: set[str] | None = None
    while (found := _TAIL.search(title)) is not None:
        known = known or _site_names(metadata, names)
        if title[found.end() :].strip().casefold() not in known:
            break
        title = title[: found.start()].rstrip()
    return title


def _site_names(metadata: Metadata, names: tuple[str, ...]) -> set[str]:
    known = {metadata.site_name or "", *names}
    # What <title> adds to the heading is the site's name.
    head, heading = metadata.head_title or "", metadata.heading or ""
    if heading and head.startswith(heading):
        known.add(head[len(heading) :].strip(" |–—-:»•·"))
    return {name.casefold() for name in known if name}


def _shown(tree: HtmlElement, head_title: str | None) -> str | None:
    """The part of <title> beside the site's name that stands on the page as a line of its own."""
    if head_title is None:
        return None
    ends = (head_title[found.end() :].lstrip() for found in _PARTS_OR_COLON.finditer(head_title))
    wanted = {*_heads(head_title), *(end for end in ends if len(end) >= _SHORTEST_PART)}
    if len(wanted) <= 1:
        return head_title
    body = tree.find("body")
    texts = (one_line(each.text or "") for each in (tree if body is None else body).iter())
    return max((text for text in texts if text in wanted), key=len, default=head_title)


def _heads(head_title: str) -> list[str]:
    """What <title> may hold before the site's name."""
    cuts = [head_title[: found.start()].rstrip() for found in _PARTS.finditer(head_title)]
    return [cut for cut in (*cuts, head_title) if len(cut) >= _SHORTEST_PART]


def _uncut(
    source: str,
    title: str,
    others: Iterator[Candidate],
    metadata: Metadata,
    names: tuple[str, ...],
) -> Candidate:
    """A title that was cut for search engines gives way to the one it was cut from."""
    head = title.rstrip(".…[] ")
    for other, value in others:
        longer = _without_name(value, metadata, names) if value else ""
        if longer != title and longer.startswith(head) and len(longer) > len(head):
            return other, longer
    return source, title
