"""Receiving an order: it is completed and its households are credited, in one unit of work."""

from datetime import datetime

from sqlalchemy import select

from shop.accounts.models import User
from shop.kit.database import db
from shop.ledger.services import record_benefit
from shop.orders.models import Order, OrderStatus
from shop.orders.services import complete_order

BATCH = 200


def confirm_receipt(order: Order, *, actor: User | None, at: datetime) -> None:
    """Complete an order and book the benefit of its lines; raises `OrderMoveError` when it cannot be received."""
    complete_order(order, actor=actor, at=at)
    record_benefit(order, at=at)


def due_for_receipt(*, at: datetime) -> list[int]:
    """Return the ids of sent orders whose time to be received by themselves has come, oldest first."""
    return list(
        db.session.scalars(
            select(Order.id)
            .where(Order.status == OrderStatus.AWAITING_RECEIPT, Order.receive_by <= at)
            .order_by(Order.id)
            .limit(BATCH)
        )
    )


def receive_due_orders(*, at: datetime) -> int:
    """Receive every order that is due; return how many."""
    count = 0
    for order_id in due_for_receipt(at=at):
        order = db.session.get_one(Order, order_id)
        if order.status is OrderStatus.AWAITING_RECEIPT:
            confirm_receipt(order, actor=None, at=at)
            count += 1
    return count
