"""Closes days: their entries become sums by day and month, their new households bitmaps, and a seal."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, bindparam, case, func, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shop.kit import clock
from shop.kit.database import db, dialect_name
from shop.kit.errors import BusinessError
from shop.ledger.days import ONE_DAY, hold_booking, last_closed_day
from shop.ledger.models import BenefitEntry, BenefitPayout, DayLeaves, DaySeal, SalesDay, SalesEntry, SalesMonth
from shop.ledger.reach import fold_reach
from shop.ledger.sealing import NO_ROOT, read_days

Progress = Callable[[date, int], None]

DIMENSIONS = (
    'county_id', 'village_id', 'tenure_id', 'product_id', 'brand_id', 'category_id', 'channel', 'is_insider',
)  # fmt: skip
SUMS = ('amount_fen', 'refunded_fen', 'quantity', 'entry_count')
_MONTH_KEY = ('month', 'product_id', 'tenure_id', 'channel', 'is_insider', 'category_id')


class DayNotOverError(BusinessError):
    """The day is not over yet in Shanghai."""


class DayAlreadyClosedError(BusinessError):
    """The day has its seal."""


class DayOutOfOrderError(BusinessError):
    """A day before this one is still open."""


def close_day(day: date, *, at: datetime) -> DaySeal:
    """Close one day and return its seal; the next one in order, and only once it is over.

    Raises `DayNotOverError`, `DayAlreadyClosedError` or `DayOutOfOrderError`.
    """
    _refuse_running_day(day, at)
    hold_booking()
    closed = last_closed_day()
    if closed is not None and day <= closed:
        raise DayAlreadyClosedError(_('%(day)s 已封账，不能再封。', day=day))
    due = _first_day_due(closed)
    if due is not None and day > due:
        raise DayOutOfOrderError(_('%(day)s 还没有封账，请按日期先后逐日封账。', day=due))
    return _close(day, day, at=at)[0]


def close_due_days(*, at: datetime, progress: Progress | None = None) -> int:
    """Close every day that is over and open, in order; return how many.

    `progress` is told the day reached and how many are closed. To keep each month's work in a
    unit of its own, call `close_due_month` until it returns nothing.
    """
    count = 0
    while seals := close_due_month(at=at):
        count += len(seals)
        if progress is not None:
            progress(seals[-1].day, count)
    return count


def close_due_month(*, at: datetime) -> Sequence[DaySeal]:
    """Close the next days that are over, up to the end of their month; nothing when none is due."""
    hold_booking()
    first = _first_day_due(last_closed_day())
    yesterday = clock.business_day(at) - ONE_DAY
    if first is None or first > yesterday:
        return []
    month_end = clock.next_month(clock.month_of(first)) - ONE_DAY
    return _close(first, min(month_end, yesterday), at=at)


def days_due(*, at: datetime) -> int:
    """Return how many days are over and open."""
    first = _first_day_due(last_closed_day())
    return 0 if first is None else max(0, (clock.business_day(at) - first).days)


def _first_day_due(closed: date | None) -> date | None:
    """Return the first open day: after the last seal, else the day of the first entry, else None."""
    if closed is not None:
        return closed + ONE_DAY
    firsts = db.session.execute(
        select(
            select(func.min(SalesEntry.booked_on)).scalar_subquery(),
            select(func.min(BenefitEntry.booked_on)).scalar_subquery(),
            select(func.min(BenefitPayout.booked_on)).scalar_subquery(),
        )
    ).one()
    return min((day for day in firsts if day is not None), default=None)


def _refuse_running_day(day: date, at: datetime) -> None:
    today = clock.business_day(at)
    if day >= today:
        raise DayNotOverError(_('%(day)s 还没有过完（今天是 %(today)s），只能封已过完的日子。', day=day, today=today))


def _close(first: date, last: date, *, at: datetime) -> Sequence[DaySeal]:
    """Close the days from `first` to `last`, all of one month."""
    _sum_days(first, last)
    _sum_month(first, last)
    reached = fold_reach(first, last)
    previous = db.session.scalar(select(DaySeal.root).where(DaySeal.day == first - ONE_DAY)) or NO_ROOT
    seals, leaves = [], []
    for day, content in read_days(first, last).items():
        content.reached_count = reached.get(day, 0)
        root = content.seal(day, previous)
        seals.append(
            DaySeal(
                day=day,
                previous_root=previous,
                entries_root=content.tree.root.hex(),
                root=root,
                sales_count=content.sales_count,
                sales_fen=content.sales_fen,
                benefit_count=content.benefit_count,
                benefit_fen=content.benefit_fen,
                reached_count=content.reached_count,
                sealed_at=at,
            )
        )
        leaves.append(DayLeaves(day=day, leaves=bytes(content.leaves)))
        previous = root
    db.session.add_all(seals)
    db.session.flush()
    db.session.add_all(leaves)
    db.session.flush()
    return seals


def day_sums(first: date, last: date) -> Any:
    """Select the sums of the entries booked from `first` to `last`, by day and dimension."""
    dimensions = [getattr(SalesEntry, name) for name in DIMENSIONS]
    refunded = case((SalesEntry.refund_line_id.is_not(None), SalesEntry.amount_fen), else_=0)
    return (
        select(
            SalesEntry.booked_on,
            *dimensions,
            func.sum(SalesEntry.amount_fen),
            func.sum(refunded),
            func.sum(SalesEntry.quantity),
            func.count(),
        )
        .where(SalesEntry.booked_on >= first, SalesEntry.booked_on <= last)
        .group_by(SalesEntry.booked_on, *dimensions)
        .order_by(SalesEntry.booked_on, *dimensions)
    )


def _sum_days(first: date, last: date) -> None:
    db.session.execute(_insert(SalesDay).from_select(['day', *DIMENSIONS, *SUMS], day_sums(first, last)))


def _sum_month(first: date, last: date) -> None:
    """Add the sums of days that were just made to those of their month."""
    dimensions = [getattr(SalesDay, name) for name in DIMENSIONS]
    month = bindparam('month', clock.month_of(first), Date())
    sums = (
        select(month, *dimensions, *(func.sum(getattr(SalesDay, name)) for name in SUMS))
        .where(SalesDay.day >= first, SalesDay.day <= last)
        .group_by(*dimensions)
        .order_by(*dimensions)
    )
    insert = _insert(SalesMonth).from_select(['month', *DIMENSIONS, *SUMS], sums)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=[*_MONTH_KEY, text('coalesce(brand_id, 0)')],
            set_={name: getattr(SalesMonth, name) + insert.excluded[name] for name in SUMS},
        )
    )


def _insert(table: type[SalesDay | SalesMonth]) -> Any:
    return postgresql_insert(table) if dialect_name() == 'postgresql' else sqlite_insert(table)
