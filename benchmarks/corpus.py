"""The articles to measure on: those of files, or some put together from Marsad's own Arabic."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

from marsad.rows import BadRow, Row, read_rows
from models.match import Document

LABELLED = Path(__file__).resolve().parent.parent / "tests" / "quality" / "labelled.jsonl"


def articles_of(files: Sequence[str]) -> list[Row]:
    return [row for file in files for row in read_rows(file) if not isinstance(row, BadRow)]


def own_articles(count: int) -> list[Row]:
    """Articles of about 3 KB of sentences of Marsad's labelled articles, the same each time."""
    chance = random.Random(7)
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    sentences = [s.strip() + "." for item in items for s in item["text"].split(".") if s.strip()]
    rows = []
    for number in range(count):
        text = ""
        while len(text.encode()) < 2_900:
            text += " ".join(chance.sample(sentences, 4)) + "\n\n"
        title = chance.choice(items)["title"]
        rows.append(Row(id=number, document=Document(title=title, text=text)))
    return rows
