"""Runs the migrations on whatever database the application is set to."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection, Engine

database = current_app.extensions['migrate'].db
engine: Engine = database.engine


def migrate() -> None:
    """Run in one transaction per migration, on both databases."""
    with engine.connect() as connection, _parents_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=_render_item,
            include_name=_is_ours,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _parents_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew, which its children must outlive: they are checked afterwards."""
    if connection.dialect.name != 'sqlite':
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute('PRAGMA foreign_keys = OFF')
    try:
        yield
        orphans = driver.execute('PRAGMA foreign_key_check').fetchall()
        if orphans:
            raise RuntimeError(f'rows without their parents: {orphans[:10]}')
    finally:
        driver.execute('PRAGMA foreign_keys = ON')


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out what the search migration made by hand."""
    return not (kind == 'table' and (name or '').startswith('products_fts')) and name != 'search_vector'


def _render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write the shop's own column types as plain ones, so that a migration imports nothing from it."""
    if kind == 'type' and type(item).__name__ == 'UtcDateTime':
        return 'sa.DateTime(timezone=True)'
    return False


migrate()
