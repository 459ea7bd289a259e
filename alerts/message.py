"""A message as typed segments: bounded first, marked up last, never cut through markup.

Rules of the Bot API that this module keeps (telegram-bot-api Client.cpp, td MessageEntity.cpp):
a text has at most 4096 UTF-16 units after parsing and 32768 bytes before; the overrides
U+202A-202E are deleted by the server, U+200F and the isolates U+2066-2069 survive; clients lay a
paragraph out by its first strong letter.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

BUDGET_UTF16 = 4096
BUDGET_BYTES = 32_768
CALLBACK_BYTES = 64
URL_LENGTH = 2048

RLM = "\u200f"
FSI = "\u2068"
PDI = "\u2069"
ELLIPSIS = "…"

# Marks of direction and overrides, annotations, soft hyphen, byte order mark, zero width space,
# and the three combining lines that Telegram deletes. ZWNJ and ZWJ stay: Persian and emoji
# are spelt with them.
_DELETED = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u0333\u033f\u030a\ud800-\udfff]"
)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """A word that matched; nothing else in an alert is bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Struck:
    """What does not hold any more."""

    text: str


@dataclass(frozen=True, slots=True)
class Isolated:
    """A run whose direction is its own: a source, a time, a command."""

    parts: tuple[Text | Bold, ...]


@dataclass(frozen=True, slots=True)
class Link:
    parts: tuple[Text | Bold | Struck | Isolated, ...]
    url: str


