"""What an alert looks like: pure, from the recorded alert to a bounded message."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.message import (
    BUDGET_UTF16,
    ELLIPSIS,
    RLM,
    Bold,
    Inline,
    Isolated,
    Line,
    Link,
    Message,
    Quote,
    Segment,
    Struck,
    Text,
    clean,
    clean_url,
    cut,
    fitted,
    isolated,
    length_utf16,
)
from alerts.texts import Texts, texts_of
from models.alert import Alert, StoredAlert, TopicMatch
from models.delivery import Delivery, DeliveryKind
from models.text import Language, Marked

TITLE_UNITS = 300
QUOTE_UNITS = 900
SOURCE_UNITS = 80
NOTICE_UNITS = 3500
WORD_UNITS = 60
WORDS_OF_A_TOPIC = 6
TOPICS_SHOWN = 8
SOURCES_SHOWN = 8
# Of several alerts in one message: so many look as they do alone; what the heading and the
# hashtags take; what a title gets in any case.
FULL_LAYOUTS = 3
TOGETHER_UNITS = 300
SHORTEST_TITLE = 24
# A longer quote is folded by the client behind 'show more'.
EXPANDABLE_FROM = 400


def compose(stored: StoredAlert, *, language: Language, zone: ZoneInfo, now: datetime) -> Message:
    """The message of one alert: title (a link), source and time, why, quote, other sources,
    hashtags, link.

    Bold are the matched words, everywhere and nothing else; struck is what a site took back.
    Every line is right-to-left, in either language of the interface, since the article is Arabic.
    `zone` is the reader's.
    """
    alert = stored.alert
    texts = texts_of(language)
    return Message(
        segments=(
            *_told(stored, texts, language, zone, now),
            *_hashtags((alert,), language),
            Line((Link((Text(texts.full_article),), alert.url),)),
        ),
        preview_url=None if stored.changes.withdrawn else clean_url(alert.url),
    )


def told_by(delivery: Delivery) -> tuple[StoredAlert, ...]:
    """The alerts as the chat sees them: that one is news of a story which it has is said to those
    who have it, not to those who get the story by it."""
    if delivery.kind is DeliveryKind.REPEAT:
        return delivery.alerts
    return tuple(
        replace(stored, alert=replace(stored.alert, repeats=None)) for stored in delivery.alerts
    )


def compose_together(
    told: Sequence[StoredAlert],
    *,
    language: Language,
    zone: ZoneInfo,
    now: datetime,
    digest: bool = False,
) -> Message:
    """What a chat has waiting, in one message: up to three alerts as they look alone, without the
    last link and each within its share; more of them, and digests, as titles with links. All are
    there, however many and however long."""
    if len(told) == 1 and not digest:
        return compose(told[0], language=language, zone=zone, now=now)
    texts = texts_of(language)
    counted = (texts.digest if digest else texts.together).of(len(told))
    if len(told) > FULL_LAYOUTS or digest:
        lines = _titles(told, language=language, zone=zone, now=now)
        return Message(segments=(Line((Text(counted),)), *lines))
    share = (BUDGET_UTF16 - TOGETHER_UNITS) // len(told)
    segments: list[Segment] = [Line((Text(counted),))]
    for stored in told:
        whole = Message(segments=tuple(_told(stored, texts, language, zone, now)))
        segments += [Line(), *fitted(whole, share).segments]
    tags = _hashtags([stored.alert for stored in told], language)
    return Message(segments=(*segments, Line(), *tags))


def _titles(
    told: Sequence[StoredAlert], *, language: Language, zone: ZoneInfo, now: datetime
) -> Iterator[Line]:
    """Two lines each, the title within its share; nothing is bold, since the Bot API keeps 100
    marks of a message and the links come first."""
    share = (BUDGET_UTF16 - TOGETHER_UNITS) // len(told)
    for stored in told:
        source = Line(source_and_time(stored.alert, language=language, zone=zone, now=now))
        used = length_utf16(Message(segments=(Line(), source, Line()))) + len(RLM)
        title = cut(clean(_title(stored).text), min(max(share - used, SHORTEST_TITLE), TITLE_UNITS))
        shown = title.strip() or stored.alert.site
        part = Struck(shown) if stored.changes.withdrawn else Text(shown)
        yield from (Line(), Line((Link((part,), stored.alert.url),)), source)


def _told(
    stored: StoredAlert, texts: Texts, language: Language, zone: ZoneInfo, now: datetime
) -> Iterator[Segment]:
    """The lines about one alert, but for hashtags and the last link."""
    alert, changes = stored.alert, stored.changes
    if alert.repeats is not None:
        yield Line((Text(f"🔁 {texts.repeats}"),))
    yield title_line(stored)
    if changes.withdrawn:
        yield Line((Text(f"⚠️ {texts.withdrawn}"),))
    yield Line(source_and_time(alert, language=language, zone=zone, now=now))
    if changes.title is not None and not changes.withdrawn:
        was = cut(clean(alert.title.text), TITLE_UNITS)
        yield Line((Text(f"✏️ {texts.corrected}: "), Struck(was)))
    yield from _why_lines(alert, texts, language)
    yield from _quote(alert)
    yield from _also_line(stored, texts, language)
    yield from _earliest_line(stored, texts, language, zone, now)


def _also_line(stored: StoredAlert, texts: Texts, language: Language) -> Iterator[Line]:
    parts: list[Inline] = [Text(f"{texts.also}: ")]
    for number, told in enumerate(stored.changes.also[:SOURCES_SHOWN]):
        name = cut(clean(told.source.in_language(language)), SOURCE_UNITS)
        parts += [Text(" · ")] if number else []
        parts.append(Link((isolated(name),), told.url))
    if len(parts) > 1:
        yield Line(tuple(parts))


def _earliest_line(
    stored: StoredAlert, texts: Texts, language: Language, zone: ZoneInfo, now: datetime
) -> Iterator[Line]:
    """Who had it first, where another source says that it did; and how many tell it."""
    also = stored.changes.also
    own = stored.alert.published or stored.alert.first_seen
    parts: list[Inline] = [Text(f"{texts.sources}: {len(also) + 1}")] if len(also) > 1 else []
    earlier = [
        (told.published, told.source)
        for told in also
        if told.published is not None and told.published < own
    ]
    if earlier:
        published, source = min(earlier, key=lambda each: each[0])
        name = cut(clean(source.in_language(language)), SOURCE_UNITS)
        written = written_time(published, texts, zone, now)
        parts += [Text(" · ")] if parts else []
        parts += [Text(f"{texts.earliest}: "), isolated(name), Text(" · "), isolated(written)]
    if parts:
        yield Line(tuple(parts))


def compose_notice(text: str, *, language: Language = "ar", from_operator: bool = False) -> Message:
    """A plain notice for an operator, or from one; its lines are kept, its markup is text."""
    texts = texts_of(language)
    rows = [row for row in cut(text, NOTICE_UNITS).splitlines() if clean(row).strip()]
    return Message(
        segments=(
            Line((Text(f"🔔 {texts.announcement if from_operator else texts.notice}"),)),
            *(Line((isolated(row),)) for row in rows),
        ),
        rtl=texts.rtl,
    )


def title_line(stored: StoredAlert) -> Line:
    """The headline as it is now, a link to the article."""
    title = _cut_marked(_title(stored), TITLE_UNITS)
    parts: tuple[Text | Bold | Struck, ...] = (Text(stored.alert.site),)
    if clean(title.text).strip():
        parts = (Struck(title.text),) if stored.changes.withdrawn else marked_parts(title)
    return Line((Link(parts, stored.alert.url),))


def _title(stored: StoredAlert) -> Marked:
    return stored.changes.title or stored.alert.title


def source_and_time(
    alert: Alert, *, language: Language, zone: ZoneInfo, now: datetime
) -> tuple[Inline, ...]:
    """'source · time'. Without a date of its own the article has the time it was first seen."""
    texts = texts_of(language)
    source = cut(clean(alert.source.in_language(language)), SOURCE_UNITS) or alert.site
    written = written_time(alert.published or alert.first_seen, texts, zone, now)
    return (isolated(source), Text(" · "), isolated(written))


def written_time(moment: datetime, texts: Texts, zone: ZoneInfo, now: datetime) -> str:
    """The time of day, with the date unless it is today's, in the reader's zone."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if zone.key in ("UTC", "Etc/UTC"):
        clock = f"{clock} {texts.utc}"
    if local.date() == today.date():
        return clock
    date = f"{local.day} {texts.months[local.month - 1]}"
    if local.year != today.year:
        date = f"{date} {local.year}"
    return f"{date} {clock}"


