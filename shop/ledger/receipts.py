"""Receiving an order: it is completed and its households are credited, in one unit of work."""

from datetime import datetime

from flask_babel import gettext as _

from shop.accounts.models import User
from shop.kit.database import lock_row
from shop.kit.errors import BusinessError
from shop.ledger.services import record_benefit, record_benefits
from shop.orders.models import Order, OrderStatus
from shop.orders.services import RECEIVED_BY_ITSELF, complete_order, locked_orders


class DisputedOrderError(BusinessError):
    """An order cannot be received while something of it is disputed."""


def confirm_receipt(order: Order, *, actor: User | None, at: datetime) -> None:
    """Complete an order and book the benefit of its lines.

    Raises `OrderMoveError` when it cannot be received, and `DisputedOrderError` while a claim on it is open:
    what is refunded should never have reached a pool.
    """
    lock_row(order)
    if order.disputed_at is not None:
        raise DisputedOrderError(_('有售后还没有办完，办完或撤销以后才能确认收货；自动收货的时间已经停住。'))
    complete_order(order, actor=actor, at=at)
    record_benefit(order, at=at)


def receive_when_due(order: Order, *, at: datetime) -> None:
    """Receive an order the caller has locked, if its time has come and the scheduled work has not been there yet."""
    is_due = order.receive_by is not None and order.receive_by <= at and order.disputed_at is None
    if is_due and order.status is OrderStatus.AWAITING_RECEIPT:
        complete_order(order, actor=None, at=at)
        record_benefit(order, at=at)


def receive_due_orders(*, at: datetime) -> int:
    """Receive the sent, undisputed orders whose time to be received by themselves has come; return how many."""
    orders = locked_orders(
        Order.status == OrderStatus.AWAITING_RECEIPT, Order.receive_by <= at, Order.disputed_at.is_(None)
    )
    for order in orders:
        complete_order(order, actor=None, at=at, reason=RECEIVED_BY_ITSELF)
    record_benefits(orders, at=at)
    return len(orders)
