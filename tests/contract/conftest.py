"""The databases and archives on which the contract suites run."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from tests.contract.archive import Archive, MemoryArchive, SqlArchive


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL of this test process (pgserver starts it, also as root)."""
    # mkdtemp makes it 0700, as platformdirs wants a runtime folder to be
    runtime = Path(tempfile.mkdtemp(prefix="marsad-runtime-"))
    data = Path(tempfile.mkdtemp(prefix="marsad-postgres-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "XDG_RUNTIME_DIR", str(runtime))
        from pgserver.postgres_server import get_server

        server = get_server(data, cleanup_mode="delete")
        try:
            hurry(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()
            shutil.rmtree(runtime, ignore_errors=True)
            shutil.rmtree(data, ignore_errors=True)


def hurry(url: str) -> None:
    """What is lost with the machine's power is no loss here."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def empty_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of an empty database of one test alone."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/marsad.db"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty_database(request.param, request, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    yield opened
    opened.close_now()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    if request.param == "memory":
        yield MemoryArchive()
        return
    with empty_database(request.param, request, tmp_path) as url:
        opened = Database.open(url)
        yield SqlArchive(opened)
        opened.close_now()
