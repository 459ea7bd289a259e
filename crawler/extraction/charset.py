"""Which characters the bytes are: many Arabic sites declare one charset and send another."""

import codecs
import re

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})"""
    rb"""|<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Two in a row: a single one between Latin letters is an accent of a western page, misread.
_ARABIC = re.compile(r"[\u0621-\u064a\u0671-\u06d3]{2,}")
_NO_CHARACTERS = re.compile(r"[\u0080-\u009f\ufffd]")
_HEAD_BYTES = 4_096
_SAMPLE_BYTES = 200_000
_LEGACY = ("windows-1256", "iso-8859-6")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers read for these labels (WHATWG Encoding): the older one's superset.
_SUPERSETS = {"iso8859-1": "windows-1252", "ascii": "windows-1252"}
# A cut-off or damaged UTF-8 page is still UTF-8 while at most this share of it is broken.
_BROKEN_SHARE = 0.05


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page, feed or file; never fails, U+FFFD stands for what is no character.

    A byte order mark decides; else strict UTF-8 wins over any declaration; else, of the declared
    charsets and the two legacy Arabic ones, the one that gives most Arabic letters.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _wide(body)
    if wide is not None:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= _BROKEN_SHARE * sum(not char.isascii() for char in text):
        return text
    candidates = dict.fromkeys((*declared_charsets(body, content_type), *_LEGACY))
    best = max(candidates, key=lambda name: _arabic_score(body, name))
    return body.decode(best, "replace")


def declared_charsets(body: bytes, content_type: str | None) -> list[str]:
    """The charsets that the header and the document declare, as Python names them."""
    labels = _HEADER.findall(content_type or "")
    for meta, xml in _DECLARED.findall(body[:_HEAD_BYTES]):
        labels.append((meta or xml).decode("ascii"))
    known = (_known(label) for label in labels)
    return [name for name in known if name is not None]


def _known(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
        b"a".decode(name, "replace")  # some names are codecs of other things than text
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name)


def _wide(body: bytes) -> str | None:
    """UTF-32 and UTF-16 without a mark: ASCII and Arabic leave high bytes below 0x07."""
    sample = body[:2_000]
    if len(sample) < 8 or 0 not in sample:
        return None
    quarters = len(sample) // 4
    if not any(sample[2 : 4 * quarters : 4]) and not any(sample[3 : 4 * quarters : 4]):
        return "utf-32-le"
    if not any(sample[0 : 4 * quarters : 4]) and not any(sample[1 : 4 * quarters : 4]):
        return "utf-32-be"
    pairs = len(sample) // 2
    if sum(byte <= 6 for byte in sample[1::2]) > 0.9 * pairs:
        return "utf-16-le"
    if sum(byte <= 6 for byte in sample[0::2]) > 0.9 * pairs:
        return "utf-16-be"
    return None


def _arabic_score(body: bytes, name: str) -> int:
    text = body[:_SAMPLE_BYTES].decode(name, "replace")
    letters = sum(len(run) for run in _ARABIC.findall(text))
    return letters - 2 * len(_NO_CHARACTERS.findall(text))
