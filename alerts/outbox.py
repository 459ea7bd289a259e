"""The outbox as the dispatcher sees it; storage fits this Protocol by shape."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from models.delivery import Delivery, Settlement
from models.subscriber import Channel


class Outbox(Protocol):
    """Deliveries with leases. Every method is one committed transaction."""

    async def claim(
        self, channel: Channel, *, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Delivery]:
        """Lease deliveries that are due, in their order, at most one message a chat: whatever
        alerts the chat has waiting are joined to it. Urgent alerts stand before what has waited
        less than models.schedule.URGENT_LEAD; edits come only while no alert waits. A delivery
        whose lease ran out is due again; if it was in flight then, it comes back with
        `maybe_sent`, together with what was in the same message and nothing else."""

    async def mark_in_flight(self, delivery: Delivery, now: datetime) -> bool:
        """Committed before the Bot API is called, so that a crash in between is told apart.
        False: a part of it was cancelled, or the lease ran out, since the claim: it must not be
        sent; what is left of it can be claimed again."""

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        """Record what became of an attempt, and release the lease."""

    async def release(self, owner: str) -> None:
        """Give back what this owner claimed and did not start (clean stop)."""

    async def next_due(self, channel: Channel, now: datetime) -> datetime | None:
        """When the next open delivery that is not leased is due; None: nothing is open."""
