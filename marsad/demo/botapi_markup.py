"""What hangs on a message: inline keyboards, reply keyboards, link previews, replies.

Strict where the Bot API is strict, with its error texts (tdlib/telegram-bot-api, Client.cpp;
td, ReplyMarkup.cpp). One rule is stricter than the real one: a button with two actions is
refused; the real one silently takes the first.
"""

from collections.abc import Mapping

from marsad.demo.botapi_links import LinkError, check_link, mentioned_user
from marsad.demo.botapi_wire import (
    FieldError,
    Parameters,
    bad_request,
    flag_field,
    integer_field,
    text_field,
)

_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
_STYLES = ("danger", "success", "primary")
_PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
_MAX_CALLBACK_BYTES = 64
_MAX_BUTTONS = 100

Markup = dict[str, object]


def reply_markup(parameters: Parameters) -> Markup | None:
    """The keyboard of a message. None: absent, or an inline keyboard without buttons."""
    given = parameters.json("reply_markup", "reply keyboard markup JSON object")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if given.get("keyboard"):
        return _reply_keyboard(given)
    if "inline_keyboard" in given:
        return inline_keyboard(given["inline_keyboard"])
    for name in ("remove_keyboard", "force_reply"):
        if _flag(given, name):
            return {name: True}
    return None


def only_inline(markup: Markup | None) -> Markup | None:
    """The markup as the message shows it: other keyboards are no part of the message."""
    return markup if markup and "inline_keyboard" in markup else None


def inline_keyboard(given: object) -> Markup | None:
    rows = _rows(given, "inline_keyboard", " of the InlineKeyboardMarkup")
    read = [[_inline_button(button) for button in row] for row in rows]
    shown = [row for row in read if row]
    if sum(map(len, shown)) > _MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": shown} if shown else None


def _rows(given: object, name: str, of_what: str) -> list[list[object]]:
    if not isinstance(given, list):
        raise bad_request(f'field "{name}" must be of type Array')
    for row in given:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}"{of_what} must be an Array of Arrays')
    return given


def _inline_button(given: object) -> dict[str, object]:
    if not isinstance(given, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    try:
        text = text_field(given, "text", required=True)
        action = _action(given)
        value = text_field(given, action) if action in ("url", "callback_data") else given[action]
        style = text_field(given, "style")
    except FieldError as error:
        raise bad_request(f"can't parse inline keyboard button: {error}") from error
    if not text:
        raise bad_request("inline keyboard button text must be non-empty")
    if style and style not in _STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    if action == "url":
        value = _checked_url(str(value))
    if action == "callback_data" and len(str(value).encode()) > _MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"text": text, action: value} | ({"style": style} if style else {})


def _action(given: Mapping[str, object]) -> str:
    actions = [name for name in _ACTIONS if given.get(name) not in (None, "")]
    if not actions:
        raise FieldError("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise FieldError(f"a button has one action, this one has {' and '.join(actions)}")
    return actions[0]


def _checked_url(url: str) -> str:
    if mentioned_user(url) is not None:
        return url
    try:
        return check_link(url)
    except LinkError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from error


def _reply_keyboard(given: Mapping[str, object]) -> Markup:
    for row in _rows(given["keyboard"], "keyboard", ""):
        for button in row:
            if isinstance(button, str):
                continue
            if not isinstance(button, dict):
                raise bad_request(
                    "can't parse keyboard button: KeyboardButton must be a String or an Object"
                )
            try:
                text_field(button, "text", required=True)
            except FieldError as error:
                raise bad_request(f"can't parse keyboard button: {error}") from error
    return dict(given)


def link_preview(parameters: Parameters) -> dict[str, object] | None:
    """The options as given, checked; the old disable_web_page_preview is understood."""
    given = parameters.json("link_preview_options", "link preview options JSON object")
    if given is None:
        return {"is_disabled": True} if parameters.flag("disable_web_page_preview") else None
    if not isinstance(given, dict):
        raise bad_request("object expected as link preview options")
    options: dict[str, object] = {name: True for name in _PREVIEW_FLAGS if _flag(given, name)}
    url = _text(given, "url")
    return (options | ({"url": url} if url else {})) or None


def replied_message(parameters: Parameters) -> tuple[int, bool]:
    """The message that is answered (0: none), and whether it may be missing."""
    given = parameters.json("reply_parameters", "reply parameters JSON object")
    if given is None:
        return (
            parameters.integer("reply_to_message_id"),
            parameters.flag("allow_sending_without_reply"),
        )
    if not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    if not given:
        return 0, True
    try:
        message_id = integer_field(given, "message_id")
    except FieldError as error:
        raise bad_request(str(error)) from error
    return max(message_id, 0), _flag(given, "allow_sending_without_reply")


def _flag(given: Mapping[str, object], name: str) -> bool:
    try:
        return flag_field(given, name)
    except FieldError as error:
        raise bad_request(str(error)) from error


def _text(given: Mapping[str, object], name: str) -> str:
    try:
        return text_field(given, name)
    except FieldError as error:
        raise bad_request(str(error)) from error
