"""Alerts on the terminal, and secrets out of the logs."""

import io
import logging
from zoneinfo import ZoneInfo

import pytest

from alerts.message import to_plain
from alerts.notifier import Sent
from alerts.telegram.notifier import message_of
from alerts.telegram.redaction import RedactSecrets
from alerts.terminal import TerminalNotifier
from models.delivery import DeliveryKind
from tests.unit.alerts.builders import NOW, delivery, stored_alert

TOKEN = "123456789:AAcanary-canary_canary-canary-canar"
LOG = logging.getLogger("test")


async def test_the_terminal_prints_the_alert_whole() -> None:
    stream = io.StringIO()
    notifier = TerminalNotifier(stream, ZoneInfo("Asia/Tehran"), colour=True, now=lambda: NOW)

    outcome = await notifier.deliver(delivery(3))

    assert outcome == Sent(message_id=3)
    assert "\x1b[1mموسكو\x1b[22m و\x1b[1mطهران\x1b[22m تبحثان" in stream.getvalue()
    assert "https://news.example/2026/caspian?id=7&page=2" in stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "said"), [(DeliveryKind.REPEAT, True), (DeliveryKind.ALERT, False)]
)
async def test_only_who_has_the_story_is_told_that_this_is_news_of_it(
    kind: DeliveryKind, said: bool
) -> None:
    stream = io.StringIO()
    again = delivery(kind=kind, alert=stored_alert(repeats="a new number"))
    await TerminalNotifier(stream, ZoneInfo("UTC"), now=lambda: NOW).deliver(again)
    assert ("خبر وصلك من قبل" in stream.getvalue()) is said
    shown = message_of(again, ZoneInfo("UTC"), NOW)
    assert ("خبر وصلك من قبل" in to_plain(shown)) is said


async def test_a_pipe_gets_no_colours() -> None:
    stream = io.StringIO()

    await TerminalNotifier(stream, ZoneInfo("UTC"), now=lambda: NOW).deliver(delivery())

    assert "\x1b" not in stream.getvalue()


async def test_the_terminal_prints_notices() -> None:
    stream = io.StringIO()
    notice = delivery(kind=DeliveryKind.NOTICE, alert=None, notice="site afaq is blind")

    await TerminalNotifier(stream, ZoneInfo("UTC"), now=lambda: NOW).deliver(notice)

    assert "site afaq is blind" in stream.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        f"InvalidToken: The token `{TOKEN}` was rejected",
        f'{{"url": "https://x/bot{TOKEN}/sendMessage"}}',
    ],
    ids=["address", "error", "json"],
)
def test_the_token_is_redacted(line: str) -> None:
    redact = RedactSecrets([TOKEN])

    assert "canary" not in str(redact(LOG, "info", line))
    assert "canary" not in str(redact(LOG, "info", {"event": line}))


def test_whatever_looks_like_a_token_is_redacted_too() -> None:
    redact = RedactSecrets([])

    assert redact.redact("POST /bot42:local-demo-token/getMe") == "POST /bot[secret]/getMe"
    assert redact.redact(f"bot{TOKEN}") == "bot[secret]"
    assert redact.redact("at 12:30:45 chat -1001234567890 got 7") == (
        "at 12:30:45 chat -1001234567890 got 7"
    )


def test_other_secrets_are_redacted_whole() -> None:
    redact = RedactSecrets(["pass", "password1", ""])

    assert redact.redact("postgresql://u:password1@h/db") == "postgresql://u:[secret]@h/db"
