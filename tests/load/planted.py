"""The shop with a mistake planted in it, for gunicorn: a gate that lets one of these pass proves nothing.

`tests.load.planted:shop('seen_before')` is the application after the function of that name was called.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from flask import Flask
from sqlalchemy import select, update

from shop.application import create_app
from shop.catalogue import stock
from shop.catalogue.models import Variant
from shop.coupons import spending
from shop.coupons.models import CouponSeries
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.orders import placing
from shop.payments.gateways import ProviderEvent
from shop.payments.sandbox import SandboxGateway
from shop.storefront.views import checkout

# Long enough for others to come in between.
PAUSE_SECONDS = 0.05


def swap(owner: Any, name: str, mistaken: Callable[..., Any]) -> Callable[..., Any]:
    """Put a mistaken function in the place of one; return the right one."""
    original: Callable[..., Any] = getattr(owner, name)
    setattr(owner, name, mistaken)
    return original


def seen_before() -> None:
    """The stock is looked at first, and what was seen less what is sold is written: check, then act."""

    def place(form: Any, buyer: Any, shown: Any) -> str:
        wanted = shown.wanted
        units = select(Variant.id, Variant.stock).where(Variant.id.in_(wanted))
        here.seen = dict(db.session.execute(units).all())
        db.session.rollback()
        time.sleep(PAUSE_SECONDS)
        return str(original(form, buyer, shown))

    def take(quantities: Mapping[int, int]) -> None:
        for variant_id, quantity in quantities.items():
            left = here.seen[variant_id] - quantity
            if left < 0:
                raise stock._shortage(variant_id)
            db.session.execute(update(Variant).where(Variant.id == variant_id).values(stock=left))

    here = threading.local()
    original = swap(checkout, '_place', place)
    swap(placing, 'take_stock', take)


def any_order() -> None:
    """Rows are locked in the order they happen to come in."""

    def take(quantities: Mapping[int, int]) -> None:
        for variant_id in random.sample(sorted(quantities), len(quantities)):
            original({variant_id: quantities[variant_id]})
            time.sleep(PAUSE_SECONDS / 10)

    original = swap(placing, 'take_stock', take)


def every_delivery_is_new() -> None:
    """The same event brought again counts as another payment."""

    def read(gateway: SandboxGateway, payload: Mapping[str, Any]) -> ProviderEvent:
        number = new_token()
        return replace(cast(ProviderEvent, original(gateway, payload)), key=number, provider_payment=number)

    original = swap(SandboxGateway, 'read_event', read)


def stock_first() -> None:
    """The stock is taken in a unit of work of its own, before the order is written in another."""

    def place(form: Any, buyer: Any, shown: Any) -> str:
        wanted = shown.wanted
        if placing.find_checkout(form.form_token, buyer) is None:
            with transaction():
                take({variant: quantity for variant, (quantity, _price) in wanted.items()})
            time.sleep(PAUSE_SECONDS * 10)
        return str(original(form, buyer, shown))

    take = swap(placing, 'take_stock', lambda _quantities: None)
    original = swap(checkout, '_place', place)


def budget_seen_before() -> None:
    """The budget is looked at first, and what was seen with what is spent is written."""

    def place(form: Any, buyer: Any, shown: Any) -> str:
        here.seen = dict(db.session.execute(select(CouponSeries.id, CouponSeries.spent_fen)).all())
        db.session.rollback()
        time.sleep(PAUSE_SECONDS)
        return str(original(form, buyer, shown))

    def take(series_id: int, fen: int, at: Any) -> bool:
        spent = here.seen[series_id] + fen
        statement = update(CouponSeries).where(CouponSeries.id == series_id, CouponSeries.budget_fen >= spent)
        return bool(spending._change(statement, spent_fen=spent))

    here = threading.local()
    original = swap(checkout, '_place', place)
    swap(spending, '_take_budget', take)


MISTAKES: dict[str, Callable[[], None]] = {
    mistake.__name__: mistake
    for mistake in (seen_before, any_order, every_delivery_is_new, stock_first, budget_seen_before)
}


def shop(mistake: str) -> Flask:
    """Return the application with this mistake in it."""
    MISTAKES[mistake]()
    return create_app()
