"""Counts what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect every statement sent to any database meanwhile: ``with counted_statements() as seen: …``.

    What only begins, ends or prepares a transaction does not count.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() not in {'BEGIN', 'PRAGMA', 'SAVEPOINT', 'RELEASE'}:
            seen.append(statement)

    event.listen(Engine, 'before_cursor_execute', note)
    try:
        yield seen
    finally:
        event.remove(Engine, 'before_cursor_execute', note)
