"""Refunds: of an order's lines, or of a payment that settled nothing; never more than was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.coupons.spending import return_refunded
from shop.coupons.terms import returned_part
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.ledger.services import record_refund
from shop.orders.models import PAID_STATUSES, Order, OrderLine
from shop.orders.services import close_order
from shop.payments.models import Payment, Refund, RefundLine, RefundStatus


class RefundTooLargeError(BusinessError):
    """More money or more units than were paid for and not refunded yet."""


class NothingToRefundError(BusinessError):
    """The order was not paid, or nothing was chosen."""


@dataclass(frozen=True)
class Piece:
    """What of one line goes back: units (may be 0) and fen."""

    line_id: int
    quantity: int
    amount_fen: int


def refund_payment(
    payment: Payment, amount_fen: int, *, reason: str, actor: User | None = None, at: datetime
) -> Refund:
    """Give back money that settled no order; the book does not know of it."""
    lock_row(payment)
    _require_left(payment, amount_fen)
    refund = _refund(payment, None, amount_fen, 0, reason=reason, actor=actor, at=at)
    db.session.add(refund)
    db.session.flush()
    return refund


def refund_lines(
    order: Order, pieces: Sequence[Piece], *, freight_fen: int, reason: str, actor: User | None, at: datetime
) -> Refund:
    """Refund pieces of a paid order and book them; an order refunded whole is closed.

    Each piece takes along its part of the line's benefit, in proportion to the fen, exact over any sequence.
    Raises `NothingToRefundError`, `RefundTooLargeError`, and `ValueError` when two pieces are of one line.
    """
    if len({piece.line_id for piece in pieces}) < len(pieces):
        raise ValueError('a refund has one piece per line')
    lock_row(order)
    payment = db.session.scalar(
        select(Payment).where(Payment.checkout_id == order.checkout_id, Payment.settles_orders).with_for_update()
    )
    amount = sum(piece.amount_fen for piece in pieces) + freight_fen
    if payment is None or order.status not in PAID_STATUSES or amount <= 0:
        raise NothingToRefundError(_('这笔订单没有可退的金额。'))
    _require_freight_left(order, freight_fen)
    refund = _refund(payment, order, amount, freight_fen, reason=reason, actor=actor, at=at)
    lines = {line.id: line for line in order.lines}
    before = refunded_by_line(list(lines))
    for piece in pieces:
        refund.lines.append(_refund_line(lines.get(piece.line_id), piece, before.get(piece.line_id, (0, 0))))
    _require_left(payment, amount)
    db.session.add(refund)
    db.session.flush()
    record_refund(refund, at=at)
    if all(_left(line, refunded_by_line([line.id]).get(line.id, (0, 0))) == 0 for line in order.lines):
        close_order(order, actor=actor, at=at, reason=reason)
    _return_coupon(order)
    return refund


def refund_whole_order(order: Order, *, reason: str, actor: User | None, at: datetime) -> Refund:
    """Refund everything of an order that has not been refunded, freight included."""
    lock_row(order)
    before = refunded_by_line([line.id for line in order.lines])
    pieces = []
    for line in order.lines:
        fen, units = before.get(line.id, (0, 0))
        if line.net_fen > fen:
            pieces.append(Piece(line.id, line.quantity - units, line.net_fen - fen))
    freight = order.freight_fen - refunded_freight(order.id)
    return refund_lines(order, pieces, freight_fen=freight, reason=reason, actor=actor, at=at)


def benefit_part(benefit_fen: int, net_fen: int, before_fen: int, amount_fen: int) -> int:
    """Return the part of a line's benefit a refund takes along; the parts of a whole refund sum to it exactly."""
    if net_fen == 0:
        return 0
    return benefit_fen * (before_fen + amount_fen) // net_fen - benefit_fen * before_fen // net_fen


def refunded_of_payment(payment_id: int) -> int:
    """Return the fen of a payment that have been refunded or are being refunded."""
    total = select(func.coalesce(func.sum(Refund.amount_fen), 0)).where(
        Refund.payment_id == payment_id, Refund.status != RefundStatus.FAILED
    )
    return int(db.session.scalar(total) or 0)


