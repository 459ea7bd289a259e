"""What is old is found by the index of when it was settled or replaced."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_settled_at", "deliveries", ["settled_at"], unique=False)
    op.create_index(
        "ix_article_versions_replaced_at", "article_versions", ["replaced_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_article_versions_replaced_at", table_name="article_versions")
    op.drop_index("ix_deliveries_settled_at", table_name="deliveries")
