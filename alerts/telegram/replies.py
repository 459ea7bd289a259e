"""What the bot answers: pure messages in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.compose import found_lines, quote_lines, source_and_time, title_line, word_parts
from alerts.keywords import is_personal
from alerts.message import (
    FSI,
    PDI,
    Inline,
    Line,
    Message,
    Quote,
    Segment,
    Text,
    clean,
    cut,
    isolated,
)
from alerts.telegram.keyboards import (
    Rows,
    approval_rows,
    clock,
    forget_rows,
    language_rows,
    mode_signs,
    page_rows,
    settings_rows,
    topic_rows,
)
from alerts.telegram.presses import SearchPage
from alerts.telegram.store import Answer
from alerts.telegram.texts.choices import ChoiceTexts, choice_texts
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from alerts.texts import texts_of
from models.alert import StoredAlert
from models.schedule import Quiet, Schedule, schedule_of
from models.subscriber import Chat, Subscriber
from models.text import Language, Localized

LATEST = 5
QUERY_UNITS = 200


def message(
    language: Language, *segments: Segment, buttons: Rows = (), preview: str | None = None
) -> Message:
    return Message(
        segments=segments, buttons=buttons, preview_url=preview, rtl=texts_of(language).rtl
    )


def line(text: str) -> Line:
    """A sentence of ours; what stands between `backticks` is to be written as it is, and is kept
    together whatever the direction around it."""
    parts = (isolated(part) if at % 2 else Text(part) for at, part in enumerate(text.split("`")))
    return Line(tuple(parts))


def popup(text: str) -> str:
    """The same where there is no markup: on a pressed button."""
    return "".join(
        f"{FSI}{part}{PDI}" if at % 2 else part for at, part in enumerate(text.split("`"))
    )


def _pointing_at(text: str, command: str) -> Line:
    return Line((Text(f"{text} "), isolated(f"/{command}")))


def sentence(language: Language, text: str) -> Message:
    return message(language, line(text))


def pointer(language: Language, text: str, command: str) -> Message:
    """A sentence that ends in the command to send."""
    return message(language, _pointing_at(text, command))


def welcome(subscriber: Subscriber, topics: Mapping[str, Localized]) -> Message:
    texts = talk_texts(subscriber.chat.language)
    lines = (line(texts.greeting), line(texts.how_it_works), Line())
    return choose_topics(subscriber, topics, before=lines)


def approved(subscriber: Subscriber, topics: Mapping[str, Localized]) -> Message:
    texts = talk_texts(subscriber.chat.language)
    return choose_topics(subscriber, topics, before=(line(texts.approved), Line()))


def choose_topics(
    subscriber: Subscriber, topics: Mapping[str, Localized], before: Iterable[Line] = ()
) -> Message:
    language = subscriber.chat.language
    texts = talk_texts(language)
    known = subscriber.topics & frozenset(topics)
    lines = (
        (line(texts.following.of(len(known))), line(texts.choose_topics))
        if topics
        else (line(texts.no_topics_configured),)
    )
    key = _mode_key(choice_texts(language)) if known else ()
    rows = topic_rows(topics, known, language, subscriber.modes)
    return message(language, *before, *lines, *key, buttons=rows)


def _mode_key(texts: ChoiceTexts) -> tuple[Line, ...]:
    signs = zip(mode_signs(), texts.modes, strict=True)
    return (Line(), line(texts.mode_key), *(line(f"{sign} {text}") for sign, text in signs))


def settings(subscriber: Subscriber, schedule: Schedule) -> Message:
    """When alerts come, and the buttons that change it. `schedule` is the chat's or the usual."""
    language = subscriber.chat.language
    texts = choice_texts(language)
    muted = sorted(subscriber.muted_sites)
    lines = [
        line(texts.settings_title),
        Line((Text(f"{texts.zone_is} "), isolated(schedule.zone))),
        line(_quiet(texts, schedule.quiet)),
        line(_digest(texts, schedule.digest_at)),
    ]
    lines += [line(texts.muted_sites)] if muted else []
    return message(language, *lines, buttons=settings_rows(schedule, muted, language))


def _quiet(texts: ChoiceTexts, quiet: Quiet | None) -> str:
    if quiet is None:
        return texts.quiet_off
    template = texts.quiet_hold if quiet.hold else texts.quiet_silent
    return template.format(begin=clock(quiet.begin), end=clock(quiet.end))


def _digest(texts: ChoiceTexts, at: int | None) -> str:
    return texts.digest_hourly if at is None else texts.digest_daily.format(at=clock(at))


def my_data(language: Language, row: Mapping[str, object]) -> Message:
    """Everything that is stored of a chat, field by field, as `marsad export` writes it."""
    texts = talk_texts(language)
    lines = (
        Line((Text(f"{texts.fields.get(name, name)}: "), isolated(_shown(language, name, value))))
        for name, value in row.items()
        if value not in (None, "")
    )
    return message(language, line(texts.my_data), *lines)


