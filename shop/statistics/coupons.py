"""What coupons came to: used, held by unpaid orders, returned, by village, and the rows behind each figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from shop.coupons.models import CouponClaim, CouponPart, CouponSeries, CouponUse
from shop.kit.database import db
from shop.kit.enums import Labelled
from shop.kit.pagination import Page
from shop.orders.models import Order, OrderStatus
from shop.regions.models import Region
from shop.villages.models import Village

PAGE_SIZE = 50


class PartState(Labelled):
    """Where an order's part of a coupon stands; it follows from the order."""

    HELD = 'held', '待付款占用'
    USED = 'used', '已使用'
    RETURNED = 'returned', '有退回'


@dataclass(frozen=True, slots=True)
class CouponFigures:
    """Sums in fen and counts of a series, or of a village in it; used + held is what the budget has given."""

    used_fen: int = 0
    held_fen: int = 0
    returned_fen: int = 0
    order_count: int = 0
    sales_fen: int = 0


@dataclass(frozen=True, slots=True)
class VillageRow:
    """The figures of a village's orders in a series."""

    village_id: int
    county: str
    village: str
    figures: CouponFigures


@dataclass(frozen=True, slots=True)
class PartRow:
    """An order's part: the row behind the figures."""

    number: str
    village: str
    used_at: datetime
    status: OrderStatus
    goods_fen: int
    discount_fen: int
    returned_fen: int


def figures_of(series_ids: Collection[int]) -> dict[int, CouponFigures]:
    """Return the figures of these series; one statement."""
    rows = db.session.execute(
        select(CouponUse.series_id, *_sums())
        .join(CouponPart, CouponPart.use_id == CouponUse.id)
        .join(Order, Order.id == CouponPart.order_id)
        .where(CouponUse.series_id.in_(series_ids))
        .group_by(CouponUse.series_id)
    )
    found = {row[0]: CouponFigures(*map(int, row[1:])) for row in rows}
    return {series_id: found.get(series_id, CouponFigures()) for series_id in series_ids}


def people_of(series: CouponSeries) -> tuple[int, int]:
    """Return how many people have claimed a series, and how many have a use that was not given back."""
    claimed, used = db.session.execute(
        select(func.count(CouponClaim.id), func.coalesce(func.sum(case((CouponClaim.used_count > 0, 1), else_=0)), 0))
        .where(CouponClaim.series_id == series.id)
    ).one()  # fmt: skip
    return int(claimed), int(used)


def by_village(series: CouponSeries) -> list[VillageRow]:
    """Return a series by the villages whose goods it was used for, in the official order."""
    rows = db.session.execute(
        select(Village.id, Region.name, Village.name, *_sums())
        .select_from(CouponUse)
        .join(CouponPart, CouponPart.use_id == CouponUse.id)
        .join(Order, Order.id == CouponPart.order_id)
        .join(Village, Village.id == Order.village_id)
        .join(Region, Region.id == Village.county_id)
        .where(CouponUse.series_id == series.id)
        .group_by(Village.id, Region.name, Village.name, Region.position, Village.position)
        .order_by(Region.position, Village.position, Village.id)
    )
    return [VillageRow(row[0], row[1], row[2], CouponFigures(*map(int, row[3:]))) for row in rows]


def page_of_parts(
    series: CouponSeries, *, state: PartState | None, village_id: int | None, number: int
) -> tuple[Page[PartRow], CouponFigures]:
    """Return a page of the rows behind a figure, the newest first, and what all of them come to."""
    where: list[ColumnElement[bool]] = [CouponUse.series_id == series.id]
    if state is not None:
        where.append(_IN_STATE[state])
    if village_id is not None:
        where.append(Order.village_id == village_id)
    joined = (
        select(func.count(CouponPart.id), *_sums())
        .select_from(CouponUse)
        .join(CouponPart, CouponPart.use_id == CouponUse.id)
        .join(Order, Order.id == CouponPart.order_id)
        .join(Village, Village.id == Order.village_id)
        .where(*where)
    )
    count, *sums = db.session.execute(joined).one()
    rows = db.session.execute(
        joined.with_only_columns(
            Order.number,
            Village.name,
            CouponUse.used_at,
            Order.status,
            Order.goods_fen,
            CouponPart.discount_fen,
            CouponPart.returned_fen,
        )
        .order_by(CouponPart.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    page = Page([PartRow(*row) for row in rows], number, PAGE_SIZE, int(count))
    return page, CouponFigures(*map(int, sums))


_KEPT = CouponPart.discount_fen - CouponPart.returned_fen
_PAID = Order.paid_at.is_not(None)
_PENDING = Order.status == OrderStatus.PENDING_PAYMENT
_IN_STATE: dict[PartState, ColumnElement[bool]] = {
    PartState.HELD: _PENDING,
    PartState.USED: _PAID,
    PartState.RETURNED: CouponPart.returned_fen > 0,
}


def _sums() -> list[ColumnElement[int]]:
    """The columns of `CouponFigures`, in its order."""
    return [
        func.coalesce(func.sum(case((_PAID, _KEPT), else_=0)), 0),
        func.coalesce(func.sum(case((_PENDING, _KEPT), else_=0)), 0),
        func.coalesce(func.sum(CouponPart.returned_fen), 0),
        func.coalesce(func.sum(case((_PAID, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_PAID, Order.goods_fen), else_=0)), 0),
    ]
