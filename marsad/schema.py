"""JSON Schemas of the configuration, for editors, and the reference of all keys, for people."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from models.duration import format_duration
from models.general import General
from models.lexicon import Lexicon
from models.site import Site
from models.topic import Topic
from models.webhook import Webhook

MODELS: Mapping[str, type[BaseModel]] = {
    "general": General,
    "site": Site,
    "topic": Topic,
    "lexicon": Lexicon,
    "webhook": Webhook,
}
_FILES = {
    "general": "marsad.yaml",
    "site": "sites/NAME.yaml",
    "topic": "topics/NAME.yaml",
    "lexicon": "lexicon/NAME.yaml",
    "webhook": "webhooks/NAME.yaml",
}

# Texts that people know by a name of their own, by the pattern that the models demand.
_TEXTS = {
    r"^\d+[smhd]$": "duration",
    r"^\d{1,6}(MB|GB)$": "size",
    r"^https?://[^\s/]+(/\S*)?$": "address",
    r"^[a-z0-9][a-z0-9-]{0,39}$": "name",
    r"^[a-z]{2}$": "language code",
}
# Only a rule's condition may be so many things; the sections below tell them one by one.
_MOST_OPTIONS = 6

GENERATED = "<!-- generated -->\n\n"

Schema = dict[str, Any]


def json_schema(model: type[BaseModel]) -> Schema:
    """The schema of a file. `name` comes from the file's name, so that no file needs it."""
    schema = model.model_json_schema()
    for key, field in model.model_fields.items():
        if isinstance(field.default, timedelta):
            schema["properties"][key]["default"] = format_duration(field.default)
        if isinstance(field.default, BaseModel):
            parts = schema["$defs"][type(field.default).__name__]["properties"]
            for name, value in field.default.model_dump(mode="json").items():
                if parts[name].get("default") is not None:
                    parts[name]["default"] = value
    if "name" in schema["properties"]:
        schema["required"] = [key for key in schema["required"] if key != "name"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_texts() -> dict[str, str]:
    """What config/schema holds, by file name."""
    return {
        f"{name}.json": json.dumps(json_schema(model), ensure_ascii=False, indent=2) + "\n"
        for name, model in MODELS.items()
    }


def write_schemas(directory: Path) -> list[Path]:
    """Write all schemas into a folder (config/schema); returns the files."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_texts().items():
        (directory / name).write_text(text, encoding="utf-8")
        written.append(directory / name)
    return written


def reference() -> str:
    """All keys of all files as Markdown: the generated part of docs/configuration.md."""
    return "\n".join(line for name in MODELS for line in _file_reference(name))


def renew(repository: Path) -> None:
    """Bring the generated files of a checkout up to date: `python -m marsad.schema`."""
    write_schemas(repository / "config" / "schema")
    page = repository / "docs" / "configuration.md"
    written_by_hand = page.read_text(encoding="utf-8").split(GENERATED)[0]
    page.write_text(written_by_hand + GENERATED + reference(), encoding="utf-8")


def _file_reference(name: str) -> Iterator[str]:
    schema = json_schema(MODELS[name])
    yield f"## {_FILES[name]}"
    yield ""
    yield schema["description"].strip()
    yield ""
    yield from _table(schema)
    for part, definition in sorted(schema.get("$defs", {}).items()):
        if "properties" in definition:
            yield f"### {_FILES[name].split('/')[0]}: {part}"
            yield ""
            yield definition.get("description", "").strip()
            yield ""
            yield from _table(definition)


def _table(schema: Schema) -> Iterator[str]:
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    required = schema.get("required", [])
    for key, prop in schema["properties"].items():
        if key == "name":
            continue  # it is the file's name
        default = "required" if key in required else _default(prop)
        meaning = prop.get("description", "").replace("|", "\\|").replace("\n", " ")
        yield f"| `{key}` | {_type(prop)} | {default} | {meaning} |"
    yield ""


def _default(prop: Schema) -> str:
    if "const" in prop:
        return "required"
    value = prop.get("default")
    if value in (None, "", []) or isinstance(value, dict):
        return ""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(prop: Schema) -> str:
    """A schema in a few words: 'list of `Keyword`', '`approval` or `open`'."""
    if "$ref" in prop:
        return f"`{prop['$ref'].rsplit('/', 1)[-1]}`"
    if "const" in prop:
        return f"`{prop['const']}`"
    if "enum" in prop:
        return ", ".join(f"`{value}`" for value in prop["enum"])
    for key in ("anyOf", "oneOf", "allOf"):
        if key in prop:
            options = list(dict.fromkeys(_type(option) for option in prop[key]))
            return " or ".join(options) if len(options) <= _MOST_OPTIONS else "condition"
    if prop.get("pattern") in _TEXTS:
        return _TEXTS[prop["pattern"]]
    if prop.get("type") == "array":
        return f"list of {_type(prop.get('items', {}))}"
    return {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "`true` or `false`",
        "null": "`null`",
        "object": "mapping",
    }.get(str(prop.get("type")), "any")


if __name__ == "__main__":
    renew(Path(__file__).parents[1])
