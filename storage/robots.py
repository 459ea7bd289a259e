"""robots.txt of the hosts, so that a restart asks none of them again."""

import sqlalchemy as sa
from sqlalchemy import select

from models.crawl import RobotsFile
from storage.dialect import insert
from storage.schema import robots


def robots_of(connection: sa.Connection, origin: str) -> RobotsFile | None:
    """As it was last read, however long ago."""
    row = connection.execute(select(robots).where(robots.c.origin == origin)).one_or_none()
    return None if row is None else RobotsFile(origin=origin, text=row.text, asked_at=row.asked_at)


def remember(connection: sa.Connection, file: RobotsFile) -> None:
    read = {"text": file.text, "asked_at": file.asked_at}
    connection.execute(
        insert(connection, robots)
        .values(origin=file.origin, **read)
        .on_conflict_do_update(index_elements=["origin"], set_=read)
    )
