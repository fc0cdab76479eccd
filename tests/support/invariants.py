"""What holds after anything at all: the rules of the book, every unit of stock, and the three measures in order."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from shop.aftersales.models import AftersaleCase
from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Variant
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitPayout, SalesEntry
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.payments.models import Payment, PaymentStatus, Refund, RefundStatus
from shop.payouts.models import PAYABLE, UNPAID, LineStatus, PayoutBatch, PayoutLine
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionStatus
from shop.statistics.tallies import headline


def stock_now() -> dict[int, int]:
    """Return the units of every variant, as the database has them; kept at first, it is what must come out."""
    db.session.rollback()
    return dict(db.session.execute(select(Variant.id, Variant.stock)).all())


def units_held() -> dict[int, int]:
    """Return how many units of each variant are in orders that were not cancelled."""
    units = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.status != OrderStatus.CANCELLED)
        .group_by(OrderLine.variant_id)
    )
    return {variant_id: int(held) for variant_id, held in db.session.execute(units)}


def units_returned() -> dict[int, int]:
    """Return how many units of each variant after-sale brought back to stock, less those that were sent again."""
    sent_again = case((AftersaleCase.resent_at.is_not(None), AftersaleCase.units), else_=0)
    units = (
        select(OrderLine.variant_id, func.sum(func.coalesce(AftersaleCase.restocked_units, 0) - sent_again))
        .join(OrderLine, OrderLine.id == AftersaleCase.order_line_id)
        .group_by(OrderLine.variant_id)
    )
    return {variant_id: int(back) for variant_id, back in db.session.execute(units)}


def stock_faults(at_first: Mapping[int, int]) -> Iterator[str]:
    """Name every variant of which units were lost or made.

    What is left and what went out with orders, less what after-sale brought back, is what there was; damaged units
    stay with the order they went out with.
    """
    left, held, back = stock_now(), units_held(), units_returned()
    for variant_id, units in at_first.items():
        out = held.get(variant_id, 0) - back.get(variant_id, 0)
        if left[variant_id] + out != units:
            yield f'variant {variant_id}: {left[variant_id]} left, {out} out, of {units}'


def payout_faults() -> Iterator[str]:
    """Name lines that were paid in spite of an objection, and batches that wait to be paid with nothing left to pay."""
    standing = (PayoutObjectionStatus.RECEIVED, PayoutObjectionStatus.UPHELD)
    disputed = (
        select(PayoutLine.id)
        .join(PayoutObjection, PayoutObjection.line_id == PayoutLine.id)
        .where(PayoutLine.status == LineStatus.PAID, PayoutObjection.status.in_(standing))
    )
    if paid := _ids(disputed):
        yield f'lines {paid} were paid in spite of an objection'
    unpaid = select(PayoutLine.id).where(PayoutLine.batch_id == PayoutBatch.id, PayoutLine.status.in_(UNPAID))
    if stuck := _ids(select(PayoutBatch.id).where(PayoutBatch.status.in_(PAYABLE), ~unpaid.exists())):
        yield f'batches {stuck} wait for nothing'


def measure_faults() -> Iterator[str]:
    """Name the households out of order: who was paid had accrued, who had accrued was covered by a version in force."""
    accrued = _ids(select(AgreementShare.household_id).where(AgreementShare.accrued_on.is_not(None)))
    ever = AgreementVersion.in_force_on.is_not(None)
    covered = _ids(select(AgreementShare.household_id).join(AgreementShare.version).where(ever))
    paid = _ids(select(BenefitPayout.household_id))
    if not paid <= accrued <= covered:
        yield f'paid without accrual {paid - accrued}, accrued without cover {accrued - covered}'
    figures = headline(clock.today()).figures
    if (figures.accrued, figures.paid) != (len(accrued), len(paid)):
        yield f'published {figures.accrued} accrued and {figures.paid} paid, are {len(accrued)} and {len(paid)}'


def money_faults() -> Iterator[str]:
    """Name the difference, if what was kept of all payments is not what the book and the freight say."""
    captured = _sum(Payment.captured_fen, Payment.status == PaymentStatus.SUCCEEDED)
    refunded = _sum(Refund.amount_fen, Refund.status != RefundStatus.FAILED)
    freight = _sum(Order.freight_fen, Order.paid_at.is_not(None)) - _sum(Refund.freight_fen)
    sold = _sum(SalesEntry.amount_fen)
    if captured - refunded != sold + freight:
        yield f'{captured} captured less {refunded} refunded, {sold} sold with {freight} of freight'


def _sum(column: Any, *where: ColumnElement[bool]) -> int:
    return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)


def _ids(statement: Select[int]) -> set[int]:
    return set(db.session.scalars(statement))


def faults(at_first: Mapping[int, int]) -> list[str]:
    """Return everything that is off; nothing proves the shop."""
    found = [*stock_faults(at_first), *map(str, find_faults()), *payout_faults(), *measure_faults()]
    db.session.rollback()
    return found
