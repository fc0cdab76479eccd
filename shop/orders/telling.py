"""Telling a buyer by letter what has happened to an order; the words are found when the letter is sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.kit.database import db
from shop.kit.enums import Labelled
from shop.letters.services import queue_letter
from shop.orders.models import Order


class News(Labelled):
    """What a letter to a buyer tells."""

    PLACED = 'placed', '下单'
    PAID = 'paid', '付款'
    SHIPPED = 'shipped', '发货'
    COMPLETED = 'completed', '完成'
    CANCELLED = 'cancelled', '取消'
    REFUNDED = 'refunded', '退款'
    AFTER_SALE = 'after_sale', '售后'


def tell_buyer(order: Order, kind: News, cause: str, *, at: datetime, facts: Mapping[str, Any] | None = None) -> None:
    """Queue a letter to the buyer of an order, in the unit of work of the step it tells.

    `cause` names what happened and is told once per kind. Nothing is queued when the buyer left no address. `facts`
    are ids only; for `News.AFTER_SALE` they are the number of the `case`, and `title` and `lines`, texts marked with
    `kept` in the source language whose named places `values` fills: the letter is translated when it is written.
    """
    checkout = order.checkout
    if not checkout.email:
        return
    db.session.flush()
    queue_letter(
        f'{kind.value}:{cause}',
        kind=kind.value,
        recipient=checkout.email,
        language=checkout.language,
        facts={'order_ids': [order.id], **(facts or {})},
        at=at,
    )
