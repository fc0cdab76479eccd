"""Rows of a planned campaign: collected with their ids, then inserted in batches."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from shop.kit.database import Model

BATCH = 5_000


class Rows:
    """What is to be inserted, per table, in the order it was added; every row has its id already."""

    def __init__(self) -> None:
        self._tables: dict[Table, list[dict[str, Any]]] = {}

    def add(self, model: type[Model], **values: Any) -> int:
        """Keep a row and return the id it will have."""
        rows = self._tables.setdefault(_table(model), [])
        values['id'] = len(rows) + 1
        rows.append(values)
        return len(rows)

    def of(self, model: type[Model]) -> list[dict[str, Any]]:
        """Return the rows of a table, to be read or finished before they are inserted."""
        return self._tables.setdefault(_table(model), [])

    def count(self) -> int:
        """Return how many rows there are in all."""
        return sum(len(rows) for rows in self._tables.values())

    def insert(self, session: Session, *, on_batch: Callable[[int], None]) -> None:
        """Insert everything, tables in the order of their foreign keys; tells the size of each batch."""
        for table in Model.metadata.sorted_tables:
            rows = self._tables.get(table, [])
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                session.execute(insert(table), batch)
                on_batch(len(batch))
            if rows and session.get_bind().dialect.name == 'postgresql':
                _move_sequence(session, table)


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _move_sequence(session: Session, table: Table) -> None:
    """Let the database go on after the ids that were given."""
    last = session.scalar(select(func.max(table.c.id)))
    session.execute(
        text('SELECT setval(pg_get_serial_sequence(:name, :column), :last)'),
        {'name': table.name, 'column': 'id', 'last': last},
    )
