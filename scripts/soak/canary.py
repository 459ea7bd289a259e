"""The bot token is told by no log, database or receipt, with every library at DEBUG."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from alerts.telegram.redaction import HIDDEN
from marsad.logs import configure_logs
from scripts.soak.figures import Row
from scripts.soak.processes import TOKEN

_KEY = TOKEN.partition(":")[2].encode()
# They name the address of a call, in which the Bot API has the token.
_TALKATIVE = ("httpx", "httpcore", "telegram", "telegram.ext", "telegram.Bot")


def log_everything() -> None:
    """As MARSAD_LOG_LEVEL=debug, and what that leaves out for being too much, too."""
    configure_logs("debug", (TOKEN,))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)


@contextmanager
def logged(folder: Path) -> Iterator[None]:
    """What happens meanwhile in this process is logged to folder/log."""
    root = logging.getLogger()
    known = [root, *root.manager.loggerDict.values()]
    levels = {one: one.level for one in known if isinstance(one, logging.Logger)}
    handlers, structured = root.handlers, structlog.get_config()
    log_everything()
    try:
        with (folder / "log").open("a", encoding="utf-8") as log:
            root.handlers[0].setStream(log)  # type: ignore[attr-defined]  # a StreamHandler
            yield
    finally:
        root.handlers = handlers
        for one, level in levels.items():
            one.setLevel(level)
        structlog.configure(**structured)


def not_leaked(row: Row, folder: Path, *, was_used: bool = True) -> None:
    """Two findings: it is in no file of the run, and it would have been in the log (unless no call
    was made: `was_used`)."""
    found = hidden = 0
    for file in folder.rglob("*"):
        if file.is_file():
            written = file.read_bytes()
            found += written.count(_KEY)
            hidden += written.count(HIDDEN.encode())
    row.at_most("token in log, database or receipts", found, 0)
    if was_used:
        row.at_least("times it was hidden in the log", hidden, 1)
