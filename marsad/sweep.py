"""Every article of the archive or of files, through one function, on all cores.

Articles are read in chunks and only a few chunks are under way at a time, so an archive of any
size passes through in bounded memory. The results come back in the order of the articles.
"""

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar, cast

from marsad.pipeline import document
from marsad.rows import BadRow, Row, lines_of, open_bytes, read_row
from storage import articles
from storage.database import Database

T = TypeVar("T")
Work = Callable[[Sequence[Row]], T]
Advance = Callable[[int], None]
"""Told how far the reading got, in units of `Articles.size`."""

_CHUNK_BYTES = 1_000_000
_PAGE = 400
# Below these one process is done before a second one has started.
_FEW_BYTES = 4_000_000
_FEW_ARTICLES = 1_000
_AHEAD = 2
"""Chunks that wait for each process."""
_COMPLAINTS = 10


class SweepFailed(Exception):
    """A process of the sweep was killed, most likely for want of memory; try again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Articles as they were read: rows, or the lines of a file that hold them."""

    file: str = ""
    rows: tuple[Row, ...] = ()
    lines: tuple[tuple[int, bytes | BadRow], ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What articles went through: how many by source, and on which days (of publication, UTC).

    `left_out` are older than asked for, or have no date; `bad` lines could not be read, of which
    `complaints` are the first.
    """

    sources: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)
    left_out: int = 0
    bad: int = 0
    complaints: tuple[str, ...] = ()

    @property
    def articles(self) -> int:
        return self.sources.total()

    def plus(self, other: "Tally") -> "Tally":
        return Tally(
            sources=self.sources + other.sources,
            days=self.days | other.days,
            left_out=self.left_out + other.left_out,
            bad=self.bad + other.bad,
            complaints=(self.complaints + other.complaints)[:_COMPLAINTS],
        )


@dataclass(frozen=True, slots=True)
class Swept(Generic[T]):
    """The result for one chunk."""

    tally: Tally
    result: T


class Articles(Protocol):
    """Where articles come from. `size` is how much there is to read, in units of its own."""

    @property
    def size(self) -> int: ...
    @property
    def few(self) -> bool: ...
    def chunks(self, advance: Advance) -> Iterator[Chunk]: ...


@dataclass(frozen=True, slots=True)
class FileArticles:
    """The rows of JSON-lines files; with `since` only those published since then."""

    paths: Sequence[str]
    since: datetime | None = None

    @property
    def size(self) -> int:
        return sum(Path(path).stat().st_size for path in self.paths if path != "-")

    @property
    def few(self) -> bool:
        packed = sum(Path(path).stat().st_size for path in self.paths if path.endswith(".gz"))
        return "-" not in self.paths and self.size + 3 * packed < _FEW_BYTES

    def chunks(self, advance: Advance) -> Iterator[Chunk]:
        for path in self.paths:
            for lines in _line_chunks(path, advance):
                yield Chunk(file=path, lines=tuple(lines), since=self.since)


def _line_chunks(path: str, advance: Advance) -> Iterator[list[tuple[int, bytes | BadRow]]]:
    with open_bytes(path) as stream:
        lines: list[tuple[int, bytes | BadRow]] = []
        size = done = 0
        packed = getattr(stream, "fileobj", stream)  # of a .gz file the position in what is packed
        for number, line in lines_of(stream):
            lines.append((number, line))
            size += len(line) if isinstance(line, bytes) else 0
            if size >= _CHUNK_BYTES:
                yield lines
                lines, size = [], 0
                if packed.seekable():
                    position = packed.tell()
                    advance(position - done)
                    done = position
        yield lines


@dataclass(frozen=True, slots=True)
class ArchiveArticles:
    """The stored articles, those first seen since then. The database is opened for each sweep,
    after its processes have started."""

    url: str
    since: datetime | None = None

    @property
    def size(self) -> int:
        database = Database.open(self.url)
        try:
            return database.read_now(lambda c: articles.count_since(c, self.since))
        finally:
            database.close_now()

    @property
    def few(self) -> bool:
        return self.size < _FEW_ARTICLES

    def chunks(self, advance: Advance) -> Iterator[Chunk]:
        database = Database.open(self.url)
        try:
            after = 0
            while page := database.read_now(
                lambda c, after=after: articles.page(c, after, _PAGE, self.since)  # type: ignore[misc]
            ):
                yield Chunk(
                    rows=tuple(
                        Row(id=item.id, document=document(item), seen=item.first_seen)
                        for item in page
                    )
                )
                after = page[-1].id
                advance(len(page))
        finally:
            database.close_now()


def sweep(source: Articles, work: Work[T], advance: Advance) -> Iterator[Swept[T]]:
    """The result of `work` for each chunk of articles, in order.

    Raises SweepFailed, UnreadableFile and what the database raises.
    """
    processes = 1 if source.few else _processes()
    if processes < 2:
        for chunk in source.chunks(advance):
            yield _swept(chunk, work)
        return
    # A forked process has the compiled rules already; forked before there are threads.
    with ProcessPoolExecutor(
        processes, multiprocessing.get_context("fork"), _start, (work,)
    ) as pool:
        try:
            pool.submit(_nothing).result()
            yield from _in_order(pool, source.chunks(advance), processes * _AHEAD)
        except BrokenProcessPool as error:
            raise SweepFailed(SweepFailed.__doc__) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, chunks: Iterator[Chunk], at_most: int
) -> Iterator[Swept[T]]:
    waiting: deque[Future[Swept[T]]] = deque()
    for chunk in chunks:
        waiting.append(cast("Future[Swept[T]]", pool.submit(_in_process, chunk)))
        if len(waiting) >= at_most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _processes() -> int:
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_work: Work[object] | None = None
"""In a process of the pool: what it does with each chunk."""


def _start(work: Work[object]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, which ends the pool


def _nothing() -> None:
    return None


def _in_process(chunk: Chunk) -> Swept[object]:
    assert _work is not None
    return _swept(chunk, _work)


def _swept(chunk: Chunk, work: Work[T]) -> Swept[T]:
    rows, bad, left_out = list(chunk.rows), list[str](), 0
    for number, line in chunk.lines:
        row = read_row(number, line)
        if isinstance(row, BadRow):
            bad.append(f"{chunk.file}: {row}")
        elif _wanted(row, chunk.since):
            rows.append(row)
        else:
            left_out += 1
    published = (row.document.published for row in rows)
    tally = Tally(
        sources=Counter(row.document.source or "unknown" for row in rows),
        days={time.date() for time in published if time is not None},
        left_out=left_out,
        bad=len(bad),
        complaints=tuple(bad[:_COMPLAINTS]),
    )
    return Swept(tally, work(rows))


def _wanted(row: Row, since: datetime | None) -> bool:
    published = row.document.published
    return since is None or (published is not None and published >= since)
