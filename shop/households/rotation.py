"""Sealing everything anew with the newest key, in batches that may be interrupted; then old keys can go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Column, String, Table, func, select, update

from shop.kit.crypto import UnknownKeyError, seal_text, unseal_text
from shop.kit.database import Model, db, transaction

BATCH = 500


@dataclass
class Rotation:
    """What was found and done: `lost` names the rows that none of the keys opens."""

    seen: int = 0
    resealed: int = 0
    lost: list[str] = field(default_factory=list)


def sealed_columns() -> list[Column[str | None]]:
    """Return every column of sealed texts: they are called `sealed` or `sealed_…` in every table."""
    return [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and (column.name == 'sealed' or column.name.startswith('sealed_'))
    ]


def count_sealed() -> int:
    """Return how many sealed texts there are."""
    return sum(
        db.session.scalar(select(func.count()).select_from(column.table).where(column.is_not(None))) or 0
        for column in sealed_columns()
    )


def rotate_keys(keys: str, *, tell: Callable[[int], None], batch: int = BATCH) -> Rotation:
    """Seal with the first of the keys whatever another of them opens; each batch is a unit of work of its own.

    A text that changes in the meantime is left to its writer, who has the newest key too. `tell` hears how many
    texts were seen.
    """
    done = Rotation()
    for column in sealed_columns():
        for rows in _batches(column, batch):
            with transaction():
                for row_id, sealed in rows:
                    _reseal(column, row_id, sealed, keys, done)
            done.seen += len(rows)
            tell(done.seen)
    return done


def still_old(keys: str) -> list[str]:
    """Return the names of the texts that the first of the keys alone does not open: none, and the others can go."""
    newest = keys.split(',', maxsplit=1)[0]
    return [
        _name(column, row_id)
        for column in sealed_columns()
        for rows in _batches(column, BATCH)
        for row_id, sealed in rows
        if not _opens(newest, sealed)
    ]


def _reseal(column: Column[str | None], row_id: int, sealed: str, keys: str, done: Rotation) -> None:
    if _opens(keys.split(',', maxsplit=1)[0], sealed):
        return
    try:
        text = unseal_text(keys, sealed)
    except UnknownKeyError:
        done.lost.append(_name(column, row_id))
        return
    table = _table(column)
    changed = db.session.execute(
        update(table).where(table.c.id == row_id, column == sealed).values({column.name: seal_text(keys, text)})
    )
    done.resealed += changed.rowcount  # type: ignore[attr-defined]


def _batches(column: Column[str | None], size: int) -> Iterator[list[tuple[int, str]]]:
    """Yield id and text of every sealed text, by id, so many at a time."""
    table, last = _table(column), 0
    while True:
        found = db.session.execute(
            select(table.c.id, column).where(table.c.id > last, column.is_not(None)).order_by(table.c.id).limit(size)
        )
        rows = [(int(row[0]), str(row[1])) for row in found]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _opens(key: str, sealed: str) -> bool:
    try:
        unseal_text(key, sealed)
    except UnknownKeyError:
        return False
    return True


def _table(column: Column[str | None]) -> Table:
    assert isinstance(column.table, Table)
    return column.table


def _name(column: Column[str | None], row_id: int) -> str:
    return f'{_table(column).name}.{column.name} #{row_id}'
