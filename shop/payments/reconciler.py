"""Talking to providers, always outside of a unit of work: opening and closing pages, sending refunds, asking again.

Each step reads what it needs, lets go of the database, asks, and takes the answer in like any other event.
What a crash interrupts is found again by its state and repeated under the key that was stored before.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from shop.kit.database import db, transaction
from shop.kit.words import kept
from shop.orders.models import Order, OrderStatus
from shop.payments.gateways import Fact, ProviderDownError, ProviderRefusedError, RefundRequest, Session, SessionRequest
from shop.payments.models import Payment, PaymentStatus, Refund, RefundStatus
from shop.payments.services import CLOSING, REMOTE, capture, is_payable
from shop.payments.worker import take_event

BATCH = 50
# An event usually comes within seconds; a provider is asked about what has not come after minutes.
ASK_AFTER = timedelta(minutes=2)
ASK_AGAIN_AFTER = timedelta(minutes=10)
# Providers forget the keys of requests after a day; what may have been sent before is looked for first.
KEYS_LAST = timedelta(hours=20)
MAX_FAILURE = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A payment whose provider is asked: what is needed once the database is let go."""

    payment_id: int
    gateway: str
    provider_reference: str


def open_page(payment: Payment, *, title: str, return_url: str, at: datetime) -> str | None:
    """Return where the buyer pays, or None when that page is used up; raises what the provider raises.

    The page is created under a key derived from the stored payment: two who come at once get the same one.
    """
    remote, request = REMOTE[payment.gateway], _session_request(payment, title, return_url)
    payment_id, known = payment.id, payment.provider_reference
    db.session.rollback()
    session = remote.look_at_session(known) if known else remote.open_session(request)
    with transaction():
        payment = db.session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
        payment.provider_reference = payment.provider_reference or session.reference
        is_wanted = payment.status is PaymentStatus.PENDING and is_payable(payment.checkout, at=at)
    if not is_wanted:
        # It was cancelled, or is over, since the buyer set out.
        session = remote.close_session(session.reference)
    _learn(remote.name, session, at=at)
    return session.url


def ask_about_payment(payment: Payment, *, at: datetime) -> bool:
    """Ask the provider about one payment, if it has one to be asked; tell whether it answered."""
    if payment.gateway not in REMOTE or not payment.provider_reference:
        return True
    asked = Asked(payment.id, payment.gateway, payment.provider_reference)
    db.session.rollback()
    return _each_asked([asked], _ask, at=at) == 1


def ask_about_payments(*, at: datetime) -> int:
    """Ask about payments whose event never came; return how many were answered."""
    waits_long = or_(Payment.asked_at.is_(None), Payment.asked_at <= at - ASK_AGAIN_AFTER)
    return _each_asked(_asked(Payment.created_at <= at - ASK_AFTER, waits_long), _ask, at=at)


def close_payments(*, at: datetime) -> int:
    """Close what nobody may pay any more: at the provider first, so that a payment made meanwhile is heard of."""
    dead = (Payment.status == PaymentStatus.PENDING, ~_payable_orders(at))
    closed = _each_asked(_asked(*dead), _close, at=at)
    with transaction():
        never_opened = db.session.scalars(
            select(Payment)
            .where(*dead, Payment.gateway.in_(CLOSING), Payment.provider_reference.is_(None))
            .limit(BATCH)
            .with_for_update()
        ).all()
        for payment in never_opened:
            payment.move(PaymentStatus.EXPIRED, actor_id=None, at=at)
    return closed + len(never_opened)


def send_refunds(*, at: datetime) -> int:
    """Send the refunds that are stored and not known to have been sent; return how many were answered."""
    waiting = (Refund.status == RefundStatus.REQUESTED, Refund.provider_reference.is_(None))
    rows = db.session.execute(
        select(Refund, Payment)
        .join(Refund.payment)
        .where(*waiting, Payment.gateway.in_(REMOTE))
        .order_by(Refund.id)
        .limit(BATCH)
    ).all()
    requests = [
        (refund.id, payment.gateway, _refund_request(refund, payment.provider_payment, at=at))
        for refund, payment in rows
    ]
    db.session.rollback()
    answered = 0
    for refund_id, gateway, request in requests:
        try:
            event = REMOTE[gateway].send_refund(request)
        except ProviderDownError:
            break
        except ProviderRefusedError as error:
            _refuse(refund_id, request.attempt, str(error), at=at)
        else:
            with transaction():
                refund = db.session.get_one(Refund, refund_id, with_for_update=True)
                refund.provider_reference, refund.asked_at = event.provider_reference, at
            take_event(gateway, event, at=at)
        answered += 1
    return answered


