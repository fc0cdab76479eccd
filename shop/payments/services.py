"""Payments: starting one, the inbox of events, and settling what was paid."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.kit.crypto import new_token
from shop.kit.database import db
from shop.kit.words import kept
from shop.ledger.services import record_sale
from shop.orders.models import Checkout, Order, OrderStatus
from shop.orders.services import EXPIRED, PaymentWindowClosedError, cancel_orders, locked_orders, mark_paid
from shop.payments.gateways import Gateway, ProviderEvent
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, Refund, RefundStatus
from shop.payments.refunds import refund_payment
from shop.payments.sandbox import PAID, REFUNDED, SandboxGateway

CURRENCY = 'CNY'
GATEWAYS: dict[str, Gateway] = {'sandbox': SandboxGateway()}


def require_gateway(name: str) -> None:
    """Raise `ValueError` naming the setting unless there is such a gateway."""
    if name not in GATEWAYS:
        raise ValueError(f'PAYMENT_GATEWAY is one of {", ".join(sorted(GATEWAYS))}, not {name!r}')


def start_payment(checkout: Checkout, gateway: str, *, at: datetime) -> Payment:
    """Return the payment the buyer may go on with; raises `PaymentWindowClosedError` when the time is over."""
    if at >= checkout.payable_until or not any(
        order.status is OrderStatus.PENDING_PAYMENT for order in checkout.orders
    ):
        raise PaymentWindowClosedError(_('这笔订单已经不能付款了，请重新下单。'))
    pending = db.session.scalar(
        select(Payment).where(
            Payment.checkout_id == checkout.id,
            Payment.gateway == gateway,
            Payment.status == PaymentStatus.PENDING,
        )
    )
    if pending is not None:
        return pending
    payment = Payment(
        checkout_id=checkout.id,
        gateway=gateway,
        reference=new_token(),
        amount_fen=checkout.total_fen,
        status=PaymentStatus.PENDING,
        settles_orders=False,
        created_at=at,
    )
    db.session.add(payment)
    db.session.flush()
    return payment


def receive_event(gateway: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> EventOutcome:
    """Take a provider's event: verified, stored under its unique key, then acted on; once, however often it comes.

    Raises `SignatureError`; a repeated event answers with the outcome it had.
    """
    event = GATEWAYS[gateway].parse_event(body, headers, at=at)
    known = _stored(gateway, event.key)
    if known is not None:
        return known.outcome
    row = PaymentEvent(
        gateway=gateway,
        event_key=event.key,
        kind=event.kind,
        payload=dict(event.payload),
        received_at=at,
        outcome=EventOutcome.RECEIVED,
    )
    db.session.add(row)
    db.session.flush()
    if event.kind == PAID:
        row.outcome = _settle_event(row, event, at=at)
    elif event.kind == REFUNDED:
        row.outcome = _confirm_refund(row, event)
    else:
        row.outcome = EventOutcome.UNHANDLED
    return row.outcome


def is_stored(gateway: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> bool:
    """Tell whether the inbox holds this event; raises `SignatureError`."""
    event = GATEWAYS[gateway].parse_event(body, headers, at=at)
    return _stored(gateway, event.key) is not None


def _stored(gateway: str, key: str) -> PaymentEvent | None:
    return db.session.scalar(select(PaymentEvent).where(PaymentEvent.gateway == gateway, PaymentEvent.event_key == key))


def _settle_event(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    payment = db.session.scalar(
        select(Payment)
        .where(Payment.gateway == row.gateway, Payment.reference == event.reference)
        .with_for_update(of=Payment)
    )
    if payment is None:
        return EventOutcome.UNKNOWN_PAYMENT
    row.payment_id = payment.id
    if payment.status is not PaymentStatus.PENDING:
        return EventOutcome.UNHANDLED
    if (event.amount_fen, event.currency) != (payment.amount_fen, CURRENCY):
        payment.status = PaymentStatus.HELD
        return EventOutcome.HELD
    return settle_payment(payment, occurred_at=event.occurred_at, at=at)


def settle_payment(payment: Payment, *, occurred_at: datetime, at: datetime) -> EventOutcome:
    """Book a received payment on the orders of its checkout; what it cannot settle goes back by itself.

    An order whose time to pay was over when the buyer paid counts as cancelled, however late the worker is.
    """
    orders = locked_orders(Order.checkout_id == payment.checkout_id)
    settled_before = db.session.scalar(
        select(Payment.id).where(Payment.checkout_id == payment.checkout_id, Payment.settles_orders)
    )
    payment.status, payment.succeeded_at = PaymentStatus.SUCCEEDED, occurred_at
    if settled_before is not None:
        _give_back(payment, payment.amount_fen, kept('重复支付，原路退回'), at)
        return EventOutcome.SECOND_PAYMENT
    pending = [order for order in orders if order.status is OrderStatus.PENDING_PAYMENT]
    payable = [order for order in pending if occurred_at < order.payable_until]
    cancel_orders([order for order in pending if order not in payable], actor=None, at=at, reason=EXPIRED)
    if not payable:
        _give_back(payment, payment.amount_fen, kept('订单已取消，原路退回'), at)
        return EventOutcome.LATE_PAYMENT
    payment.settles_orders = True
    for order in payable:
        mark_paid(order, at=occurred_at)
        record_sale(order, occurred_at=occurred_at, at=at)
    rest = payment.amount_fen - sum(order.total_fen for order in payable)
    if rest:
        _give_back(payment, rest, kept('部分订单已取消，原路退回'), at)
    return EventOutcome.SETTLED


def _give_back(payment: Payment, amount_fen: int, reason: str, at: datetime) -> None:
    refund = refund_payment(payment, amount_fen, reason=reason, at=at)
    GATEWAYS[payment.gateway].request_refund(refund, at=at)


def _confirm_refund(row: PaymentEvent, event: ProviderEvent) -> EventOutcome:
    refund = db.session.scalar(
        select(Refund)
        .join(Refund.payment)
        .where(Payment.gateway == row.gateway, Refund.idempotency_key == event.reference)
    )
    if refund is None:
        return EventOutcome.UNKNOWN_PAYMENT
    row.payment_id = refund.payment_id
    if (event.amount_fen, event.currency) != (refund.amount_fen, CURRENCY):
        return EventOutcome.HELD
    if refund.status is RefundStatus.REQUESTED:
        refund.status, refund.succeeded_at = RefundStatus.SUCCEEDED, event.occurred_at
    return EventOutcome.REFUND_CONFIRMED
