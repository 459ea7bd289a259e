"""Whether a site lets programs in, and whether it was ever read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("access", sa.JSON(), nullable=True))
    op.add_column("sites", sa.Column("proof", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("sites", "proof")
    op.drop_column("sites", "access")
