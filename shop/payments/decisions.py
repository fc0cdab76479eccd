"""What a person decides about money: a held payment is accepted or given back, a failed refund is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.payments.models import (
    EventOutcome,
    Payment,
    PaymentEvent,
    PaymentMoveError,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from shop.payments.refunds import refund_payment, retry_refund
from shop.payments.scope import payments_in_scope
from shop.payments.services import GATEWAYS, settle_payment

MAX_REASON = 200
SHOWN = 100
STUCK_AFTER = timedelta(days=3)
STRAY = (EventOutcome.UNKNOWN_PAYMENT, EventOutcome.FOREIGN)


def held_payments(actor: User) -> Sequence[Payment]:
    """Return the payments that wait for a person, oldest first."""
    held = payments_in_scope(actor).where(Payment.status == PaymentStatus.HELD)
    return db.session.scalars(held.options(joinedload(Payment.checkout)).order_by(Payment.id).limit(SHOWN)).all()


def failed_refunds(actor: User, *, at: datetime) -> Sequence[Refund]:
    """Return the refunds that did not arrive, or that nobody has confirmed for days, oldest first."""
    reached = payments_in_scope(actor).with_only_columns(Payment.id)
    is_stuck = (
        (Refund.status == RefundStatus.REQUESTED)
        & (Refund.requested_at <= at - STUCK_AFTER)
        & (Payment.gateway != 'transfer')
    )
    return db.session.scalars(
        select(Refund)
        .join(Refund.payment)
        .where((Refund.status == RefundStatus.FAILED) | is_stuck, Refund.payment_id.in_(reached))
        .options(contains_eager(Refund.payment))
        .order_by(Refund.id)
        .limit(SHOWN)
    ).all()


def stray_events() -> Sequence[PaymentEvent]:
    """Return the newest events that speak of nothing we know."""
    strays = select(PaymentEvent).where(PaymentEvent.outcome.in_(STRAY))
    return db.session.scalars(strays.order_by(PaymentEvent.id.desc()).limit(SHOWN)).all()


def captured_words(payment: Payment) -> str:
    """Write what was captured, in its own currency."""
    amount = Money(payment.captured_fen or 0)
    return str(amount) if payment.captured_currency == 'CNY' else f'{amount.grouped} {payment.captured_currency}'


def accept_held(payment: Payment, *, actor: User, at: datetime) -> EventOutcome:
    """Settle a held payment after all; refused unless exactly what was due has come."""
    _require_held(payment)
    if not payment.is_captured_as_due:
        raise BusinessError(
            _(
                '收到 %(captured)s，应付 %(due)s，不相等，不能入账；请退款，让买家重新付。',
                captured=captured_words(payment),
                due=Money(payment.amount_fen),
            ),
            field='decision',
        )
    event = db.session.scalars(
        select(PaymentEvent)
        .where(PaymentEvent.payment_id == payment.id, PaymentEvent.outcome == EventOutcome.HELD)
        .order_by(PaymentEvent.id)
    ).first()
    paid_at = GATEWAYS[payment.gateway].read_event(event.payload).occurred_at if event is not None else at
    return settle_payment(payment, occurred_at=min(paid_at, at), at=at, actor_id=actor.id)


def refund_held(payment: Payment, reason: str, *, actor: User, at: datetime) -> Refund | None:
    """Give back what was captured for a held payment; one for which nothing came is simply over."""
    _require_held(payment)
    if not 1 <= len(reason) <= MAX_REASON:
        raise BusinessError(_('写明退款原因，买家会看到，最多 %(n)s 个字。', n=MAX_REASON), field='reason')
    if not payment.captured_fen:
        payment.move(PaymentStatus.EXPIRED, actor_id=actor.id, at=at, reason=reason)
        return None
    payment.move(PaymentStatus.SUCCEEDED, actor_id=actor.id, at=at, reason=reason)
    payment.succeeded_at = at
    refund = refund_payment(payment, payment.captured_fen, reason=reason, actor=actor, at=at)
    GATEWAYS[payment.gateway].request_refund(refund, at=at)
    return refund


def retry_failed(refund: Refund, *, actor: User, at: datetime) -> None:
    """Ask once more for a refund that failed."""
    retry_refund(refund, actor=actor, at=at)
    GATEWAYS[refund.payment.gateway].request_refund(refund, at=at)


def _require_held(payment: Payment) -> None:
    lock_row(payment)
    if payment.status is not PaymentStatus.HELD:
        raise PaymentMoveError(_('这笔支付已经处理过了。'), field='decision')
