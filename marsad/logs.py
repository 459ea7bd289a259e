"""Logs: one event a line on standard error, readable on a terminal, JSON elsewhere."""

import logging
import sys

import structlog
from structlog.typing import Processor

from alerts.telegram.redaction import RedactSecrets

# httpx logs the address of every call at INFO, and the Bot API's address holds the token.
_QUIET = ("httpx", "httpcore", "telegram", "telegram.ext", "apscheduler", "twisted", "asyncio")
# Scrapy says at INFO what its report says in one line.
_WARNING_ONLY = (
    "scrapy",
    "alembic",
    "py.warnings",
    "trafilatura",
    "htmldate",
    "courlan",
    "filelock",
)


def configure_logs(level: str, secrets: tuple[str, ...]) -> None:
    """Route structlog and the standard library's loggers (Scrapy's, the bot's) through one
    formatter that replaces every secret, tracebacks included."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if sys.stderr.isatty()
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    redact = RedactSecrets(secrets)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render, redact],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    detailed = level == "debug"
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.INFO if detailed else logging.WARNING)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs a traceback for every 502 page; the dispatcher says it in a line.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
    for name in _WARNING_ONLY:
        logging.getLogger(name).setLevel(logging.DEBUG if detailed else logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def leave_out(name: str) -> None:
    """What this logger tells at INFO, where the command tells it itself; not at DEBUG."""
    if logging.getLogger().level > logging.DEBUG:
        logging.getLogger(name).setLevel(logging.WARNING)
