"""python-telegram-bot's Application as Marsad uses it: its connections, and no loop of its own."""

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
