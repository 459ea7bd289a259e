"""What a model refuses, in the words of the person who wrote the file.

pydantic reports errors by code and by its own path, in which the chosen member of a union is a step
of its own; here they become sentences at paths of the document, with what is allowed and the
nearest known name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin
from zoneinfo import available_timezones

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import TypeAliasType

from models.yamltree import KeyPath, Value

_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,39}$": "a name: small Latin letters, digits and hyphens, at most 40",
    r"^https?://[^\s/]+(/\S*)?$": "an address that begins with http:// or https://",
    r"^[!-~]*$": "an e-mail address or a page, without spaces, in Latin letters",
    r"\w": "a text with at least one letter",
    r"^[a-z]{2}$": "a language code of two small letters, as in ar",
}
_KINDS = {
    "string_type": "a text",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "mapping_type": "a mapping (key: value)",
    "tuple_type": "a list ('- ' before each item)",
    "list_type": "a list ('- ' before each item)",
    "set_type": "a list ('- ' before each item)",
    "frozen_set_type": "a list ('- ' before each item)",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_parsing": "a whole number",
    "finite_number": "a number",
    "bool_type": "true or false",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the model refuses; `at_key`: the key itself is wrong, not its value."""

    path: KeyPath
    message: str
    at_key: bool = False


def faults_of(error: ValidationError, model: type[BaseModel], value: Value) -> list[Fault]:
    """All faults of a value that the model refused, without those that only follow from others."""
    located = [_locate(details, model, value) for details in error.errors(include_url=False)]
    faults = (_fault(item) for item in _best_alternatives(located, value))
    return list(dict.fromkeys(fault for fault in faults if fault is not None))