def retry_refund(refund: Refund, *, actor: User, at: datetime) -> None:
    """Ask again for a refund that failed, as a new attempt; raises `RefundTooLargeError`, `PaymentMoveError`."""
    lock_row(refund.payment)
    lock_row(refund)
    refund.move(RefundStatus.REQUESTED, actor_id=actor.id, at=at, reason=refund.failure or '')
    _require_left(refund.payment, 0)
    refund.attempt += 1
    refund.provider_reference = refund.asked_at = refund.failure = refund.succeeded_at = None


def refunds_of(order_id: int) -> list[Refund]:
    """Return the refunds of an order, oldest first."""
    return list(db.session.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.id)))


def _refund(
    payment: Payment, order: Order | None, amount: int, freight: int, *, reason: str, actor: User | None, at: datetime
) -> Refund:
    return Refund(
        payment_id=payment.id,
        order=order,
        idempotency_key=f'{payment.reference}-{_next_number(payment.id)}',
        amount_fen=amount,
        freight_fen=freight,
        status=RefundStatus.REQUESTED,
        reason=reason[:200],
        requested_at=at,
        requested_by_id=actor.id if actor else None,
    )


def _next_number(payment_id: int) -> int:
    """Number the refunds of a locked payment, so that the key says which one it is."""
    return 1 + (db.session.scalar(select(func.count(Refund.id)).where(Refund.payment_id == payment_id)) or 0)


def _require_left(payment: Payment, amount_fen: int) -> None:
    """Refuse more than the provider has taken in and not given back, whatever the provider would say."""
    if amount_fen > (payment.captured_fen or 0) - refunded_of_payment(payment.id):
        raise RefundTooLargeError(_('退款不能多于这笔支付剩下的金额。'))


def _refund_line(line: OrderLine | None, piece: Piece, before: tuple[int, int]) -> RefundLine:
    if line is None:
        raise NothingToRefundError(_('这一行不在这笔订单里。'))
    fen, units = before
    if not 0 < piece.amount_fen <= line.net_fen - fen or not 0 <= piece.quantity <= line.quantity - units:
        raise RefundTooLargeError(
            _(
                '“%(name)s”最多还能退 %(units)s 件、%(left)s。',
                name=line.product_name,
                units=line.quantity - units,
                left=Money(line.net_fen - fen),
            )
        )
    return RefundLine(
        line=line,
        amount_fen=piece.amount_fen,
        quantity=piece.quantity,
        benefit_fen=benefit_part(line.benefit_fen or 0, line.net_fen, fen, piece.amount_fen),
    )


def refunded_by_line(line_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the fen and the units of these lines that were given back or are being given back."""
    rows = db.session.execute(
        select(RefundLine.order_line_id, func.sum(RefundLine.amount_fen), func.sum(RefundLine.quantity))
        .where(RefundLine.order_line_id.in_(line_ids))
        .group_by(RefundLine.order_line_id)
    )
    return {line_id: (int(fen), int(units)) for line_id, fen, units in rows}


def _return_coupon(order: Order) -> None:
    """Let the coupon's budget have back its part of what has been refunded of an order, in proportion."""
    if not any(line.discount_fen for line in order.lines):
        return
    refunded = refunded_by_line([line.id for line in order.lines])
    due = sum(returned_part(line.discount_fen, line.net_fen, refunded.get(line.id, (0, 0))[0]) for line in order.lines)
    return_refunded(order.id, due)


def _left(line: OrderLine, refunded: tuple[int, int]) -> int:
    return line.net_fen - refunded[0]


def refunded_freight(order_id: int) -> int:
    """Return the freight of an order that was given back, in fen."""
    statement = select(func.coalesce(func.sum(Refund.freight_fen), 0)).where(Refund.order_id == order_id)
    return int(db.session.scalar(statement) or 0)


def _require_freight_left(order: Order, freight_fen: int) -> None:
    if not 0 <= freight_fen <= order.freight_fen - refunded_freight(order.id):
        raise RefundTooLargeError(_('退的运费不能多于付过的运费。'))