Inline = Text | Bold | Struck | Isolated | Link


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; without parts it is an empty line."""

    parts: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    lines: tuple[Line, ...]
    expandable: bool = False


Segment = Line | Quote


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it opens `url` or sends `data` (1 to 64 bytes) back."""

    text: str
    url: str | None = None
    data: str | None = None

    def __post_init__(self) -> None:
        if (self.url is None) == (self.data is None):
            raise ValueError(f"button {self.text!r}: give either url or data")
        if self.data is not None and not 1 <= len(self.data.encode()) <= CALLBACK_BYTES:
            raise ValueError(f"button {self.text!r}: data {self.data!r} is not 1 to 64 bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent. `rtl`: every line begins with a right-to-left mark."""

    segments: tuple[Segment, ...]
    preview_url: str | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    rtl: bool = True


def isolated(text: str) -> Isolated:
    return Isolated((Text(text),))


def clean(text: str) -> str:
    """Scraped text made harmless: no controls, no marks of direction, blanks collapsed to one."""
    return _DELETED.sub("", _BLANK.sub(" ", text))


def clean_url(url: str) -> str | None:
    """The address percent-encoded, its host in ASCII; None if it is not a usable web address."""
    url = re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", _DELETED.sub("", url))
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    encoded = quote(urlunsplit(parts._replace(netloc=host)), safe=_URL_SAFE)
    return encoded if len(encoded) <= URL_LENGTH else None


def utf16(text: str) -> int:
    """Length in UTF-16 units, as the Bot API counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, units: int) -> str:
    """At most `units` UTF-16 units: whole words and an ellipsis, or the text itself if it fits."""
    if utf16(text) <= units:
        return text
    if units < 1:
        return ""
    room = _prefix(text, units - 1)
    words = re.match(r"(.*\S)\s", text[: room + 1], re.DOTALL)
    kept = words[1] if words else text[: _grapheme_start(text, room)]
    return kept + ELLIPSIS


def _prefix(text: str, units: int) -> int:
    """How many characters of the text fit into so many UTF-16 units."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > units:
            return index
    return len(text)


def _grapheme_start(text: str, index: int) -> int:
    """The nearest place at or before index that is not inside a letter with its marks."""
    while 0 < index < len(text) and (_extends(text[index]) or text[index - 1] == "\u200d"):
        index -= 1
    return index


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def lines_of(message: Message) -> Iterator[Line]:
    for segment in message.segments:
        if isinstance(segment, Line):
            yield segment
        else:
            yield from segment.lines


def visible(part: Inline) -> str:
    """The text of a part after parsing, with its isolates."""
    match part:
        case Text(text) | Bold(text) | Struck(text):
            return clean(text)
        case Isolated(parts):
            return FSI + "".join(map(visible, parts)) + PDI
        case Link(parts, _):
            return "".join(map(visible, parts))


def length_utf16(message: Message) -> int:
    """UTF-16 units after parsing; what the Bot API limits to 4096."""
    mark = len(RLM) if message.rtl else 0
    lengths = [
        mark * bool(line.parts) + sum(utf16(visible(part)) for part in line.parts)
        for line in lines_of(message)
    ]
    return sum(lengths) + max(len(lengths) - 1, 0)


def fitted(message: Message, budget: int = BUDGET_UTF16) -> Message:
    """The message within the budget: what is over is cut at a word, from the end."""
    if length_utf16(message) <= budget:
        return message
    kept: list[Segment] = []
    room = budget
    for segment in message.segments:
        lines = segment.lines if isinstance(segment, Quote) else (segment,)
        fitting, room = _fitting_lines(lines, room, mark=len(RLM) if message.rtl else 0)
        if fitting:
            kept.append(
                replace(segment, lines=fitting) if isinstance(segment, Quote) else fitting[0]
            )
        if len(fitting) < len(lines) or room <= 0:
            break
    return replace(message, segments=tuple(kept))


def _fitting_lines(lines: Sequence[Line], room: int, *, mark: int) -> tuple[tuple[Line, ...], int]:
    kept: list[Line] = []
    for line in lines:
        length = mark + sum(utf16(visible(part)) for part in line.parts)
        if length + 1 > room:
            parts = _cut_parts(line.parts, room - mark - 1)
            return (*kept, *([Line(parts)] if parts else [])), 0
        kept.append(line)
        room -= length + 1
    return tuple(kept), room


def _cut_parts(parts: Sequence[Inline], room: int) -> tuple[Inline, ...]:
    kept: list[Inline] = []
    for part in parts:
        length = utf16(visible(part))
        if length > room:
            shortened = _cut_part(part, room)
            return (*kept, *([shortened] if shortened else []))
        kept.append(part)
        room -= length
    return tuple(kept)


def _cut_part(part: Inline, room: int) -> Inline | None:
    match part:
        case Text(text):
            return Text(cut(clean(text), room)) if room > 1 else None
        case Link(parts, url):
            inner = [piece for piece in _cut_parts(parts, room) if not isinstance(piece, Link)]
            return Link(tuple(inner), url) if inner else None
        case Bold() | Struck() | Isolated():
            return None


def to_html(message: Message) -> str:
    """Telegram's HTML of the message, within both limits of the Bot API."""
    fitting = fitted(message)
    marked_up = _html(fitting)
    if len(marked_up.encode()) > BUDGET_BYTES:
        return html.escape(to_plain(fitting), quote=True)
    return marked_up


def _html(message: Message) -> str:
    mark = RLM if message.rtl else ""
    blocks: list[str] = []
    for segment in message.segments:
        if isinstance(segment, Line):
            blocks.append(_html_line(segment, mark))
        else:
            tag = "<blockquote expandable>" if segment.expandable else "<blockquote>"
            lines = "\n".join(_html_line(line, mark) for line in segment.lines)
            blocks.append(f"{tag}{lines}</blockquote>")
    return "\n".join(blocks)


def _html_line(line: Line, mark: str) -> str:
    return mark + "".join(map(_html_part, line.parts)) if line.parts else ""


def _html_part(part: Inline) -> str:
    match part:
        case Text(text):
            return html.escape(clean(text), quote=True)
        case Bold(text):
            return f"<b>{html.escape(clean(text), quote=True)}</b>"
        case Struck(text):
            return f"<s>{html.escape(clean(text), quote=True)}</s>"
        case Isolated(parts):
            return FSI + "".join(map(_html_part, parts)) + PDI
        case Link(parts, url):
            inner = "".join(map(_html_part, parts))
            address = clean_url(url)
            return (
                inner
                if address is None
                else f'<a href="{html.escape(address, quote=True)}">{inner}</a>'
            )


def to_plain(message: Message) -> str:
    """The message without markup, for a server that refuses the markup: links are shown."""
    mark = RLM if message.rtl else ""
    last_link = _last_links(message)
    text = "\n".join(
        mark + "".join(_shown(part, last_link, bold=("", "")) for part in line.parts)
        if line.parts
        else ""
        for line in lines_of(message)
    )
    return cut(text, BUDGET_UTF16)


def to_terminal(message: Message, *, colour: bool = True) -> str:
    """What a reader of the chat sees, for a terminal: bold as ANSI, quotes behind a bar, links
    shown. Marks of direction are left out: terminals guess the direction and some print a box."""
    bold = ("\x1b[1m", "\x1b[22m") if colour else ("", "")
    last_link = _last_links(message)
    rows: list[str] = []
    for segment in message.segments:
        bar = "▎ " if isinstance(segment, Quote) else ""
        for line in segment.lines if isinstance(segment, Quote) else (segment,):
            shown = "".join(_shown(part, last_link, bold=bold) for part in line.parts)
            rows.append(bar + shown)
    rows += [
        "  ".join(f"[ {clean(button.text)} ]" for button in row) for row in message.buttons if row
    ]
    return "\n".join(rows).replace(FSI, "").replace(PDI, "")


def _last_links(message: Message) -> dict[str, int]:
    """The last link to each address, by identity: an address is shown once."""
    return {
        part.url: id(part)
        for line in lines_of(message)
        for part in line.parts
        if isinstance(part, Link)
    }


def _shown(part: Inline, last_link: dict[str, int], *, bold: tuple[str, str]) -> str:
    match part:
        case Text(text) | Struck(text):
            return clean(text)
        case Bold(text):
            return bold[0] + clean(text) + bold[1]
        case Isolated(parts):
            return FSI + "".join(_shown(inner, last_link, bold=bold) for inner in parts) + PDI
        case Link(parts, url):
            inner = "".join(_shown(piece, last_link, bold=bold) for piece in parts)
            address = clean_url(url)
            shown_here = address is not None and last_link[url] == id(part)
            return f"{inner} {FSI}{address}{PDI}" if shown_here else inner
