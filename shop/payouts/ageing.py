"""What is accrued and not paid, by village, pool and age; every cell opens to the entries it is made of.

The oldest fen of a pool are paid first. So what is left of it are its newest entries: a payment takes from the
oldest that still stands, a reversal from the newest.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from shop.benefits.models import AgreementVersion, BenefitAgreement
from shop.catalogue.models import Product
from shop.kit.database import db
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool, PayoutPart
from shop.orders.models import Order, OrderLine
from shop.villages.models import Village

# The first day count past each bucket; the last bucket has no end.
BOUNDS = (31, 91, 181)
BUCKETS = len(BOUNDS) + 1


@dataclass(frozen=True, slots=True)
class Left:
    """What is left unpaid of one entry."""

    entry_id: int
    booked_on: date
    fen: int


@dataclass(slots=True)
class AgeLine:
    """A pool with what is left of it, by age; `in_batch_fen` of that stands in a batch already."""

    pool: BenefitPool
    product: Product
    in_batch_fen: int
    left: Sequence[Left]
    on: date

    @property
    def buckets(self) -> list[int]:
        """The fen of each bucket, the youngest first."""
        found = [0] * BUCKETS
        for one in self.left:
            found[bucket_of(one.booked_on, self.on)] += one.fen
        return found

    @property
    def total_fen(self) -> int:
        """What is left in all."""
        return sum(one.fen for one in self.left)


@dataclass(slots=True)
class AgeGroup:
    """A village with its pools."""

    village: Village
    lines: list[AgeLine] = field(default_factory=list)

    @property
    def buckets(self) -> list[int]:
        """The fen of each bucket."""
        return [sum(column) for column in zip(*(line.buckets for line in self.lines), strict=True)]

    @property
    def total_fen(self) -> int:
        """What is left in all."""
        return sum(line.total_fen for line in self.lines)

    @property
    def in_batch_fen(self) -> int:
        """What of it stands in a batch already."""
        return sum(line.in_batch_fen for line in self.lines)


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row behind a cell: an entry, the order it came from, and what of it is not paid."""

    entry: BenefitEntry
    order_number: str
    days: int
    fen: int


def bucket_of(day: date, on: date) -> int:
    """Return the bucket of something booked on a day, seen from another."""
    age = (on - day).days
    return next((index for index, bound in enumerate(BOUNDS) if age < bound), BUCKETS - 1)


def what_is_left(entries: Sequence[tuple[int, date, int]], paid: int) -> list[Left]:
    """Return what is left of entries (id, day, fen; in their order) after so much was paid, the oldest first."""
    standing: deque[list[int]] = deque()
    days: dict[int, date] = {}
    for entry_id, day, fen in entries:
        if fen > 0:
            standing.append([entry_id, fen])
            days[entry_id] = day
            continue
        _take(standing, -fen, newest=True)
    _take(standing, paid, newest=False)
    return [Left(entry_id, days[entry_id], fen) for entry_id, fen in standing]


def ageing_of(villages: Select[int], *, on: date) -> list[AgeGroup]:
    """Return what is left unpaid in these villages, in the official order; four statements, however many they are."""
    pools = db.session.execute(
        select(BenefitPool, Product)
        .join(AgreementVersion, AgreementVersion.id == BenefitPool.version_id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
        .join(Product, Product.id == BenefitAgreement.product_id)
        .join(Village, Village.id == Product.village_id)
        .where(Village.id.in_(villages), BenefitPool.amount_fen > 0)
        .order_by(Village.county_id, Village.township_id, Village.position, Product.id, BenefitPool.id)
        .options(
            joinedload(BenefitPool.version),
            joinedload(Product.village).options(joinedload(Village.county), joinedload(Village.township)),
        )
    ).all()
    ids = [pool.id for pool, _ in pools]
    paid, held = _paid(ids), _held(ids)
    entries = _entries(ids)
    groups: dict[int, AgeGroup] = {}
    for pool, product in pools:
        left = what_is_left(entries[pool.id], paid.get(pool.id, 0))
        if left:
            group = groups.setdefault(product.village_id, AgeGroup(product.village))
            group.lines.append(AgeLine(pool, product, held.get(pool.id, 0) - paid.get(pool.id, 0), left, on))
    return list(groups.values())


def rows_of_cell(line: AgeLine, bucket: int) -> list[LeftRow]:
    """Return the entries behind a pool's cell, the oldest first; they sum to it."""
    left = {one.entry_id: one for one in line.left if bucket_of(one.booked_on, line.on) == bucket}
    return [
        LeftRow(entry, number, (line.on - entry.booked_on).days, left[entry.id].fen)
        for entry, number in db.session.execute(
            select(BenefitEntry, Order.number)
            .join(OrderLine, OrderLine.id == BenefitEntry.order_line_id)
            .join(Order, Order.id == OrderLine.order_id)
            .where(BenefitEntry.id.in_(sorted(left)))
            .order_by(BenefitEntry.id)
        )
    ]


def _take(standing: deque[list[int]], fen: int, *, newest: bool) -> None:
    place = -1 if newest else 0
    while fen and standing:
        part = min(fen, standing[place][1])
        standing[place][1] -= part
        fen -= part
        if not standing[place][1]:
            standing.pop() if newest else standing.popleft()


def _entries(pool_ids: Sequence[int]) -> dict[int, list[tuple[int, date, int]]]:
    found: dict[int, list[tuple[int, date, int]]] = defaultdict(list)
    for pool_id, entry_id, day, fen in db.session.execute(
        select(BenefitEntry.pool_id, BenefitEntry.id, BenefitEntry.booked_on, BenefitEntry.amount_fen)
        .where(BenefitEntry.pool_id.in_(pool_ids))
        .order_by(BenefitEntry.pool_id, BenefitEntry.sequence)
    ):
        found[pool_id].append((entry_id, day, fen))
    return found


def _paid(pool_ids: Sequence[int]) -> dict[int, int]:
    return _sums(
        select(BenefitPayout.pool_id, func.sum(BenefitPayout.amount_fen))
        .where(BenefitPayout.pool_id.in_(pool_ids))
        .group_by(BenefitPayout.pool_id)
    )


def _held(pool_ids: Sequence[int]) -> dict[int, int]:
    """Return what is paid or stands in a batch, by pool."""
    held = _sums(
        select(PayoutPart.pool_id, func.sum(PayoutPart.amount_fen))
        .where(PayoutPart.pool_id.in_(pool_ids), ~PayoutPart.is_released)
        .group_by(PayoutPart.pool_id)
    )
    for pool_id, fen in _sums(
        select(BenefitPayout.pool_id, func.sum(BenefitPayout.amount_fen))
        .where(BenefitPayout.pool_id.in_(pool_ids), BenefitPayout.part_id.is_(None))
        .group_by(BenefitPayout.pool_id)
    ).items():
        held[pool_id] = held.get(pool_id, 0) + fen
    return held


def _sums(statement: Select[int, int]) -> dict[int, int]:
    return {pool_id: int(fen) for pool_id, fen in db.session.execute(statement)}


def totals(groups: Sequence[AgeGroup]) -> Iterator[int]:
    """Yield the sum of each bucket over all villages."""
    yield from (sum(column) for column in zip(*(group.buckets for group in groups), strict=True))
