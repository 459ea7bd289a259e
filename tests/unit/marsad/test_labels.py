"""What readers say of alerts reaches `marsad quality` as it is."""

import json
from pathlib import Path

from alerts.matching.matcher import Matcher
from marsad.labels import rows
from marsad.quality import quality_of
from models.topic import Topic
from storage.database import Database
from storage.subscribers import SqlSubscribers
from tests.contract.archive import NOW, SqlArchive, chat


async def said(archive: SqlArchive, *opinions: bool, topics: tuple[str, ...]) -> None:
    people = SqlSubscribers(archive.database)
    told = await archive.alert(*topics, story=f"story of {topics}")
    for chat_id, relevant in enumerate(opinions, 1):
        await people.register(chat(chat_id))
        await people.label(chat_id, told.id, relevant, NOW)


async def test_opinions_are_labels_of_the_topics_and_name_nobody(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    try:
        archive = SqlArchive(database)
        await said(archive, True, True, False, topics=("trade",))
        await said(archive, False, topics=("ports",))
        await said(archive, True, False, topics=("trade", "ports"))
        await said(archive, True, topics=("kw-0123456789abcdef01234567",))
        labelled = rows(database)
    finally:
        database.close_now()
    assert [row["labels"] for row in labelled] == [
        {"trade": 2},
        {"ports": 0},
        {"trade": 1, "ports": 1},
    ]
    assert all("chat" not in row for row in labelled)

    file = tmp_path / "said.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in labelled), encoding="utf-8")
    topic = Topic.model_validate({"name": "trade", "title": {"ar": "تجارة"}, "any": ["تجاري"]})
    found = quality_of(Matcher({"trade": topic}, {}), file, ["trade"], sources=False)
    assert [(q.topic, q.recall.part, q.recall.whole) for q in found.topics] == [("trade", 1, 1)]
