"""Brings a database to the newest schema, or refuses one that is newer than this program."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from storage.dialect import alone
from storage.errors import DatabaseNewer
from storage.schema import REVISION

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: sa.Connection, url: URL) -> None:
    """All or nothing, inside the transaction of `connection`; two processes do it in turn."""
    alone(connection, "migration")
    found = revision_of(connection)
    if found != REVISION:
        _upgrade(connection, url, found)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that the database is at; None: it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def create(connection: sa.Connection, url: URL, revision: str) -> None:
    """The tables of this revision in an empty database. Raises DatabaseNewer if it is unknown."""
    alone(connection, "migration")
    _upgrade(connection, url, revision, to=revision)


def _upgrade(connection: sa.Connection, url: URL, found: str | None, *, to: str = "head") -> None:
    # Alembic costs a third of a second to import, and is needed once a release.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(url.render_as_string(hide_password=True), found, REVISION)
    command.upgrade(config, to)
