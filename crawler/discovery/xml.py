"""XML from the network as a tree: decoded by our own rule, and read as far as it goes."""

import re
import zlib
from html.entities import html5

from lxml import etree

from crawler.errors import ParseFailed
from crawler.extraction.charset import decode
from crawler.extraction.markup import MAX_BYTES, guard

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
# What lxml calls errors and readers of news need not know: a prefix or an entity undeclared.
_HARMLESS = ("Namespace", "Entity", "xmlns", "EntityRef", "xmlParseEntityRef")


def xml_text(body: bytes, content_type: str | None) -> str:
    """The text of an XML file, with what is no XML and may be left out left out.

    Raises ParseFailed where it cannot be XML, or is too big once unpacked.
    """
    text = _NOT_XML.sub("", decode(unpack(body), content_type))
    start = text.find("<")
    if start < 0:
        raise ParseFailed("holds no XML")
    text = _DOCTYPE.sub("", _DECLARATION.sub("", text[start:]), count=1)
    guard(text)
    pieces = _CDATA.split(text)
    pieces[::2] = [_mend_entities(piece) for piece in pieces[::2]]
    return "".join(pieces)


def parse_xml(text: str) -> tuple[etree._Element, str | None]:
    """The tree, and what was wrong with the XML, if anything. Raises ParseFailed."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseFailed(f"is no XML: {error}") from error
    if root is None:
        raise ParseFailed("is no XML")
    for entry in parser.error_log:
        if not entry.message.startswith(_HARMLESS):
            return root, f"line {entry.line}: {entry.message}"
    return root, None


def unpack(body: bytes) -> bytes:
    """A .gz file's content. Raises ParseFailed beyond the limit, or where it is broken."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        content = inflater.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise ParseFailed(f"is a broken gzip file: {error}") from error
    if inflater.unconsumed_tail:
        raise ParseFailed(f"is bigger than {MAX_BYTES // 2**20} MiB after decompression")
    return content


def local_name(element: etree._Element) -> str:
    """The name without its namespace: feeds misspell and forget namespaces."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """The namespace, or the prefix where it was not declared."""
    tag = element.tag if isinstance(element.tag, str) else ""
    head, brace, name = tag.rpartition("}")
    return head.lstrip("{") if brace else name.rpartition(":")[0]


def _mend_entities(text: str) -> str:
    """HTML's names are not XML's: '&nbsp;' becomes its character; a bare '&' is escaped."""
    text = _NAMED.sub(_character, text)
    return _BARE.sub("&amp;", text)


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    return html5.get(name + ";", "&amp;" + name + ";")
