"""Tells whether anything in the database has changed: equal versions mean equal data."""

import sqlite3
import threading
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

SNAPSHOT = text('SELECT pg_current_snapshot()::text')


class DataVersion:
    """A mark of what is committed, taken from the database itself, so no writer can forget to move it.

    PostgreSQL: the snapshot of a statement says which transactions it sees; two equal snapshots see the same rows.
    SQLite: ``PRAGMA data_version`` moves with every commit of another connection; it is asked on one connection
    that never writes. Marks are comparable within one process only.
    """

    def __init__(self, engine: Engine) -> None:
        """Ask this engine's database."""
        self._engine = engine
        self._lock = threading.Lock()
        self._watcher: sqlite3.Connection | None = None
        self._watchers = 0
        event.listen(engine, 'engine_disposed', self._let_go)

    def read(self) -> str | None:
        """Return the present mark, or None when the database does not answer."""
        try:
            if self._engine.dialect.name == 'sqlite':
                return self._read_sqlite()
            with self._engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
                return str(connection.scalar(SNAPSHOT))
        except (SQLAlchemyError, sqlite3.Error):
            return None

    def _read_sqlite(self) -> str:
        with self._lock:
            if self._watcher is None:
                self._watcher = sqlite3.connect(str(self._engine.url.database), check_same_thread=False)
                self._watchers += 1
            (version,) = self._watcher.execute('PRAGMA data_version').fetchone()
            return f'{self._watchers}.{version}'

    def _let_go(self, _engine: Any) -> None:
        with self._lock:
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None
