"""Counts what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shop.kit.database import db

# Beginning and ending a unit of work is no question.
FRAME = ('BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE')


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield the list that every statement of the application's database is appended to, from any thread."""
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(FRAME):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, 'before_cursor_execute', hear)
    try:
        yield seen
    finally:
        event.remove(engine, 'before_cursor_execute', hear)
