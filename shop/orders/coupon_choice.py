"""Which of a buyer's coupons fit a quote, what each would save, and the one that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.coupons.claims import claims_of, why_closed
from shop.coupons.models import CouponClaim, CouponSeries, SeriesStatus
from shop.coupons.terms import covers, discount_of, spread
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.orders.baskets import Buyer
from shop.orders.quoting import Quote, discounted


class CouponChangedError(BusinessError):
    """The coupon cannot be used, or takes off something else than the buyer saw."""


@dataclass(frozen=True)
class ChosenCoupon:
    """A claim, and what it took off on the page the buyer saw."""

    claim_id: int
    seen_fen: int


@dataclass(frozen=True)
class CouponOption:
    """A claimed coupon beside a quote: what all would cost with it, or why it does not fit."""

    claim: CouponClaim
    costs: Quote
    refusal: str = ''

    @property
    def series(self) -> CouponSeries:
        """Its series."""
        return self.claim.series

    @property
    def discount_fen(self) -> int:
        """What it takes off."""
        return self.costs.discount_fen


def coupon_options(costs: Quote, user_id: int | None, *, at: datetime) -> list[CouponOption]:
    """Return what somebody has claimed and not used up, what costs least first, then what does not fit now."""
    if user_id is None:
        return []
    today = clock.business_day(at)
    options = [
        _option(costs, claim, at)
        for claim in claims_of(user_id)
        if claim.used_count < claim.limit_count
        and claim.series.status is not SeriesStatus.ENDED
        and claim.series.ends_on >= today
    ]
    return sorted(options, key=lambda option: (option.refusal != '', option.costs.total_fen))


def best_option(options: Sequence[CouponOption], costs: Quote) -> CouponOption | None:
    """Return the option with which all costs least, if it is less than without."""
    fits = [option for option in options if not option.refusal]
    best = min(fits, key=lambda option: option.costs.total_fen, default=None)
    return best if best is not None and best.costs.total_fen < costs.total_fen else None


def apply_coupon(
    costs: Quote, chosen: ChosenCoupon | None, buyer: Buyer, *, at: datetime
) -> tuple[Quote, CouponClaim | None]:
    """Return the quote with the chosen coupon taken off, and its claim; raises `CouponChangedError`."""
    if chosen is None:
        return costs, None
    claim = db.session.scalar(
        select(CouponClaim)
        .where(CouponClaim.id == chosen.claim_id, CouponClaim.user_id == buyer.user_id)
        .options(joinedload(CouponClaim.series).selectinload(CouponSeries.goods))
        .execution_options(populate_existing=True)
    )
    if buyer.user_id is None or claim is None:
        raise CouponChangedError(_('消费券要登录后用自己领的，请重新选。'), field='coupon')
    option = _option(costs, claim, at)
    if option.refusal:
        raise CouponChangedError(
            _(
                '“%(name)s”这一次用不了：%(why)s。少减 %(off)s，看过金额再提交。',
                name=claim.series.name,
                why=option.refusal,
                off=Money(chosen.seen_fen),
            ),
            field='coupon',
        )
    if option.discount_fen != chosen.seen_fen:
        raise CouponChangedError(
            _(
                '“%(name)s”的优惠从 %(before)s 变成了 %(now)s，请看过再提交。',
                name=claim.series.name,
                before=Money(chosen.seen_fen),
                now=Money(option.discount_fen),
            ),
            field='coupon',
        )
    return option.costs, claim


def _option(costs: Quote, claim: CouponClaim, at: datetime) -> CouponOption:
    """Take a coupon off the lines it is for, in proportion to their prices; or say why it does not fit."""
    series = claim.series
    lines = [line for line in costs.lines if covers(series, line.offer.product)]
    amounts = [line.gross_fen for line in lines]
    off = discount_of(series, amounts)
    refusal = _refusal(claim, amounts, off, at)
    if refusal:
        return CouponOption(claim, costs, refusal)
    parts = spread(off, amounts)
    by_variant = {line.offer.variant.id: part for line, part in zip(lines, parts, strict=True)}
    return CouponOption(claim, discounted(costs, by_variant))


def _refusal(claim: CouponClaim, amounts: Sequence[int], off: int, at: datetime) -> str:
    series = claim.series
    closed = why_closed(series, at)
    if closed:
        return closed
    if claim.used_count >= claim.limit_count:
        return str(_('每人限用 %(n)s 次，已经用满', n=claim.limit_count))
    if not amounts:
        return str(_('这次的商品都不在适用范围'))
    if sum(amounts) < series.threshold_fen:
        return str(_('适用商品还差 %(missing)s', missing=Money(series.threshold_fen - sum(amounts))))
    if off <= 0:
        return str(_('金额太小，减不了'))
    if off > series.left_fen:
        return str(_('剩余预算不够减 %(off)s', off=Money(off)))
    return ''
