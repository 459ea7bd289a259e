"""A site of the configuration as a file that a person goes on editing."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.duration import format_duration
from models.site import Site

_DURATION = re.compile(r"\d+[smhd]")
_SCHEMA = "# yaml-language-server: $schema=../schema/site.json"

# Of a new site's file, until a person who knows the site says otherwise.
NEW_DELAY = timedelta(seconds=5)
# A comment for a file whose site's zone is not known.
NO_ZONE = "timezone: where its dates name no zone, write the newsroom's here."


class SiteExists(Exception):
    """A file of that name is there already."""


class ProbeFailed(Exception):
    """No site file can be made of an address; the text says why."""


def site_text(site: Site, comments: Sequence[str] = ()) -> str:
    """The file's text; what is left to its default is left out. Reads back as the same site."""
    lines = [_SCHEMA, *(f"# {_one_line(comment)}" for comment in comments)]
    content = site.model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    for key, value in _of_preset(site).items():
        if content.get(key) == value:
            del content[key]
    # The two that every operator wants to see and change.
    content |= {"every": format_duration(site.every), "delay": format_duration(site.delay)}
    return "\n".join([*lines, *_mapping(content, 0)]) + "\n"


def _of_preset(site: Site) -> dict[str, Any]:
    """What the file need not say, as its preset does."""
    if site.preset is None:
        return {}
    bare = {"name": site.name, "title": site.title, "preset": site.preset, "home": site.home}
    content = Site.model_validate(bare).model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in content.items() if key not in bare}


def write_site(directory: Path, site: Site, comments: Sequence[str] = ()) -> Path:
    """Write DIRECTORY/NAME.yaml as a whole. Raises SiteExists rather than replace a file."""
    path = directory / f"{site.name}.yaml"
    directory.mkdir(parents=True, exist_ok=True)
    text = site_text(site, comments)
    try:
        with path.open("x", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(text)
    except FileExistsError as error:
        raise SiteExists(f"{path} exists already; give another --name, or remove it") from error
    return path


def _mapping(content: Mapping[str, Any], depth: int) -> list[str]:
    lines = []
    for key, value in content.items():
        indent = "  " * depth
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", *_mapping(value, depth + 1)]
        elif isinstance(value, list):
            lines.append(f"{indent}{key}:")
            for item in value:
                lines += _item(item, depth + 1)
        else:
            lines.append(f"{indent}{key}: {_scalar(value)}")
    return lines


def _item(item: Any, depth: int) -> list[str]:
    indent = "  " * depth
    if not isinstance(item, dict):
        return [f"{indent}- {_scalar(item)}"]
    first, *rest = _mapping(item, 0)
    return [f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]


def _scalar(value: object) -> str:
    """Plain where YAML reads it back as the same text, else in double quotes, which JSON's are."""
    if isinstance(value, str) and (_DURATION.fullmatch(value) or _is_plain(value)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    return (
        bool(text)
        and text == text.strip()
        and text[0].isalpha()
        and not any(mark in text for mark in (": ", " #", "\n", "\t", "\x7f"))
        and not text.endswith(":")
        and text.isprintable()
        and text.lower() not in {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
