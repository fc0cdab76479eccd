"""Sales at any date: whole months, the days of a broken month, and the entries of days not closed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, literal, select, union_all

from shop.kit import clock
from shop.kit.database import db
from shop.ledger.days import last_closed_day
from shop.ledger.models import DaySeal, SalesDay, SalesEntry, SalesMonth
from shop.orders.models import Channel
from shop.statistics.places import WHOLE, Level, Scope
from shop.statistics.subjects import sales_condition
from shop.villages.models import Village

BEFORE_ALL = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Sources:
    """Which days come from which table: months before `months_until`, then days up to `days_until`, then entries."""

    on: date
    months_until: date
    days_until: date


def sources(on: date) -> Sources:
    """Return from where the sales up to `on` are summed."""
    closed = last_closed_day()
    if closed is None:
        return Sources(on, BEFORE_ALL, BEFORE_ALL)
    days_until = min(on, closed)
    return Sources(on, clock.month_of(days_until + timedelta(days=1)), days_until)


def sales_parts(parts: Sources, columns: Sequence[str], scope: Scope = WHOLE) -> CompoundSelect[Any]:
    """Select the sums up to a day, unsummed over the three sources: ``on_or_in``, `columns`, and the four sums.

    ``on_or_in`` is a day, or the first day of a month. Of the `scope` the subject is minded, and a county or village
    left out early; a township and a reader's reach are up to whoever joins the villages.
    """

    def own(table: Any) -> list[ColumnElement[bool]]:
        met = [] if scope.subject is None else [sales_condition(scope.subject, table, parts.on)]
        if scope.county_id is not None:
            met.append(table.county_id == scope.county_id)
        if scope.village_id is not None:
            met.append(table.village_id == scope.village_id)
        return met

    return union_all(
        _part(SalesMonth, SalesMonth.month, columns).where(SalesMonth.month < parts.months_until, *own(SalesMonth)),
        _part(SalesDay, SalesDay.day, columns).where(
            SalesDay.day >= parts.months_until, SalesDay.day <= parts.days_until, *own(SalesDay)
        ),
        _open_part(columns).where(
            SalesEntry.booked_on > parts.days_until, SalesEntry.booked_on <= parts.on, *own(SalesEntry)
        ),
    )


@dataclass(frozen=True, slots=True)
class SalesCell:
    """The sales of one place in one month by channel and insider flag; amounts in fen, refunds negative."""

    month: date
    place_id: int
    channel: Channel
    is_insider: bool
    amount_fen: int
    refunded_fen: int
    quantity: int
    entry_count: int


def sales_cells(parts: Sources, scope: Scope = WHOLE, level: Level = Level.COUNTY) -> list[SalesCell]:
    """Return the sales up to a day by place, month, channel and insider flag: one statement for a whole page."""
    part = sales_parts(parts, ('village_id', 'channel', 'is_insider'), scope).subquery()
    place = level.column
    statement = (
        select(
            part.c.on_or_in,
            place,
            part.c.channel,
            part.c.is_insider,
            *(func.sum(part.c[name]) for name in ('amount_fen', 'refunded_fen', 'quantity', 'entry_count')),
        )
        .join(Village, Village.id == part.c.village_id)
        .where(*scope.conditions)
        .group_by(part.c.on_or_in, place, part.c.channel, part.c.is_insider)
        .order_by(part.c.on_or_in, place, part.c.channel, part.c.is_insider)
    )
    return [
        SalesCell(clock.month_of(row[0]), row[1], row[2], row[3], *(int(value) for value in row[4:]))
        for row in db.session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class ProductSales:
    """What a product sold, net."""

    product_id: int
    amount_fen: int
    quantity: int


def top_products(parts: Sources, scope: Scope = WHOLE, limit: int = 10) -> list[ProductSales]:
    """Return the products that sold most up to a day, by net amount."""
    part = sales_parts(parts, ('village_id', 'product_id'), scope).subquery()
    amount = func.sum(part.c.amount_fen)
    statement = (
        select(part.c.product_id, amount, func.sum(part.c.quantity))
        .join(Village, Village.id == part.c.village_id)
        .where(*scope.conditions)
        .group_by(part.c.product_id)
        .having(amount > 0)
        .order_by(amount.desc(), part.c.product_id)
        .limit(limit)
    )
    return [ProductSales(row[0], int(row[1]), int(row[2])) for row in db.session.execute(statement)]


def _part(table: Any, day: Any, columns: Sequence[str]) -> Select[Any]:
    return select(
        day.label('on_or_in'),
        *(getattr(table, name).label(name) for name in columns),
        *(getattr(table, name).label(name) for name in ('amount_fen', 'refunded_fen', 'quantity', 'entry_count')),
    )


def _open_part(columns: Sequence[str]) -> Select[Any]:
    refunded = case((SalesEntry.refund_line_id.is_not(None), SalesEntry.amount_fen), else_=0)
    return select(
        SalesEntry.booked_on.label('on_or_in'),
        *(getattr(SalesEntry, name).label(name) for name in columns),
        SalesEntry.amount_fen.label('amount_fen'),
        refunded.label('refunded_fen'),
        SalesEntry.quantity.label('quantity'),
        literal(1).label('entry_count'),
    )


def units_sold(product_id: Any) -> Any:
    """Return the expression of how many units of the product of a row were sold so far, less what came back."""
    closed = select(func.coalesce(func.max(DaySeal.day), BEFORE_ALL)).scalar_subquery()
    months = select(func.sum(SalesMonth.quantity)).where(SalesMonth.product_id == product_id).scalar_subquery()
    days = (
        select(func.sum(SalesEntry.quantity))
        .where(SalesEntry.product_id == product_id, SalesEntry.booked_on > closed)
        .scalar_subquery()
    )
    return func.coalesce(months, 0) + func.coalesce(days, 0)
