"""Alerts made of what may not be put into a message, read by Telegram's own parser."""

import asyncio
import random
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot
from telegram.error import TelegramError

from alerts.compose import compose_together
from alerts.message import BUDGET_UTF16, Message, to_html
from alerts.telegram.notifier import send
from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_text import MarkupError, TextParser
from models.alert import Alert, Changes, StoredAlert, TopicMatch
from models.text import Localized, Marked
from scripts.soak.canary import logged, not_leaked
from scripts.soak.figures import Row
from scripts.soak.processes import TOKEN
from scripts.soak.virtual import EPOCH

log = structlog.get_logger(__name__)

_SENT = 300
_PIECES: tuple[str, ...] = (
    *("بحر قزوين", "موسكو وطهران", "عاجل", "مُحَمَّد", "ﷺ", "١٢٣", "گفت‌وگو"),
    *("Reuters", "<b>", "</a>", "<a href='http://evil.example'>", "&amp;", "&lt", '"', "'", "&#0;"),
    *(
        "\x00",
        "\x1f",
        "\u202e",
        "\u202a",
        "\u2066",
        "\u2069",
        "\u200f",
        "\u200e",
        "\u061c",
        "\ufeff",
    ),
    *(
        "\ud800",
        "\udfff",
        "😀",
        "👩‍👩‍👧‍👦",
        "🏽",
        "🇮🇷",
        "\u0301" * 20,
        "\u033f",
        "\n",
        "\r\n",
        "\u2028",
        "\t",
    ),
    *("https://evil.example/x", "@someone", "#tag", "/start", "%", "RT: "),
)


def hostile(parser: TextParser, folder: Path, count: int = 20_000, seed: int = 0) -> Row:
    """Single alerts and messages of up to twelve, in both languages of the interface; some of
    them go through the bot, too."""
    chance = random.Random(seed)
    row = Row(f"hostile: {count} alerts through the parser")
    rejected = over = foreign = left_to_right = alerts = messages = 0
    sample: list[Message] = []
    while alerts < count:
        told = [_alert(chance, number) for number in range(chance.choice((1, 1, 1, 2, 3, 12)))]
        alerts += len(told)
        messages += 1
        message = compose_together(
            told,
            language=chance.choice(("ar", "en")),
            zone=ZoneInfo("UTC"),
            now=EPOCH,
            digest=chance.random() < 0.1,
        )
        if len(sample) < _SENT:
            sample.append(message)
        try:
            parsed = parser.parse(to_html(message), "html")
        except MarkupError:
            rejected += 1
            continue
        over += len(parsed.text.encode("utf-16-le")) // 2 > BUDGET_UTF16
        links = [
            str(one.extra.get("url", "")) for one in parsed.entities if one.type == "text_link"
        ]
        foreign += not all(link.startswith(_SITE) for link in links)
        foreign += any(one.type not in _OURS for one in parsed.entities)
        left_to_right += any(_first_strong(line) == "L" for line in parsed.text.splitlines())
    row.note("messages", messages)
    row.at_most("rejected", rejected, 0)
    row.at_most("over 4096 units", over, 0)
    row.at_most("with foreign markup or links", foreign, 0)
    row.at_most("with a line that is not right-to-left", left_to_right, 0)
    with logged(folder):
        refused = asyncio.run(_send(parser, sample))
    row.at_most(f"refused of {len(sample)} that were sent by the bot", refused, 0)
    not_leaked(row, folder)
    return row


async def _send(parser: TextParser, messages: Sequence[Message]) -> int:
    """How many of them the local Bot API refused."""
    refused = 0
    async with BotApiServer(TOKEN, parser=parser, limits=FloodLimits(enabled=False)) as server:
        server.people.add_user(7, started=True)
        async with Bot(TOKEN, server.base_url) as bot:
            for message in messages:
                try:
                    await send(bot, 7, message)
                except TelegramError:
                    log.exception("refused")
                    refused += 1
    return refused


_SITE = "https://news.example/"
_OURS = ("bold", "strikethrough", "text_link", "blockquote", "expandable_blockquote")


def _alert(chance: random.Random, number: int) -> StoredAlert:
    title, quote = _text(chance, chance.choice((3, 20, 900))), _text(chance, 200)
    match = TopicMatch(
        topic="t",
        title=Localized(_text(chance, 3), _text(chance, 3)),
        words=tuple(_words(chance)),
        score=1,
    )
    alert = Alert(
        article_id=number,
        url=chance.choice(
            ("https://news.example/1?a=1&b=\x00", "https://news.example/خبر/" + _text(chance, 5))
        ),
        site="news",
        source=Localized(_text(chance, 3)),
        title=_marked(chance, title),
        quote=_marked(chance, quote),
        topics=(match,) * chance.randint(1, 10),
        published=EPOCH,
        first_seen=EPOCH,
    )
    changed = Changes(
        title=_marked(chance, _text(chance, 9)) if chance.random() < 0.2 else None,
        withdrawn=chance.random() < 0.1,
    )
    return StoredAlert(id=number, story_id=number, created=EPOCH, alert=alert, changes=changed)


def _text(chance: random.Random, pieces: int) -> str:
    return "".join(
        chance.choice(_PIECES) + chance.choice((" ", "")) for _ in range(chance.randint(0, pieces))
    )


def _words(chance: random.Random) -> Iterable[str]:
    return (_text(chance, 3) for _ in range(chance.randint(0, 9)))


def _marked(chance: random.Random, text: str) -> Marked:
    places = sorted(chance.sample(range(len(text) + 1), k=min(len(text) // 2 * 2, 6)))
    return Marked(text, tuple(zip(places[::2], places[1::2], strict=True)))


def _first_strong(line: str) -> str:
    """Of a line outside isolates, as a client lays it out (UAX #9, P2 and P3)."""
    depth = 0
    for character in line:
        if character in "\u2066\u2067\u2068":
            depth += 1
        elif character == "\u2069":
            depth = max(depth - 1, 0)
        elif depth == 0 and (kind := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return "L" if kind == "L" else "R"
    return ""
