"""Topics and lists, edited by operators in the chat; fits alerts.telegram.rulebook.Rulebook.

An edit is tried on a copy of the configuration by the same check as `marsad check`, its effect is
measured on the newest articles as by `marsad diff`, and only then it is offered for saving.
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

import structlog

from alerts.telegram.rulebook import Done, DryRun, Edit, Effect, Page, Proposal, Refused
from marsad.check import check
from marsad.configuration import Configuration, load
from marsad.diff import Diff, TopicDiff
from marsad.edits import EditLog, fingerprint, write_whole
from marsad.newest import NewestArticles, newest_first
from marsad.replay import Replay
from marsad.ruleedit import EditRefused, edited, lists_of, numbers_of, read, words_of
from models.configfile import ConfigErrors
from models.text import Localized
from storage import articles
from storage.database import Database

log = structlog.get_logger(__name__)

# Effects are measured on so many of the newest articles, dry runs on so many more at most: seconds
# of one core, while a running Marsad goes on.
EFFECT_ARTICLES = 1_000
DRY_RUN_ARTICLES = 5_000
_HEADLINES = 3
_PROBLEMS = 5
_NEAR = 5
_MOST_PROPOSALS = 20
_PARTS = ("marsad.yaml", "sites", "topics", "lexicon")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposed:
    file: Path
    before: str
    after: str


@dataclass(slots=True)
class FileRulebook:
    """`current` is the configuration in force, `folder` where its files are."""

    folder: Path
    current: Callable[[], Configuration]
    database: Database
    edits: EditLog
    now: Callable[[], datetime]
    _proposed: dict[str, _Proposed] = field(default_factory=dict)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def names(self) -> Sequence[str]:
        current = self.current()
        return [*sorted(current.topics), *sorted(current.lexicons)]

    async def page(self, name: str) -> Page | Refused:
        file = self._file(name)
        if file is None:
            return self._unknown(name)
        tree = read(await asyncio.to_thread(file.read_text, "utf-8"))
        topic = self.current().topics.get(name)
        return Page(
            name=name,
            title=None if topic is None else topic.title.localized(),
            words=tuple(words_of(tree, "entries", "all", "any")),
            forbidden=tuple(words_of(tree, "none")),
            numbers=tuple(numbers_of(tree)),
            lists=tuple(dict.fromkeys(lists_of(tree))),
        )

    async def propose(self, edit: Edit) -> Proposal | Refused:
        file = self._file(edit.name)
        if file is None:
            return self._unknown(edit.name)
        before = await asyncio.to_thread(file.read_text, "utf-8")
        try:
            after = await asyncio.to_thread(edited, before, edit)
        except EditRefused as refused:
            return Refused(trouble=refused.trouble)
        problems, configuration = await asyncio.to_thread(self._checked, file, after)
        if configuration is None:
            return Refused(problems=problems)
        sample = await self._newest(EFFECT_ARTICLES)
        effects = await asyncio.to_thread(_effects, self.current(), configuration, sample)
        removed, added = _changed_lines(before, after)
        key = secrets.token_urlsafe(6)
        self._remember(key, _Proposed(file=file, before=before, after=after))
        return Proposal(
            key=key,
            file=self._shown(file),
            removed=removed,
            added=added,
            articles=sample.size,
            effects=effects,
        )

    async def save(self, key: str, by_user: int) -> Done | Refused:
        async with self._writing:
            proposed = self._proposed.pop(key, None)
            if proposed is None:
                return Refused(trouble="gone")
            refused = await self._write(proposed, by_user)
            if refused is not None:
                return refused
            undo = await asyncio.to_thread(self._logged, proposed, by_user)
            return Done(file=self._shown(proposed.file), key=undo)

    def _logged(self, proposed: _Proposed, by_user: int) -> str | None:
        """The key that undoes the edit; None: it could not be kept, but the edit is made."""
        file, before, after = proposed.file, proposed.before, proposed.after
        try:
            return self.edits.add(file, before, after, by_user, self.now()).key
        except OSError as error:
            log.error("edit cannot be undone in the chat", file=str(file), reason=error.strerror)
            return None

    async def undo(self, key: str | None, by_user: int) -> Done | Refused:
        async with self._writing:
            done = await asyncio.to_thread(self.edits.all)
            chosen = [edit for edit in done if key in (None, edit.key)]
            if not chosen:
                return Refused(trouble="gone")
            edit, file = chosen[-1], Path(chosen[-1].file)
            now = await asyncio.to_thread(_text, file)
            if now is None or fingerprint(now) != edit.after:
                return Refused(trouble="stale")
            put_back = _Proposed(file=file, before=now, after=edit.before)
            refused = await self._write(put_back, by_user)
            if refused is not None:
                return refused
            await asyncio.to_thread(self.edits.remove, edit.key)
            return Done(file=self._shown(file))

    async def _write(self, proposed: _Proposed, by_user: int) -> Refused | None:
        """Checked again with the other files as they are now: a good configuration is replaced by
        a good one or stays."""
        file = proposed.file
        if await asyncio.to_thread(_text, file) != proposed.before:
            return Refused(trouble="stale")
        problems, configuration = await asyncio.to_thread(self._checked, file, proposed.after)
        if configuration is None:
            return Refused(problems=problems)
        try:
            await asyncio.to_thread(write_whole, file, proposed.after)
        except OSError as error:
            log.warning("configuration not written", file=str(file), reason=error.strerror)
            return Refused(trouble="unwritable")
        log.warning("configuration edited in the chat", file=str(file), by=by_user)
        return None

    async def dry_run(self, since: timedelta) -> DryRun:
        reached = self.now() - since
        stored = await self.database.read(
            lambda c: articles.newest(c, DRY_RUN_ARTICLES, since=reached)
        )
        current = self.current()
        topics = await asyncio.to_thread(_alerts, current, newest_first(stored))
        return DryRun(articles=len(stored), cut=len(stored) == DRY_RUN_ARTICLES, topics=topics)

    async def _newest(self, limit: int) -> NewestArticles:
        return newest_first(await self.database.read(lambda c: articles.newest(c, limit)))

    def _checked(self, file: Path, text: str) -> tuple[tuple[str, ...], Configuration | None]:
        """The problems of the configuration with this text in the file; without any, the
        configuration."""
        with self._copied() as copy:
            (copy / file.relative_to(self.folder)).write_text(text, encoding="utf-8", newline="")
            problems = check(copy).problems
            if problems:
                shown = [str(problem).removeprefix(f"{copy}/") for problem in problems]
                return tuple(_first(shown)), None
            try:
                return (), load(copy)
            except ConfigErrors as errors:
                return tuple(_first(str(errors).splitlines())), None

    @contextmanager
    def _copied(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="marsad-edit-") as name:
            for part in _PARTS:
                source, target = self.folder / part, Path(name) / part
                if source.is_dir():
                    shutil.copytree(source, target)
                elif source.exists():
                    shutil.copy2(source, target)
            yield Path(name)

    def _file(self, name: str) -> Path | None:
        current = self.current()
        if name in current.topics:
            return self.folder / "topics" / f"{name}.yaml"
        if name in current.lexicons:
            return self.folder / "lexicon" / f"{name}.yaml"
        return None

    def _unknown(self, name: str) -> Refused:
        current = self.current()
        known = [*current.topics, *current.lexicons]
        return Refused(trouble="unknown", known=tuple(get_close_matches(name, known, _NEAR)))

    def _shown(self, file: Path) -> str:
        return str(file.relative_to(self.folder))

    def _remember(self, key: str, proposed: _Proposed) -> None:
        while len(self._proposed) >= _MOST_PROPOSALS:
            del self._proposed[next(iter(self._proposed))]
        self._proposed[key] = proposed


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except OSError:
        return None


def _first(lines: Sequence[str]) -> Iterable[str]:
    yield from lines[:_PROBLEMS]
    if len(lines) > _PROBLEMS:
        yield f"... +{len(lines) - _PROBLEMS}"


def _changed_lines(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = before.splitlines(), after.splitlines()
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [code for code in opcodes if code[0] != "equal"]
    removed = tuple(line.strip() for _, i1, i2, _, _ in changed for line in old[i1:i2])
    added = tuple(line.strip() for _, _, _, j1, j2 in changed for line in new[j1:j2])
    return removed, added


def _effects(old: Configuration, new: Configuration, sample: NewestArticles) -> tuple[Effect, ...]:
    """Of the topics on which something changes."""
    diff = Diff(old.matcher, new.matcher, new.general.story_window)
    diff.run(sample, lambda _: None)
    titles = _titles(old) | _titles(new)
    return tuple(
        _effect(titles[name], topic)
        for name, topic in diff.topics.items()
        if topic.gained() or topic.lost()
    )


def _effect(title: Localized, topic: TopicDiff) -> Effect:
    gained, lost = topic.gained(), topic.lost()
    return Effect(
        title=title,
        before=len(topic.old),
        after=len(topic.new),
        gained=tuple(change.headline for change in gained[-_HEADLINES:]),
        lost=tuple(change.headline for change in lost[-_HEADLINES:]),
        more_gained=max(len(gained) - _HEADLINES, 0),
        more_lost=max(len(lost) - _HEADLINES, 0),
    )


def _alerts(current: Configuration, sample: NewestArticles) -> tuple[Effect, ...]:
    """Of every topic, also of one that alerts on nothing."""
    titles = _titles(current)
    found: dict[str, list[str]] = {name: [] for name in sorted(titles)}
    replay = Replay(current.matcher, sorted(titles), current.general.story_window)
    for fired in replay.run(sample, lambda _: None):
        if fired.alerts:
            found[fired.verdict.topic].append(fired.row.document.title)
    return tuple(
        Effect(
            title=titles[name],
            before=len(told),
            after=len(told),
            gained=tuple(told[-_HEADLINES:]),
            more_gained=max(len(told) - _HEADLINES, 0),
        )
        for name, told in found.items()
    )


def _titles(configuration: Configuration) -> dict[str, Localized]:
    return {
        name: topic.title.localized()
        for name, topic in configuration.topics.items()
        if not topic.internal
    }
