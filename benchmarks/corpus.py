"""The articles to measure on: those of files, or texts of words as frequent as in the news."""

import random
from collections.abc import Sequence

from alerts.matching.frequencies import word_counts
from marsad.rows import BadRow, Row, read_rows
from models.match import Document

_BYTES = 3_000


def articles_of(files: Sequence[str]) -> list[Row]:
    return [row for file in files for row in read_rows(file) if not isinstance(row, BadRow)]


def own_articles(count: int) -> list[Row]:
    """Articles of about 3 KB without a meaning, the same each time."""
    chance = random.Random(7)
    words, counts = zip(*word_counts().items(), strict=True)

    def sentence(length: int) -> str:
        return " ".join(chance.choices(words, counts, k=length))

    rows = []
    for number in range(count):
        paragraphs = []
        while sum(len(paragraph.encode()) for paragraph in paragraphs) < _BYTES:
            paragraphs.append(" ".join(f"{sentence(14)}." for _ in range(3)))
        document = Document(title=sentence(8), text="\n\n".join(paragraphs))
        rows.append(Row(id=number, document=document))
    return rows
