"""The order of deliveries: by lane, in a lane by rank, in a rank by age."""

from typing import Final

from storage.schema import deliveries

# Notices are alerts here; edits go out only while no alert waits; held is not due before its time.
ALERTS: Final = 0
EDITS: Final = 1
HELD: Final = 2

ORDER: Final = (deliveries.c.lane, deliveries.c.rank_at, deliveries.c.id)
