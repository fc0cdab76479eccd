"""Invoices that buyers of the campaign asked for: some of the home village open, others made out."""

from datetime import datetime, timedelta
from random import Random

from shop.demo.orders import WrittenOrder
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.kit.clock import business_day
from shop.kit.money import Money
from shop.orders.invoice import InvoiceRequest, InvoiceStatus, InvoiceStep, InvoiceTitle
from shop.orders.models import Channel, Order

# The codes are invented; their check digits are right.
UNITS = (
    ('通化市山间早餐店', '92220500MA0YX00014'),
    ('长春市南湖社区食堂', '52220100MJ0YX00027'),
    ('沈阳市和平幼儿园', '12210102MB0YX0003Q'),
)
OPEN, ISSUED = 4, 3
LATER = timedelta(days=2)


def plan_invoices(
    rows: Rows, rng: Random, period: Period, orders: list[WrittenOrder], home: VillagePlan, consumer_id: int | None
) -> None:
    """Ask for invoices of the home village's newest orders, and of two of the demo consumer's."""
    paid = [order for order in orders if order.counts and not order.plan.refund and _is_retail(order)]
    mine = [order for order in paid if order.plan.village_id == home.id]
    asked = [*mine[-OPEN - ISSUED :]]
    for index, order in enumerate(asked):
        _add(rows, rng, period, order, is_issued=index < ISSUED)
    own = [order for order in paid if rows.of(Order)[order.id - 1]['user_id'] == consumer_id and order not in asked]
    for order, is_issued in zip(own[-2:], (True, False), strict=False):
        _add(rows, rng, period, order, is_issued=is_issued)


def _is_retail(order: WrittenOrder) -> bool:
    return order.plan.channel is Channel.ONLINE


def _add(rows: Rows, rng: Random, period: Period, order: WrittenOrder, *, is_issued: bool) -> None:
    row = rows.of(Order)[order.id - 1]
    at = order.plan.placed_at
    paid_at = order.timeline.paid_at
    assert paid_at is not None
    unit = rng.choice((None, *UNITS))
    issued_at = min(paid_at + LATER, period.end - timedelta(minutes=5))
    number = f'26222000000{rng.randrange(10**9):09d}'
    request_id = rows.add(
        InvoiceRequest,
        order_id=order.id,
        status=InvoiceStatus.ISSUED if is_issued else InvoiceStatus.REQUESTED,
        title_kind=InvoiceTitle.UNIT if unit else InvoiceTitle.PERSON,
        title=unit[0] if unit else row['recipient'],
        tax_number=unit[1] if unit else None,
        email=f'buyer{order.id}@example.com',
        requested_at=at,
        number=number if is_issued else None,
        issued_on=business_day(issued_at) if is_issued else None,
        amount_fen=row['total_fen'] if is_issued else None,
        link='',
    )
    _step(rows, request_id, at, row['user_id'], None, InvoiceStatus.REQUESTED, '')
    if is_issued:
        member = rng.choice(order.plan.lines[0].product.village.member_ids)
        reason = f'{number} · {Money(row["total_fen"])}'
        _step(rows, request_id, issued_at, member, InvoiceStatus.REQUESTED, InvoiceStatus.ISSUED, reason)


def _step(
    rows: Rows,
    request_id: int,
    at: datetime,
    actor_id: int | None,
    before: InvoiceStatus | None,
    to: InvoiceStatus,
    reason: str,
) -> None:
    rows.add(
        InvoiceStep,
        request_id=request_id,
        at=at,
        actor_id=actor_id,
        from_status=before,
        to_status=to,
        reason=reason,
    )
