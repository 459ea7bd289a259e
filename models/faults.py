"""What a model refuses, in the words of the person who wrote the file.

pydantic reports errors by code and by its own path, in which the chosen member of a union is a step
of its own; here they become sentences at paths of the document, with what is allowed and the
nearest known name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import get_args
from zoneinfo import available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.duration import format_duration
from models.places import KINDS, Located, Member, best_alternatives, locate, models_among
from models.yamltree import KeyPath

_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,39}$": "a name: small Latin letters, digits and hyphens, at most 40",
    r"^https?://[^\s/]+(/\S*)?$": "an address that begins with http:// or https://",
    r"^[!-~]*$": "an e-mail address or a page, without spaces, in Latin letters",
    r"\w": "a text with at least one letter",
    r"^[a-z]{2}$": "a language code of two small letters, as in ar",
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


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Everything that the model refused, without what only follows from something else."""
    located = locate(error.errors(include_url=False), model)
    faults = (_fault(item) for item in best_alternatives(located))
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
        case timedelta():
            return format_duration(value)
        case float():
            return f"{value:g}"
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


def _fault(item: Located) -> Fault | None:
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
        near = _nearest_zone(str(value))
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
    if code == "wrong_kind" or code in KINDS:
        kind = details["msg"] if code == "wrong_kind" else KINDS[code]
        hint = "; put it in quotes" if kind == "a text" and isinstance(value, int | float) else ""
        return f"must be {kind}, not {shown(value)}{hint}"
    if code in _BOUNDS:
        words, key = _BOUNDS[code]
        bound = context[key]
        limit = bound if isinstance(bound, str) else shown(bound)
        return f"must be {words} {limit}, not {shown(value)}"
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


def _unknown_key(key: str, members: Sequence[Member]) -> str:
    known = list(dict.fromkeys(name for model in models_among(members) for name in _keys(model)))
    return f"unknown key '{key}'; allowed: {', '.join(known)}{nearest(key, known)}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _nearest_zone(name: str) -> str:
    """By the whole name, or by the city alone: 'Teheran' -> Asia/Tehran."""
    zones = {zone.casefold(): zone for zone in sorted(available_timezones())}
    if "/" in name:
        return nearest(name, zones.values())
    if any(zone.startswith(f"{name}/") for zone in zones.values()):
        return ""  # a region: any of its cities may be meant
    cities = {zone.rpartition("/")[2]: zone for zone in zones.values() if "/" in zone}
    found = get_close_matches(name, cities, n=1, cutoff=0.7)
    return f"; did you mean '{cities[found[0]]}'?" if found else ""


def _unknown_word(path: KeyPath, value: object, allowed: Sequence[str]) -> Fault:
    near = nearest(value, allowed) if isinstance(value, str) else ""
    return Fault(path, f"{shown(value)} is not allowed; allowed: {_listed(allowed)}{near}")


def _tags(members: Sequence[Member], context: Mapping[str, object]) -> list[str]:
    if "expected_tags" in context:
        return _quoted(str(context["expected_tags"]))
    name = str(context["discriminator"]).strip("'")
    fields = (m.model_fields[name] for m in models_among(members) if name in m.model_fields)
    return [str(value) for field in fields for value in get_args(field.annotation)]


def _quoted(text: str) -> list[str]:
    """pydantic's "'a', 'b' or 'c'" -> [a, b, c]."""
    return text.split("'")[1::2] or [text]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _counted(number: object) -> str:
    return "1 item" if number == 1 else f"{number} items"
