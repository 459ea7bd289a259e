"""Who the bot is: one question to the Bot API, for `marsad doctor`."""

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from alerts.telegram.errors import TokenRefused, Unreachable


async def ask_name(token: str, *, api_base: str | None, proxy: str | None) -> str:
    """The bot's user name. Raises TokenRefused or Unreachable, whose texts hold no token."""
    request = HTTPXRequest(proxy=proxy, httpx_kwargs={"trust_env": False})
    bot = Bot(token, request=request) if api_base is None else Bot(token, api_base, request=request)
    try:
        me = await bot.get_me()
    except InvalidToken:
        # Its text and its cause hold the token.
        raise TokenRefused from None
    except TelegramError as error:
        raise Unreachable(f"the Bot API could not be reached: {error.message}") from None
    finally:
        await request.shutdown()
    return str(me.username)
