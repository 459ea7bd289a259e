"""${message}"""

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, RowId, Text, UtcTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise NotImplementedError("going back is restoring the backup made before the upgrade")
