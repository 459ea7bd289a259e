"""A webhook: an address to which alerts are posted as JSON, signed."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import Field, JsonValue, field_validator
from pydantic_core import PydanticCustomError

from models.faults import nearest
from models.site import ConfigModel, HttpUrl, Items, Name

PLACEHOLDERS: Final = (
    "event",
    "id",
    "title",
    "url",
    "source",
    "site",
    "topics",
    "words",
    "quote",
    "published",
    "decided",
    "possibly_repeated",
)
"""What the texts of a body may name in braces; alerts.webhooks says what each is."""

PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class Webhook(ConfigModel):
    """One file of config/webhooks; its name is the file's name without .yaml.

    Each alert on one of its topics is posted once, in order; what cannot be delivered waits.
    """

    name: Name
    url: HttpUrl = Field(description="Where alerts are posted; redirects are not followed")
    topics: Items[Name] = Field(default=(), description="Only alerts on these; default: all")
    body: JsonValue = Field(
        default=None,
        description="What is posted, as JSON; texts in it may hold {title}, {url} and the like. "
        "Default: everything that is known of the alert",
    )
    enabled: bool = True

    @field_validator("body")
    @classmethod
    def _knows_its_placeholders(cls, body: JsonValue) -> JsonValue:
        for text in texts_of(body):
            for name in PLACEHOLDER.findall(text):
                if name not in PLACEHOLDERS:
                    raise PydanticCustomError(
                        "unknown_placeholder",
                        "unknown placeholder {name}; allowed: {allowed}{near}",
                        {
                            "name": f"{{{name}}}",
                            "allowed": ", ".join(PLACEHOLDERS),
                            "near": nearest(name, PLACEHOLDERS),
                        },
                    )
        return body


def texts_of(value: JsonValue) -> Iterator[str]:
    """The texts in it, but not its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_of(item)
