"""HTML as a tree, and a tree as paragraphs that keep their words apart."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree, html

from crawler.errors import ParseFailed

MAX_BYTES = 8 * 1024 * 1024
_LONG_TAG = 20_000
_TAG_HEAD = re.compile(r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*+""")
_MAX_ATTRIBUTES = 3_000
_MAX_DEPTH = 1_500
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that have no end tag, or whose end tag is commonly left out: they do not nest.
_FLAT = frozenset(
    {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "dt", "dd", "option", "tr", "td", "th", "thead",
    "tbody", "tfoot", "colgroup", "rp", "rt",
    }
)  # fmt: skip
_CONTROLS_AS_BLANKS = bytes(
    byte if byte in b"\t\n\r" or 0x20 <= byte != 0x7F else 0x20 for byte in range(256)
)

# The block elements of HTML, and those that trafilatura makes of them (head, item, quote ...).
BLOCKS = frozenset(
    {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "head", "item", "list", "quote",
    "code", "row", "cell", "doc", "text",
    }
)  # fmt: skip
BREAKS = frozenset({"br", "lb"})
NO_TEXT = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math",
     "canvas", "audio", "video", "button", "select", "textarea", "input", "form", "figcaption",
     "map"}
)  # fmt: skip
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000\n]+")
# Marks that are invisible and carry no letter: they would hide words from the matcher.
INVISIBLE = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


# One class for all elements: lxml.html's own choice asks Python about each of them.
_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)


def guard(text: str) -> None:
    """Refuse, in linear time, what parsers need quadratic time for. Raises ParseFailed."""
    for stretch in _long_stretches(text):
        head = _TAG_HEAD.match(stretch)
        if head is not None and len(head[0].split()) > _MAX_ATTRIBUTES:
            raise ParseFailed("one tag has thousands of attributes; the page was not parsed")
    tags = text.count("<")
    if tags > _MAX_DEPTH and tags - text.count("</") > _MAX_DEPTH and _depth(text) > _MAX_DEPTH:
        raise ParseFailed(f"elements nest deeper than {_MAX_DEPTH}; it was not parsed")


def _long_stretches(text: str) -> Iterator[str]:
    """What follows a '<' without another one for longer than a tag may be."""
    start = text.find("<")
    while start >= 0 and start + _LONG_TAG < len(text):
        last = text.rfind("<", start + 1, start + _LONG_TAG)
        if last >= 0:
            start = last
            continue
        end = text.find("<", start + _LONG_TAG)
        yield text[start : end if end >= 0 else len(text)]
        start = end


def _depth(text: str) -> int:
    """How deep elements nest; an end tag without its start tag ends nothing."""
    nested: list[str] = []
    within: dict[str, int] = {}
    deepest = 0
    for closing, spelt in _TAG.findall(text):
        name = spelt.lower()
        if name in _FLAT:
            continue
        if not closing:
            nested.append(name)
            within[name] = within.get(name, 0) + 1
            deepest = max(deepest, len(nested))
        elif within.get(name):
            while True:
                ended = nested.pop()
                within[ended] -= 1
                if ended == name:
                    break
    return deepest


def parse_html(text: str) -> html.HtmlElement:
    """The tree of a page. Raises ParseFailed where there is none, or where `guard` refuses."""
    guard(text)
    clean = text.encode("utf-8", "replace").translate(_CONTROLS_AS_BLANKS)
    # huge_tree: without it libxml2 silently drops what lies deeper than 256 elements.
    parser = html.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        collect_ids=False,
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ParseFailed("the page is empty or no HTML") from error
    if tree is None:
        raise ParseFailed("the page is empty or no HTML")
    return tree


def paragraphs(root: etree._Element) -> list[str]:
    """The text of a tree, one string a block element, in order; a line break stays a newline.

    Each piece of text appears once, however blocks nest, and never joins the text of another
    block.
    """
    found: list[str] = []
    pieces: list[str] = []

    def flush() -> None:
        found.extend(_clean_paragraphs("".join(pieces)))
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in NO_TEXT and element is not root:
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                flush()
            elif tag in BREAKS:
                pieces.append("\u2028")
            pieces.append(_source(element.text))
        else:
            if tag in BLOCKS:
                flush()
            if element is not root:
                pieces.append(_source(element.tail))
    flush()
    return found


def text_of(root: etree._Element) -> str:
    """The text of a small element (a title, a name) on one line."""
    if len(root) == 0:
        return one_line(root.text or "")
    return one_line(" ".join(paragraphs(root)))


def one_line(text: str) -> str:
    return _SPACES.sub(" ", INVISIBLE.sub("", text).replace("\u2028", " ")).strip()


def join(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks)


def _source(text: str | None) -> str:
    """Line ends in the source are spaces; only <br> breaks a line."""
    return text.replace("\n", " ").replace("\u2028", " ") if text else ""


def _clean_paragraphs(text: str) -> Iterable[str]:
    """Two line breaks in a row part paragraphs, one parts lines."""
    for block in re.split(r"\u2028\s*\u2028", text):
        lines = (one_line(line) for line in block.split("\u2028"))
        paragraph = "\n".join(line for line in lines if line)
        if paragraph:
            yield paragraph
