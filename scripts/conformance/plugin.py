"""Loaded into the pytest that runs python-telegram-bot's tests: whom they talk to, and which."""

import os
import socket

import pytest
from telegram import Bot
from telegram.ext import ExtBot

from scripts.conformance.scope import asks_telegram, is_answered, methods_called

_TELEGRAM = "https://api.telegram.org/bot"
_METHODS = frozenset(name for name in dir(Bot) if not name.startswith("_"))


def pytest_configure(config: pytest.Config) -> None:
    """Bots that name no server talk to the local one; its address is the only one there is."""
    config.addinivalue_line("markers", "flaky: of the tests' own CI")
    config.addinivalue_line("markers", "req: of the tests' own CI")
    config.addinivalue_line("markers", "no_req: of the tests' own CI")
    local = os.environ["CONFORMANCE_BASE_URL"]
    for kind in (Bot, ExtBot):
        given = kind.__init__.__defaults__ or ()
        assert _TELEGRAM in given
        kind.__init__.__defaults__ = tuple(local if it == _TELEGRAM else it for it in given)
    resolved = os.environ["CONFORMANCE_RESOLVES_TO"]
    socket.gethostbyname = lambda _host: resolved


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = []
    for item in items:
        if not isinstance(item, pytest.Function) or item.cls is None:
            continue
        if not asks_telegram(item.cls.__name__):
            continue
        called = methods_called(item.function, _METHODS)
        if is_answered(called):
            item.user_properties.append(("methods", " ".join(sorted(called))))
            chosen.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
