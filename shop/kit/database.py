"""The database: the model base, column types and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum as PythonEnum
from sqlite3 import Connection as SQLiteConnection
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Date, DateTime, Dialect, Enum, Integer, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 15_000
WRITES = 'shop_writes'

NAMING = {
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_name)s',
    'pk': 'pk_%(table_name)s',
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, kept in UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError('an instant must be aware')
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == 'sqlite' else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigInt = BigInteger().with_variant(Integer, 'sqlite')

Id = Annotated[int, mapped_column(BigInt, primary_key=True, comment='编号')]
Fen = Annotated[int, mapped_column(BigInt)]


class Model(DeclarativeBase):
    """The base of every table; columns carry their meaning as `comment=`."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), date: Date()}  # noqa: RUF012  SQLAlchemy's own protocol


db = SQLAlchemy(metadata=Model.metadata)


def enum_column(kind: type[PythonEnum], name: str = '') -> Enum:
    """Return a string column type that holds only the values of `kind`, by CHECK.

    A table with two columns of one kind gives each a `name` of its own.
    """
    name = name or ''.join(f'_{letter.lower()}' if letter.isupper() else letter for letter in kind.__name__).lstrip('_')
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one unit of work: everything inside is committed together, or nothing is.

    Starts from a fresh view of the database; on SQLite it takes the write lock at once,
    so that two read-then-write units cannot both fail half-way. Units do not nest.
    """
    session = db.session()
    if session.info.get(WRITES):
        raise RuntimeError('transactions do not nest')
    session.rollback()
    session.info[WRITES] = True
    try:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITES, None)


def dialect_name() -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return db.engine.dialect.name


def lock_row(row: Model) -> None:
    """Hold a row until the end of the unit of work, and see its newest state; what was changed on it before stays."""
    db.session.flush()
    db.session.refresh(row, with_for_update={'of': type(row)})


@event.listens_for(Engine, 'connect')
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Give SQLite durable concurrent behaviour; the driver's own implicit BEGIN is switched off."""
    if not isinstance(connection, SQLiteConnection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        'journal_mode=WAL',
        'synchronous=NORMAL',
        'foreign_keys=ON',
        f'busy_timeout={BUSY_TIMEOUT_MS}',
        'temp_store=MEMORY',
        'cache_size=-32000',
    ):
        cursor.execute(f'PRAGMA {pragma}')
    cursor.close()


@event.listens_for(Engine, 'begin')
def _begin_sqlite(connection: Connection) -> None:
    """Start the transaction SQLAlchemy asked for: writers take the lock at once."""
    if connection.dialect.name == 'sqlite':
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql('BEGIN IMMEDIATE' if writes else 'BEGIN')
