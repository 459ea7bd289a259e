"""The operator in the chat: counts, sites, a pause, messages to everybody, invitations."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from alerts.message import Inline, Line, Message, Text, isolated
from alerts.telegram import replies
from alerts.telegram.keyboards import broadcast_rows
from alerts.telegram.presses import Broadcast
from alerts.telegram.texts.operators import OperatorTexts, operator_texts
from models.text import Language, Localized

INVITED_FOR = timedelta(days=7)
_SITES_SHOWN = 40
_PREFIX = "i-"
_SIGNATURE = 16


class _Stats(Protocol):
    @property
    def chats(self) -> dict[str, int]: ...
    @property
    def deliveries(self) -> dict[str, int]: ...
    @property
    def alerts(self) -> int: ...
    @property
    def sent(self) -> int: ...
    @property
    def paused(self) -> bool: ...


class _SiteLine(Protocol):
    @property
    def site(self) -> str: ...
    @property
    def last_success(self) -> datetime | None: ...
    @property
    def failures(self) -> int: ...
    @property
    def problem(self) -> str | None: ...
    @property
    def blind_since(self) -> datetime | None: ...
    @property
    def blocked_since(self) -> datetime | None: ...
    @property
    def proven(self) -> bool: ...


class OperatorStore(Protocol):
    """What operators ask and tell the archive; storage.operating fits it by shape."""

    async def stats(self, now: datetime) -> _Stats: ...

    async def site_lines(self) -> Sequence[_SiteLine]:
        """The sites that are crawled, those in trouble first."""

    async def pause(self, paused: bool, by_user: int, now: datetime) -> None:
        """While it is paused nothing is delivered, also after a restart."""

    async def reach(self) -> int:
        """How many chats a message to everybody goes to."""

    async def broadcast(self, text: str, now: datetime) -> int:
        """Write a message for each of them; how many those are."""

    async def add_invite(self, code: str, expires: datetime, now: datetime) -> None: ...

    async def use_invite(self, code: str, chat_id: int, now: datetime) -> bool:
        """True once: for a code that was given out, did not expire and was not used; again within
        ten minutes for the chat that used it, as long as that is not registered."""


@dataclass(slots=True)
class Operating:
    """`key` signs invitations; `link` is https://t.me/BOT, known once the bot is."""

    store: OperatorStore
    key: bytes
    link: Callable[[], str]
    now: Callable[[], datetime]
    # Messages to everybody that wait for a yes; a restart forgets them.
    _asked: dict[str, str] = field(default_factory=dict)

    async def stats(self, language: Language) -> Message:
        texts, stats = operator_texts(language), await self.store.stats(self.now())
        counts = {
            texts.stats_chats: stats.chats,
            texts.stats_deliveries: stats.deliveries,
            texts.stats_day: {texts.stats_alerts: stats.alerts, texts.stats_sent: stats.sent},
        }
        rows = [replies.line(texts.paused_now)] if stats.paused else []
        for title, numbers in counts.items():
            counted = [
                isolated(f"{texts.states.get(name, name)} {number}")
                for name, number in numbers.items()
                if number
            ]
            shown = _between(counted, Text(" · ")) or (Text("0"),)
            rows.append(Line((Text(f"{title}: "), *shown)))
        return replies.message(language, *rows)

    async def sites(
        self, language: Language, titles: Mapping[str, Localized] | None = None
    ) -> Message:
        """Readers know outlets by their `titles`; operators by the names of the sites' files."""
        texts, lines = operator_texts(language), await self.store.site_lines()
        rows = [replies.line(texts.sites_title.of(len(lines)))]
        for site in lines[:_SITES_SHOWN]:
            title = (titles or {}).get(site.site, Localized(ar=site.site)).in_language(language)
            rows.append(_site_line(texts, site, title))
        return replies.message(language, *rows)

    async def pause(self, language: Language, user_id: int, *, paused: bool) -> Message:
        await self.store.pause(paused, user_id, self.now())
        texts = operator_texts(language)
        return replies.sentence(language, texts.paused if paused else texts.resumed)

    async def ask_to_broadcast(self, language: Language, text: str) -> Message:
        """The text as it will look, to how many chats it goes, and a button that sends it."""
        texts = operator_texts(language)
        if not text.strip():
            return replies.sentence(language, texts.broadcast_empty)
        key = secrets.token_urlsafe(8)
        self._asked[key] = text
        asks = texts.broadcast_asks.of(await self.store.reach())
        rows = broadcast_rows(key, language)
        body = [Line((isolated(row),)) for row in text.splitlines() if row.strip()]
        return replies.message(language, replies.line(asks), Line(), *body, buttons=rows)

    async def broadcast(self, language: Language, press: Broadcast) -> Message:
        """Pressed twice it is sent once; what could not be written can be pressed again."""
        texts = operator_texts(language)
        text = self._asked.pop(press.key, None)
        if text is None:
            return replies.sentence(language, texts.broadcast_gone)
        try:
            count = await self.store.broadcast(text, self.now())
        except Exception:
            self._asked[press.key] = text
            raise
        return replies.sentence(language, texts.broadcast_sent.of(count))

    async def invite(self, language: Language) -> Message:
        code = _PREFIX + secrets.token_urlsafe(9)
        now = self.now()
        await self.store.add_invite(code, now + INVITED_FOR, now)
        link = f"{self.link()}?start={code}-{self._signature(code)}"
        texts = operator_texts(language)
        return replies.message(language, replies.line(texts.invite), Line((isolated(link),)))

    async def admits(self, argument: str | None, chat_id: int) -> bool:
        """Whether /start came with an invitation that holds; it is used up then."""
        if argument is None or not self.is_ours(argument):
            return False
        code = argument[: -_SIGNATURE - 1]
        return await self.store.use_invite(code, chat_id, self.now())

    def is_ours(self, argument: str) -> bool:
        """Whether we signed this invitation; it may be used or have expired."""
        code, signature = argument[: -_SIGNATURE - 1], argument[-_SIGNATURE:]
        return code.startswith(_PREFIX) and hmac.compare_digest(
            signature.encode(), self._signature(code).encode()
        )

    def _signature(self, code: str) -> str:
        return hmac.new(self.key, code.encode(), hashlib.sha256).hexdigest()[:_SIGNATURE]


