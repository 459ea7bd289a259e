"""The chats that python-telegram-bot's tests expect to meet."""

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_people import User
from marsad.demo.botapi_state import Account, Standing
from tests.fakes.td_parser import TdTextParser

# Of a documentation range (RFC 5737): what the host of a webhook resolves to.
RESOLVES_TO = "203.0.113.7"
TOKEN = "4242424242:conformance-of-the-local-bot-api"
USERNAME = "conformance_bot"
CHAT, GROUP, FORUM, CHANNEL = 701_001, -1_001_000_000_002, -1_001_000_000_003, -1_001_000_000_001
# One entry of the tests' own variable BOTS; the first is for their own CI.
IDENTITY = {
    "token": TOKEN,
    "payment_provider_token": "none",
    "chat_id": str(CHAT),
    "super_group_id": str(GROUP),
    "forum_group_id": str(FORUM),
    "channel_id": "@conformance",
    "name": "Conformance",
    "username": f"@{USERNAME}",
    "subscription_channel_id": CHANNEL,
}


def server() -> BotApiServer:
    """Reads markup by Telegram's own parser; without flood limits, which are tested apart."""
    api = BotApiServer(
        TOKEN,
        username=USERNAME,
        parser=TdTextParser(),
        limits=FloodLimits(enabled=False),
        resolve=lambda _host: RESOLVES_TO,
    )
    people = api.people
    tester = people.add_user(CHAT, "PTB", last_name="Test user", started=True)
    _write_long_ago(tester)
    helper = Account(id=4_242_424_243, first_name="Helper", username="helper_bot", is_bot=True)
    people.add_group(GROUP, f">>> telegram.Bot(test) @{USERNAME}", bot=Standing.ADMINISTRATOR)
    people.add_group(FORUM, "Forum", threads=[1], bot=Standing.ADMINISTRATOR)
    channel = people.add_group(
        CHANNEL,
        "Channel",
        type="channel",
        username="conformance",
        bot=Standing.ADMINISTRATOR,
        members=[(tester, Standing.CREATOR)],
    )
    channel.chat.members[helper.id] = (helper, Standing.ADMINISTRATOR)
    return api


def _write_long_ago(tester: User) -> None:
    """A first message that is too old to be deleted."""
    first = tester.sends("/start")
    first.date -= 365 * 24 * 3600
