"""The migrations of the schema, run by storage.migration through Alembic."""
