"""What a coupon takes off which goods, to the fen; nothing here asks or writes the database by itself."""

from collections.abc import Sequence

from flask_babel import gettext as _

from shop.benefits.apportionment import apportion
from shop.catalogue.models import Product
from shop.coupons.models import CouponScope, CouponSeries
from shop.kit.money import BASIS_POINTS
from shop.presentation import short_yuan


def covers(series: CouponSeries, product: Product) -> bool:
    """Tell whether a product is among the goods of a series; a department's coupons are for goods of its own place."""
    village = product.village
    if series.region_id not in {village.county_id, village.county.parent_id}:
        return False
    subject = {
        CouponScope.ALL: None,
        CouponScope.COUNTIES: village.county_id,
        CouponScope.VILLAGES: village.id,
        CouponScope.CATEGORIES: product.category_id,
        CouponScope.PRODUCTS: product.id,
    }[series.scope]
    return series.scope is CouponScope.ALL or any(one.subject_id == subject for one in series.goods)


def discount_of(series: CouponSeries, amounts: Sequence[int]) -> int:
    """Return what comes off goods worth these fen, 0 below the threshold; every amount keeps at least a fen."""
    total = sum(amounts)
    if not amounts or total < series.threshold_fen:
        return 0
    off = series.off_fen
    if off is None:
        off = min(total * (series.off_bp or 0) // BASIS_POINTS, series.cap_fen or 0)
    return min(off, total - len(amounts))


def spread(discount_fen: int, amounts: Sequence[int]) -> list[int]:
    """Share a discount over amounts in proportion, exactly; every amount keeps at least a fen.

    Raises `ValueError` when so much cannot come off.
    """
    room = [amount - 1 for amount in amounts]
    if not 0 <= discount_fen <= sum(room) or any(one < 0 for one in room):
        raise ValueError('more comes off than these amounts have')
    if discount_fen == 0:
        return [0] * len(amounts)
    parts = iter(apportion(discount_fen, [one for one in room if one]))
    return [next(parts) if one else 0 for one in room]


def returned_part(discount_fen: int, net_fen: int, refunded_fen: int) -> int:
    """Return what goes back to the budget once so much of a line's net has been refunded in all."""
    return discount_fen * refunded_fen // net_fen if net_fen else 0


def terms_of(series: CouponSeries) -> str:
    """Say in a sentence what it takes off."""
    least = f'¥{short_yuan(series.threshold_fen)}'
    if series.off_fen is not None:
        return str(_('满 %(least)s 减 %(off)s', least=least, off=f'¥{short_yuan(series.off_fen)}'))
    percent = f'{(series.off_bp or 0) / 100:g}%'
    most = f'¥{short_yuan(series.cap_fen or 0)}'
    if not series.threshold_fen:
        return str(_('减 %(percent)s，最多减 %(most)s', percent=percent, most=most))
    return str(_('满 %(least)s 减 %(percent)s，最多减 %(most)s', least=least, percent=percent, most=most))
