"""The article in the data from which a page's scripts render it.

Next.js, Nuxt and their like put the data into the page as JSON, or into a variable. The article is
the object that has the page's headline; its longest text is the body. No field's name of a site is
known here; those of dates are the common ones.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from crawler.errors import ParseFailed
from crawler.extraction.markup import one_line, paragraphs, parse_html

_ASSIGNED = re.compile(r"\s*(?:var\s+|window\.)?[\w.$]{2,40}\s*=\s*(?=\{)")
_PUBLISHED = re.compile(r"publi|creat|posted|issued|^date$|^time$", re.IGNORECASE)
_CREATED = re.compile(r"creat", re.IGNORECASE)
_EDITED = re.compile(r"updat|modif|edit", re.IGNORECASE)
# Objects that have one of these are other articles, or links.
_OTHERS = frozenset({"title", "headline", "slug", "url", "href", "link"})
_MARKUP = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")
_WORD = re.compile(r"\w+")
_CUT_SHORT = ("...", "…", "[…]")
_LEAST_WORDS = 8
_LONGEST, _DEEPEST, _MOST_NODES = 2_000_000, 12, 50_000

Node = Mapping[str, object]


def article_in(sources: Iterable[str], titles: Collection[str]) -> Node | None:
    """The object with the page's headline, of several the one with the longest text; `sources` are
    the texts of scripts."""
    found = [
        node
        for data in map(_read, (each for each in sources if _may_hold(each, titles)))
        for node in _objects(data)
        if any(isinstance(value, str) and one_line(value) in titles for value in node.values())
    ]
    return max(found, key=lambda node: len(_longest(node)), default=None)


def text_in(node: Node) -> tuple[str, ...]:
    """The paragraphs of the article's body; none where it has but a cut summary."""
    text = _longest(node)
    if _MARKUP.search(text):
        try:
            blocks = tuple(paragraphs(parse_html(f"<html><body><div>{text}</div></body></html>")))
        except ParseFailed:
            return ()
    else:
        blocks = tuple(line for line in map(one_line, text.splitlines()) if line)
    words = sum(len(_WORD.findall(block)) for block in blocks)
    return blocks if words >= _LEAST_WORDS and not blocks[-1].endswith(_CUT_SHORT) else ()


def date_in(node: Node) -> str | None:
    """What the object says of its publication, as written; None for a number of seconds."""
    dates = [
        (_CREATED.search(key) is not None, one_line(value))
        for key, value in node.items()
        if isinstance(value, str)
        and _PUBLISHED.search(key)
        and not _EDITED.search(key)
        and any(map(str.isdigit, value))
    ]
    return min(dates, key=lambda each: each[0], default=(False, None))[1]


def _may_hold(source: str, titles: Collection[str]) -> bool:
    """Whether a headline may stand in a source; JSON may spell Arabic letters as numbers."""
    return "\\u06" in source or any(title in source for title in titles)


def _read(source: str) -> object:
    if len(source) > _LONGEST:
        return None
    assigned = _ASSIGNED.match(source)
    start = assigned.end() if assigned is not None else len(source) - len(source.lstrip())
    try:
        data: object = json.JSONDecoder(strict=False).raw_decode(source, start)[0]
    except (ValueError, RecursionError):
        return None
    return data


def _objects(data: object) -> Iterator[Node]:
    """All objects; of Nuxt's list, in which fields are places of the list, with their values."""
    flat = data if isinstance(data, list) else None
    waiting = [(data, 0)]
    seen = 0
    while waiting and seen < _MOST_NODES:
        each, depth = waiting.pop()
        seen += 1
        if isinstance(each, dict):
            yield {key: _placed(value, flat) for key, value in each.items()}
        if depth < _DEEPEST and isinstance(each, dict | list):
            children = each.values() if isinstance(each, dict) else each
            waiting.extend((child, depth + 1) for child in children)


def _placed(value: object, flat: list[object] | None) -> object:
    if flat is not None and type(value) is int and 0 <= value < len(flat):
        # Texts alone: lists that many refer to would be read many times.
        return flat[value] if isinstance(flat[value], str) else None
    return value


def _longest(node: Node) -> str:
    return max((_text_of(value) for value in node.values()), key=len, default="")


def _text_of(value: object, depth: int = 0) -> str:
    """A text, or the texts of a list of parts, a line each; nothing of other articles."""
    if isinstance(value, str):
        return value
    if depth >= _DEEPEST or not isinstance(value, dict | list):
        return ""
    if isinstance(value, dict) and _OTHERS & value.keys():
        return ""
    children = value.values() if isinstance(value, dict) else value
    texts = [_text_of(child, depth + 1) for child in children]
    if isinstance(value, dict):
        return max(texts, key=len, default="")
    return "\n".join(text for text in texts if len(_WORD.findall(text)) > 1)
