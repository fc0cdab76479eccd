"""What officials read of coupons, through one scope: a county's own, a city's and those of its counties."""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import Role, User
from shop.coupons.models import CouponSeries, CouponSeriesEvent, SeriesStatus
from shop.coupons.policies import READERS, may_read
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.regions.models import Region

PAGE_SIZE = 30


def series_in_scope(series_id: int, user: User) -> CouponSeries:
    """Return a series an official may read, with goods and events; raises `NotFoundError`."""
    series = db.session.scalar(
        select(CouponSeries)
        .where(CouponSeries.id == series_id)
        .options(
            joinedload(CouponSeries.region),
            selectinload(CouponSeries.goods),
            selectinload(CouponSeries.events).joinedload(CouponSeriesEvent.actor),
        )
    )
    if series is None or not may_read(user, series):
        raise NotFoundError
    return series


def page_of_series(user: User, status: SeriesStatus | None, number: int) -> Page[CouponSeries]:
    """Return a page of the series of the user's scope, the newest first."""
    statement = select(CouponSeries).join(CouponSeries.region).where(_reach(user))
    if status is not None:
        statement = statement.where(CouponSeries.status == status)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.scalars(
        statement.options(joinedload(CouponSeries.region))
        .order_by(CouponSeries.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def drafts_waiting(user: User) -> int:
    """Count the drafts in the user's scope that somebody else has to release; one statement."""
    own = select(CouponSeriesEvent.series_id).where(
        CouponSeriesEvent.actor_id == user.id, CouponSeriesEvent.to_status == SeriesStatus.DRAFT
    )
    waiting = (
        select(func.count(CouponSeries.id))
        .join(CouponSeries.region)
        .where(_reach(user), CouponSeries.status == SeriesStatus.DRAFT, CouponSeries.id.not_in(own))
    )
    return db.session.scalar(waiting) or 0


def _reach(user: User) -> ColumnElement[bool]:
    grants = [grant for grant in user.current_grants if grant.role in READERS]
    every = [grant.region_id for grant in grants]
    above = [grant.region_id for grant in grants if grant.role is not Role.COUNTY_DEPARTMENT]
    return or_(CouponSeries.region_id.in_(every), Region.parent_id.in_(above))
