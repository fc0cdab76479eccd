"""Follows what happens to an institution's parcels: money come, everything sent, everything there, time over.

What a page shows is judged from the orders and the clock; the scheduled work writes it down with its step.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.orders.models import Order, OrderStatus
from shop.orders.services import EXPIRED
from shop.procurement.models import FOLLOWED, ProcurementOrder, ProcurementStatus

S = ProcurementStatus
O = OrderStatus  # noqa: E741
BATCH = 200
REFUNDED_WHOLE = kept('货款已全部退回')
ARRIVED_BY_ITSELF = kept('各包裹都已收货')


def orders_of(procurement_orders: Sequence[ProcurementOrder]) -> dict[int, list[Order]]:
    """Return the shop's orders of each institution's order, by its id; one statement for all."""
    by_checkout = {row.checkout_id: row.id for row in procurement_orders if row.checkout_id is not None}
    found: dict[int, list[Order]] = {row.id: [] for row in procurement_orders}
    if by_checkout:
        for order in db.session.scalars(
            select(Order).where(Order.checkout_id.in_(list(by_checkout))).order_by(Order.id)
        ):
            found[by_checkout[order.checkout_id]].append(order)
    return found


def standing(order: ProcurementOrder, orders: Sequence[Order], *, at: datetime) -> ProcurementStatus:
    """Return where an institution's order stands at an instant, however late the worker is."""
    if order.status not in FOLLOWED:
        return order.status
    paid = [one for one in orders if one.is_paid]
    live = [one for one in paid if one.status is not O.CLOSED]
    if not paid:
        is_open = any(one.status is O.PENDING_PAYMENT and at < one.payable_until for one in orders)
        return S.AWAITING_PAYMENT if is_open else S.CANCELLED
    if not live:
        return S.CANCELLED
    if all(one.is_completed for one in live):
        reached = S.AWAITING_ACCEPTANCE
    else:
        reached = S.SHIPPED if all(one.shipped_at is not None for one in live) else S.FUNDED
    return max(order.status, reached, key=FOLLOWED.index)


def follow_order(order: ProcurementOrder, *, at: datetime) -> bool:
    """Write down where an order that the caller has locked has got to; tell whether anything has changed."""
    orders = orders_of([order])[order.id]
    reached = standing(order, orders, at=at)
    if reached is order.status:
        return False
    if reached is S.CANCELLED:
        if any(one.status is O.PENDING_PAYMENT for one in orders):
            return False  # its orders expire first; money that came in time may still be on its way to us
        reason = REFUNDED_WHOLE if any(one.is_paid for one in orders) else EXPIRED
        order.move(S.CANCELLED, actor_id=None, at=at, reason=reason)
        return True
    for step in FOLLOWED[FOLLOWED.index(order.status) + 1 : FOLLOWED.index(reached) + 1]:
        order.move(step, actor_id=None, at=at, reason=ARRIVED_BY_ITSELF if step is S.AWAITING_ACCEPTANCE else '')
    return True


def follow_orders(*, at: datetime) -> int:
    """Write down where every order has got to that is under way; return how many have moved."""
    moved, last = 0, 0
    while True:
        rows = db.session.scalars(
            select(ProcurementOrder)
            .where(ProcurementOrder.status.in_(FOLLOWED), ProcurementOrder.id > last)
            .order_by(ProcurementOrder.id)
            .limit(BATCH)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        if not rows:
            return moved
        moved += sum(follow_order(row, at=at) for row in rows)
        last = rows[-1].id


def confirm_arrival(order: ProcurementOrder, *, actor: User, at: datetime) -> None:
    """Say that every parcel is there, so that it can be accepted."""
    lock_row(order)
    follow_order(order, at=at)
    if order.status is not S.SHIPPED:
        raise BusinessError(_('采购单状态为“%(now)s”，全部发货后才能登记到货。', now=order.status.label))
    order.move(S.AWAITING_ACCEPTANCE, actor_id=actor.id, at=at)
