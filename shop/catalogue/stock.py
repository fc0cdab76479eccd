"""Stock moves by one conditional update per variant, in key order; never by reading first."""

from collections.abc import Mapping
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, select, update

from shop.catalogue.models import Product, Variant
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.words import counted

LOW_STOCK = 10  # units of a variant from which on desk and shop say that it runs out


class OutOfStockError(BusinessError):
    """There are fewer units left than were asked for."""

    def __init__(self, variant_id: int, name: str, left: int) -> None:
        """Keep which variant and how many units are left."""
        super().__init__(
            counted('“%(name)s”只剩 %(num)s 件，请改少一些再下单。', left, name=name)
            if left
            else _('“%(name)s”刚刚售罄。', name=name),
            field=f'stock-{variant_id}',
        )
        self.variant_id = variant_id
        self.left = left


def take_stock(quantities: Mapping[int, int]) -> None:
    """Take units of several variants or raise `OutOfStockError`; the caller's unit of work then fails whole."""
    for variant_id, quantity in sorted(quantities.items()):
        statement = (
            update(Variant)
            .where(Variant.id == variant_id, Variant.stock >= quantity, Variant.is_offered)
            .values(stock=Variant.stock - quantity)
            .execution_options(synchronize_session=False)
        )
        if cast(CursorResult[Any], db.session.execute(statement)).rowcount != 1:
            raise _shortage(variant_id)


def return_stock(quantities: Mapping[int, int]) -> None:
    """Put units back; the caller sees to it that this happens once."""
    for variant_id, quantity in sorted(quantities.items()):
        db.session.execute(
            update(Variant)
            .where(Variant.id == variant_id)
            .values(stock=Variant.stock + quantity)
            .execution_options(synchronize_session=False)
        )


def _shortage(variant_id: int) -> OutOfStockError:
    product, name, stock, is_offered = db.session.execute(
        select(Product.name, Variant.name, Variant.stock, Variant.is_offered)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id == variant_id)
    ).one()
    return OutOfStockError(variant_id, f'{product} {name}', stock if is_offered else 0)
