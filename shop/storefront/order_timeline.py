"""What happened to an order, step by step: when, by whom (a role, never a name), parcels, payment and refunds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy
from sqlalchemy import select

from shop.accounts.models import REGION_ROLES, VILLAGE_ROLES, User
from shop.kit.database import db
from shop.kit.money import Money
from shop.kit.words import told
from shop.orders.models import Order, OrderEvent, OrderStatus
from shop.orders.services import CANCELLED_BY_BUYER
from shop.payments.models import Payment, Refund

S = OrderStatus
BY_GUEST = frozenset({(S.PENDING_PAYMENT, ''), (S.CANCELLED, CANCELLED_BY_BUYER), (S.COMPLETED, '')})
WAYS_TO_PAY = {'sandbox': _lazy('演示支付'), 'stripe': _lazy('网上支付'), 'transfer': _lazy('对公转账')}


@dataclass(frozen=True)
class TimelineStep:
    """One thing that happened to the order; `by` is a role."""

    at: datetime
    title: str
    note: str
    by: str


def timeline_of(order: Order, refunds: Sequence[Refund]) -> list[TimelineStep]:
    """Return what happened, the newest first."""
    roles = _roles(order, refunds)
    steps = [
        *(_step(order, event, roles) for event in order.events),
        *(step for refund in refunds for step in _refund_steps(refund, roles)),
    ]
    if order.status is S.COMPLETED and order.completed_at is not None:
        steps.append(TimelineStep(order.completed_at, _('收益记入协议池'), _('精确到每户每分'), _('系统')))
    numbered = sorted(enumerate(steps), key=lambda one: (one[1].at, one[0]), reverse=True)
    return [step for _number, step in numbered]


def _step(order: Order, event: OrderEvent, roles: dict[int, str]) -> TimelineStep:
    parcel = ' · '.join(
        f'{shipment.courier.label} {shipment.tracking_number}'.strip()
        for shipment in order.shipments
        if shipment.shipped_at == event.at
    )
    paid = f'¥{Money(order.total_fen).grouped}'
    titles = {
        S.PENDING_PAYMENT: (_('已下单'), ''),
        S.AWAITING_SHIPMENT: (_('已付款'), paid),
        S.PARTLY_SHIPPED: (_('%(village)s发出一部分', village=order.village.name), parcel),
        S.AWAITING_RECEIPT: (_('%(village)s已发货', village=order.village.name), parcel),
        S.COMPLETED: (_('已收货，订单完成'), ''),
        S.CANCELLED: (_('订单取消'), ''),
        S.CLOSED: (_('订单关闭'), ''),
    }
    title, note = titles[event.to_status]
    return TimelineStep(event.at, title, note or told(event.reason), _by(order, event, roles))


def _by(order: Order, event: OrderEvent, roles: dict[int, str]) -> str:
    if event.actor_id is not None:
        return roles[event.actor_id]
    if event.to_status is S.AWAITING_SHIPMENT:
        return _way_to_pay(order)
    if event.to_status in {S.PARTLY_SHIPPED, S.AWAITING_RECEIPT}:
        return str(_('村里'))
    # A guest has no account, and neither has the shop: the reason tells them apart.
    return str(_('您') if (event.to_status, event.reason) in BY_GUEST else _('系统'))


def _refund_steps(refund: Refund, roles: dict[int, str]) -> Iterator[TimelineStep]:
    yuan = Money(refund.amount_fen).grouped
    by = roles[refund.requested_by_id] if refund.requested_by_id is not None else _('系统')
    yield TimelineStep(refund.requested_at, _('提交退款 ¥%(yuan)s', yuan=yuan), told(refund.reason), by)
    if refund.succeeded_at is not None:
        way = str(WAYS_TO_PAY.get(refund.payment.gateway, refund.payment.gateway))
        yield TimelineStep(refund.succeeded_at, _('退款 ¥%(yuan)s 已原路退回', yuan=yuan), '', way)


def _way_to_pay(order: Order) -> str:
    paid = select(Payment.gateway).where(Payment.checkout_id == order.checkout_id, Payment.settles_orders)
    gateway = db.session.scalar(paid) or ''
    return str(WAYS_TO_PAY.get(gateway) or _('支付渠道'))


def _roles(order: Order, refunds: Sequence[Refund]) -> dict[int, str]:
    """Return what everybody is called who did something to the order."""
    ids = {event.actor_id for event in order.events} | {refund.requested_by_id for refund in refunds}
    others = {number for number in ids if number is not None and number != order.user_id}
    people = db.session.scalars(select(User).where(User.id.in_(others))) if others else ()
    named = {person.id: _role(person) for person in people}
    return named if order.user_id is None else {**named, order.user_id: str(_('您'))}


def _role(person: User) -> str:
    held = [grant.role for grant in person.grants if grant.role in VILLAGE_ROLES | REGION_ROLES]
    return held[0].label if held else str(_('工作人员'))
