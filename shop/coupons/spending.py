"""A coupon's budget and uses move by conditional updates whose row count is checked; what comes back does so once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, select, update

from shop.coupons.models import CouponClaim, CouponPart, CouponSeries, CouponUse, SeriesStatus
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.money import Money


class CouponUsedError(BusinessError):
    """The coupon has been used as often as it may be."""


class BudgetSpentError(BusinessError):
    """The budget does not reach, or the series has just been closed."""


def spend_coupon(claim: CouponClaim, checkout_id: int, by_order: Mapping[int, int], *, at: datetime) -> CouponUse:
    """Take what a checkout's orders save (`order id → fen`) from the budget and keep the use.

    The person's claim moves first, the series, the hottest row, last. Raises `CouponUsedError`, `BudgetSpentError`;
    the caller's unit of work then fails whole.
    """
    series, off = claim.series, sum(by_order.values())
    if not _take_use(claim.id):
        raise CouponUsedError(
            _('“%(name)s”您已经用满次数，这一次减不了 %(off)s；看过金额再提交。', name=series.name, off=Money(off)),
            field='coupon',
        )
    if not _take_budget(series.id, off, at):
        raise BudgetSpentError(
            _('“%(name)s”刚刚用完或停用，这一次减不了 %(off)s；看过金额再提交。', name=series.name, off=Money(off)),
            field='coupon',
        )
    use = CouponUse(
        claim_id=claim.id,
        series_id=series.id,
        checkout_id=checkout_id,
        name=series.name,
        funder=series.funder,
        discount_fen=off,
        used_at=at,
        parts=[
            CouponPart(order_id=order_id, discount_fen=fen, returned_fen=0) for order_id, fen in by_order.items() if fen
        ],
    )
    db.session.add(use)
    db.session.flush()
    return use


def release_orders(order_ids: Collection[int], *, at: datetime) -> None:
    """Let cancelled orders' parts go back to the budget once; a use without any other order gives the use back."""
    uses = _locked_uses(order_ids)
    freed: dict[int, int] = defaultdict(int)
    claims: dict[int, int] = defaultdict(int)
    for use in uses:
        for part in use.parts:
            if part.order_id in order_ids and part.released_at is None:
                freed[use.series_id] += part.discount_fen - part.returned_fen
                part.returned_fen, part.released_at = part.discount_fen, at
        if use.released_at is None and all(part.released_at is not None for part in use.parts):
            use.released_at = at
            claims[use.claim_id] += 1
    db.session.flush()
    for claim_id, times in sorted(claims.items()):
        _change(update(CouponClaim).where(CouponClaim.id == claim_id), used_count=CouponClaim.used_count - times)
    _give_back(freed)


def return_refunded(order_id: int, due_fen: int) -> None:
    """Let the budget have back what an order's refunds, all of them so far, make due; saying it again changes nothing.

    The use itself is not given back.
    """
    for use in _locked_uses([order_id]):
        for part in use.parts:
            if part.order_id == order_id and part.returned_fen < min(due_fen, part.discount_fen):
                more = min(due_fen, part.discount_fen) - part.returned_fen
                part.returned_fen += more
                db.session.flush()
                _give_back({use.series_id: more})


def part_of_order(order_id: int) -> CouponPart | None:
    """Return what a coupon took off an order, with its use."""
    return db.session.scalar(select(CouponPart).where(CouponPart.order_id == order_id))


def _take_use(claim_id: int) -> bool:
    return _change(
        update(CouponClaim).where(CouponClaim.id == claim_id, CouponClaim.used_count < CouponClaim.limit_count),
        used_count=CouponClaim.used_count + 1,
    )


def _take_budget(series_id: int, fen: int, at: datetime) -> bool:
    today = clock.business_day(at)
    return _change(
        update(CouponSeries).where(
            CouponSeries.id == series_id,
            CouponSeries.status == SeriesStatus.RUNNING,
            CouponSeries.starts_on <= today,
            CouponSeries.ends_on >= today,
            CouponSeries.spent_fen + fen <= CouponSeries.budget_fen,
        ),
        spent_fen=CouponSeries.spent_fen + fen,
    )


def _give_back(freed: Mapping[int, int]) -> None:
    for series_id, fen in sorted(freed.items()):
        _change(update(CouponSeries).where(CouponSeries.id == series_id), spent_fen=CouponSeries.spent_fen - fen)


def _change(statement: Any, **values: Any) -> bool:
    found = db.session.execute(statement.values(values).execution_options(synchronize_session=False))
    return cast(CursorResult[Any], found).rowcount == 1


def _locked_uses(order_ids: Collection[int]) -> list[CouponUse]:
    """Return the uses these orders are part of, locked in key order, with all their parts as they are now."""
    ids = select(CouponPart.use_id).where(CouponPart.order_id.in_(order_ids))
    uses = db.session.scalars(
        select(CouponUse)
        .where(CouponUse.id.in_(ids))
        .order_by(CouponUse.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for use in uses:
        db.session.refresh(use, ['parts'])
    return list(uses)