def _shown(language: Language, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "✅" if value else "–"
    if name == "schedule":
        schedule, texts = schedule_of(str(value)), choice_texts(language)
        told = (_quiet(texts, schedule.quiet), _digest(texts, schedule.digest_at), schedule.zone)
        return " · ".join(part.rstrip(".") for part in told)
    if name == "created":
        return f"{datetime.fromisoformat(str(value)):%Y-%m-%d %H:%M} UTC"
    return talk_texts(language).values.get(str(value), str(value))


def privacy(language: Language) -> Message:
    return message(language, *(line(text) for text in talk_texts(language).privacy))


def forget_asks(language: Language) -> Message:
    return message(language, line(talk_texts(language).forget_asks), buttons=forget_rows(language))


def waiting(language: Language) -> Message:
    texts = talk_texts(language)
    return message(
        language, line(texts.greeting), line(texts.waiting), buttons=language_rows(language)
    )


def help_text(language: Language) -> Message:
    texts = talk_texts(language)
    commands = (
        Line((isolated(f"/{name}"), Text(f" — {description}")))
        for name, description in texts.commands
    )
    return message(
        language,
        line(texts.how_it_works),
        Line(),
        line(texts.help_title),
        *commands,
        buttons=language_rows(language),
    )


def latest(
    language: Language,
    alerts: Sequence[StoredAlert],
    *,
    zone: ZoneInfo,
    now: datetime,
    skip: int = 0,
) -> Message:
    """The newest alerts after `skip`, two lines each: the title as a link, source and time. One
    more than are shown says that there is a further page."""
    shown = alerts[:LATEST]
    segments: list[Segment] = [line(talk_texts(language).latest_title.of(len(shown)))]
    for stored in shown:
        source = source_and_time(stored.alert, language=language, zone=zone, now=now)
        segments += [Line(), title_line(stored), Line(source)]
    return message(language, *segments, buttons=page_rows(skip, len(alerts), LATEST))


def found(
    language: Language,
    query: str,
    answer: Answer,
    sites: Mapping[str, Localized],
    *,
    zone: ZoneInfo,
    now: datetime,
    skip: int = 0,
) -> Message:
    """Answers of the archive, two lines each, newest first; one more than are shown, as above. A
    site that is not crawled any more has only its name."""
    texts, hits = talk_texts(language), answer.hits
    title = texts.search_found if hits else texts.search_nothing
    asked = isolated(cut(clean(query), QUERY_UNITS))
    segments: list[Segment] = [Line((Text(f"{title} "), asked))]
    for hit in hits[:LATEST]:
        moment = hit.published or hit.first_seen
        outlet = sites.get(hit.site, Localized(ar=hit.site)).in_language(language)
        lines = found_lines(hit.url, outlet, hit.title, moment, texts_of(language), zone, now)
        segments += [Line(), *lines]
    if not answer.whole and len(hits) <= LATEST:
        segments += [Line(), line(texts.search_cut)]
    return message(language, *segments, buttons=page_rows(skip, len(hits), LATEST, SearchPage))


def why(language: Language, told: Sequence[StoredAlert], replied_to: int | None = None) -> Message:
    """The proof of the alerts of a message in plain words: each topic with the words found, and
    the quote if it was one alert."""
    texts = talk_texts(language)
    if not told and replied_to is None:
        return pointer(language, texts.why_none_yet, "latest")
    if not told:
        return pointer(language, texts.why_nothing, "why")
    segments: list[Segment] = [line(texts.why_title.of(len(told)))]
    for stored in told:
        segments += [Line()] if len(told) > 1 else []
        segments += [title_line(stored), Line()]
        for match in stored.alert.topics:
            title = match.title.in_language(language)
            reason = texts.why_keyword if is_personal(match.topic) else texts.why_topic
            segments.append(
                Line(
                    (
                        *_filled(reason, title),
                        Text(" "),
                        *word_parts(match, texts_of(language)),
                    )
                )
            )
    quoted = quote_lines(told[0].alert.quote)
    if quoted and len(told) == 1:
        segments += [Line(), line(texts.why_quote), Quote(quoted)]
    return message(language, *segments)


def _filled(template: str, topic: str) -> tuple[Inline, ...]:
    before, _, after = template.partition("{topic}")
    return (Text(before), isolated(topic), Text(after))


def approval_request(language: Language, chat: Chat) -> Message:
    texts = operator_texts(language)
    return message(
        language,
        line(texts.asks_to_subscribe),
        who(chat),
        buttons=approval_rows(chat.id, language),
    )


def approval_result(language: Language, chat: Chat, *, admitted: bool) -> Message:
    texts = operator_texts(language)
    outcome = texts.was_approved if admitted else texts.was_refused
    return message(language, line(texts.asks_to_subscribe), who(chat), line(outcome))


def who(chat: Chat) -> Line:
    name = isolated(chat.title or str(chat.id))
    account = f"@{chat.username} · {chat.id}" if chat.username else str(chat.id)
    return Line((name, Text(" · "), isolated(account)))


def commands(language: Language) -> tuple[tuple[str, str], ...]:
    return talk_texts(language).commands