def key_of(token: str) -> bytes:
    """The key that signs invitations: nobody has it who has not the token, and it does not give
    the token away."""
    return hashlib.sha256(b"marsad invitations\0" + token.encode()).digest()


def _between(parts: Sequence[Inline], sign: Text) -> tuple[Inline, ...]:
    """The parts with the sign between them."""
    return tuple(item for part in parts for item in (sign, part))[1:]


def _site_line(texts: OperatorTexts, line: _SiteLine, title: str) -> Line:
    """Whether the site gives news, and if not, since when."""
    when = "–" if line.last_success is None else f"{line.last_success:%Y-%m-%d %H:%M} UTC"
    in_trouble = line.failures > 0 or line.blind_since is not None
    waits = line.last_success is None and line.proven and not in_trouble
    sign = "🔴" if in_trouble else "⚪" if waits else "🟢"
    parts: list[Inline] = [Text(f"{sign} "), isolated(f"{title} · {when}")]
    for words, since in (
        (texts.blind_since, line.blind_since),
        (texts.blocked_since, line.blocked_since),
    ):
        if since is not None:
            parts += [Text(f" · {words} "), isolated(f"{since:%Y-%m-%d %H:%M} UTC")]
    if not line.proven or waits:
        parts.append(Text(f" · {texts.not_read if waits else texts.unproven}"))
    if line.failures:
        parts.append(Text(f" · {texts.failed_crawls.of(line.failures)}"))
    return Line(tuple(parts))
