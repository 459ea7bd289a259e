"""What storage refuses or fails at; every message is a sentence for the operator."""


class DatabaseError(Exception):
    """The root of what storage raises on purpose."""


class DatabaseUrlWrong(DatabaseError):
    """The address of the database cannot be used."""


class DatabaseUnreachable(DatabaseError):
    """The database cannot be opened; the message never holds its password."""


class DatabaseNewer(DatabaseError):
    """The database was made by a newer Marsad."""

    def __init__(self, where: str, found: str, known: str) -> None:
        super().__init__(
            f"the database {where} was made by a newer Marsad (its schema is {found}, this program"
            f" knows up to {known}): install that version, or give another MARSAD_DATABASE_URL"
        )
        self.found = found
        self.known = known


class DatabaseInUse(DatabaseError):
    """The database has to be brought to this release's schema, and another release works on it."""

    def __init__(self, where: str, holder: str) -> None:
        super().__init__(
            f"the database {where} is of an older Marsad, which still runs ({holder}): stop it, so"
            " that its data can be brought to this version"
        )


class DatabaseEmpty(DatabaseError):
    """There is nothing to back up."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"the database {where} holds nothing of Marsad: see MARSAD_DATA and MARSAD_DATABASE_URL"
        )


class DatabaseOccupied(DatabaseError):
    """A backup is restored into an empty database only."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(
            f"the database {where} is not empty ({what}), and nothing was restored: name another"
            " MARSAD_DATABASE_URL, or move the old database away"
        )


class BackupWrong(DatabaseError):
    """A file is no backup, or not the whole of one; the message says what is wrong with it."""


class BackupNewer(BackupWrong):
    """The backup was made by a newer Marsad."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the backup was made by a newer Marsad (its schema is {found}, this program knows up"
            f" to {known}): install that version to restore it"
        )


class DatabaseFailed(DatabaseError):
    """A transaction failed for a reason outside of this program: disk full, locked, server gone."""


class DatabaseFull(DatabaseFailed):
    """The disk of the database has no room; nothing of the transaction was written."""


class ArticleMoved(DatabaseError):
    """The article was decided or changed by another meanwhile; what was decided is void."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"article {article_id} was decided or changed meanwhile")
        self.article_id = article_id


class UnknownChat(DatabaseError, LookupError):
    """The chat never wrote to the bot."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"chat {chat_id} is not registered")
        self.chat_id = chat_id


class ImportRefused(DatabaseError, ValueError):
    """A line of an import is not a subscriber; nothing of the import was written."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


class QueryRefused(DatabaseError, ValueError):
    """What was typed to search for cannot be searched; the message says why."""


class IndexStale(DatabaseError):
    """The search index is of another normaliser: `marsad search --rebuild` builds it anew."""

    def __init__(self) -> None:
        super().__init__(
            "the search index was made by another version of Marsad and has to be built anew:"
            " marsad search --rebuild"
        )
