"""Who is buying in this request: the user, or a guest known by a token of the visit."""

from datetime import datetime

from flask import session
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.access import signed_in_user
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.orders.baskets import Buyer, basket_count
from shop.orders.models import Checkout, Order, OrderLine, OrderStatus, Shipment
from shop.villages.models import Village

GUEST_KEY = 'guest'


def current_buyer(*, begins: bool = False) -> Buyer:
    """Return the buyer of the request; with `begins` a visitor gets a token to be known by."""
    user = signed_in_user()
    if user is not None:
        return Buyer(user_id=user.id)
    token = session.get(GUEST_KEY)
    if token is None and begins:
        token = session[GUEST_KEY] = new_token()
    return Buyer(guest_digest=token_digest(token)) if token else Buyer()


def current_basket_count() -> int:
    """Return how many units are in the basket; a visitor who has put nothing in costs no statement."""
    buyer = current_buyer()
    return basket_count(buyer) if buyer != Buyer() else 0


def order_of_buyer(number: str, buyer: Buyer) -> Order:
    """Return an order with what its page shows; raises `NotFoundError` unless it is the buyer's own."""
    order = (
        db.session.scalars(
            select(Order)
            .join(Order.checkout)
            .where(Order.number == number, buyer.owns(Checkout))
            .options(
                joinedload(Order.village).joinedload(Village.county),
                joinedload(Order.supplier),
                selectinload(Order.lines).joinedload(OrderLine.product),
                selectinload(Order.lines).joinedload(OrderLine.agreement_version),
                joinedload(Order.checkout),
                selectinload(Order.events),
                selectinload(Order.shipments).selectinload(Shipment.lines),
            )
        )
        .unique()
        .first()
    )
    if order is None:
        raise NotFoundError
    return order


def orders_of_buyer(buyer: Buyer, *, limit: int = 200) -> list[Order]:
    """Return the buyer's newest orders."""
    if buyer == Buyer():
        return []
    statement = select(Order).join(Order.checkout).where(buyer.owns(Checkout))
    rows = statement.options(
        selectinload(Order.lines).joinedload(OrderLine.product), joinedload(Order.village).joinedload(Village.county)
    ).order_by(Order.id.desc())
    return list(db.session.scalars(rows.limit(limit)))


def checkout_of_buyer(form_token: str, buyer: Buyer) -> Checkout:
    """Return the buyer's own checkout; raises `NotFoundError`."""
    found = db.session.scalar(select(Checkout).where(Checkout.form_token == form_token, buyer.owns(Checkout)))
    if found is None:
        raise NotFoundError
    return found


def is_payable(order: Order, *, at: datetime) -> bool:
    """Tell whether the order can be paid now; time decides, not the worker."""
    return order.status is OrderStatus.PENDING_PAYMENT and at < order.payable_until
