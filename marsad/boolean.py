"""The one-line boolean queries of media monitoring tools, read into a tree.

    إيران AND (روسيا OR "الاتحاد الروسي") NOT title:"كأس"       صاروخ* NEAR/5 مفاعل

From tight to loose: NOT, NEAR/n and ONEAR/n, AND (also two things side by side), OR; as Meltwater
reads them. `(a AND b) NEAR/12` and `a NEAR/12 b` both say that they are at most 12 words apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.topic import Zone

FIELDS: dict[str, tuple[Zone, ...]] = {
    "title": ("title",),
    "headline": ("title",),
    "intitle": ("title",),
    "lead": ("lead",),
    "ingress": ("lead",),
    "text": ("lead", "body"),
    "body": ("lead", "body"),
}
_OPERATORS = ("AND", "OR", "NOT", "NEAR", "ONEAR")
_DEEPEST = 50
_LONGEST = 20_000


class QueryError(Exception):
    """What cannot be said, and the column (from 1) at which it stands."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase; `slop`: words that may stand between, `prefix`: any ending."""

    text: str
    column: int
    prefix: bool = False
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Both:
    """AND."""

    parts: tuple["Query", ...]
    column: int


@dataclass(frozen=True, slots=True)
class Either:
    """OR."""

    parts: tuple["Query", ...]
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"
    column: int


@dataclass(frozen=True, slots=True)
class Near:
    """Each of the parts, the last at most `apart` words after the first."""

    parts: tuple["Query", ...]
    apart: int
    ordered: bool
    column: int


@dataclass(frozen=True, slots=True)
class In:
    """Only in these parts of an article."""

    part: "Query"
    zones: tuple[Zone, ...]
    column: int


Query = Words | Both | Either | Not | Near | In


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int
    number: int = 0


_TOKEN = re.compile(
    r"""
    (?P<space>[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+)
  | (?P<open>\()
  | (?P<close>\))
  | ["“”«„](?P<phrase>[^"“”«»„]*)(?:["“”»](?:~(?P<slop>\d+))?|(?P<unclosed>\Z|(?=[«„])))
  | (?P<field>[A-Za-z]+):(?=\S)
  | (?P<near>O?NEAR)(?:/(?P<n>\d+))?(?![\w/])
  | (?P<operator>AND|OR|NOT)(?!\w)
  | (?P<word>[^\s()"“”«»„:\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+)
  | (?P<other>.)
    """,
    re.VERBOSE,
)


def parse(query: str) -> Query:
    """The tree of a query. Raises QueryError with the column of what cannot be said."""
    if len(query) > _LONGEST:
        raise QueryError(1, f"the query is longer than {_LONGEST} characters")
    parser = _Parser(_tokens(query))
    if parser.at_end():
        raise QueryError(1, "the query is empty")
    found = parser.either(0)
    if not parser.at_end():
        raise QueryError(parser.column, "this ')' closes nothing")
    return found