def shown(value: object) -> str:
    """A value of a file, short enough for a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return str(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?`, or nothing if no known name is near."""
    by_folded = {known_name.casefold(): known_name for known_name in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean '{by_folded[found[0]]}'?" if found else ""


@dataclass(frozen=True, slots=True)
class _Member:
    """A type that a place may have; `tag`: how pydantic calls it in the path of an error."""

    type: object
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class _Located:
    """An error at its path in the document; `chosen`: the members of unions on the way there;
    `members`: what the model allows at the place (of an unknown key: around it)."""

    details: ErrorDetails
    path: KeyPath
    chosen: tuple[tuple[KeyPath, str], ...]
    members: tuple[_Member, ...]


def _locate(details: ErrorDetails, model: type[BaseModel], value: Value) -> _Located:
    path: KeyPath = ()
    members: tuple[_Member, ...] = (_Member(model),)
    chosen: list[tuple[KeyPath, str]] = []
    steps = details["loc"]
    for number, step in enumerate(steps):
        if len(members) > 1 and not (chosen and chosen[-1][0] == path):
            chosen.append((path, str(step)))
            members = tuple(m for m in members if _is_tagged(m, str(step))) or members
            continue
        last = number == len(steps) - 1
        path = (*path, step)
        if not (last and details["type"] == "extra_forbidden"):
            members = _members_at(members, step)
    return _Located(details, path, tuple(chosen), members)


def _members_at(members: Sequence[_Member], step: str | int) -> tuple[_Member, ...]:
    found: list[object] = []
    for model in _models(members):
        found += [f.annotation for name, f in model.model_fields.items() if step in (name, f.alias)]
    for member in members:
        origin, arguments = get_origin(member.type), get_args(member.type)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            found.append(arguments[1])
        elif isinstance(step, int):
            found += [argument for argument in arguments if argument is not Ellipsis]
    return tuple(option for annotation in found for option in _options(annotation))


def _options(annotation: object, tag: str | None = None) -> tuple[_Member, ...]:
    """The members of a union, each without its Annotated, and without None."""
    if isinstance(annotation, TypeAliasType):
        return _options(annotation.__value__, tag)
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extras = get_args(annotation)
        return _options(inner, next((e.tag for e in extras if isinstance(e, Tag)), tag))
    if origin in (Union, UnionType):
        return tuple(o for argument in get_args(annotation) for o in _options(argument, tag))
    return () if annotation is NoneType else (_Member(annotation, tag),)


def _models(members: Iterable[_Member]) -> list[type[BaseModel]]:
    return [m.type for m in members if isinstance(m.type, type) and issubclass(m.type, BaseModel)]


def _is_tagged(member: _Member, tag: str) -> bool:
    if member.tag is not None:
        return member.tag == tag
    for model in _models([member]):
        fields = model.model_fields.values()
        literals = (get_args(f.annotation) for f in fields if get_origin(f.annotation) is Literal)
        return model.__name__ == tag or any(tag in values for values in literals)
    if isinstance(member.type, type):
        return member.type.__name__ in tag
    return str(getattr(get_origin(member.type), "__name__", "")) == tag.split("[")[0]


def _best_alternatives(located: Sequence[_Located], value: Value) -> Iterable[_Located]:
    """Of a union that refused a value in each of its members, the errors of the member that the
    writer most likely meant: of the value's own kind, with the fewest errors."""
    best: dict[KeyPath, str] = {}
    for path in dict.fromkeys(path for item in located for path, _ in item.chosen):
        at_path = [item for item in located if path in dict(item.chosen)]
        by_tag: dict[str, list[_Located]] = {}
        for item in at_path:
            by_tag.setdefault(dict(item.chosen)[path], []).append(item)
        best[path] = min(by_tag, key=lambda tag: _distance(by_tag[tag], path))
    kept = [item for item in located if all(best[path] == tag for path, tag in item.chosen)]
    return [_widened(item, located) for item in kept]


def _distance(items: Sequence[_Located], path: KeyPath) -> tuple[bool, int, int]:
    wrong_kind = any(item.path == path and item.details["type"] in _KINDS for item in items)
    near = sum(len(item.path) <= len(path) + 1 for item in items)
    return wrong_kind, near, len(items)


def _widened(item: _Located, located: Sequence[_Located]) -> _Located:
    """A value of a kind that no member of the union takes: say all kinds that are allowed."""
    if item.details["type"] not in _KINDS or (item.path not in dict(item.chosen)):
        return item
    kinds = [
        _KINDS[other.details["type"]]
        for other in located
        if other.path == item.path and other.details["type"] in _KINDS
    ]
    details = item.details.copy()
    details["msg"] = " or ".join(dict.fromkeys(kinds))
    details["type"] = "wrong_kind"
    return _Located(details, item.path, item.chosen, item.members)


def _fault(item: _Located) -> Fault | None:
    details, path = item.details, item.path
    value, context = details["input"], details.get("ctx", {})
    code = details["type"]
    if code == "extra_forbidden":
        return Fault(path, _unknown_key(str(path[-1]), item.members), at_key=True)
    if code == "missing":
        return Fault(path[:-1], f"the key '{path[-1]}' is missing")
    if code == "union_tag_not_found":
        return Fault(path, f"the key {context['discriminator']} is missing; allowed: "
                     + _listed(_tags(item.members, context)))  # fmt: skip
    if code == "union_tag_invalid":
        return _unknown_word(
            (*path, str(context["discriminator"]).strip("'")),
            str(context["tag"]), _tags(item.members, context),
        )  # fmt: skip
    if code in ("literal_error", "enum"):
        return _unknown_word(path, value, _quoted(str(context["expected"])))
    if code == "unknown_zone":
        near = nearest(str(value), available_timezones())
        return Fault(path, f"{shown(value)} is not known; write {details['msg']}{near}")
    if code == "too_short" and isinstance(value, list | dict):
        if len(value) >= context["min_length"]:
            return None  # it is short only because some of its items are wrong
        return Fault(path, f"needs at least {_counted(context['min_length'])}")
    if isinstance(value, dict) and (tags := [m.tag for m in item.members if m.tag]):
        near = next(filter(None, (nearest(str(key), tags) for key in value)), "")
        return Fault(path, f"{details['msg']}{near}")
    return Fault(path, _sentence(details))


def _sentence(details: ErrorDetails) -> str:
    code, value, context = details["type"], details["input"], details.get("ctx", {})
    if code == "wrong_kind" or code in _KINDS:
        kind = details["msg"] if code == "wrong_kind" else _KINDS[code]
        hint = "; put it in quotes" if kind == "a text" and isinstance(value, int | float) else ""
        return f"must be {kind}, not {shown(value)}{hint}"
    if code in _BOUNDS:
        words, key = _BOUNDS[code]
        return f"must be {words} {context[key]:g}, not {shown(value)}"
    if code == "value_error":
        return _own_words(str(context["error"]), value)
    return _OTHERS[code](value, context) if code in _OTHERS else details["msg"]


_OTHERS: dict[str, Callable[[object, dict[str, object]], str]] = {
    "string_pattern_mismatch": lambda value, context: (
        f"{shown(value)} is not allowed; write "
        + _PATTERNS.get(str(context["pattern"]), f"a text of the form {context['pattern']}")
    ),
    "string_too_short": lambda value, context: (
        "must not be empty" if not value else f"needs at least {context['min_length']} letters"
    ),
    "string_too_long": lambda value, context: (
        f"is too long: {len(str(value))} letters; at most {context['max_length']}"
    ),
    "too_long": lambda _, context: f"has too many items; at most {context['max_length']}",
}


def _own_words(text: str, value: object) -> str:
    """A message of the models: about the whole mapping, or about one value that it then names."""
    return text if isinstance(value, dict | list) else f"{shown(value)} is not allowed: {text}"


def _unknown_key(key: str, members: Sequence[_Member]) -> str:
    known = list(dict.fromkeys(name for model in _models(members) for name in _keys(model)))
    return f"unknown key '{key}'; allowed: {', '.join(known)}{nearest(key, known)}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_word(path: KeyPath, value: object, allowed: Sequence[str]) -> Fault:
    near = nearest(value, allowed) if isinstance(value, str) else ""
    return Fault(path, f"{shown(value)} is not allowed; allowed: {_listed(allowed)}{near}")


def _tags(members: Sequence[_Member], context: Mapping[str, object]) -> list[str]:
    if "expected_tags" in context:
        return _quoted(str(context["expected_tags"]))
    name = str(context["discriminator"]).strip("'")
    fields = (m.model_fields[name] for m in _models(members) if name in m.model_fields)
    return [str(value) for field in fields for value in get_args(field.annotation)]


def _quoted(text: str) -> list[str]:
    """pydantic's "'a', 'b' or 'c'" -> [a, b, c]."""
    return text.split("'")[1::2] or [text]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _counted(number: object) -> str:
    return "1 item" if number == 1 else f"{number} items"
