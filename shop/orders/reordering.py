"""Buying the same again: what is still on sale goes into the basket, and what has changed is said."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from shop.catalogue.models import Variant
from shop.kit.database import db
from shop.orders.basket import MAX_QUANTITY, BasketLine
from shop.orders.baskets import Buyer, basket_of, on_sale, put_in_basket
from shop.orders.models import Order, OrderLine


@dataclass
class Reordered:
    """What became of the lines: put in, in the basket before, gone, and dearer or cheaper (line, price in fen now)."""

    kinds: int = 0
    pieces: int = 0
    already: int = 0
    gone: list[OrderLine] = field(default_factory=list)
    changed: list[tuple[OrderLine, int]] = field(default_factory=list)
    short: list[tuple[OrderLine, int]] = field(default_factory=list)


def reorder(order: Order, buyer: Buyer, *, at: datetime) -> Reordered:
    """Fill the basket up to what was bought; what lies in it already counts, so doing it twice changes nothing."""
    variants = {
        variant.id: variant for variant in db.session.scalars(select(Variant).where(Variant.id.in_(_wanted(order))))
    }
    listed = on_sale([line.product_id for line in order.lines])
    basket = basket_of(buyer)
    held: dict[int, BasketLine] = {line.variant_id: line for line in basket.lines} if basket else {}
    done = Reordered()
    for line in order.lines:
        variant = variants.get(line.variant_id)
        if variant is None or not variant.is_offered or line.product_id not in listed or variant.stock < 1:
            done.gone.append(line)
            continue
        if variant.price_fen != line.unit_price_fen:
            done.changed.append((line, variant.price_fen))
        wanted = min(line.quantity, variant.stock, MAX_QUANTITY)
        if wanted < line.quantity:
            done.short.append((line, wanted))
        missing = wanted - (held[variant.id].quantity if variant.id in held else 0)
        if missing > 0:
            put_in_basket(buyer, variant.id, missing, at=at)
            done.kinds, done.pieces = done.kinds + 1, done.pieces + missing
        else:
            done.already += 1
    return done


def _wanted(order: Order) -> list[int]:
    return [line.variant_id for line in order.lines]
