"""Leases: who works on the database, held across hosts and taken over when they run out."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, select, update

from storage.dialect import insert
from storage.schema import leases

# The lease of the one Marsad that crawls, decides and delivers.
INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Owner:
    """A process; `id` is unique among all that ever were."""

    host: str
    pid: int
    started: datetime
    id: str


def acquire(
    connection: sa.Connection, name: str, owner: Owner, now: datetime, ttl: timedelta
) -> Owner | None:
    """None: acquired, until `now + ttl`; else who holds it. One that ran out is taken over."""
    held = {
        "owner_id": owner.id,
        "host": owner.host,
        "pid": owner.pid,
        "started": owner.started,
        "expires_at": now + ttl,
    }
    connection.execute(
        insert(connection, leases)
        .values(name=name, **held)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=held,
            where=sa.or_(leases.c.expires_at <= now, leases.c.owner_id == owner.id),
        )
    )
    holder = _holder(connection, name)
    return None if holder.id == owner.id else holder


def renew(
    connection: sa.Connection, name: str, owner: Owner, now: datetime, ttl: timedelta
) -> bool:
    """False: the lease is another's, or was released."""
    renewed = connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.owner_id == owner.id)
        .values(expires_at=now + ttl)
    )
    return bool(renewed.rowcount)


def release(connection: sa.Connection, name: str, owner: Owner) -> None:
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner_id == owner.id))


def running(connection: sa.Connection, name: str, now: datetime) -> Owner | None:
    """Who holds a lease that has not run out."""
    held = sa.exists().where(leases.c.name == name, leases.c.expires_at > now)
    return _holder(connection, name) if connection.scalar(select(held)) else None


def is_dead_here(owner: Owner) -> bool:
    """Whether the process was one of this host and is gone."""
    if owner.host != socket.gethostname():
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _holder(connection: sa.Connection, name: str) -> Owner:
    row = connection.execute(select(leases).where(leases.c.name == name)).one()
    return Owner(host=row.host, pid=row.pid, started=row.started, id=row.owner_id)
