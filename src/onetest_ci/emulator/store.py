"""The database: one SQLite file in WAL mode, one connection, used from the event loop only.

A statement takes microseconds, so a request needs no thread for it, and no request of this server waits for a
lock. Every commit is written to the operating system before the response is sent, so it survives a killed
process. ``synchronous=NORMAL`` can lose the last commits in a power cut; a local tool may.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onetest_ci.emulator.tables import APPLICATION_ID, SCHEMA, VERSION
from onetest_ci.errors import UsageProblem

_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# An extended error code has the base code in its low byte (https://sqlite.org/rescode.html).
_BASE_CODE = 0xFF
# How long a statement waits for another program's lock before it fails. The whole server waits with it.
_BUSY_MS = 1000
_PAUSE_SECONDS = 0.5


def is_locked(error: BaseException) -> bool:
    """Return whether a statement failed because another program has locked the database."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.OperationalError) and code is not None and code & _BASE_CODE in _LOCKED


class Store:
    """The connection to the database. Table and column names come from the code, values are always bound.

    Args:
        path: the database file, created if it does not exist.

    Raises:
        UsageProblem: the file cannot be opened, is not an emulator's database, or has another schema version.

    Attributes:
        is_new: whether this start created the tables.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
            self._connection.row_factory = sqlite3.Row
            self.is_new = self._prepare(path)
        except sqlite3.Error as error:
            raise UsageProblem(
                "database-unusable",
                f"The database {path} cannot be used: {error}.",
                "Name a file in a directory that exists and can be written, or one that an emulator wrote.",
            ) from error

    def _prepare(self, path: Path) -> bool:
        run = self._connection.execute
        version = run("PRAGMA user_version").fetchone()[0]
        is_new = not run("SELECT 1 FROM sqlite_schema").fetchone()
        if not is_new and run("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise UsageProblem(
                "database-foreign",
                f"{path} is a SQLite database, but not an emulator's.",
                "Name another file; if it does not exist, the emulator creates it.",
            )
        if version > VERSION:
            raise UsageProblem(
                "database-newer",
                f"{path} was written by a newer emulator (schema {version}; this one supports {VERSION}).",
                "Use that version or newer, or name another file.",
            )
        if not is_new and version < VERSION:
            raise UsageProblem(
                "database-older",
                f"{path} was written by an older emulator (schema {version}; this one needs {VERSION}).",
                "Name another file; if it does not exist, the emulator creates it.",
            )
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run(f"PRAGMA busy_timeout = {_BUSY_MS}")
        run("PRAGMA foreign_keys = ON")
        if is_new:
            self._connection.executescript(
                f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {VERSION}; COMMIT;"
            )
        return is_new

    def close(self) -> None:
        """Write the WAL into the database file and close the connection."""
        self._connection.close()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row, or ``None``."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return all rows."""
        return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        """Return the first column of the first row, or ``None``."""
        found = self._connection.execute(sql, values).fetchone()
        return found and found[0]

    def run(self, sql: str, *values: object) -> None:
        """Run one statement."""
        self._connection.execute(sql, values)

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Insert one row. Return its rowid."""
        marks = ", ".join("?" * len(values))
        # Names come from the code, never from a request.
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
        return self._connection.execute(sql, tuple(values.values())).lastrowid or 0

    def insert_many(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert several rows with the same columns."""
        if rows:
            marks = ", ".join(f":{name}" for name in rows[0])
            sql = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})"  # noqa: S608 - as in insert
            self._connection.executemany(sql, rows)

    def update(self, table: str, row_id: int | str, values: Mapping[str, object]) -> None:
        """Set columns of the row with this id."""
        if values:
            assignments = ", ".join(f"{name} = ?" for name in values)
            sql = f"UPDATE {table} SET {assignments} WHERE id = ?"  # noqa: S608 - as in insert
            self._connection.execute(sql, (*values.values(), row_id))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements of the block, or none. Never await inside: requests share the connection."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A failed commit leaves its transaction open; some errors have ended it already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    async def unlocked(self) -> None:
        """Wait until this process can write. For work that no client waits for."""
        while True:
            try:
                with self.transaction():
                    return
            except sqlite3.OperationalError as error:
                if not is_locked(error):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)


def pack(value: object) -> str:
    """Return a value as JSON for a text column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str | None) -> Any:
    """Return the value that ``pack`` wrote."""
    return None if text is None else json.loads(text)
