"""Invoices of what was accepted, and the certificate of what it did; with the last invoice an order is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.benefits.models import AgreementShare
from shop.kit import clock
from shop.kit.crypto import new_code
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.orders.models import Order, OrderLine
from shop.payments.models import Refund, RefundLine
from shop.procurement.models import (
    RECEIVED,
    ProcurementInvoice,
    ProcurementOrder,
    ProcurementStatus,
    PurchaseCertificate,
)

S = ProcurementStatus
CERTIFICATE_PREFIX = 'ZM'


@dataclass(frozen=True, slots=True)
class InvoiceDue:
    """A supplier's part of an institution's order, what is to be invoiced of it, and the invoice once recorded."""

    order: Order
    due_fen: int
    invoice: ProcurementInvoice | None


@dataclass(frozen=True, slots=True)
class NetLine:
    """A line less what had been refunded of it by an instant."""

    line: OrderLine
    quantity: int
    net_fen: int


def invoices_of(orders: Sequence[Order]) -> list[InvoiceDue]:
    """Return what suppliers have to invoice of these paid orders: paid less refunded, freight included."""
    ids = [order.id for order in orders if order.is_paid]
    refunded: dict[int | None, int] = {
        order_id: int(fen)
        for order_id, fen in db.session.execute(
            select(Refund.order_id, func.sum(Refund.amount_fen))
            .where(Refund.order_id.in_(ids))
            .group_by(Refund.order_id)
        )
    }
    invoices = {
        row.order_id: row
        for row in db.session.scalars(select(ProcurementInvoice).where(ProcurementInvoice.order_id.in_(ids)))
    }
    return [
        InvoiceDue(order, order.total_fen - refunded.get(order.id, 0), invoices.get(order.id))
        for order in orders
        if order.is_paid
    ]


def record_invoice(
    order: ProcurementOrder, part: Order, number: str, issued_on: date, *, actor: User, at: datetime
) -> ProcurementInvoice:
    """Keep the invoice of a supplier's part; the last one settles the order. Raises `BusinessError` with the field."""
    lock_row(order)
    if order.status is not S.AWAITING_INVOICE:
        raise BusinessError(_('采购单状态为“%(now)s”，验收之后才登记发票。', now=order.status.label), field='number')
    due = next(one for one in invoices_of(_orders(order)) if one.order.id == part.id)
    if due.invoice is not None or due.due_fen <= 0:
        raise BusinessError(_('这一单不用再开票。'), field='number')
    assert part.paid_at is not None
    if not clock.business_day(part.paid_at) <= issued_on <= clock.business_day(at):
        raise BusinessError(_('开票日期在付款日和今天之间。'), field='issued_on')
    if len(number) == 20 and db.session.scalar(
        select(ProcurementInvoice.id).where(ProcurementInvoice.number == number)
    ):
        raise BusinessError(_('这个发票号码已经登记过，请核对。'), field='number')
    invoice = ProcurementInvoice(
        order_id=part.id,
        number=number,
        issued_on=issued_on,
        amount_fen=due.due_fen,
        recorded_by_id=actor.id,
        recorded_at=at,
    )
    db.session.add(invoice)
    db.session.flush()
    settle_if_invoiced(order, actor=actor, at=at)
    return invoice


def settle_if_invoiced(order: ProcurementOrder, *, actor: User, at: datetime) -> None:
    """Settle an accepted order of which nothing is left to invoice, and give it its certificate."""
    if all(one.invoice is not None or one.due_fen <= 0 for one in invoices_of(_orders(order))):
        order.move(S.SETTLED, actor_id=actor.id, at=at)
        issue_certificate(order, actor=actor, at=at)


def issue_certificate(order: ProcurementOrder, *, actor: User, at: datetime) -> PurchaseCertificate:
    """Return the certificate of an accepted order, made at the first call; raises `BusinessError` before that."""
    lock_row(order)
    if order.status not in RECEIVED:
        raise BusinessError(_('验收之后才能出具采购证明。'))
    if order.certificate is not None:
        return order.certificate
    lines = net_lines(order, at=at)
    versions = {one.line.agreement_version_id for one in lines if one.line.agreement_version_id is not None}
    covered, accrued, paid = household_measures(versions)
    order.certificate = PurchaseCertificate(
        number=f'{CERTIFICATE_PREFIX}{order.number.removeprefix("CG")}',
        code=new_code(3),
        amount_fen=sum(one.net_fen for one in lines),
        covered=covered,
        accrued=accrued,
        paid=paid,
        issued_by_id=actor.id,
        issued_at=at,
    )
    db.session.flush()
    return order.certificate


def net_lines(order: ProcurementOrder, *, at: datetime) -> list[NetLine]:
    """Return the lines of the paid orders less what was refunded until `at`; none that went back whole."""
    lines = [line for one in _orders(order) if one.is_paid for line in one.lines]
    refunded = {
        line_id: (int(fen), int(units))
        for line_id, fen, units in db.session.execute(
            select(RefundLine.order_line_id, func.sum(RefundLine.amount_fen), func.sum(RefundLine.quantity))
            .join(Refund, Refund.id == RefundLine.refund_id)
            .where(RefundLine.order_line_id.in_([line.id for line in lines]), Refund.requested_at <= at)
            .group_by(RefundLine.order_line_id)
        )
    }
    net = []
    for line in lines:
        fen, units = refunded.get(line.id, (0, 0))
        if line.net_fen > fen:
            net.append(NetLine(line, line.quantity - units, line.net_fen - fen))
    return net


def household_measures(version_ids: set[int]) -> tuple[int, int, int]:
    """Count the distinct households that these agreement versions cover, have credited, and have been paid by."""
    shares = select(func.count(func.distinct(AgreementShare.household_id))).where(
        AgreementShare.version_id.in_(version_ids)
    )
    paid = (
        select(func.count(func.distinct(BenefitPayout.household_id)))
        .join(BenefitPool, BenefitPool.id == BenefitPayout.pool_id)
        .where(BenefitPool.version_id.in_(version_ids))
    )
    return (
        db.session.scalar(shares) or 0,
        db.session.scalar(shares.where(AgreementShare.accrued_on.is_not(None))) or 0,
        db.session.scalar(paid) or 0,
    )


def _orders(order: ProcurementOrder) -> list[Order]:
    return list(db.session.scalars(select(Order).where(Order.checkout_id == order.checkout_id).order_by(Order.id)))
