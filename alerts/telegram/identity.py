"""Who the bot is and where its updates go, asked of the Bot API for `marsad doctor`."""

from dataclasses import dataclass

from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from alerts.telegram.errors import TokenRefused, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class BotCard:
    """`webhook_url`: where Telegram posts updates to ("": nowhere); `webhook_problem`: why it last
    could not; `waiting`: updates that were not taken yet."""

    name: str
    webhook_url: str = ""
    webhook_problem: str | None = None
    waiting: int = 0


async def ask_card(token: str, *, api_base: str | None, proxy: str | None) -> BotCard:
    """Raises TokenRefused or Unreachable, whose texts hold no token."""
    request = HTTPXRequest(proxy=proxy, httpx_kwargs={"trust_env": False})
    bot = Bot(token, request=request) if api_base is None else Bot(token, api_base, request=request)
    try:
        return _card(await bot.get_me(), await bot.get_webhook_info())
    except InvalidToken:
        # Its text and its cause hold the token.
        raise TokenRefused from None
    except TelegramError as error:
        raise Unreachable(f"the Bot API could not be reached: {error.message}") from None
    finally:
        await request.shutdown()


def _card(me: User, webhook: WebhookInfo) -> BotCard:
    return BotCard(
        name=str(me.username),
        webhook_url=webhook.url,
        webhook_problem=webhook.last_error_message,
        waiting=webhook.pending_update_count,
    )
