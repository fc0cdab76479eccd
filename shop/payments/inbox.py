"""The inbox: what a provider says is stored under its unique key, and then acted on, once and in any order."""

from datetime import datetime, timedelta

from sqlalchemy import select

from shop.kit.database import db
from shop.orders.telling import News, tell_buyer
from shop.payments.gateways import Fact, ProviderEvent
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, Refund, RefundStatus
from shop.payments.services import GATEWAYS, capture, hold_payment, new_payment, settle_payment

# How long an event waits for what it speaks of.
PARKED_FOR = timedelta(days=3)
WAITING = (EventOutcome.RECEIVED, EventOutcome.PARKED)
BATCH = 200


def find_event(gateway: str, key: str) -> PaymentEvent | None:
    """Return the event that is stored under this key."""
    return db.session.scalar(select(PaymentEvent).where(PaymentEvent.gateway == gateway, PaymentEvent.event_key == key))


def store_event(gateway: str, event: ProviderEvent, *, at: datetime) -> PaymentEvent:
    """Keep a verified event, or return the one that came before under its key."""
    known = find_event(gateway, event.key)
    if known is not None:
        return known
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
    return row


def waiting_events() -> list[int]:
    """Return the events nobody has acted on yet, oldest first."""
    statement = select(PaymentEvent.id).where(PaymentEvent.outcome.in_(WAITING)).order_by(PaymentEvent.id)
    return list(db.session.scalars(statement.limit(BATCH)))


def act_on_event(event_id: int, *, at: datetime) -> EventOutcome:
    """Do what a stored event asks for, unless it was done; a repeated one answers with the outcome it had."""
    row = db.session.get_one(PaymentEvent, event_id, with_for_update=True, populate_existing=True)
    if row.outcome in WAITING:
        event = GATEWAYS[row.gateway].read_event(row.payload)
        row.outcome = _act(row, event, at=at)
    return row.outcome


def _act(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    if event.fact is Fact.PAID:
        return _take_payment(row, event, at=at)
    if event.fact is Fact.PAYMENT_EXPIRED:
        return _expire_payment(row, event, at=at)
    if event.fact is Fact.REFUNDED:
        return _confirm_refund(row, event, at=at)
    if event.fact is Fact.REFUND_FAILED:
        return _fail_refund(row, event, at=at)
    return EventOutcome.FOREIGN if event.fact is Fact.FOREIGN else EventOutcome.UNHANDLED


def _take_payment(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    payment = _payment_of(row, event)
    if payment is None:
        return _not_found(row, at)
    if payment.provider_payment and event.provider_payment not in {None, payment.provider_payment}:
        # The buyer paid a second time under the same reference: that is a payment of its own.
        payment = new_payment(payment.checkout, payment.gateway, at=at)
        row.payment_id = payment.id
    if payment.status not in {PaymentStatus.PENDING, PaymentStatus.EXPIRED}:
        return EventOutcome.UNHANDLED
    payment.provider_reference = event.provider_reference or payment.provider_reference
    payment.provider_payment = event.provider_payment
    capture(payment, event.amount_fen, event.currency)
    if not payment.is_captured_as_due:
        return hold_payment(payment, at=at)
    # A provider's clock may run before ours; nothing has happened in the future.
    return settle_payment(payment, occurred_at=min(event.occurred_at, at), at=at)


def _expire_payment(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    payment = _payment_of(row, event)
    if payment is None:
        return _not_found(row, at)
    if payment.status is not PaymentStatus.PENDING:
        return EventOutcome.UNHANDLED
    payment.move(PaymentStatus.EXPIRED, actor_id=None, at=at)
    return EventOutcome.EXPIRED


def _confirm_refund(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    refund = _refund_of(row, event)
    if refund is None:
        return _not_found(row, at)
    if event.attempt not in {0, refund.attempt} or refund.status is RefundStatus.FAILED:
        return EventOutcome.UNHANDLED
    if (event.amount_fen, event.currency) != (refund.amount_fen, refund.payment.captured_currency):
        return EventOutcome.HELD
    if refund.status is RefundStatus.REQUESTED:
        refund.move(RefundStatus.SUCCEEDED, actor_id=None, at=at)
        refund.succeeded_at = min(event.occurred_at, at)
        refund.provider_reference = event.provider_reference
        order = refund.order or refund.payment.checkout.orders[0]
        cause = f'refund:{refund.id}:{refund.attempt}'
        tell_buyer(order, News.REFUNDED, cause, at=at, facts={'refund_id': refund.id})
    return EventOutcome.REFUND_CONFIRMED


def _fail_refund(row: PaymentEvent, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    refund = _refund_of(row, event)
    if refund is None:
        return _not_found(row, at)
    if event.attempt != refund.attempt or refund.status is RefundStatus.FAILED:
        return EventOutcome.UNHANDLED
    refund.move(RefundStatus.FAILED, actor_id=None, at=at, reason=event.failure)
    refund.failure, refund.succeeded_at, refund.provider_reference = event.failure, None, event.provider_reference
    return EventOutcome.REFUND_FAILED


def _payment_of(row: PaymentEvent, event: ProviderEvent) -> Payment | None:
    """Find and lock the payment: by the provider's number of the money, which is surer, or by our reference."""
    here = select(Payment).where(Payment.gateway == row.gateway).with_for_update(of=Payment)
    payment = None
    if event.provider_payment is not None:
        payment = db.session.scalar(here.where(Payment.provider_payment == event.provider_payment))
    if payment is None:
        payment = db.session.scalar(here.where(Payment.reference == event.reference))
    row.payment_id = payment.id if payment is not None else None
    return payment


def _refund_of(row: PaymentEvent, event: ProviderEvent) -> Refund | None:
    refund = db.session.scalar(
        select(Refund)
        .join(Refund.payment)
        .where(Payment.gateway == row.gateway, Refund.idempotency_key == event.reference)
        .with_for_update(of=Refund)
    )
    row.payment_id = refund.payment_id if refund is not None else None
    return refund


def _not_found(row: PaymentEvent, at: datetime) -> EventOutcome:
    """Let an early event wait; what nobody has heard of for days is told to a person."""
    return EventOutcome.PARKED if at < row.received_at + PARKED_FOR else EventOutcome.UNKNOWN_PAYMENT
