"""The seal of a day: which bytes of which entries it vouches for, in which order.

An entry is encoded as UTF-8 fields joined by tabs: its kind (``sale``, ``benefit`` or ``payout``), then its
columns in the order of the lists below (the last one as `LATER` says); a missing value is ``-``, a truth is ``1`` or
``0``, a day is ``YYYY-MM-DD``, an instant is UTC with microseconds (``2026-06-15T04:00:00.000000+00:00``). A day's
tree holds its sales, then its benefit entries, then its payouts, each by id. docs/api.md says the same to outsiders.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, select

from shop.kit.database import Model, db
from shop.ledger.leaves import KINDS, pack_leaf
from shop.ledger.merkle import SEAL, MerkleTree, leaf_hash
from shop.ledger.models import BenefitEntry, BenefitPayout, SalesEntry

NO_ROOT = '0' * 64
ROWS_AT_ONCE = 2_000

SALE_FIELDS = (
    'id', 'order_line_id', 'refund_line_id', 'amount_fen', 'quantity', 'occurred_on', 'booked_on', 'booked_at',
    'period', 'channel', 'is_insider', 'county_id', 'village_id', 'tenure_id', 'product_id', 'brand_id', 'category_id',
)  # fmt: skip
BENEFIT_FIELDS = (
    'id', 'pool_id', 'sequence', 'order_line_id', 'refund_line_id', 'amount_fen', 'borne_by_supplier_fen',
    'pool_after_fen', 'occurred_on', 'booked_on', 'booked_at', 'earnings_id',
)  # fmt: skip
PAYOUT_FIELDS = ('id', 'pool_id', 'household_id', 'amount_fen', 'evidence', 'occurred_on', 'booked_on', 'part_id')
# Their last column came later than the first seals: it is written only when it holds something, so that what was
# sealed before keeps its bytes.
LATER = frozenset({'benefit', 'payout'})
BOOKS: tuple[tuple[str, type[Model], tuple[str, ...]], ...] = tuple(
    zip(KINDS, (SalesEntry, BenefitEntry, BenefitPayout), (SALE_FIELDS, BENEFIT_FIELDS, PAYOUT_FIELDS), strict=True)
)


@dataclass
class DayContent:
    """What the entries of one day come to."""

    tree: MerkleTree = field(default_factory=MerkleTree)
    leaves: bytearray = field(default_factory=bytearray)
    sales_count: int = 0
    sales_fen: int = 0
    benefit_count: int = 0
    benefit_fen: int = 0
    reached_count: int = 0

    def add(self, kind: str, row_id: int, encoding: bytes) -> None:
        """Append one entry to the day's tree and keep its leaf."""
        leaf = leaf_hash(encoding)
        self.tree.add(leaf)
        self.leaves += pack_leaf(kind, row_id, leaf)

    def seal(self, day: date, previous_root: str) -> str:
        """Return the day's seal, chained to the one before."""
        return seal_root(
            day,
            previous_root,
            self.tree.root.hex(),
            (self.sales_count, self.sales_fen, self.benefit_count, self.benefit_fen, self.reached_count),
        )


def seal_root(day: date, previous_root: str, entries_root: str, figures: tuple[int, int, int, int, int]) -> str:
    """Return the seal over a day's tree and figures and the seal of the day before, as hex."""
    text = '\t'.join([day.isoformat(), previous_root, entries_root, *map(str, figures)])
    return sha256(SEAL + text.encode()).hexdigest()


def encode(kind: str, values: Any) -> bytes:
    """Return the bytes that stand for one entry, from its column values in the documented order."""
    if values[-1] is None and kind in LATER:
        values = values[:-1]
    return '\t'.join([kind, *map(_written, values)]).encode()


def read_days(first: date, last: date) -> dict[date, DayContent]:
    """Return what the entries booked from `first` to `last` come to, by day; one pass, memory flat."""
    days = {first + timedelta(days=n): DayContent() for n in range((last - first).days + 1)}
    for kind, book, fields in BOOKS:
        amount, booked_on = fields.index('amount_fen'), fields.index('booked_on')
        for row in _rows(book, fields, first, last):
            content = days[row[booked_on]]
            content.add(kind, row[0], encode(kind, row))
            if kind == 'sale':
                content.sales_count += 1
                content.sales_fen += row[amount]
            elif kind == 'benefit':
                content.benefit_count += 1
                content.benefit_fen += row[amount]
    return days


def read_encodings(day: date, ids: Collection[int] | None = None) -> Iterator[tuple[str, int, bytes]]:
    """Yield kind, id and bytes of the entries booked on a day (all, or those with one of `ids`), in tree order."""
    for kind, book, fields in BOOKS:
        for row in _rows(book, fields, day, day, ids):
            yield kind, row[0], encode(kind, row)


def read_book(kind: str, book: type[Model], fields: tuple[str, ...], last: date) -> Iterator[bytes]:
    """Yield the bytes of every entry of one book up to a day, by day and id; memory flat."""
    for row in _rows(book, fields, date.min, last):
        yield encode(kind, row)


def _rows(
    book: type[Model], fields: tuple[str, ...], first: date, last: date, ids: Collection[int] | None = None
) -> Iterator[Any]:
    columns: Any = book.__table__.columns
    booked_on: Column[date] = columns['booked_on']
    statement = (
        select(*(columns[name] for name in fields))
        .where(booked_on >= first, booked_on <= last)
        .order_by(booked_on, columns['id'])
    )
    if ids is not None:
        statement = statement.where(columns['id'].in_(sorted(ids)))
    return iter(db.session.execute(statement, execution_options={'yield_per': ROWS_AT_ONCE}))


def _written(value: object) -> str:
    """Write one value; exact types first, because almost all are whole numbers or nothing."""
    if value is None:
        return '-'
    if isinstance(value, bool):
        return '1' if value else '0'
    if isinstance(value, datetime):
        return value.isoformat(timespec='microseconds')
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)
