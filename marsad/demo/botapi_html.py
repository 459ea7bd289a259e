"""Telegram's HTML subset, read as strictly as Telegram reads it.

A test compares this parser with TDLib's own on generated markup: both accept and refuse the
same texts, with the same error texts and entities.
"""

import re
from dataclasses import dataclass, field, replace

from marsad.demo.botapi_links import checked_link, mentioned_user
from marsad.demo.botapi_text import Entity, MarkupError, ParsedText, length_utf16

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
# Entities that start and end together are listed in this order.
_RANK = [
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "text_mention",
    "date_time",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
]
_END = "\0"  # TDLib reads a C string: NUL ends a tag that is not closed
_SPACES = " \t\r\n\v\0"
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_INT64 = 1 << 63


@dataclass(slots=True)
class _Open:
    """A start tag whose end tag has not come yet."""

    tag: str
    attributes: dict[str, str]
    text_start: int
    offset: int


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> ParsedText:
        end = len(self.source) - len(_END)
        while self.at < end:
            char = self.source[self.at]
            if char == "<":
                self._tag()
            elif char == "&":
                self._put(self._character())
            else:
                self.at += 1
                self._put(char)
        if self.open:
            raise MarkupError(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )
        text = "".join(self.text)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return ParsedText(text, tuple(sorted(map(_without_language, self.entities), key=_order)))

    def _put(self, char: str) -> None:
        self.text.append(char)
        self.length += length_utf16(char)

    def _character(self) -> str:
        """The character that '&...' at this place stands for; what is unknown is text."""
        found = _CHARACTER.match(self.source, self.at)
        if found is None:
            self.at += 1
            return "&"
        if found[3]:
            self.at = found.end()
            return _NAMED[found[3]]
        code = int(found[1], 16) if found[1] else int(found[2])
        width = len(found[0].removesuffix(";"))
        if not 0 < code < 0x10FFFF or width >= 10:
            self.at += 1
            return "&"
        self.at = found.end()
        return chr(code)

    def _tag(self) -> None:
        start = self.at
        if self.source[start + 1] == "/":
            self._end_tag(start)
        else:
            self._start_tag(start)

    def _start_tag(self, start: int) -> None:
        tag = self._name(start + 1, stop=">").lower()
        if self.source[self.at] == _END:
            raise self._error("Unclosed start tag", start)
        if tag not in _TYPES:
            raise self._error(f'Unsupported start tag "{tag}"', start)
        attributes = self._attributes(tag, start)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', start)
        self.open.append(_Open(tag, attributes, len(self.text), self.length))

    def _attributes(self, tag: str, start: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_spaces()
            if self.source[self.at] == ">":
                return attributes
            name = self._name(self.at, stop="=>/\"'")
            if not name:
                raise self._error(f'Empty attribute name in the tag "{tag}"', start)
            self._skip_spaces()
            if self.source[self.at] == _END:
                raise self._error(f'Unclosed start tag "{tag}"', start)
            value = self._value(tag, start) if self.source[self.at] == "=" else ""
            if not _ignored(tag, name, value):
                attributes[name] = value

    def _value(self, tag: str, start: int) -> str:
        self.at += 1
        self._skip_spaces()
        mark = self.source[self.at]
        if mark == _END:
            raise self._error(f'Unclosed start tag "{tag}"', start)
        value = self._quoted(mark) if mark in "'\"" else self._bare()
        if self.source[self.at] == _END:
            raise self._error("Unclosed start tag", start)
        return value

    def _bare(self) -> str:
        start = self.at
        token = _TOKEN.match(self.source, start)
        assert token is not None
        self.at = token.end()
        if self.source[self.at] not in _SPACES + ">":
            raise self._error("Unexpected end of name token", start)
        return token[0].lower()

    def _quoted(self, mark: str) -> str:
        self.at += 1
        value = []
        while self.source[self.at] not in (mark, _END):
            if self.source[self.at] == "&":
                value.append(self._character())
            else:
                value.append(self.source[self.at])
                self.at += 1
        if self.source[self.at] == mark:
            self.at += 1
        return "".join(value)

    def _end_tag(self, start: int) -> None:
        if not self.open:
            raise self._error("Unexpected end tag", start)
        name = self._name(start + 2, stop=">").lower()
        self._skip_spaces()
        if self.source[self.at] != ">":
            raise self._error("Unclosed end tag", start)
        self.at += 1
        opened = self.open[-1]
        if name and name != opened.tag:
            raise self._error(
                "Unmatched end tag", start, f', expected "</{opened.tag}>", found "</{name}>"'
            )
        if self.length > opened.offset:
            self._close(opened)
        self.open.pop()

    def _close(self, opened: _Open) -> None:
        inner = "".join(self.text[opened.text_start :])
        entity = _entity(opened, self.length - opened.offset, inner)
        if entity is None:
            return
        last = self.entities[-1] if self.entities else None
        joined = _joined(last, entity) if last else None
        if joined is None:
            self.entities.append(entity)
        else:
            self.entities[-1] = joined

    def _name(self, start: int, *, stop: str) -> str:
        self.at = start
        while self.source[self.at] not in _SPACES and self.source[self.at] not in stop:
            self.at += 1
        return self.source[start : self.at]

    def _skip_spaces(self) -> None:
        while self.source[self.at] in _SPACES and self.source[self.at] != _END:
            self.at += 1

    def _error(self, what: str, place: int, rest: str = "") -> MarkupError:
        offset = len(self.source[:place].encode(errors="surrogatepass"))
        return MarkupError(f"{what} at byte offset {offset}{rest}")


class HtmlTextParser:
    """The parser that the program ships: HTML only."""

    def parse(self, text: str, parse_mode: str) -> ParsedText:
        if parse_mode != "html":
            raise MarkupError(f"the local Bot API reads HTML only, not {parse_mode}")
        return _Reader(text + _END).read()


def _ignored(tag: str, name: str, value: str) -> bool:
    # A class that says nothing leaves what an earlier one said.
    if name != "class":
        return False
    prefix = {"code": "language-", "span": "tg-"}.get(tag)
    return prefix is not None and not value.startswith(prefix)


def _entity(opened: _Open, length: int, inner: str) -> Entity | None:
    plain = Entity(_TYPES[opened.tag], opened.offset, length)
    given = opened.attributes
    match plain.type:
        case "text_link":
            return _link(plain, given.get("href") or inner)
        case "blockquote" if "expandable" in given:
            return replace(plain, type="expandable_blockquote")
        case "code":
            language = given.get("class", "").removeprefix("language-")
            return replace(plain, extra={"language": language} if language else {})
        case "custom_emoji":
            return replace(plain, extra={"custom_emoji_id": _emoji_id(given.get("emoji-id", ""))})
        case "date_time":
            return _date_time(plain, given)
    return plain


def _link(plain: Entity, url: str) -> Entity | None:
    user = mentioned_user(url)
    if user is not None:
        return replace(plain, type="text_mention", extra={"user": {"id": user}})
    checked = checked_link(url)
    return None if checked is None else replace(plain, extra={"url": checked})


def _emoji_id(value: str) -> str:
    if not re.fullmatch(r"-?\d+", value) or not -_INT64 <= int(value) < _INT64 or not int(value):
        raise MarkupError("Invalid custom emoji identifier specified")
    return str(int(value))


def _date_time(plain: Entity, given: dict[str, str]) -> Entity | None:
    unix, shape = given.get("unix", ""), given.get("format", "")
    if not re.fullmatch(r"\d{1,10}", unix) or int(unix) == 0:
        return None
    extra: dict[str, object] = {"unix_time": int(unix)}
    if shape:
        if not re.fullmatch(r"r|[wdDtT]+", shape):
            raise MarkupError("Invalid date format used")
        extra["date_time_format"] = shape
    return replace(plain, extra=extra)


def _joined(last: Entity, new: Entity) -> Entity | None:
    """<pre><code class="language-x"> in either order is one entity with a language."""
    if (last.offset, last.length) != (new.offset, new.length):
        return None
    if {last.type, new.type} != {"pre", "code"}:
        return None
    code = last if last.type == "code" else new
    if "language" not in code.extra or "language" in (last if code is new else new).extra:
        return None
    return replace(code, type="pre")


def _without_language(entity: Entity) -> Entity:
    return replace(entity, extra={}) if entity.type == "code" else entity


def _order(entity: Entity) -> tuple[int, int, int]:
    # Telegram ranks both kinds of quotation alike: of two around one text the inner one is first.
    kind = "blockquote" if entity.type == "expandable_blockquote" else entity.type
    return entity.offset, -entity.length, _RANK.index(kind)
