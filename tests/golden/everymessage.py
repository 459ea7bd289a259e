"""Every message that the bot sends, built from the same small world in both languages.

`python -m tests.golden.everymessage` writes them anew, as Telegram's own parser shows them, into
tests/golden/messages; read the difference as a reader of the chat would.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.compose import compose_notice, compose_together
from alerts.keywords import topic_name
from alerts.message import Button, Message, to_html
from alerts.telegram import replies
from alerts.telegram.editing import Editing, discarded
from alerts.telegram.keyboards import alert_rows
from alerts.telegram.keywords import keywords_message
from alerts.telegram.operating import Operating
from alerts.telegram.presses import Broadcast, SaveEdit
from alerts.telegram.rulebook import Refused
from alerts.telegram.sources import sources_message
from alerts.telegram.texts.choices import choice_texts
from alerts.telegram.texts.editing import editing_texts
from alerts.telegram.texts.keywords import keyword_texts
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from models.alert import AlsoTold, Changes, StoredAlert, TopicMatch
from models.schedule import Mode, Quiet, Schedule
from models.subscriber import ChatStatus, Subscriber
from models.text import Language, Localized, Marked
from storage.operating import SiteLine
from storage.search import Answer, SearchHit
from tests.fakes.memory_operating import MemoryOperating
from tests.fakes.memory_rulebook import MemoryRulebook
from tests.fakes.memory_store import MemoryStore
from tests.fakes.td_parser import TdTextParser
from tests.unit.alerts.builders import alert, chat, marked, stored_alert

FOLDER = Path(__file__).parent / "messages"
NOW = datetime(2026, 3, 14, 11, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Riyadh")
SUEZ = "قناة السويس"
TOPICS = {
    "caspian": Localized("بحر قزوين", "Caspian Sea"),
    "iran-russia": Localized("إيران وروسيا", "Iran and Russia"),
}
SITES = {
    "afaq": Localized("وكالة آفاق", "Afaq Agency"),
    "nahar": Localized("صحيفة الضفة", "Ad-Diffa"),
}
_KEYWORD = TopicMatch(
    topic=topic_name(SUEZ), title=Localized(SUEZ), words=("لقناة السويس",), score=1.0
)
_ALSO = (
    AlsoTold(source=Localized("صحيفة الضفة", "Ad-Diffa"), url="https://diffa.example/1"),
    AlsoTold(source=Localized("Nova TV"), url="https://nova.example/2"),
)
_LATIN = marked('«Rosatom» و"Gazprom": عقد بقيمة 4.5 مليار دولار مع طهران', "طهران")


def of_alerts(language: Language) -> Iterator[tuple[str, Message]]:
    """Alerts, joint messages, digests and what edits make of them, with their buttons."""
    first, later = stored_alert(1), stored_alert(2, title=_LATIN, url="https://news.example/2")
    before = replace(_ALSO[0], published=NOW - timedelta(minutes=50))
    changed = Changes(also=_ALSO, title=marked("طهران وموسكو تؤجلان مباحثات الملاحة", "موسكو"))
    for name, told in (
        ("alert", first),
        ("alert, foreign names", later),
        ("alert without date or quote", _bare()),
        ("alert on a keyword of one's own", stored_alert(3, topics=(_KEYWORD,))),
        ("alert of another day", stored_alert(4, published=NOW - timedelta(days=400))),
        ("edited: also told by others", replace(first, changes=Changes(also=_ALSO), revision=1)),
        (
            "edited: another source had it first",
            replace(first, changes=Changes(also=(before, _ALSO[1])), revision=1),
        ),
        ("something new in a story", stored_alert(6, repeats="a new number")),
        ("edited: a corrected headline", replace(first, changes=changed, revision=2)),
        ("edited: withdrawn", replace(first, changes=Changes(withdrawn=True), revision=3)),
    ):
        message = _composed((told,), language)
        yield name, replace(message, buttons=alert_rows(told, language))
    several = [stored_alert(n, url=f"https://news.example/{n}") for n in range(1, 13)]
    yield "two alerts in one message", _composed((first, later), language)
    yield "twelve alerts in one message", _composed(tuple(several), language)
    for count in (1, 2, 3, 11):
        yield f"digest of {count}", _composed(tuple(several[:count]), language, digest=True)


def _bare() -> StoredAlert:
    return stored_alert(5, published=None, quote=Marked(""), topics=alert().topics[:1])


def _composed(
    told: tuple[StoredAlert, ...], language: Language, *, digest: bool = False
) -> Message:
    return compose_together(told, language=language, zone=ZONE, now=NOW, digest=digest)


def of_talk(language: Language) -> Iterator[tuple[str, Message]]:
    """Subscribing, questions, help."""
    talk, person = talk_texts(language), subscriber(language)
    newcomer = replace(person, topics=frozenset(), modes={}, keywords={})
    yield "/start", replies.welcome(newcomer, TOPICS)
    yield "/start, waiting for approval", replies.waiting(language)
    yield "approved", replies.approved(newcomer, TOPICS)
    yield "no topic is configured", replies.choose_topics(newcomer, {})
    yield "/topics", replies.choose_topics(person, TOPICS)
    yield "/stop", replies.pointer(language, talk.stopped, "start")
    yield "never wrote", replies.pointer(language, talk.not_started, "start")
    yield "unknown command", replies.pointer(language, talk.unknown, "help")
    yield "/help", replies.help_text(language)
    yield "/privacy", replies.privacy(language)
    alerts = [stored_alert(1), stored_alert(2, title=_LATIN)]
    for count in range(3):
        shown = replies.latest(language, alerts[:count], zone=ZONE, now=NOW)
        yield f"/latest, {count}", shown
    yield (
        "/search, nothing",
        replies.found(language, "هرمز", Answer([], whole=True), SITES, zone=ZONE, now=NOW),
    )
    hits = [_hit(alerts[0], site) for site in ("afaq", "no-more")]
    yield (
        "/search, a site that is crawled and one that is not any more",
        replies.found(language, "هرمز", Answer(hits, whole=True), SITES, zone=ZONE, now=NOW),
    )
    yield "/why", replies.why(language, alerts[:1])
    yield "/why, two in one message", replies.why(language, alerts)
    keyword = stored_alert(3, topics=(_KEYWORD,))
    yield "/why, a keyword of one's own", replies.why(language, [keyword])
    yield "/why, nothing", replies.why(language, (), 7)
    yield "/why, nothing was sent yet", replies.why(language, ())
    for name in (
        "still_waiting",
        "refused",
        "invited_only",
        "invitation_spent",
        "stop_before_approval",
        "not_approved",
        "admins_only",
        "search_how",
        "search_refused",
    ):
        yield name, replies.sentence(language, getattr(talk, name))


def of_choices(language: Language) -> Iterator[tuple[str, Message]]:
    """Settings, sources, keywords, and what is stored."""
    person = subscriber(language)
    night = Quiet(begin=22 * 60, end=7 * 60, hold=False)
    usual = Schedule(zone="Asia/Riyadh")
    yield "/settings", replies.settings(person, usual)
    silent = Schedule(zone="Asia/Riyadh", quiet=night, digest_at=None)
    yield "/settings, silent at night", replies.settings(person, silent)
    held = replace(silent, quiet=replace(night, hold=True))
    muted = replace(person, muted_sites=frozenset({"afaq"}))
    yield "/settings, held at night, a muted site", replies.settings(muted, held)
    yield "/sources", sources_message(muted, SITES, 0)
    yield "/keywords", keywords_message(person)
    yield "/keywords, none", keywords_message(replace(person, keywords={}))
    stored = {
        "chat": 7,
        "channel": "telegram",
        "status": "active",
        "language": language,
        "title": "سلمى",
        "username": "salma",
        "thread": None,
        "created": "2026-03-01T09:00:00Z",
        "topics": "caspian (urgent), iran-russia (now)",
        "schedule": str(held),
        "muted_sites": "afaq",
        "may_have_keywords": True,
        "keywords": f"{SUEZ} (now)",
        "muted": 2,
        "opinions": 3,
        "messages": 41,
    }
    yield "/mydata", replies.my_data(language, stored)
    yield "/forget", replies.forget_asks(language)
    yield "forgotten", replies.pointer(language, talk_texts(language).forgotten, "start")
    texts = keyword_texts(language)
    for name in ("too_long", "signs", "too_short", "common", "nobody", "not_allowed", "declined"):
        yield f"/keywords: {name}", replies.sentence(language, getattr(texts, name))
    yield "/keywords: granted", replies.pointer(language, texts.granted, "keywords")


async def of_operators(language: Language) -> list[tuple[str, Message]]:
    """What operators are told and asked."""
    desk, office = _Office(language), chat(7, username="salma", status=ChatStatus.WAITING)
    act, book = desk.operating, MemoryRulebook()
    editing = Editing(book)
    asks = await act.ask_to_broadcast(language, "صيانة الليلة\nمن 22:00 إلى 23:00")
    key = str(asks.buttons[0][0].data).rpartition(":")[2]
    told = [
        ("a request to subscribe", replies.approval_request(language, office)),
        ("a request, approved", replies.approval_result(language, office, admitted=True)),
        ("a request, refused", replies.approval_result(language, office, admitted=False)),
        ("/stats", await act.stats(language)),
        ("/sites", await act.sites(language)),
        ("/sites, to a reader", await act.sites(language, SITES)),
        ("/pause", await act.pause(language, 1, paused=True)),
        ("/stats, paused", await act.stats(language)),
        ("/resume", await act.pause(language, 1, paused=False)),
        ("/broadcast, empty", await act.ask_to_broadcast(language, " ")),
        ("/broadcast", replace(asks, buttons=_keyless(asks))),
        ("/broadcast, sent", await act.broadcast(language, Broadcast(key))),
        ("/broadcast, pressed twice", await act.broadcast(language, Broadcast(key))),
        ("a message from the operator", _notice(language, from_operator=True)),
        ("a notice", _notice(language, from_operator=False)),
        ("/edit", await editing.edit(language, "")),
        ("/edit NAME", await editing.edit(language, "suez")),
        ("/edit, unknown", await editing.edit(language, "suex")),
        ("/edit NAME + WORD", await editing.edit(language, "suez + باب المندب")),
        ("/edit NAME PLACE = VALUE", await editing.edit(language, "suez within = 5")),
        ("saved", await editing.save(language, SaveEdit("k1"), 1)),
        ("discarded", discarded(language)),
        ("/undo", await editing.undo(language, None, 1)),
        ("/dryrun", await editing.dry_run(language, "7d")),
        ("/dryrun, how", await editing.dry_run(language, "?")),
    ]
    book.effects = ()
    told.append(("/edit without effect", await editing.edit(language, "suez + باب المندب")))
    problem = "topics/suez.yaml:6:5: examples[1].text: must not match, but باب المندب fires"
    book.refusal = Refused(problems=(problem,))
    told.append(("/edit, refused", await editing.edit(language, "suez + باب المندب")))
    texts = editing_texts(language)
    for name in ("present", "absent", "place", "number", "stale", "gone", "unwritable"):
        told.append((f"/edit: {name}", replies.sentence(language, getattr(texts, name))))
    return told


class _Office:
    def __init__(self, language: Language) -> None:
        store = MemoryStore(chats={n: chat(n, language=language) for n in (1, 7, 8)})
        store.chats[9] = chat(9, status=ChatStatus.WAITING)
        lines = [
            SiteLine(site="afaq", last_success=NOW, failures=0, problem=None),
            SiteLine(site="diffa", last_success=None, failures=3, problem="timeout"),
        ]
        operating = MemoryOperating(store, sites=lines)
        self.operating = Operating(operating, b"key", lambda: "https://t.me/marsad_bot", _now)


def _now() -> datetime:
    return NOW


def _keyless(message: Message) -> tuple[tuple[Button, ...], ...]:
    """Its button without the key, which is another one each time."""
    ((button,),) = message.buttons
    return ((replace(button, data="1:b:KEY"),),)


def _notice(language: Language, *, from_operator: bool) -> Message:
    text = "afaq is blind: no article in 26 h\nhttps://news.example"
    text = "صيانة الليلة من 22:00" if from_operator else text
    return compose_notice(text, language=language, from_operator=from_operator)


def subscriber(language: Language) -> Subscriber:
    return Subscriber(
        chat=chat(7, language=language),
        topics=frozenset(TOPICS),
        modes={"caspian": Mode.URGENT, topic_name("هرمز"): Mode.SILENT},
        keywords={topic_name(SUEZ): SUEZ, topic_name("هرمز"): "هرمز"},
        may_have_keywords=True,
    )


def popups(language: Language) -> Iterator[tuple[str, str]]:
    """What is shown when a button is pressed, and the menu of commands."""
    choices, operators = choice_texts(language), operator_texts(language)
    for name in ("thanks", "story_muted", "site_muted"):
        yield name, replies.popup(getattr(choices, name))
    for name in ("operators_only", "gone_meanwhile"):
        yield name, getattr(operators, name)
    yield "asked for keywords", keyword_texts(language).asked
    yield "not started", replies.popup(f"{talk_texts(language).not_started} `/start`")
    yield "administrators only", talk_texts(language).admins_only
    for command, text in replies.commands(language):
        yield f"menu /{command}", text


def _hit(stored: StoredAlert, site: str) -> SearchHit:
    alert = stored.alert
    return SearchHit(
        article_id=alert.article_id,
        site=site,
        url=alert.url,
        title=alert.title,
        snippet=alert.quote,
        published=alert.published,
        first_seen=alert.first_seen,
        withdrawn=False,
    )


def every_message(language: Language) -> list[tuple[str, Message]]:
    return [
        *of_alerts(language),
        *of_talk(language),
        *of_choices(language),
        *asyncio.run(of_operators(language)),
    ]


# As text, for a person to read: marks of direction are shown by their names.
_SHOWN = str.maketrans({"\u200f": "{RLM}", "\u2068": "{FSI}", "\u2069": "{PDI}"})


def shown(language: Language) -> str:
    parts = [_shown(name, message) for name, message in every_message(language)]
    parts += [f"== {name} (shown on the screen)\n{text}\n" for name, text in popups(language)]
    return "\n".join(parts)


def _shown(name: str, message: Message) -> str:
    parsed = TdTextParser().parse(to_html(message), "html")
    units = parsed.text.encode("utf-16-le")
    lines = [f"== {name}", parsed.text.translate(_SHOWN)]
    for entity in parsed.entities:
        covered = units[entity.offset * 2 : (entity.offset + entity.length) * 2]
        text = covered.decode("utf-16-le").translate(_SHOWN).replace("\n", "⏎")
        extra = "".join(f" {value}" for value in entity.extra.values())
        lines.append(f"-- {entity.type} {entity.offset}+{entity.length} {text}{extra}")
    lines += [f"-- preview {message.preview_url}"] if message.preview_url else []
    for row in message.buttons:
        lines.append("-- buttons " + "  ".join(f"[{b.text}] {b.data or b.url}" for b in row))
    return "\n".join(lines) + "\n"


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    languages: tuple[Language, ...] = ("ar", "en")
    for language in languages:
        (FOLDER / f"{language}.txt").write_text(shown(language), encoding="utf-8")


if __name__ == "__main__":
    write()
