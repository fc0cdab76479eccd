"""The approver's word: returned with a reason, or agreed, which holds the stock and asks for the transfer."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from shop.accounts.models import User
from shop.kit.database import lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.orders.baskets import Buyer
from shop.orders.models import Channel, Order, OrderStatus
from shop.orders.placing import Destination, Purchase, place_order
from shop.orders.services import cancel_orders, locked_orders
from shop.payments.services import GATEWAYS, start_payment
from shop.procurement.following import follow_order
from shop.procurement.institution import MAX_STEP_REASON
from shop.procurement.institutions import require_admitted
from shop.procurement.models import CANCELLABLE, ProcurementOrder, ProcurementStatus

S = ProcurementStatus
TRANSFER = 'transfer'
CANCELLED_BY_INSTITUTION = kept('单位取消采购')


class OwnDraftError(BusinessError):
    """Whoever drafted an order cannot approve it."""


def approve_order(order: ProcurementOrder, *, window: timedelta, actor: User, at: datetime) -> None:
    """Agree: the stock is held, the checkout is placed at the prices seen, and the transfer has its code.

    Raises `OwnDraftError`, `InstitutionMoveError` when somebody was faster, and whatever `place_order` raises.
    """
    lock_row(order)
    _require_other(order, actor)
    require_admitted(order.institution)
    if order.status is not S.IN_REVIEW:
        order.move(S.AWAITING_PAYMENT, actor_id=actor.id, at=at)
    checkout = place_order(
        Purchase(
            form_token=f'procurement-order-{order.number}',
            wanted={line.variant_id: (line.quantity, line.seen_price_fen) for line in order.lines},
            destination=Destination(
                order.recipient, order.phone, order.province_code, order.city_code, order.county_code, order.street
            ),
            note=order.note,
            confirmed=frozenset(line.variant_id for line in order.lines if line.is_confirmed),
            channel=Channel.INSTITUTION,
            institution=(order.institution_id, order.institution.name),
        ),
        Buyer(user_id=order.drafted_by_id),
        actor=order.drafted_by,
        window=window,
        at=at,
    )
    GATEWAYS[TRANSFER].start(start_payment(checkout, TRANSFER, at=at))
    order.checkout = checkout
    order.approved_by_id, order.approved_at = actor.id, at
    order.move(S.AWAITING_PAYMENT, actor_id=actor.id, at=at)


def return_order(order: ProcurementOrder, reason: str, *, actor: User, at: datetime) -> None:
    """Send an order back to its buyer, and say why."""
    lock_row(order)
    _require_other(order, actor)
    if not 1 <= len(reason) <= MAX_STEP_REASON:
        raise BusinessError(_('写明原因，最多 %(n)s 个字。', n=MAX_STEP_REASON), field='reason')
    order.move(S.RETURNED, actor_id=actor.id, at=at, reason=reason)


def cancel_procurement(order: ProcurementOrder, *, actor: User, at: datetime) -> None:
    """Give an order up before its money has come; stock that was held goes back."""
    lock_row(order)
    if order.checkout_id is not None:
        pending = locked_orders(Order.checkout_id == order.checkout_id, Order.status == OrderStatus.PENDING_PAYMENT)
        follow_order(order, at=at)
        if order.status in CANCELLABLE:
            cancel_orders(pending, actor=actor, at=at, reason=CANCELLED_BY_INSTITUTION)
    if order.status not in CANCELLABLE:
        raise BusinessError(_('采购单状态为“%(now)s”，已经不能取消了。', now=order.status.label))
    order.move(S.CANCELLED, actor_id=actor.id, at=at, reason=CANCELLED_BY_INSTITUTION)


def may_decide(order: ProcurementOrder, actor: User) -> bool:
    """Tell whether somebody has had no hand in drafting an order."""
    drafting = {S.DRAFT.value, S.IN_REVIEW.value}
    hands = {step.actor_id for step in order.steps if step.to_status in drafting}
    return actor.id not in hands | {order.drafted_by_id}


def _require_other(order: ProcurementOrder, actor: User) -> None:
    if not may_decide(order, actor):
        raise OwnDraftError(_('自己起草的采购单，要由本单位另一位审批人审批。'))
