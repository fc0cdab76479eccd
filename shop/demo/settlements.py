"""The money side of the written orders: payments with the provider's events, and refunds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shop.demo import words
from shop.demo.orders import WrittenLine, WrittenOrder
from shop.demo.rows import Rows
from shop.demo.trade import Ending, RefundPiece
from shop.payments.models import (
    EventOutcome,
    Payment,
    PaymentEvent,
    PaymentStatus,
    Refund,
    RefundLine,
    RefundStatus,
)

GATEWAY = 'sandbox'


@dataclass(slots=True)
class WrittenRefund:
    """A refund line as it stands in the rows, with what the book must do about it."""

    id: int
    order: WrittenOrder
    line: WrittenLine
    at: datetime
    amount_fen: int
    quantity: int
    benefit_fen: int


class Cashier:
    """Adds payments, events and refunds."""

    def __init__(self, rows: Rows, rng: Random) -> None:
        self._rows = rows
        self._rng = rng

    def settle(self, orders: list[WrittenOrder]) -> list[WrittenRefund]:
        """Add what was paid for the orders of one checkout, and what was given back."""
        first = orders[0]
        total = sum(order.plan.goods_fen + order.freight_fen for order in orders)
        paid_at, late = first.timeline.paid_at, first.timeline.late_paid_at
        if paid_at is None and late is None and self._rng.random() < 0.4:
            return []
        payment_id = self._add_payment(first, total, paid_at or late, settles=paid_at is not None)
        if late is not None:
            self._give_back(payment_id, total, late)
        if paid_at is None:
            return []
        refunds = []
        for order in orders:
            if order.timeline.refunded_at is not None:
                refunds += self._refund(order, payment_id, order.timeline.refunded_at)
        return refunds

    def _add_payment(self, order: WrittenOrder, total: int, paid_at: datetime | None, *, settles: bool) -> int:
        number = len(self._rows.of(Payment)) + 1
        reference = f'P{order.checkout_id:09d}'
        provider = f'sandbox-{number:09d}'
        ended = order.timeline.ended_at is not None
        unpaid = PaymentStatus.EXPIRED if ended else PaymentStatus.PENDING
        payment_id = self._rows.add(
            Payment,
            checkout_id=order.checkout_id,
            gateway=GATEWAY,
            reference=reference,
            provider_reference=provider if paid_at else None,
            amount_fen=total,
            status=PaymentStatus.SUCCEEDED if paid_at else unpaid,
            settles_orders=settles,
            captured_fen=total if paid_at else None,
            captured_currency='CNY' if paid_at else None,
            transfer_code=None,
            provider_payment=None,
            created_at=order.plan.placed_at + timedelta(seconds=4),
            succeeded_at=paid_at,
        )
        if paid_at:
            outcome = EventOutcome.SETTLED if settles else EventOutcome.LATE_PAYMENT
            self._add_event(payment_id, 'payment.succeeded', reference, total, paid_at, outcome)
        return payment_id

    def _add_event(
        self, payment_id: int, kind: str, reference: str, total: int, at: datetime, outcome: EventOutcome
    ) -> None:
        key = f'evt-{len(self._rows.of(PaymentEvent)) + 1:010d}'
        self._rows.add(
            PaymentEvent,
            gateway=GATEWAY,
            event_key=key,
            kind=kind,
            payload={'id': key, 'kind': kind, 'reference': reference, 'amount_fen': total, 'currency': 'CNY'},
            received_at=at,
            outcome=outcome,
            payment_id=payment_id,
        )

    def _give_back(self, payment_id: int, total: int, at: datetime) -> None:
        """Return a payment that came too late, whole."""
        self._add_refund(payment_id, None, total, 0, '订单已取消，付款原路退回', at, None)

    def _refund(self, order: WrittenOrder, payment_id: int, at: datetime) -> list[WrittenRefund]:
        """Add what is given back of an order; before anything was sent the freight goes back too."""
        plan = order.plan
        member = self._rng.choice(plan.lines[0].product.village.member_ids)
        freight = order.freight_fen if plan.ending is Ending.REFUNDED_BEFORE else 0
        amount = sum(piece.amount_fen for piece in plan.refund)
        is_part = plan.ending in {Ending.PART_REFUNDED_BEFORE, Ending.PART_REFUNDED_AFTER}
        reason = self._rng.choice(words.phrases('refund_reasons' if is_part else 'return_reasons'))
        refund_id = self._add_refund(payment_id, order.id, amount + freight, freight, reason, at, member)
        return [self._add_line(refund_id, order, order.lines[piece.line], at, piece) for piece in plan.refund]

    def _add_refund(
        self,
        payment_id: int,
        order_id: int | None,
        amount: int,
        freight: int,
        reason: str,
        at: datetime,
        actor_id: int | None,
    ) -> int:
        number = len(self._rows.of(Refund)) + 1
        refund_id = self._rows.add(
            Refund,
            payment_id=payment_id,
            order_id=order_id,
            idempotency_key=f'R{number:09d}',
            amount_fen=amount,
            freight_fen=freight,
            status=RefundStatus.SUCCEEDED,
            reason=reason,
            requested_at=at,
            requested_by_id=actor_id,
            succeeded_at=at + timedelta(seconds=8),
            attempt=1,
            failure=None,
        )
        self._add_event(
            payment_id,
            'refund.succeeded',
            f'R{number:09d}',
            amount,
            at + timedelta(seconds=8),
            EventOutcome.REFUND_CONFIRMED,
        )
        return refund_id

    def _add_line(
        self, refund_id: int, order: WrittenOrder, line: WrittenLine, at: datetime, piece: RefundPiece
    ) -> WrittenRefund:
        benefit = line.benefit_fen * piece.amount_fen // line.net_fen
        line_id = self._rows.add(
            RefundLine,
            refund_id=refund_id,
            order_line_id=line.id,
            amount_fen=piece.amount_fen,
            quantity=piece.quantity,
            benefit_fen=benefit,
        )
        return WrittenRefund(line_id, order, line, at, piece.amount_fen, piece.quantity, benefit)
