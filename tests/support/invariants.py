"""What holds after anything at all: the rules of the book, every unit of stock, and the three measures in order."""

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select

from shop.catalogue.models import Variant
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.checks import find_faults
from shop.orders.models import Order, OrderLine, OrderStatus
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
    """Name the measures that are out of order: who was paid had accrued."""
    figures = headline(clock.today()).figures
    if figures.accrued < figures.paid:
        yield f'{figures.accrued} households accrued, {figures.paid} paid'


def faults(at_first: Mapping[int, int]) -> list[str]:
    """Return everything that is off; nothing proves the shop."""
    found = [*stock_faults(at_first), *map(str, find_faults()), *measure_faults()]
    db.session.rollback()
    return found
