"""What goes over the wire of the local Bot API: parameters in, refusals out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

_KINDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class Refusal(Exception):
    """The Bot API refuses a call.

    `description` is the whole sentence that the client reads. Source of the wording:
    tdlib/telegram-bot-api, Client.cpp (fail_query_with_error).
    """

    def __init__(
        self,
        code: int,
        message: str = "",
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        self.code = code
        self.description = f"{_KINDS[code]}: {_lower_first(message)}" if message else _KINDS[code]
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id
        super().__init__(self.description)

    def envelope(self) -> dict[str, object]:
        """The JSON body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        parameters = {
            "retry_after": self.retry_after,
            "migrate_to_chat_id": self.migrate_to_chat_id,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        if given:
            body["parameters"] = given
        return body


def bad_request(message: str) -> Refusal:
    return Refusal(400, message)


def too_many_requests(seconds: int) -> Refusal:
    return Refusal(429, f"retry after {seconds}", retry_after=seconds)


def _lower_first(message: str) -> str:
    # "Can't parse" -> "can't parse", but BUTTON_DATA_INVALID stays.
    if len(message) > 1 and message[0].isupper() and not message[1].isupper():
        return message[0].lower() + message[1:]
    return message


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call, all as strings, as the Bot API itself sees them.

    An empty string is the same as an absent parameter. Objects arrive as JSON text.
    """

    given: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def integer(self, name: str, default: int = 0) -> int:
        """Like the real one: what is no number counts as 0."""
        value = self.text(name).strip()
        if not value:
            return default
        return int(value) if value.lstrip("-").isdecimal() else 0

    def json(self, name: str, what: str) -> object:
        """The decoded value, None if absent; `what` names it in the error text."""
        value = self.text(name)
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {what}") from error


def as_parameters(values: Mapping[str, object]) -> Parameters:
    """Values of a form, a query or a JSON body -> strings; null is absent."""
    given = {name: _as_text(value) for name, value in values.items() if value is not None}
    for value in given.values():
        if not _is_unicode(value):
            raise bad_request("strings must be encoded in UTF-8")
    return Parameters(given)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


# Fields of JSON objects; the error texts are those of TDLib's JsonObject.


class FieldError(ValueError):
    """A JSON object is not of the shape asked for; the message is sent to the client."""


def text_field(source: Mapping[str, object], name: str, *, required: bool = False) -> str:
    value = source.get(name)
    if value is None:
        if required:
            raise FieldError(f'Can\'t find field "{name}"')
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldError(f'Field "{name}" must be of type String')
    return str(value)


def flag_field(source: Mapping[str, object], name: str) -> bool:
    value = source.get(name, False)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FieldError(f'Field "{name}" must be of type Boolean')
    return value


def integer_field(source: Mapping[str, object], name: str) -> int:
    value = source.get(name)
    if value is None:
        raise FieldError(f'Can\'t find field "{name}"')
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise FieldError(f'Field "{name}" must be of type Number')
    return value
