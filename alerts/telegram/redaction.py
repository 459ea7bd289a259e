"""Keeps the bot token out of logs: the Bot API has it in every address."""

import re
from collections.abc import Iterable
from typing import Any

from structlog.typing import EventDict, WrappedLogger

HIDDEN = "[secret]"

# No word boundary in front: the token follows '/bot' directly in an address.
_TOKEN_SHAPED = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}|(?<=/bot)\d+(?::|%3A)[\w-]+", re.I)


class RedactSecrets:
    """A structlog processor for the very end of the chain, after the renderer, so that tracebacks
    are covered: replaces the literal secrets and whatever is shaped like a bot token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: a secret that contains another one is replaced whole.
        self._secrets = tuple(sorted(filter(None, secrets), key=len, reverse=True))

    def __call__(
        self, _logger: WrappedLogger, _method: str, event: str | bytes | EventDict
    ) -> str | bytes | EventDict:
        if isinstance(event, str):
            return self.redact(event)
        if isinstance(event, bytes):
            return self.redact(event.decode(errors="replace")).encode()
        return {key: self._value(value) for key, value in event.items()}

    def redact(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _TOKEN_SHAPED.sub(HIDDEN, text)

    def _value(self, value: Any) -> Any:
        return self.redact(value) if isinstance(value, str) else value
