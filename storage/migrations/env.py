"""Alembic's entry: migrates on the connection, and inside the transaction, that it is given."""

from alembic import context

from storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite alters a table by copying it
    render_as_batch=True,
    # storage begins the transaction itself; both databases take DDL inside it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