def found_lines(
    url: str,
    site: str,
    title: Marked,
    moment: datetime,
    texts: Texts,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[Line, ...]:
    """An article of the archive: its headline, a link, with the words looked for; site and time."""
    shown = _cut_marked(title, TITLE_UNITS)
    parts = marked_parts(shown) if clean(shown.text).strip() else (Text(site),)
    written = isolated(written_time(moment, texts, zone, now))
    return (Line((Link(parts, url),)), Line((isolated(site), Text(" · "), written)))


def _why_lines(alert: Alert, texts: Texts, language: Language) -> Iterator[Line]:
    for match in alert.topics[:TOPICS_SHOWN]:
        title = isolated(clean(match.title.in_language(language)))
        lead = (Text(f"{texts.why_label}: "), title)
        yield Line((*lead, Text(" — "), *word_parts(match, texts)) if match.words else lead)


def word_parts(match: TopicMatch, texts: Texts) -> Iterator[Inline]:
    """The matched words of one topic, bold, as the article writes them; at most six."""
    words = tuple(dict.fromkeys(clean(word).strip() for word in match.words))
    for index, word in enumerate(filter(None, words[:WORDS_OF_A_TOPIC])):
        if index:
            yield Text(texts.list_comma)
        yield Isolated((Bold(cut(word, WORD_UNITS)),))
    if len(words) > WORDS_OF_A_TOPIC:
        yield Text(f" {texts.more_words.of(len(words) - WORDS_OF_A_TOPIC)}")


def _quote(alert: Alert) -> Iterator[Quote]:
    lines = quote_lines(alert.quote)
    if lines:
        yield Quote(lines, expandable=len(alert.quote.text) > EXPANDABLE_FROM)


def quote_lines(quote: Marked) -> tuple[Line, ...]:
    """The quote's paragraphs with the matched words bold; blank ones are left out."""
    shortened = _cut_marked(quote, QUOTE_UNITS)
    lines: list[Line] = []
    for start, end in _line_bounds(shortened.text):
        row = _slice_marked(shortened, start, end)
        if clean(row.text).strip():
            lines.append(Line(marked_parts(row)))
    return tuple(lines)


def _hashtags(told: Sequence[Alert], language: Language) -> Iterator[Line]:
    tags = dict.fromkeys(
        hashtag(match.title.in_language(language))
        for alert in told
        for match in alert.topics[:TOPICS_SHOWN]
    )
    shown = " ".join(tag for tag in tags if tag)
    if shown:
        yield Line((Text(shown),))


def hashtag(title: str) -> str:
    """A topic's title as Telegram recognises a hashtag: letters, digits and underscores."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFC", clean(title))
        if unicodedata.category(character) not in ("Mn", "Me", "Cf")
    )
    tag = "_".join(re.findall(r"[^\W_]+", bare))
    return f"#{tag}" if any(character.isalpha() for character in tag) else ""


def marked_parts(marked: Marked) -> tuple[Text | Bold, ...]:
    """The text as segments: bold where a span is."""
    parts: list[Text | Bold] = []
    position = 0
    for start, end in marked.spans:
        parts += [Text(marked.text[position:start]), Bold(marked.text[start:end])]
        position = end
    parts.append(Text(marked.text[position:]))
    return tuple(part for part in parts if part.text)


def _cut_marked(marked: Marked, units: int) -> Marked:
    """Cut at a word; a span that the cut touches is no longer the matched words and is dropped."""
    text = cut(marked.text, units)
    if text == marked.text:
        return marked
    whole = len(text.removesuffix(ELLIPSIS))
    return Marked(text, tuple(span for span in marked.spans if span[1] <= whole))


def _slice_marked(marked: Marked, start: int, end: int) -> Marked:
    """The part of it from start to end; a span over a line break is bold on both lines."""
    clipped = ((max(first, start) - start, min(last, end) - start) for first, last in marked.spans)
    return Marked(marked.text[start:end], tuple(span for span in clipped if span[0] < span[1]))


def _line_bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for row in text.splitlines(keepends=True):
        yield start, start + len(row.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        start += len(row)
