"""Telegram's own parser of markup (TDLib), plugged into the local Bot API.

`parseTextEntities` is the very code that the official Bot API server calls; it runs offline.
"""

import json
from functools import cache
from typing import Any, cast

from marsad.demo.botapi_text import Entity, MarkupError, ParsedText

_MODES: dict[str, dict[str, Any]] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
_TYPES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
_PREFIX = "Can't parse entities: "


class TdTextParser:
    """A TextParser; markup that TDLib refuses raises MarkupError with TDLib's text."""

    def parse(self, text: str, parse_mode: str) -> ParsedText:
        answer = _execute(
            {"@type": "parseTextEntities", "text": text, "parse_mode": _MODES[parse_mode]}
        )
        if answer["@type"] == "error":
            raise MarkupError(answer["message"].removeprefix(_PREFIX))
        return ParsedText(answer["text"], tuple(_entity(item) for item in answer["entities"]))


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer = _library().td_execute(json.dumps(request).encode())
    assert answer is not None
    return cast("dict[str, Any]", json.loads(answer))


@cache
def _library() -> Any:
    import tdjson

    # Without this the library prints every call to stderr.
    tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')
    return tdjson


def _entity(item: dict[str, Any]) -> Entity:
    kind = item["type"]
    name = kind["@type"].removeprefix("textEntityType")
    return Entity(_TYPES[name], item["offset"], item["length"], _extra(name, kind))


def _extra(name: str, kind: dict[str, Any]) -> dict[str, object]:
    match name:
        case "TextUrl":
            return {"url": kind["url"]}
        case "PreCode":
            return {"language": kind["language"]}
        case "MentionName":
            return {"user": {"id": kind["user_id"]}}
        case "CustomEmoji":
            return {"custom_emoji_id": kind["custom_emoji_id"]}
        case "DateTime":
            shape = _date_format(kind.get("formatting_type"))
            return {"unix_time": kind["unix_time"]} | ({"date_time_format": shape} if shape else {})
    return {}


def _date_format(shape: dict[str, Any] | None) -> str:
    if shape is None:
        return ""
    if shape["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    letters = "w" if shape["show_day_of_week"] else ""
    for part, short in (("date_precision", "d"), ("time_precision", "t")):
        precision = shape[part]["@type"].removeprefix("dateTimePartPrecision")
        letters += {"None": "", "Short": short, "Long": short.upper()}[precision]
    return letters
