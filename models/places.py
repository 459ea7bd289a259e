"""Where in a document an error of pydantic is: its path without the members of unions, what the
model allows there, and which of a union's members the writer most likely meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic_core import ErrorDetails
from typing_extensions import TypeAliasType

from models.yamltree import KeyPath

# How a value of the wrong kind is reported, and the kind that was wanted.
KINDS = {
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


@dataclass(frozen=True, slots=True)
class Member:
    """A type that a place may have; `tag`: how pydantic calls it in the path of an error."""

    type: object
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """An error at its path in the document; `chosen`: the members of unions on the way there;
    `members`: what the model allows at the place (of an unknown key: around it)."""

    details: ErrorDetails
    path: KeyPath
    chosen: tuple[tuple[KeyPath, str], ...]
    members: tuple[Member, ...]


def locate(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> list[Located]:
    """Each error at its path in the document that the model refused."""
    return [_locate(details, model) for details in errors]


def _locate(details: ErrorDetails, model: type[BaseModel]) -> Located:
    path: KeyPath = ()
    members: tuple[Member, ...] = (Member(model),)
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
    return Located(details, path, tuple(chosen), members)


def _members_at(members: Sequence[Member], step: str | int) -> tuple[Member, ...]:
    found: list[object] = []
    for model in models_among(members):
        found += [f.annotation for name, f in model.model_fields.items() if step in (name, f.alias)]
    for member in members:
        origin, arguments = get_origin(member.type), get_args(member.type)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            found.append(arguments[1])
        elif isinstance(step, int):
            found += [argument for argument in arguments if argument is not Ellipsis]
    return tuple(option for annotation in found for option in _options(annotation))


def _options(annotation: object, tag: str | None = None) -> tuple[Member, ...]:
    """The members of a union, each without its Annotated, and without None."""
    if isinstance(annotation, TypeAliasType):
        return _options(annotation.__value__, tag)
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extras = get_args(annotation)
        return _options(inner, next((e.tag for e in extras if isinstance(e, Tag)), tag))
    if origin in (Union, UnionType):
        return tuple(o for argument in get_args(annotation) for o in _options(argument, tag))
    return () if annotation is NoneType else (Member(annotation, tag),)


def models_among(members: Iterable[Member]) -> list[type[BaseModel]]:
    return [m.type for m in members if isinstance(m.type, type) and issubclass(m.type, BaseModel)]


def _is_tagged(member: Member, tag: str) -> bool:
    if member.tag is not None:
        return member.tag == tag
    for model in models_among([member]):
        fields = model.model_fields.values()
        literals = (get_args(f.annotation) for f in fields if get_origin(f.annotation) is Literal)
        return model.__name__ == tag or any(tag in values for values in literals)
    if isinstance(member.type, type):
        return member.type.__name__ in tag
    return str(getattr(get_origin(member.type), "__name__", "")) == tag.split("[")[0]


def best_alternatives(located: Sequence[Located]) -> Iterable[Located]:
    """Of a union that refused a value in each of its members, the errors of the member that the
    writer most likely meant: of the value's own kind, with the fewest errors."""
    best: dict[KeyPath, str] = {}
    for path in dict.fromkeys(path for item in located for path, _ in item.chosen):
        at_path = [item for item in located if path in dict(item.chosen)]
        by_tag: dict[str, list[Located]] = {}
        for item in at_path:
            by_tag.setdefault(dict(item.chosen)[path], []).append(item)
        best[path] = min(by_tag, key=lambda tag: _distance(by_tag[tag], path))
    kept = [item for item in located if all(best[path] == tag for path, tag in item.chosen)]
    return [_widened(item, located) for item in kept]


def _distance(items: Sequence[Located], path: KeyPath) -> tuple[bool, int, int]:
    wrong_kind = any(item.path == path and item.details["type"] in KINDS for item in items)
    near = sum(len(item.path) <= len(path) + 1 for item in items)
    return wrong_kind, near, len(items)


def _widened(item: Located, located: Sequence[Located]) -> Located:
    """A value of a kind that no member of the union takes: say all kinds that are allowed."""
    if item.details["type"] not in KINDS or (item.path not in dict(item.chosen)):
        return item
    kinds = [
        KINDS[other.details["type"]]
        for other in located
        if other.path == item.path and other.details["type"] in KINDS
    ]
    details = item.details.copy()
    details["msg"] = " or ".join(dict.fromkeys(kinds))
    details["type"] = "wrong_kind"
    return Located(details, item.path, item.chosen, item.members)
