"""Receiving an order: it is completed and its households are credited, in one unit of work."""

from datetime import datetime

from shop.accounts.models import User
from shop.kit.database import lock_row
from shop.ledger.services import record_benefit, record_benefits
from shop.orders.models import Order, OrderStatus
from shop.orders.services import RECEIVED_BY_ITSELF, complete_order, locked_orders


def confirm_receipt(order: Order, *, actor: User | None, at: datetime) -> None:
    """Complete an order and book the benefit of its lines; raises `OrderMoveError` when it cannot be received."""
    lock_row(order)
    complete_order(order, actor=actor, at=at)
    record_benefit(order, at=at)


def receive_due_orders(*, at: datetime) -> int:
    """Receive the sent orders whose time to be received by themselves has come; return how many."""
    orders = locked_orders(Order.status == OrderStatus.AWAITING_RECEIPT, Order.receive_by <= at)
    for order in orders:
        complete_order(order, actor=None, at=at, reason=RECEIVED_BY_ITSELF)
    record_benefits(orders, at=at)
    return len(orders)
