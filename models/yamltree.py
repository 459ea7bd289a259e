"""YAML as plain values with the position of each, and every mistake of the text at once.

Only what a configuration needs of YAML 1.2: mappings with text keys, lists, text, whole and decimal
numbers, true, false and null. Aliases and tags are refused, because a few lines of aliases stand
for millions of values; the text is read as a stream of events, so that its depth is known before
anything is built.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

# The core schema of YAML 1.2, section 10.3.2: `no`, `12:30:00` and dates stay text.
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {word: word[0] in "tT" for word in ["true", "True", "TRUE", "false", "False", "FALSE"]}
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

# What escapes in double quotes can smuggle in: no terminal, database or Telegram takes it.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_PLAIN_ENGLISH = (
    ("character '\\t'", "a tab cannot indent a line; use spaces"),
    ("mapping values are not allowed", "a ':' is not allowed here; indent the line as the ones"
     " above, and put a text that contains ': ' in quotes"),
    ("could not find expected ':'", "a key without ':' before this line"),
    ("expected <block end>", "the line does not fit the ones above; indent all entries of a list"
     " or mapping alike"),
    ("expected '<document start>'", "the line does not fit the ones above; indent all entries of"
     " a list or mapping alike"),
    ("expected ',' or ", "the bracket that opens here is not closed, or a ',' is missing in it"),
    ("found '<stream end>'", "the bracket that opens here is never closed"),
    ("unexpected end of stream", "the quote that opens here is never closed"),
    ("cannot start any token", "a text cannot begin with this character; put it in quotes"),
    ("unknown escape character", "a \\ begins an escape in double quotes; use single quotes"),
    ("special characters are not allowed", "a control character is not allowed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Position:
    """Where the key and the value of an entry begin: line and column, both counted from 1."""

    key: tuple[int, int]
    value: tuple[int, int]


class Positions:
    """The place in the file of every value, by its path: ('publishes', 0, 'url')."""

    def __init__(self, places: Mapping[KeyPath, Position]) -> None:
        self._places = places

    def of(self, path: KeyPath) -> tuple[int, int]:
        """Line and column of the value; of the nearest value around it, if there is none."""
        return self._nearest(path).value

    def of_key(self, path: KeyPath) -> tuple[int, int]:
        """Line and column of the key that the value stands behind."""
        return self._nearest(path).key

    def _nearest(self, path: KeyPath) -> Position:
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, Position((1, 1), (1, 1)))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the text itself, before any meaning."""

    path: KeyPath
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Tree:
    """What could be read, and the mistakes; with mistakes the value may be incomplete."""

    value: Value
    positions: Positions
    mistakes: tuple[Mistake, ...]


class _Hopeless(Exception):
    """Reading cannot go on behind this mistake."""


def parse_yaml(text: str) -> Tree:
    """Read the one document of a text; an empty text is null. Raises nothing."""
    builder = _Builder(text)
    try:
        value = builder.document()
    except _Hopeless:
        value = None
    except MarkedYAMLError as error:
        value = None
        sentence = _in_plain_english(error.problem)
        # what is never closed is best shown where it opens
        marks = (error.context_mark, error.problem_mark)
        mark = next(filter(None, marks if "here is n" in sentence else reversed(marks)))
        builder.mistake((), mark.line + 1, mark.column + 1, sentence)
    except ReaderError as error:
        value = None
        before = text[: error.position]
        column = error.position - (before.rfind("\n") + 1) + 1
        builder.mistake((), before.count("\n") + 1, column, _in_plain_english(error.reason))
    except YAMLError as error:
        value = None
        builder.mistake((), 1, 1, _in_plain_english(str(error)))
    return Tree(value, Positions(builder.places), tuple(builder.mistakes))


class _Builder:
    """Builds values from the events of ruamel's parser and notes where each began."""

    def __init__(self, text: str) -> None:
        self.places: dict[KeyPath, Position] = {}
        self.mistakes: list[Mistake] = []
        self._text = text
        self._events: Iterator[Event] = iter(())

    def mistake(self, path: KeyPath, line: int, column: int, message: str) -> None:
        self.mistakes.append(Mistake(path, line, column, message))

    def document(self) -> Value:
        self._events = iter(YAML(typ="safe", pure=True).parse(StringIO(self._text)))
        value: Value = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._mistake_at(event, (), "a file holds one document; remove the '---'")
                    raise _Hopeless
            elif not isinstance(event, StreamStartEvent) and _begins_value(event):
                self.places[()] = Position(_begin(event), _begin(event))
                value = self._value(event, ())
        return value

    def _value(self, event: Event, path: KeyPath) -> Value:
        self._refuse_strange(event, path)
        if isinstance(event, AliasEvent):
            self._mistake_at(event, path, "aliases (*name) are not allowed; write the value out")
            return None
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(path) >= MAX_DEPTH:
                self._mistake_at(event, path[:3], f"nested deeper than {MAX_DEPTH} levels")
                raise _Hopeless
            return self._mapping(path) if isinstance(event, MappingStartEvent) else self._list(path)
        return _scalar(event)

    def _mapping(self, path: KeyPath) -> Value:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                self._mistake_at(event, path, "a key must be a plain text")
                raise _Hopeless
            self._refuse_strange(event, path)
            key, key_place = event.value, _begin(event)
            entry = (*path, key)
            value_event = next(self._events)
            if key in values:
                line, _ = self.places[entry].key
                self._mistake_at(event, entry, f"the key '{key}' is given twice; see line {line}")
                # read on, for the mistakes behind it, but keep the first
                self._value(value_event, entry)
                continue
            self.places[entry] = Position(key_place, _begin(value_event, key_place))
            values[key] = self._value(value_event, entry)
        return values

    def _list(self, path: KeyPath) -> Value:
        values: list[Value] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            entry = (*path, len(values))
            self.places[entry] = Position(_begin(event), _begin(event))
            values.append(self._value(event, entry))
        return values

    def _refuse_strange(self, event: Event, path: KeyPath) -> None:
        if isinstance(event, ScalarEvent) and (unfit := _UNFIT.search(event.value)):
            message = f"the character U+{ord(unfit[0]):04X} is not allowed in a text"
            self._mistake_at(event, path, message)
        tag = getattr(event, "tag", None)
        if tag is not None and not isinstance(event, AliasEvent):
            self._mistake_at(event, path, "tags (!name) are not allowed; quote a text with '!'")

    def _mistake_at(self, event: Event, path: KeyPath, message: str) -> None:
        self.mistake(path, *_begin(event), message)


def _begins_value(event: Event) -> bool:
    return isinstance(event, AliasEvent | ScalarEvent | MappingStartEvent | SequenceStartEvent)


def _begin(event: Event, otherwise: tuple[int, int] | None = None) -> tuple[int, int]:
    """An empty value has no place of its own: its key's is more use."""
    if otherwise is not None and isinstance(event, ScalarEvent) and not event.value:
        return otherwise
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(event: Event) -> Value:
    assert isinstance(event, ScalarEvent)
    text: str = event.value
    plain = event.implicit[0] and event.style is None
    if not plain:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _in_plain_english(problem: str) -> str:
    for part, sentence in _PLAIN_ENGLISH:
        if part in problem:
            return sentence
    return f"not YAML: {problem}"
