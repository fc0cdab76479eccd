"""A series from its draft to its end: drafted by one, released by another, paused and ended by the department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.coupons.models import (
    CouponGoods,
    CouponKind,
    CouponScope,
    CouponSeries,
    CouponSeriesEvent,
    SeriesStatus,
)
from shop.coupons.policies import DEPARTMENTS, may_manage, may_release
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError

S = SeriesStatus
_COLUMN = {
    CouponScope.COUNTIES: 'county_id',
    CouponScope.VILLAGES: 'village_id',
    CouponScope.CATEGORIES: 'category_id',
    CouponScope.PRODUCTS: 'product_id',
}


class OwnDraftError(BusinessError):
    """Whoever drafted a series cannot release it."""


class SeriesOverError(BusinessError):
    """The last day of a series is over before it was released."""


class CodeTakenError(BusinessError):
    """Another series has this code."""


class NotDraftError(BusinessError):
    """What has been released cannot be written anew."""


@dataclass(frozen=True)
class SeriesPlan:
    """Everything a department decides about a series."""

    name: str
    funder: str
    kind: CouponKind
    threshold_fen: int
    off_fen: int | None
    off_bp: int | None
    cap_fen: int | None
    budget_fen: int
    per_person: int
    scope: CouponScope
    subject_ids: Sequence[int]
    starts_on: date
    ends_on: date
    code: str | None


def draft_series(plan: SeriesPlan, form_token: str, *, actor: User, at: datetime) -> CouponSeries:
    """Draft a series of the actor's department; the same form gives the same draft. Raises `CodeTakenError`."""
    known = db.session.scalar(select(CouponSeries).where(CouponSeries.form_token == form_token))
    if known is not None:
        return known
    series = CouponSeries(form_token=form_token, region_id=department_region(actor), status=S.DRAFT, created_at=at)
    _write(series, plan)
    series.spent_fen = 0
    series.events.append(CouponSeriesEvent(at=at, actor_id=actor.id, to_status=S.DRAFT))
    db.session.add(series)
    db.session.flush()
    return series


def change_draft(series: CouponSeries, plan: SeriesPlan, *, actor: User, at: datetime) -> None:
    """Write a draft anew; whoever does is one of its authors. Raises `NotDraftError`, `CodeTakenError`."""
    _hold(series, actor)
    if series.status is not S.DRAFT:
        raise NotDraftError(_('已经发放过的消费券不能再改，可以结束它，另起草一批。'))
    _write(series, plan)
    series.move(S.DRAFT, actor_id=actor.id, at=at)
    db.session.flush()


def release_series(series: CouponSeries, *, actor: User, at: datetime) -> None:
    """Let people claim a draft; raises `OwnDraftError`, `SeriesOverError`, `SeriesMoveError`."""
    _hold(series, actor)
    if series.status is S.DRAFT and not may_release(actor, series):
        raise OwnDraftError(_('起草或改过的人不能发放，请另一位同事核对后发放。'))
    _require_days_left(series, at)
    series.move(S.RUNNING, actor_id=actor.id, at=at)


def pause_series(series: CouponSeries, reason: str, *, actor: User, at: datetime) -> None:
    """Let nobody claim or use it for now; placed orders keep what they have. Raises `SeriesMoveError`."""
    _hold(series, actor)
    series.move(S.PAUSED, actor_id=actor.id, at=at, reason=reason)


def end_series(series: CouponSeries, reason: str, *, actor: User, at: datetime) -> None:
    """End it for good; raises `SeriesMoveError`."""
    _hold(series, actor)
    series.move(S.ENDED, actor_id=actor.id, at=at, reason=reason)


def department_region(actor: User) -> int:
    """Return the region for whose goods the actor's department gives coupons; raises `NotFoundError`."""
    for role in reversed(DEPARTMENTS):  # the city's before a county's
        for grant in actor.current_grants:
            if grant.role is role and grant.region_id is not None:
                return grant.region_id
    raise NotFoundError


def _hold(series: CouponSeries, actor: User) -> None:
    lock_row(series)
    if not may_manage(actor, series):
        raise NotFoundError


def _require_days_left(series: CouponSeries, at: datetime) -> None:
    if series.ends_on < clock.business_day(at):
        raise SeriesOverError(_('最后一日 %(day)s 已经过了，请改期后再发放。', day=series.ends_on), field='ends_on')


def _write(series: CouponSeries, plan: SeriesPlan) -> None:
    if plan.code is not None:
        others = select(CouponSeries.id).where(CouponSeries.code == plan.code, CouponSeries.id != (series.id or 0))
        if db.session.scalar(others) is not None:
            raise CodeTakenError(_('口令“%(code)s”已经用过，请换一个。', code=plan.code), field='code')
    for name in (
        'name', 'funder', 'kind', 'threshold_fen', 'off_fen', 'off_bp', 'cap_fen', 'budget_fen', 'per_person',
        'scope', 'starts_on', 'ends_on', 'code',
    ):  # fmt: skip
        setattr(series, name, getattr(plan, name))
    series.goods.clear()
    if series.id is not None:
        db.session.flush()  # the old rows are gone before the new ones come
    if plan.scope is not CouponScope.ALL:
        series.goods.extend(CouponGoods(**{_COLUMN[plan.scope]: subject_id}) for subject_id in plan.subject_ids)