def ask_about_refunds(*, at: datetime) -> int:
    """Ask about refunds that were sent and not confirmed; return how many were answered."""
    rows = db.session.execute(
        select(Refund.id, Payment.gateway, Refund.provider_reference)
        .join(Refund.payment)
        .where(
            Refund.status == RefundStatus.REQUESTED,
            Refund.provider_reference.is_not(None),
            Payment.gateway.in_(REMOTE),
            Refund.asked_at <= at - ASK_AGAIN_AFTER,
        )
        .order_by(Refund.asked_at)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    answered = 0
    for refund_id, gateway, reference in rows:
        try:
            event = REMOTE[gateway].look_at_refund(str(reference))
        except ProviderDownError:
            break
        except ProviderRefusedError as error:
            _log.warning('refund %s is not known to %s: %s', reference, gateway, error)
            event = None
        with transaction():
            db.session.get_one(Refund, refund_id, with_for_update=True).asked_at = at
        if event is not None and event.fact is not Fact.NOTHING:
            take_event(gateway, event, at=at)
        answered += 1
    return answered


def recapture(payment: Payment) -> None:
    """Ask the provider once more what it has taken in for a held payment; what it says is noted."""
    if payment.gateway not in REMOTE or not payment.provider_reference:
        return
    payment_id, gateway, reference = payment.id, payment.gateway, payment.provider_reference
    db.session.rollback()
    event = REMOTE[gateway].look_at_session(reference).event
    with transaction():
        held = db.session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)
        if held.status is PaymentStatus.HELD and event.fact is Fact.PAID:
            capture(held, event.amount_fen, event.currency)


def _asked(*where: ColumnElement[bool]) -> list[Asked]:
    rows = db.session.execute(
        select(Payment.id, Payment.gateway, Payment.provider_reference)
        .where(
            Payment.status == PaymentStatus.PENDING,
            Payment.gateway.in_(REMOTE),
            Payment.provider_reference.is_not(None),
            *where,
        )
        .order_by(Payment.asked_at.is_not(None), Payment.asked_at, Payment.id)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return [Asked(row.id, row.gateway, str(row.provider_reference)) for row in rows]


def _each_asked(payments: Iterable[Asked], ask: Callable[[Asked], Session], *, at: datetime) -> int:
    """Ask about one after another until the provider is down; return how many it answered."""
    answered = 0
    for payment in payments:
        try:
            session = ask(payment)
        except ProviderDownError:
            break
        except ProviderRefusedError as error:
            _log.warning('payment page %s is not known to %s: %s', payment.provider_reference, payment.gateway, error)
            _forget_page(payment, at=at)
        else:
            _learn(payment.gateway, session, at=at)
        with transaction():
            db.session.get_one(Payment, payment.payment_id, with_for_update=True).asked_at = at
        answered += 1
    return answered


def _forget_page(payment: Asked, *, at: datetime) -> None:
    """Let a payment expire whose page the provider does not know; money that came all the same would go back."""
    with transaction():
        row = db.session.get_one(Payment, payment.payment_id, with_for_update=True, populate_existing=True)
        if row.status is PaymentStatus.PENDING:
            row.move(PaymentStatus.EXPIRED, actor_id=None, at=at, reason=kept('渠道查无此付款页'))


def _ask(payment: Asked) -> Session:
    return REMOTE[payment.gateway].look_at_session(payment.provider_reference)


def _close(payment: Asked) -> Session:
    return REMOTE[payment.gateway].close_session(payment.provider_reference)


def _learn(gateway: str, session: Session, *, at: datetime) -> None:
    """Take in what an answer says, if it says that anything happened."""
    if session.event.fact is not Fact.NOTHING:
        take_event(gateway, session.event, at=at)


def _payable_orders(at: datetime) -> ColumnElement[bool]:
    return exists().where(
        and_(
            Order.checkout_id == Payment.checkout_id,
            Order.status == OrderStatus.PENDING_PAYMENT,
            Order.payable_until > at,
        )
    )


def _session_request(payment: Payment, title: str, return_url: str) -> SessionRequest:
    return SessionRequest(
        key=f'{payment.reference}-page',
        reference=payment.reference,
        title=title,
        amount_fen=payment.amount_fen,
        started_at=payment.created_at,
        payable_until=payment.checkout.payable_until,
        return_url=return_url,
    )


def _refund_request(refund: Refund, provider_payment: str | None, *, at: datetime) -> RefundRequest:
    return RefundRequest(
        key=refund.provider_key,
        reference=refund.idempotency_key,
        attempt=refund.attempt,
        provider_payment=provider_payment or '',
        amount_fen=refund.amount_fen,
        may_be_sent=refund.requested_at <= at - KEYS_LAST,
    )


def _refuse(refund_id: int, attempt: int, message: str, *, at: datetime) -> None:
    """Leave a refund the provider will not make to a person."""
    with transaction():
        refund = db.session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
        if refund.status is RefundStatus.REQUESTED and refund.attempt == attempt:
            refund.failure = message[:MAX_FAILURE]
            refund.move(RefundStatus.FAILED, actor_id=None, at=at, reason=message[:MAX_FAILURE])
