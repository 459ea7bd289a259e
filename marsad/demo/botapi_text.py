"""The text of a message as Telegram keeps it: parsed, cleaned, trimmed and measured."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

from marsad.demo.botapi_wire import FieldError, Parameters, bad_request, integer_field, text_field

MAX_LENGTH_UTF16 = 4096
MAX_RAW_BYTES = 1 << 15
MAX_ENTITIES = 100

# TDLib, misc.cpp, clean_input_string: line and paragraph separators, the bidirectional
# overrides and three combining marks vanish, as does CR; other controls become spaces.
_VANISHES = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Of a run of direction marks only the last one stays; the others become U+200C.
_MARKS = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
_BLANK = re.compile("[\\s\u200b-\u200f\ufeff\u2800\u180e]*")
_GIVEN_TYPES = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "blockquote",
        "expandable_blockquote",
        "date_time",
    ]
)
_FOUND_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bank_card_number",
    ]
)


def length_utf16(text: str) -> int:
    """The length as the Bot API counts it."""
    return len(text) + sum(char > "\uffff" for char in text)


@dataclass(frozen=True, slots=True)
class Entity:
    """Offset and length in UTF-16 units; `extra` holds url, language, user, unix_time ..."""

    type: str
    offset: int
    length: int
    extra: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


@dataclass(frozen=True, slots=True)
class ParsedText:
    text: str
    entities: tuple[Entity, ...] = ()


_URL = re.compile(r"https?://[^\s<>\"]+")


def first_link(parsed: ParsedText) -> str | None:
    """The first address that is written out or stands behind words, whichever comes first."""
    links = [
        (entity.offset, str(entity.extra["url"]))
        for entity in parsed.entities
        if entity.type == "text_link"
    ]
    found = _URL.search(parsed.text)
    if found is not None:
        links.append((length_utf16(parsed.text[: found.start()]), found[0]))
    return min(links)[1] if links else None


class MarkupError(ValueError):
    """The markup is not understood; the message is Telegram's, without "can't parse entities"."""


class TextParser(Protocol):
    def parse(self, text: str, parse_mode: str) -> ParsedText:
        """parse_mode: 'html', 'markdown' or 'markdownv2'. Raises MarkupError."""


def message_text(parameters: Parameters, parser: TextParser, *, too_long: str) -> ParsedText:
    """The text of sendMessage or editMessageText, or a Refusal with the real error text."""
    raw = parameters.text("text")
    if not raw:
        raise bad_request("message text is empty")
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    parsed = trimmed(cleaned(_parsed(raw, parameters, parser)))
    if _BLANK.fullmatch(parsed.text):
        raise bad_request("text must be non-empty")
    if length_utf16(parsed.text) > MAX_LENGTH_UTF16:
        raise bad_request(too_long)
    return replace(parsed, entities=parsed.entities[:MAX_ENTITIES])


def _parsed(raw: str, parameters: Parameters, parser: TextParser) -> ParsedText:
    mode = parameters.text("parse_mode").lower()
    if mode in ("", "none"):
        return ParsedText(raw, _given_entities(parameters, length_utf16(raw)))
    if mode not in ("html", "markdown", "markdownv2"):
        raise bad_request("unsupported parse_mode")
    try:
        return parser.parse(raw, mode)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error


def _given_entities(parameters: Parameters, length: int) -> tuple[Entity, ...]:
    # What is no JSON array is ignored by the real one, too.
    given = parameters.json("entities", "entities JSON object")
    if not isinstance(given, list):
        return ()
    try:
        read = [_given_entity(item) for item in given]
    except FieldError as error:
        raise bad_request(f"can't parse MessageEntity: {error}") from error
    inside = [e for e in read if e and e.length > 0 and 0 <= e.offset <= length - e.length]
    return tuple(sorted(inside, key=lambda entity: (entity.offset, -entity.length)))


def _given_entity(item: object) -> Entity | None:
    if not isinstance(item, dict):
        raise FieldError("expected an Object")
    offset, length = integer_field(item, "offset"), integer_field(item, "length")
    kind = text_field(item, "type", required=True)
    if kind in _FOUND_TYPES:
        return None
    if kind not in _GIVEN_TYPES:
        raise FieldError("unsupported type specified")
    rest = {k: v for k, v in item.items() if k not in ("type", "offset", "length")}
    if kind == "text_link":
        text_field(rest, "url", required=True)
    return Entity(kind, offset, length, rest)


def cleaned(parsed: ParsedText) -> ParsedText:
    """Without the characters that Telegram drops; entities move along."""
    text = _MARKS.sub("\u200c", _CONTROLS.sub(" ", parsed.text))
    if not _VANISHES.search(text):
        return replace(parsed, text=text)
    widths = [0 if _VANISHES.match(char) else length_utf16(char) for char in text]
    return _moved(parsed, text, widths, _VANISHES.sub("", text))


def trimmed(parsed: ParsedText) -> ParsedText:
    """Without white space at both ends; entities are cut to what stays."""
    text = parsed.text
    start = len(text) - len(text.lstrip(" \n"))
    end = max(start, len(text.rstrip(" \n")))
    if start == 0 and end == len(text):
        return parsed
    widths = [length_utf16(c) if start <= i < end else 0 for i, c in enumerate(text)]
    return _moved(parsed, text, widths, text[start:end])


def _moved(parsed: ParsedText, old: str, widths: Sequence[int], new: str) -> ParsedText:
    # places[u] is where the UTF-16 unit u of the old text stands in the new one
    places: list[int] = []
    for char, place in zip(old, accumulate(widths, initial=0), strict=False):
        places.extend([place] * length_utf16(char))
    places.append(sum(widths))
    moved = []
    for entity in parsed.entities:
        start, end = places[entity.offset], places[entity.offset + entity.length]
        if end > start:
            moved.append(replace(entity, offset=start, length=end - start))
    return ParsedText(new, tuple(moved))
