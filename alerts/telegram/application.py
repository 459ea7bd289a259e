"""python-telegram-bot's Application as Marsad uses it: its connections, and no loop of its own."""

import sys
from importlib.util import find_spec
from typing import Any

from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest

# httpx's pool is quadratic in its size (encode/httpx #3215): more than 8 makes sending slower.
POOL = 8
# What the bot wants to be told of; everything else stays at Telegram.
UPDATES = ("message", "channel_post", "callback_query", "my_chat_member")

App = Application[Any, Any, Any, Any, Any, Any]


def application(token: str, api_base: str | None, proxy: str | None) -> App:
    """Connects to nothing yet. `api_base` is the address up to the token (None: Telegram's)."""
    _do_without_sniffio()
    builder = (
        ApplicationBuilder()
        .token(token)
        .request(_request(POOL, proxy))
        .get_updates_request(_request(1, proxy))
        .updater(None)
        .job_queue(None)
        .concurrent_updates(False)
    )
    return (builder if api_base is None else builder.base_url(api_base)).build()


def _do_without_sniffio() -> None:
    """httpcore imports it five times a call (encode/httpcore, _synchronization.py); where it is not
    installed, each time is a search of the disk, which while articles were matched took 20 ms."""
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # what import takes for 'not there'


def _request(pool: int, proxy: str | None) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=pool,
        # Together less than alerts.dispatcher.LONGEST_CALL.
        connect_timeout=5.0,
        read_timeout=15.0,
        write_timeout=5.0,
        pool_timeout=2.0,
        proxy=proxy,
        # The proxy is a setting of Marsad's; the environment's is not meant for the Bot API.
        httpx_kwargs={"trust_env": False},
    )
