"""Patterns that stand for finitely many forms: 'كازا[خق]ستان(ي|ية)?'.

A pattern is spelled out and its forms are searched like any other keyword, so that no pattern,
however it is written, can make matching slow. What would stand for endlessly many forms is refused.
"""

from itertools import product

_MOST_FORMS = 1_000
_REFUSED = "*+{}.^$\\"


def spelled_out(pattern: str) -> tuple[str, ...]:
    """Every form of a pattern of letters, [letters], (this|that) and ?.

    Raises ValueError for anything else, and for more than 1,000 forms.
    """
    forms, rest = _alternatives(pattern, 0)
    if rest < len(pattern):
        raise ValueError(f"the pattern '{pattern}' has a ')' too many")
    return tuple(dict.fromkeys(forms))


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    forms: list[str] = []
    while True:
        sequence, at = _sequence(pattern, at)
        forms += sequence
        if at < len(pattern) and pattern[at] == "|":
            at += 1
            continue
        return _bounded(forms, pattern), at


def _sequence(pattern: str, at: int) -> tuple[list[str], int]:
    forms = [""]
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _part(pattern, at)
        if at < len(pattern) and pattern[at] == "?":
            part, at = ["", *part], at + 1
        if len(forms) * len(part) > _MOST_FORMS:
            raise ValueError(f"the pattern '{pattern}' stands for more than {_MOST_FORMS} forms")
        forms = [before + after for before, after in product(forms, part)]
    return forms, at


def _part(pattern: str, at: int) -> tuple[list[str], int]:
    char = pattern[at]
    if char in _REFUSED:
        raise ValueError(
            f"the pattern '{pattern}' has '{char}': letters, [letters], (this|that) and ? are "
            "allowed; for any ending use class prefix"
        )
    if char == "(":
        forms, end = _alternatives(pattern, at + 1)
        if end >= len(pattern):
            raise ValueError(f"the pattern '{pattern}' lacks a ')'")
        return forms, end + 1
    if char == "[":
        end = pattern.find("]", at)
        if end < 0 or end == at + 1 or pattern[at + 1] == "^" or "-" in pattern[at:end]:
            raise ValueError(f"the pattern '{pattern}' has a '[' that lists no letters")
        return list(pattern[at + 1 : end]), end + 1
    if char in "?]":
        raise ValueError(f"the pattern '{pattern}' has a '{char}' with nothing before it")
    return [char], at + 1


def _bounded(forms: list[str], pattern: str) -> list[str]:
    if len(forms) > _MOST_FORMS:
        raise ValueError(f"the pattern '{pattern}' stands for more than {_MOST_FORMS} forms")
    return forms
