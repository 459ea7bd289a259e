"""Operators edit topics and try the rules in the chat: shown first, saved by a button, undoable."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.message import Button, Inline, Line, Message, Text, clean, cut, isolated
from alerts.telegram import replies
from alerts.telegram.keyboards import Rows
from alerts.telegram.presses import DiscardEdit, SaveEdit, UndoEdit, data_of
from alerts.telegram.rulebook import (
    Done,
    DryRun,
    Edit,
    Effect,
    Operation,
    Page,
    Proposal,
    Refused,
    Rulebook,
)
from alerts.telegram.texts.editing import EditingTexts, editing_texts
from models.text import Language

LONGEST_DRY_RUN = timedelta(days=31)
_DAY = timedelta(hours=24)
_WORDS_SHOWN = 60
_LINES_SHOWN = 12
_LINE_UNITS = 200
_HEADLINE_UNITS = 140
_OPERATIONS: dict[str, Operation] = {"+": "add", "-": "drop", "−": "drop", "!": "forbid"}
_SIGNED = re.compile(r"(\S+)\s+([+\-−!])\s*(\S.*)", re.DOTALL)
_PLACED = re.compile(r"(\S+)\s+([a-z_0-9.\[\]]+)\s*=\s*(\S+)")
_TIME = re.compile(r"(\d{1,3})\s*([hdسي]?)")


@dataclass(frozen=True, slots=True)
class Editing:
    rulebook: Rulebook

    async def edit(self, language: Language, text: str) -> Message:
        """What is written after /edit: nothing, a name, or a name and a change."""
        text = text.strip()
        if not text:
            return _how(language, await self.rulebook.names())
        wanted = edit_of(text)
        if wanted is None:
            page = await self.rulebook.page(text.split()[0])
            return _refused(language, page) if isinstance(page, Refused) else _page(language, page)
        proposal = await self.rulebook.propose(wanted)
        if isinstance(proposal, Refused):
            return _refused(language, proposal)
        return _proposal(language, proposal)

    async def save(self, language: Language, press: SaveEdit, by_user: int) -> Message:
        done = await self.rulebook.save(press.key, by_user)
        return _refused(language, done) if isinstance(done, Refused) else _saved(language, done)

    async def undo(self, language: Language, key: str | None, by_user: int) -> Message:
        done = await self.rulebook.undo(key, by_user)
        if isinstance(done, Refused):
            return _refused(language, done)
        undone = Line((Text(f"{editing_texts(language).undone} "), isolated(done.file)))
        return replies.message(language, undone)

    async def dry_run(self, language: Language, text: str) -> Message:
        texts, since = editing_texts(language), _time_of(text)
        if since is None:
            return replies.sentence(language, texts.dry_run_how)
        return _dry_run(language, since, await self.rulebook.dry_run(since))


def discarded(language: Language) -> Message:
    return replies.sentence(language, editing_texts(language).discarded)


def edit_of(text: str) -> Edit | None:
    """'NAME + WORD', 'NAME - WORD', 'NAME ! WORD' or 'NAME PLACE = VALUE'; None: no change."""
    if placed := _PLACED.fullmatch(text):
        name, place, value = placed.groups()
        return Edit(name=name, operation="set", value=value, place=place)
    if signed := _SIGNED.fullmatch(text):
        name, sign, value = signed.groups()
        word = " ".join(clean(value).split())
        return Edit(name=name, operation=_OPERATIONS[sign], value=word)
    return None


def _time_of(text: str) -> timedelta | None:
    """'24h', '7d', a bare number of hours, in Arabic letters too; nothing is a day."""
    if not text.strip():
        return _DAY
    found = _TIME.fullmatch(text.strip())
    if found is None or not int(found[1]):
        return None
    number = int(found[1])
    days = found[2] in ("d", "ي")
    return min(timedelta(days=number) if days else timedelta(hours=number), LONGEST_DRY_RUN)


def _how(language: Language, names: Sequence[str]) -> Message:
    texts = editing_texts(language)
    return replies.message(
        language, *map(replies.line, texts.how), Line(), _listed(texts, texts.names, names)
    )


def _page(language: Language, page: Page) -> Message:
    texts = editing_texts(language)
    title: tuple[Inline, ...] = (isolated(page.name),)
    if page.title is not None:
        title += (Text(" · "), isolated(page.title.in_language(language)))
    numbers = [f"{place} = {value}" for place, value in page.numbers]
    lines = [
        _listed(texts, label, items)
        for label, items in (
            (texts.words, page.words),
            (texts.forbidden, page.forbidden),
            (texts.lists, page.lists),
            (texts.numbers, numbers),
        )
        if items
    ]
    return replies.message(language, Line(title), *lines)


def _listed(texts: EditingTexts, label: str, items: Sequence[str]) -> Line:
    """Some of the items in a line, and how many more there are."""
    parts: list[Inline] = [Text(f"{label} ")]
    for number, item in enumerate(items[:_WORDS_SHOWN]):
        parts += [Text(" · ")] if number else []
        parts.append(isolated(cut(clean(item), _LINE_UNITS)))
    if len(items) > _WORDS_SHOWN:
        parts.append(Text(f" · {texts.and_more.format(n=len(items) - _WORDS_SHOWN)}"))
    return Line(tuple(parts))


def _proposal(language: Language, proposal: Proposal) -> Message:
    texts = editing_texts(language)
    lines = [Line((Text(f"{texts.proposed} "), isolated(proposal.file)))]
    for label, changed in ((texts.removed, proposal.removed), (texts.added, proposal.added)):
        lines += [
            Line((Text(f"{label}: "), isolated(cut(clean(line), _LINE_UNITS))))
            for line in changed[:_LINES_SHOWN]
        ]
    seen = texts.articles.of(proposal.articles)
    effect = texts.measured if proposal.effects else texts.nothing_changes
    lines += [Line(), replies.line(effect.format(seen=seen))]
    for told in proposal.effects:
        lines += _effect(texts, language, told)
    return replies.message(language, *lines, buttons=_proposal_rows(texts, proposal.key))


def _proposal_rows(texts: EditingTexts, key: str) -> Rows:
    return (
        (
            Button(texts.save, data=data_of(SaveEdit(key))),
            Button(texts.discard, data=data_of(DiscardEdit())),
        ),
    )


def _effect(texts: EditingTexts, language: Language, told: Effect) -> Iterator[Line]:
    after, before = texts.alerts.of(told.after), texts.alerts.of(told.before)
    counted = texts.was.format(after=after, before=before)
    title = isolated(told.title.in_language(language))
    yield Line((Text("• "), title, Text(f": {counted}")))
    yield from _headlines(texts, "➕", told.gained, told.more_gained)
    yield from _headlines(texts, "➖", told.lost, told.more_lost)


def _headlines(
    texts: EditingTexts, sign: str, headlines: tuple[str, ...], more: int
) -> Iterator[Line]:
    for headline in headlines:
        yield Line((Text(f"{sign} "), isolated(cut(clean(headline), _HEADLINE_UNITS))))
    if more:
        yield replies.line(f"{sign} {texts.more.of(more)}")


def _saved(language: Language, done: Done) -> Message:
    texts = editing_texts(language)
    saved = Line((Text(f"{texts.saved} "), isolated(done.file)))
    if done.key is None:
        return replies.message(language, saved)
    undo = ((Button(texts.undo, data=data_of(UndoEdit(done.key))),),)
    return replies.message(language, saved, buttons=undo)


def _refused(language: Language, refused: Refused) -> Message:
    texts = editing_texts(language)
    if refused.trouble is None:
        problems = (Line((isolated(cut(clean(text), 500)),)) for text in refused.problems)
        return replies.message(language, replies.line(texts.refused), *problems)
    if refused.trouble != "unknown":
        return replies.sentence(language, str(getattr(texts, refused.trouble)))
    lines = [Line((Text(f"{texts.unknown} "), isolated("/edit")))]
    lines += [_listed(texts, texts.meant, refused.known)] if refused.known else []
    return replies.message(language, *lines)


def _dry_run(language: Language, since: timedelta, found: DryRun) -> Message:
    texts = editing_texts(language)
    hours = int(since / timedelta(hours=1))
    time = texts.days.of(hours // 24) if hours % 24 == 0 else texts.hours.of(hours)
    seen = texts.articles.of(found.articles)
    lines = [replies.line(texts.dry_run.format(time=time, seen=seen))]
    lines += [replies.line(texts.dry_run_cut)] if found.cut else []
    for told in found.topics:
        title = isolated(told.title.in_language(language))
        lines.append(Line((Text("• "), title, Text(f": {texts.alerts.of(told.after)}"))))
        lines += _headlines(texts, "-", told.gained, told.more_gained)
    return replies.message(language, *lines)
