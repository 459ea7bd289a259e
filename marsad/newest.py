"""The newest articles of the archive, as `marsad replay` and `marsad diff` read articles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.pipeline import document
from marsad.rows import Row
from marsad.sweep import Advance, Chunk
from models.article import StoredArticle

_CHUNK = 50


@dataclass(frozen=True, slots=True)
class NewestArticles:
    """Oldest first. They are few: a sweep of them starts no process, which a running Marsad, full
    of threads, must not fork."""

    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def few(self) -> bool:
        return True

    def chunks(self, advance: Advance) -> Iterator[Chunk]:
        for start in range(0, len(self.rows), _CHUNK):
            rows = self.rows[start : start + _CHUNK]
            yield Chunk(rows=rows)
            advance(len(rows))


def newest_first(stored: Sequence[StoredArticle]) -> NewestArticles:
    """Of articles as storage gives them."""
    return NewestArticles(
        tuple(
            Row(id=item.id, document=document(item), seen=item.first_seen)
            for item in reversed(stored)
        )
    )
