"""The few places where SQLite and PostgreSQL are told differently; nothing else branches."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

AnyInsert = sqlite.Insert | postgresql.Insert


def insert(connection: sa.Connection, table: sa.Table) -> AnyInsert:
    """INSERT that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def alone(connection: sa.Connection, what: str) -> None:
    """Until this transaction ends, no other one passes here with the same `what`.

    SQLite's BEGIN IMMEDIATE gives that for every writing transaction already.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def seconds_between(
    connection: sa.Connection,
    start: sa.ColumnElement[datetime],
    end: sa.ColumnElement[datetime],
) -> sa.ColumnElement[float]:
    """The seconds from one UtcTime column to another; NULL where one of them is."""
    if connection.dialect.name == "postgresql":
        return sa.cast(sa.extract("epoch", end) - sa.extract("epoch", start), sa.Float)
    days = sa.func.julianday(end) - sa.func.julianday(start)
    return sa.type_coerce(days * 86_400.0, sa.Float)
