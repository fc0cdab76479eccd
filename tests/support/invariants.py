"""What holds after anything at all: the rules of the book, every unit of stock, and the three measures in order."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Variant
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitPayout, SalesEntry
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.payments.models import Payment, PaymentStatus, Refund, RefundStatus
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


def stock_faults(at_first: Mapping[int, int]) -> Iterator[str]:
    """Name every variant of which units were lost or made: what is left and what orders hold is what there was."""
    left, held = stock_now(), units_held()
    for variant_id, units in at_first.items():
        due = left[variant_id] + held.get(variant_id, 0)
        if due != units:
            yield f'variant {variant_id}: {left[variant_id]} left, {held.get(variant_id, 0)} held, of {units}'


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
    found = [*stock_faults(at_first), *map(str, find_faults()), *measure_faults()]
    db.session.rollback()
    return found
