"""Claiming a coupon, by button or by code: once per person and series, only by people who are signed in."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import User
from shop.coupons.models import MAX_CODE, CouponClaim, CouponSeries, SeriesStatus
from shop.kit import clock
from shop.kit.database import db, dialect_name
from shop.kit.errors import BusinessError, NotFoundError

S = SeriesStatus


class ClaimRefusedError(BusinessError):
    """The coupon cannot be claimed now, or never."""


def claim_coupon(series_id: int, *, actor: User, at: datetime) -> CouponClaim:
    """Claim a series that has a button; claiming again gives the same claim.

    Raises `ClaimRefusedError`, `NotFoundError`.
    """
    series = db.session.get(CouponSeries, series_id)
    if series is None or series.code is not None or series.status is S.DRAFT:
        raise NotFoundError
    return _claim(series, actor, at)


def claim_by_code(typed: str, *, actor: User, at: datetime) -> CouponClaim:
    """Claim the series of a code as people type it; raises `ClaimRefusedError`."""
    code = clean_code(typed)
    series = db.session.scalar(select(CouponSeries).where(CouponSeries.code == code)) if code else None
    if series is None or series.status is S.DRAFT:
        raise ClaimRefusedError(
            _('没有口令是“%(code)s”的消费券，请核对字母和数字。', code=typed[:MAX_CODE]), field='coupon_code'
        )
    return _claim(series, actor, at)


def clean_code(typed: str) -> str:
    """Return a code without blanks, in capitals."""
    return ''.join(typed.split()).upper()[: MAX_CODE + 1]


def claims_of(user_id: int) -> list[CouponClaim]:
    """Return what somebody has claimed, what ends first before, with its series and their goods."""
    rows = db.session.scalars(
        select(CouponClaim)
        .join(CouponClaim.series)
        .where(CouponClaim.user_id == user_id)
        .options(joinedload(CouponClaim.series).selectinload(CouponSeries.goods), selectinload(CouponClaim.uses))
        .order_by(CouponSeries.ends_on, CouponClaim.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def claimable_series(at: datetime) -> list[CouponSeries]:
    """Return the series with a button that run or will run, what ends first before."""
    rows = db.session.scalars(
        select(CouponSeries)
        .where(
            CouponSeries.status == S.RUNNING,
            CouponSeries.ends_on >= clock.business_day(at),
            CouponSeries.code.is_(None),
        )
        .options(joinedload(CouponSeries.region), selectinload(CouponSeries.goods))
        .order_by(CouponSeries.ends_on, CouponSeries.id)
    )
    return list(rows)


def is_anything_open(at: datetime) -> bool:
    """Tell whether any coupon can be used now; one statement."""
    today = clock.business_day(at)
    running = select(CouponSeries.id).where(
        CouponSeries.status == S.RUNNING, CouponSeries.starts_on <= today, CouponSeries.ends_on >= today
    )
    return db.session.scalar(running.limit(1)) is not None


def why_closed(series: CouponSeries, at: datetime) -> str:
    """Say why a series cannot be claimed or used now; empty when it can."""
    today = clock.business_day(at)
    if series.status is S.PAUSED:
        return str(_('暂停使用'))
    if series.status is S.ENDED or series.ends_on < today:
        return str(_('已经结束'))
    if series.starts_on > today:
        return str(_('%(day)s 开始', day=series.starts_on))
    return str(_('已经发完')) if series.is_used_up else ''


def _claim(series: CouponSeries, actor: User, at: datetime) -> CouponClaim:
    own = select(CouponClaim).where(CouponClaim.series_id == series.id, CouponClaim.user_id == actor.id)
    known = db.session.scalar(own)
    if known is not None:
        return known
    why = why_closed(series, at)
    if why:
        raise ClaimRefusedError(_('“%(name)s”现在不能领：%(why)s。', name=series.name, why=why), field='coupon_code')
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {
        'series_id': series.id,
        'user_id': actor.id,
        'claimed_at': at,
        'limit_count': series.per_person,
        'used_count': 0,
    }
    db.session.execute(insert(CouponClaim).values(values).on_conflict_do_nothing())
    return db.session.scalars(own).one()
