"""Counts what reaches the database, so that a page cannot ask once per row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shop.kit.database import db


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the statements of the block, without those that begin and end a unit of work."""
    found: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(('BEGIN', 'COMMIT', 'ROLLBACK')):
            found.append(statement)

    event.listen(db.engine, 'before_cursor_execute', listen)
    try:
        yield found
    finally:
        event.remove(db.engine, 'before_cursor_execute', listen)
