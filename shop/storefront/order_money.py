"""Every fen of an order after a refund: paid, given back, what stays, and what that did to the households' part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from shop.kit.database import db
from shop.ledger.models import BenefitEntry
from shop.orders.models import Order, OrderLine
from shop.payments.models import Refund, RefundLine, RefundStatus


@dataclass(frozen=True)
class LineMoney:
    """One line: fen and units given back, and the households' part before and now."""

    line: OrderLine
    refunded_fen: int
    refunded_units: int
    benefit_before_fen: int
    benefit_fen: int
    borne_fen: int

    @property
    def kept_fen(self) -> int:
        """What stays paid."""
        return self.line.net_fen - self.refunded_fen


@dataclass(frozen=True)
class OrderMoney:
    """The lines and the freight of an order of which something is given back.

    `on_its_way_fen` of it has not reached the buyer: the refund runs, or failed and is tried again.
    """

    lines: list[LineMoney]
    freight_fen: int
    freight_refunded_fen: int
    on_its_way_fen: int

    @property
    def goods_kept_fen(self) -> int:
        """What stays paid for goods."""
        return sum(line.kept_fen for line in self.lines)

    @property
    def freight_kept_fen(self) -> int:
        """What stays paid for freight."""
        return self.freight_fen - self.freight_refunded_fen

    @property
    def kept_fen(self) -> int:
        """What stays paid in all."""
        return self.goods_kept_fen + self.freight_kept_fen

    @property
    def refunded_fen(self) -> int:
        """What was given back in all."""
        return sum(line.refunded_fen for line in self.lines) + self.freight_refunded_fen

    @property
    def benefit_before_fen(self) -> int:
        """The households' part as it was reckoned when the order was paid."""
        return sum(line.benefit_before_fen for line in self.lines)

    @property
    def benefit_fen(self) -> int:
        """The households' part now."""
        return sum(line.benefit_fen for line in self.lines)

    @property
    def borne_fen(self) -> int:
        """What the supplier bears, so that no household gives anything back."""
        return sum(line.borne_fen for line in self.lines)


def order_money(order: Order, refunds: Sequence[Refund]) -> OrderMoney | None:
    """Return every fen of an order of which something was given back; None for any other."""
    if not refunds:
        return None
    line_ids = [line.id for line in order.lines]
    given = _given_back(line_ids)
    credited, reversed_, borne = _booked(line_ids)
    lines = []
    for line in order.lines:
        fen, units, benefit = given.get(line.id, (0, 0, 0))
        before = line.benefit_fen or 0
        now = credited[line.id] + reversed_.get(line.id, 0) if line.id in credited else before - benefit
        lines.append(LineMoney(line, fen, units, before, now, borne.get(line.id, 0)))
    waiting = sum(refund.amount_fen for refund in refunds if refund.status is not RefundStatus.SUCCEEDED)
    return OrderMoney(lines, order.freight_fen, sum(refund.freight_fen for refund in refunds), waiting)


def _given_back(line_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    rows = db.session.execute(
        select(
            RefundLine.order_line_id,
            func.sum(RefundLine.amount_fen),
            func.sum(RefundLine.quantity),
            func.sum(RefundLine.benefit_fen),
        )
        .where(RefundLine.order_line_id.in_(line_ids))
        .group_by(RefundLine.order_line_id)
    )
    return {line_id: (int(fen), int(units), int(benefit)) for line_id, fen, units, benefit in rows}


def _booked(line_ids: Sequence[int]) -> tuple[Mapping[int, int], Mapping[int, int], Mapping[int, int]]:
    """Return by line what was credited, what was taken out again, and what of that the supplier bears."""
    credits_ = db.session.execute(
        select(BenefitEntry.order_line_id, BenefitEntry.amount_fen).where(BenefitEntry.order_line_id.in_(line_ids))
    ).all()
    reversals = db.session.execute(
        select(
            RefundLine.order_line_id,
            func.sum(BenefitEntry.amount_fen),
            func.sum(BenefitEntry.borne_by_supplier_fen),
        )
        .join(BenefitEntry, BenefitEntry.refund_line_id == RefundLine.id)
        .where(RefundLine.order_line_id.in_(line_ids))
        .group_by(RefundLine.order_line_id)
    ).all()
    credited = {line_id: int(fen) for line_id, fen in credits_ if line_id is not None}
    return (
        credited,
        {line_id: int(fen) for line_id, fen, _borne in reversals},
        {line_id: int(fen) for line_id, _taken, fen in reversals},
    )
