"""Taking the person out of orders: what was bought, for how much and to which province stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update

from shop.kit.database import db
from shop.kit.words import kept
from shop.letters.models import Letter, LetterStatus
from shop.orders.invoice import InvoiceRequest, InvoiceStatus
from shop.orders.models import Checkout, Order
from shop.procurement.models import ProcurementOrder

ERASED = kept('已清除')
NO_NOTE = ''


def erase_orders(order_ids: Collection[int], *, at: datetime) -> int:
    """Replace who received orders and where; what is erased already is left alone. Return how many were."""
    if not order_ids:
        return 0
    done = _change(
        update(Order)
        .where(Order.id.in_(order_ids), Order.erased_at.is_(None))
        .values(
            recipient=ERASED,
            phone='',
            street='',
            note=NO_NOTE,
            city_code=Order.province_code,
            county_code=Order.province_code,
            erased_at=at,
        )
    )
    checkouts = select(Order.checkout_id).where(Order.id.in_(order_ids))
    standing = select(Order.checkout_id).where(Order.checkout_id.in_(checkouts), Order.erased_at.is_(None))
    whole = (Checkout.id.in_(checkouts), Checkout.id.not_in(standing))
    _change(update(Checkout).where(*whole).values(email=None))
    _change(
        update(InvoiceRequest)
        .where(InvoiceRequest.order_id.in_(order_ids), InvoiceRequest.status == InvoiceStatus.ISSUED)
        .values(email='')
    )
    of_institutions = select(Checkout.id).where(*whole)
    _change(
        update(ProcurementOrder)
        .where(ProcurementOrder.checkout_id.in_(of_institutions))
        .values(
            recipient=ERASED,
            phone='',
            street='',
            note=NO_NOTE,
            invoice_email='',
            city_code=ProcurementOrder.province_code,
            county_code=ProcurementOrder.province_code,
        )
    )
    return done


def forget_recipients(letters: Collection[Letter], *, at: datetime) -> None:
    """Take the address out of letters; what waits to be sent is not sent any more."""
    for letter in letters:
        if letter.status in {LetterStatus.QUEUED, LetterStatus.FAILED}:
            if letter.status is LetterStatus.FAILED:
                letter.move(LetterStatus.QUEUED, actor_id=None, at=at, reason=kept('收件人的信息已清除'))
            letter.move(LetterStatus.DROPPED, actor_id=None, at=at, reason=kept('收件人的信息已清除'))
        letter.recipient, letter.last_error = '', ''


def letters_about(order_ids: Collection[int]) -> list[Letter]:
    """Return the letters that still know an address and tell of any of these orders."""
    wanted = set(order_ids)
    if not wanted:
        return []
    addresses = (
        select(func.distinct(Checkout.email))
        .join(Order, Order.checkout_id == Checkout.id)
        .where(Order.id.in_(wanted), Checkout.email.is_not(None))
    )
    found = db.session.scalars(select(Letter).where(Letter.recipient.in_(addresses), Letter.recipient != ''))
    return [letter for letter in found if wanted.intersection(letter.facts.get('order_ids', ()))]


def _change(statement: Any) -> int:
    """Send an update behind the session's back and let it see the new rows."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
    return cast('CursorResult[Any]', result).rowcount
