"""Payments: starting one, and settling what was paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from shop.kit.crypto import new_token
from shop.kit.database import db, lock_row
from shop.kit.words import kept
from shop.ledger.services import record_sale
from shop.orders.models import Checkout, Order, OrderStatus
from shop.orders.services import EXPIRED, PaymentWindowClosedError, cancel_orders, locked_orders, mark_paid
from shop.orders.telling import News, tell_buyer
from shop.payments.gateways import Gateway, RemoteGateway
from shop.payments.models import CURRENCY, EventOutcome, Payment, PaymentStatus
from shop.payments.refunds import refund_payment
from shop.payments.sandbox import SandboxGateway
from shop.payments.stripe_checkout import StripeGateway, check_stripe_settings
from shop.payments.transfers import TransferGateway, check_transfer_settings

GATEWAYS: dict[str, Gateway] = {
    gateway.name: gateway for gateway in (SandboxGateway(), StripeGateway(), TransferGateway())
}
REMOTE: dict[str, RemoteGateway] = {
    name: gateway for name, gateway in GATEWAYS.items() if isinstance(gateway, RemoteGateway)
}
# Payments that expire with their orders; the sandbox's page may be pressed late, as a provider's event may come late.
CLOSING = ('stripe', 'transfer')


def require_gateway(name: str, settings: Mapping[str, Any] | None = None) -> None:
    """Raise `ValueError` naming the setting unless there is such a gateway and it has what it needs."""
    if name not in GATEWAYS:
        raise ValueError(f'PAYMENT_GATEWAY is one of {", ".join(sorted(GATEWAYS))}, not {name!r}')
    if settings is not None and name == 'stripe':
        check_stripe_settings(settings)
    if settings is not None and name == 'transfer':
        check_transfer_settings(settings)


def is_payable(checkout: Checkout, *, at: datetime) -> bool:
    """Tell whether a payment made at this instant would settle anything."""
    return any(order.status is OrderStatus.PENDING_PAYMENT and at < order.payable_until for order in checkout.orders)


def start_payment(checkout: Checkout, gateway: str, *, at: datetime) -> Payment:
    """Return the payment the buyer may go on with, the same for two who ask at once.

    Raises `PaymentWindowClosedError` when the time is over.
    """
    lock_row(checkout)
    if not is_payable(checkout, at=at):
        raise PaymentWindowClosedError(_('这笔订单已经不能付款了，请重新下单。'))
    pending = db.session.scalar(
        select(Payment).where(
            Payment.checkout_id == checkout.id,
            Payment.gateway == gateway,
            Payment.status == PaymentStatus.PENDING,
        )
    )
    return pending if pending is not None else new_payment(checkout, gateway, at=at)


def new_payment(checkout: Checkout, gateway: str, *, at: datetime) -> Payment:
    """Return a further payment of a checkout."""
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


def capture(payment: Payment, amount: int, currency: str) -> None:
    """Note what the provider has taken in, whatever was due."""
    payment.captured_fen, payment.captured_currency = amount, currency


def hold_payment(payment: Payment, *, at: datetime) -> EventOutcome:
    """Leave a payment of which something else was captured than was due to a person."""
    payment.move(PaymentStatus.HELD, actor_id=None, at=at)
    return EventOutcome.HELD


def settle_payment(
    payment: Payment, *, occurred_at: datetime, at: datetime, actor_id: int | None = None
) -> EventOutcome:
    """Book a received payment on the orders of its checkout; what it cannot settle goes back by itself.

    An order whose time to pay was over when the buyer paid counts as cancelled, however late the worker is.
    """
    orders = locked_orders(Order.checkout_id == payment.checkout_id)
    settled_before = db.session.scalar(
        select(Payment.id).where(Payment.checkout_id == payment.checkout_id, Payment.settles_orders)
    )
    payment.move(PaymentStatus.SUCCEEDED, actor_id=actor_id, at=at)
    payment.succeeded_at = occurred_at
    if payment.captured_fen is None:
        capture(payment, payment.amount_fen, CURRENCY)
    if settled_before is not None:
        give_back(payment, payment.amount_fen, kept('重复支付，原路退回'), at=at)
        return EventOutcome.SECOND_PAYMENT
    pending = [order for order in orders if order.status is OrderStatus.PENDING_PAYMENT]
    payable = [order for order in pending if occurred_at < order.payable_until]
    cancel_orders([order for order in pending if order not in payable], actor=None, at=at, reason=EXPIRED)
    if not payable:
        give_back(payment, payment.amount_fen, kept('订单已取消，原路退回'), at=at)
        return EventOutcome.LATE_PAYMENT
    payment.settles_orders = True
    for order in payable:
        mark_paid(order, at=occurred_at)
        record_sale(order, occurred_at=occurred_at, at=at)
    ids = [order.id for order in payable]
    tell_buyer(payable[0], News.PAID, f'payment:{payment.id}', at=at, facts={'order_ids': ids})
    rest = payment.amount_fen - sum(order.total_fen for order in payable)
    if rest:
        give_back(payment, rest, kept('部分订单已取消，原路退回'), at=at)
    return EventOutcome.SETTLED


def give_back(payment: Payment, amount_fen: int, reason: str, *, at: datetime) -> None:
    """Let money that settles nothing go back the way it came."""
    refund = refund_payment(payment, amount_fen, reason=reason, at=at)
    GATEWAYS[payment.gateway].request_refund(refund, at=at)