def _tokens(query: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(query):
        kind, column = str(match.lastgroup), match.start() + 1
        if match["phrase"] is not None:
            tokens.append(_phrase(match, column))
        elif kind == "other":
            raise QueryError(column, f"'{match[0]}' is not understood here")
        elif match["near"]:
            tokens.append(_near(match, column))
        elif kind == "word":
            tokens.append(_word(match[0], column))
        elif kind != "space":
            text = match["operator"] or match["field"] or match[0]
            tokens.append(_Token(match["operator"] or kind, text, column))
    return [*tokens, _Token("end", "", len(query) + 1)]


def _phrase(match: re.Match[str], column: int) -> _Token:
    if match["unclosed"] is not None:
        raise QueryError(column, "this quote is never closed")
    text = " ".join(match["phrase"].split())
    if not re.search(r"\w", text):
        raise QueryError(column, "there is no word between these quotes")
    if "*" in text or "?" in text:
        raise QueryError(column, "a wildcard inside a phrase cannot be said: list the variants")
    slop = int(match["slop"] or 0)
    if slop > 5:
        raise QueryError(column, f"~{slop}: at most 5 words may stand inside a phrase; use NEAR")
    return _Token("words", text, column, slop if len(text.split()) > 1 else 0)


def _near(match: re.Match[str], column: int) -> _Token:
    name = match["near"]
    if match["n"] is None:
        raise QueryError(column, f"{name} needs a number of words, as in {name}/10")
    apart = int(match["n"])
    if not 1 <= apart <= 99:
        raise QueryError(column, f"{name}/{apart}: 1 to 99 words are allowed")
    return _Token(name, f"{name}/{apart}", column, apart)


def _word(text: str, column: int) -> _Token:
    if text.upper() in _OPERATORS or re.fullmatch(r"(?i)o?near/\d+", text):
        raise QueryError(
            column, f"write {text.upper()} in capitals; as a word put it between quotes"
        )
    if text[0] in "-!+|&^" or text in ("&&", "||"):
        raise QueryError(column, f"'{text[0]}' is not understood; write AND, OR or NOT")
    if re.search(r"[\^~]\d*\.?\d*$", text):
        raise QueryError(column, f"'{text}': weights and fuzzy words cannot be said; list variants")
    word, star, rest = text.partition("*")
    if "?" in word or rest or (star and not word):
        wild = text.find("?") if "?" in word else len(word)
        raise QueryError(
            column + wild, "only one * at the end of a word is understood, as in صاروخ*"
        )
    if star and len(word) < 4:
        raise QueryError(column, f"'{text}': before a * there are at least 4 letters")
    if not re.search(r"\w", word):
        raise QueryError(column, f"'{text}' is no word")
    return _Token("prefix" if star else "words", word, column)


class _Parser:
    """Recursive descent, one method a level of tightness."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def at_end(self) -> bool:
        return self._next.kind == "end"

    @property
    def column(self) -> int:
        return self._next.column

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def either(self, depth: int) -> Query:
        if depth > _DEEPEST:
            raise QueryError(self.column, f"more than {_DEEPEST} parentheses in each other")
        column = self.column
        parts = [self._both(depth)]
        while self._next.kind == "OR":
            self._take()
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts), column)

    def _both(self, depth: int) -> Query:
        column = self.column
        parts = [self._not(depth)]
        while self._next.kind in ("AND", "NOT") or self._starts_operand():
            if self._next.kind == "AND":
                self._take()
            parts.append(self._not(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts), column)

    def _not(self, depth: int) -> Query:
        if self._next.kind != "NOT":
            return self._near(depth)
        token = self._take()
        if self._next.kind == "NOT":
            raise QueryError(self.column, "NOT NOT: leave both out")
        return Not(self._near(depth), token.column)

    def _near(self, depth: int) -> Query:
        column = self.column
        parts = [self._operand(depth)]
        operator: _Token | None = None
        while self._next.kind in ("NEAR", "ONEAR"):
            token = self._take()
            if operator is not None and token.text != operator.text:
                raise QueryError(
                    token.column, f"{token.text} after {operator.text}: put one into parentheses"
                )
            operator = token
            if not self._starts_operand():
                return self._group_near(parts, token, column)
            parts.append(self._operand(depth))
        if operator is None:
            return parts[0]
        return Near(tuple(parts), operator.number, operator.kind == "ONEAR", column)

    def _group_near(self, parts: list[Query], operator: _Token, column: int) -> Query:
        """`(a AND b) NEAR/n`, with nothing after it."""
        if len(parts) != 1 or not isinstance(parts[0], Both):
            raise QueryError(
                operator.column,
                f"{operator.text} needs something after it, or (this AND that) before it",
            )
        return Near(parts[0].parts, operator.number, operator.kind == "ONEAR", column)

    def _starts_operand(self) -> bool:
        return self._next.kind in ("words", "prefix", "open", "field")

    def _operand(self, depth: int) -> Query:
        token = self._take()
        match token.kind:
            case "words":
                return Words(token.text, token.column, slop=token.number)
            case "prefix":
                return Words(token.text, token.column, prefix=True)
            case "open":
                return self._parenthesis(token, depth)
            case "field":
                return self._field(token, depth)
            case "end":
                raise QueryError(token.column, "the query ends where a word is expected")
        raise QueryError(token.column, f"a word is expected here, not '{token.text}'")

    def _parenthesis(self, opening: _Token, depth: int) -> Query:
        found = self.either(depth + 1)
        if self._next.kind != "close":
            raise QueryError(opening.column, "this '(' is never closed")
        self._take()
        return found

    def _field(self, field: _Token, depth: int) -> Query:
        zones = FIELDS.get(field.text.lower())
        if zones is None:
            known = ", ".join(f"{name}:" for name in FIELDS)
            raise QueryError(
                field.column,
                f"'{field.text}:' cannot be said here; known: {known}. Sites, languages and ages "
                "are keys of a topic: sources, languages, max_age",
            )
        return In(self._operand(depth + 1), zones, field.column)
