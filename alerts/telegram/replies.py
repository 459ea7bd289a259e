"""What the bot answers: pure messages in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.compose import quote_lines, source_and_time, title_line, word_parts
from alerts.message import Inline, Line, Message, Quote, Segment, Text, isolated
from alerts.telegram.keyboards import Rows, approval_rows, language_rows, topic_rows
from alerts.texts import Texts, texts_of
from models.alert import StoredAlert
from models.subscriber import Chat
from models.text import Language, Localized

LATEST = 5


def _message(
    language: Language, *segments: Segment, buttons: Rows = (), preview: str | None = None
) -> Message:
    return Message(
        segments=segments, buttons=buttons, preview_url=preview, rtl=texts_of(language).rtl
    )


def _line(text: str) -> Line:
    return Line((Text(text),))


def _pointing_at(text: str, command: str) -> Line:
    return Line((Text(f"{text} "), isolated(f"/{command}")))


def sentence(language: Language, text: str) -> Message:
    return _message(language, _line(text))


def pointer(language: Language, text: str, command: str) -> Message:
    """A sentence that ends in the command to send."""
    return _message(language, _pointing_at(text, command))


def welcome(
    language: Language, topics: Mapping[str, Localized], chosen: AbstractSet[str]
) -> Message:
    texts = texts_of(language)
    lines = (_line(texts.greeting), _line(texts.how_it_works), Line())
    return _topics(language, topics, chosen, before=lines)


def approved(
    language: Language, topics: Mapping[str, Localized], chosen: AbstractSet[str]
) -> Message:
    return _topics(language, topics, chosen, before=(_line(texts_of(language).approved), Line()))


def choose_topics(
    language: Language, topics: Mapping[str, Localized], chosen: AbstractSet[str]
) -> Message:
    return _topics(language, topics, chosen)


def _topics(
    language: Language,
    topics: Mapping[str, Localized],
    chosen: AbstractSet[str],
    before: Iterable[Line] = (),
) -> Message:
    texts = texts_of(language)
    known = frozenset(chosen) & frozenset(topics)
    lines = (
        (_line(texts.following.of(len(known))), _line(texts.choose_topics))
        if topics
        else (_line(texts.no_topics_configured),)
    )
    return _message(language, *before, *lines, buttons=topic_rows(topics, known, language))


def waiting(language: Language) -> Message:
    texts = texts_of(language)
    return _message(
        language, _line(texts.greeting), _line(texts.waiting), buttons=language_rows(language)
    )


def help_text(language: Language) -> Message:
    texts = texts_of(language)
    commands = (
        Line((isolated(f"/{name}"), Text(f" — {description}")))
        for name, description in texts.commands
    )
    return _message(
        language,
        _line(texts.how_it_works),
        Line(),
        _line(texts.help_title),
        *commands,
        buttons=language_rows(language),
    )


def latest(
    language: Language, alerts: Sequence[StoredAlert], *, zone: ZoneInfo, now: datetime
) -> Message:
    """The newest alerts, two lines each: the title as a link, source and time."""
    segments: list[Segment] = [_line(texts_of(language).latest_title.of(len(alerts)))]
    for stored in alerts[:LATEST]:
        source = source_and_time(stored.alert, language=language, zone=zone, now=now)
        segments += [Line(), title_line(stored), Line(source)]
    return _message(language, *segments)


def why(language: Language, told: Sequence[StoredAlert]) -> Message:
    """The proof of the alerts of a message in plain words: each topic with the words found, and
    the quote if it was one alert."""
    texts = texts_of(language)
    if not told:
        return pointer(language, texts.why_nothing, "why")
    segments: list[Segment] = [_line(texts.why_title)]
    for stored in told:
        segments += [Line()] if len(told) > 1 else []
        segments += [title_line(stored), Line()]
        for match in stored.alert.topics:
            title = match.title.in_language(language)
            segments.append(
                Line((*_filled(texts.why_topic, title), Text(" "), *word_parts(match, texts)))
            )
    quoted = quote_lines(told[0].alert.quote)
    if quoted and len(told) == 1:
        segments += [Line(), _line(texts.why_quote), Quote(quoted)]
    return _message(language, *segments)


def _filled(template: str, topic: str) -> tuple[Inline, ...]:
    before, _, after = template.partition("{topic}")
    return (Text(before), isolated(topic), Text(after))


def approval_request(language: Language, chat: Chat) -> Message:
    texts = texts_of(language)
    return _message(
        language,
        _line(texts.asks_to_subscribe),
        _who(chat),
        buttons=approval_rows(chat.id, language),
    )


def approval_result(language: Language, chat: Chat, *, admitted: bool) -> Message:
    texts = texts_of(language)
    outcome = texts.was_approved if admitted else texts.was_refused
    return _message(language, _line(texts.asks_to_subscribe), _who(chat), _line(outcome))


def _who(chat: Chat) -> Line:
    name = isolated(chat.title or str(chat.id))
    account = f"@{chat.username} · {chat.id}" if chat.username else str(chat.id)
    return Line((name, Text(" · "), isolated(account)))


def commands(language: Language) -> tuple[tuple[str, str], ...]:
    texts: Texts = texts_of(language)
    return texts.commands
