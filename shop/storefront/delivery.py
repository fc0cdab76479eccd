"""Where a visitor wants things sent: a province kept on the device, and what sending there costs and takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shop.catalogue.models import Product, Variant
from shop.kit import clock
from shop.orders.basket import MAX_QUANTITY, FreightTemplate
from shop.orders.freight import FreightEstimate, estimate_freight
from shop.orders.promises import due_at
from shop.regions.divisions import provinces

PROVINCE_COOKIE = 'ship_to'
HOME_PROVINCE = '220000'


@dataclass(frozen=True, slots=True)
class BuyerWish:
    """What a visitor looks at: a variant, how many, and the province; each as far as it is known."""

    variant_id: int = 0
    quantity: int = 1
    province_code: str = ''

    @classmethod
    def read(cls, args: Mapping[str, str], cookies: Mapping[str, str]) -> 'BuyerWish':
        """Read the address of the page and the cookie of the device; odd values count as not given."""
        variant, quantity = args.get('variant', ''), args.get('quantity', '')
        return cls(
            variant_id=int(variant) if _is_number(variant) else 0,
            quantity=min(MAX_QUANTITY, max(1, int(quantity))) if _is_number(quantity) else 1,
            province_code=known_province(args.get('to')) or known_province(cookies.get(PROVINCE_COOKIE)),
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """What sending costs to a province and by which day it leaves; `presale_on` for goods sold ahead."""

    province_code: str
    freight: FreightEstimate
    of_one: FreightEstimate
    ships_by: date
    presale_on: date | None


def known_province(code: str | None) -> str:
    """Return the code when it is that of a province, else an empty string."""
    return code if code and any(one.code == code for one in provinces()) else ''


def delivery_of(
    product: Product, variant: Variant, template: FreightTemplate | None, wish: BuyerWish, *, at: datetime
) -> Delivery:
    """Reckon the delivery of what a visitor looks at; without a province the shop's own stands for it."""
    code = wish.province_code or HOME_PROVINCE
    presale_on = product.presale_day(clock.business_day(at))

    def estimate(pieces: int) -> FreightEstimate:
        goods_fen = variant.price_fen * pieces
        grams = variant.shipping_grams * pieces
        return estimate_freight(template, province_code=code, pieces=pieces, grams=grams, goods_fen=goods_fen)

    return Delivery(
        province_code=code,
        freight=estimate(wish.quantity),
        of_one=estimate(1),
        ships_by=clock.business_day(due_at(at, product.ships_within_hours, presale_on)),
        presale_on=presale_on,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
