"""Reading a database as it is: nothing is created, nothing migrated."""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from storage.connection import file_of, parse_url, reading_engine
from storage.errors import DatabaseUrlWrong

T = TypeVar("T")


def peek(url: str, function: Callable[[sa.Connection], T]) -> T | None:
    """What `function` reads; None where there is no database, or none of this form yet."""
    try:
        file = file_of(url)
        if file is not None and not file.exists():
            return None
        engine = reading_engine(parse_url(url), size=1)
    except DatabaseUrlWrong:
        return None
    try:
        with engine.connect() as connection:
            return function(connection)
    except sa.exc.DBAPIError:
        return None
    finally:
        engine.dispose()
