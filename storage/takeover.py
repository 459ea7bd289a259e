"""What the only Marsad on a database does when it starts: it waits for nobody."""

from datetime import datetime

from sqlalchemy import update

from storage.database import Connection
from storage.schema import OPEN_STATES, deliveries


def end_leases(connection: Connection, now: datetime) -> None:
    """Whoever claimed deliveries before is dead: they need not wait for their leases to run out.
    What was in flight stays so, and comes back as what may have arrived."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.state.in_(OPEN_STATES), deliveries.c.lease_until > now)
        .values(lease_until=now)
    )
