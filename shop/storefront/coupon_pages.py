"""What pages say of coupons: which goods, where to find them, whose claims are to use, used or over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from shop.catalogue.models import Category, Product
from shop.coupons.claims import why_closed
from shop.coupons.models import CouponClaim, CouponScope, CouponSeries, SeriesStatus
from shop.kit import clock
from shop.kit.database import db
from shop.kit.words import counted, listed
from shop.orders.models import Order
from shop.regions.models import Region
from shop.villages.models import Village

MOST_NAMED = 3
_MODEL: dict[CouponScope, Any] = {
    CouponScope.COUNTIES: Region,
    CouponScope.VILLAGES: Village,
    CouponScope.CATEGORIES: Category,
    CouponScope.PRODUCTS: Product,
}


@dataclass(frozen=True)
class Piles:
    """Somebody's claims: to use now or soon (each with why not yet), used up, over."""

    usable: Sequence[tuple[CouponClaim, str]]
    used: Sequence[CouponClaim]
    over: Sequence[CouponClaim]


def sort_claims(claims: Sequence[CouponClaim], *, at: datetime) -> Piles:
    """Sort somebody's claims into what is to use, what is used and what is over."""
    today = clock.business_day(at)
    used = [one for one in claims if one.used_count >= one.limit_count]
    rest = [one for one in claims if one.used_count < one.limit_count]
    over = [one for one in rest if one.series.status is SeriesStatus.ENDED or one.series.ends_on < today]
    return Piles([(one, why_closed(one.series, at)) for one in rest if one not in over], used, over)


def goods_words(many: Collection[CouponSeries]) -> dict[int, str]:
    """Say of each series which goods it is for; one statement for each kind of thing they name."""
    names = {scope: _names(scope, many) for scope in {one.scope for one in many} - {CouponScope.ALL}}
    return {one.id: _words(one, names.get(one.scope, {})) for one in many}


def where_to_use(series: CouponSeries) -> str:
    """Return the address of goods it can be used for."""
    if series.scope is CouponScope.ALL or len(series.goods) != 1 or series.scope is CouponScope.CATEGORIES:
        return '/products'
    row = db.session.get(_MODEL[series.scope], series.goods[0].subject_id)
    paths = {CouponScope.COUNTIES: 'counties', CouponScope.VILLAGES: 'villages', CouponScope.PRODUCTS: 'products'}
    slug = row.code if isinstance(row, Region) else getattr(row, 'slug', '')
    return f'/{paths[series.scope]}/{slug}'


def orders_by_checkout(checkout_ids: Collection[int]) -> dict[int, list[Order]]:
    """Return the orders of these checkouts; none costs nothing."""
    found: dict[int, list[Order]] = {}
    if checkout_ids:
        for order in db.session.scalars(select(Order).where(Order.checkout_id.in_(checkout_ids)).order_by(Order.id)):
            found.setdefault(order.checkout_id, []).append(order)
    return found


def _names(scope: CouponScope, many: Collection[CouponSeries]) -> dict[int, str]:
    model = _MODEL[scope]
    ids = {goods.subject_id for one in many if one.scope is scope for goods in one.goods}
    return {row.id: row.name for row in db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))}


def _words(series: CouponSeries, names: Mapping[int, str]) -> str:
    if series.scope is CouponScope.ALL:
        return str(_('%(place)s全部山货', place=series.region.name))
    ids = [goods.subject_id for goods in series.goods if goods.subject_id is not None]
    first = listed(names[subject_id] for subject_id in ids[:MOST_NAMED] if subject_id in names)
    if len(ids) > MOST_NAMED:
        return counted('%(first)s等 %(num)s 项', len(ids), first=first)
    return first
