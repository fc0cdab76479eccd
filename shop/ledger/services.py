"""What is written into the book: sales when paid, benefit when completed, refunds as entries of their own.

Every function works inside the caller's unit of work, which has locked the order. The unique keys of the
entries refuse to book a cause twice.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db
from shop.ledger.causes import REFUND_LINES, LinesRefund
from shop.ledger.days import BookingDay, booking_day
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.ledger.pools import Credit, book_credits
from shop.orders.models import Order, OrderLine


def record_sale(order: Order, *, occurred_at: datetime, at: datetime) -> list[SalesEntry]:
    """Book a paid order: one entry per line, freight apart; a test order has none.

    The lines carry what held when they were paid; raises `ValueError` when one does not.
    """
    if order.is_test:
        return []
    db.session.flush()
    day = booking_day(occurred_at, at)
    entries = [_sales_entry(order, line, line.net_fen, line.quantity, day) for line in order.lines]
    for entry, line in zip(entries, order.lines, strict=True):
        entry.order_line_id = line.id
    return _add(entries)


def record_benefit(order: Order, *, at: datetime) -> list[BenefitEntry]:
    """Credit the pools with a completed order: one entry per line, less what was refunded before."""
    return record_benefits([order], at=at)


def record_benefits(orders: Sequence[Order], *, at: datetime) -> list[BenefitEntry]:
    """Credit the pools with several completed orders, every pool locked once and in key order."""
    db.session.flush()
    lines = [line for order in orders if not order.is_test for line in order.lines]
    if not lines:
        return []
    day = booking_day(at, at)
    refunded = _refunded_benefit(lines)
    return book_credits(
        [
            Credit(_version_of(line), (line.benefit_fen or 0) - refunded.get(line.id, 0), order_line_id=line.id)
            for line in lines
        ],
        day,
    )


def record_earnings(earnings_id: int, version_id: int, fen: int, *, occurred_on: date, at: datetime) -> BenefitEntry:
    """Book a verified batch of earnings into the pool of its own version; the same book, no sale."""
    credit = Credit(version_id, fen, earnings_id=earnings_id)
    return book_credits([credit], booking_day(clock.day_start(occurred_on), at))[0]


def record_refund(refund: LinesRefund, *, at: datetime) -> list[SalesEntry]:
    """Book a refund: one negative sales entry per line of it.

    A line whose benefit has accrued takes its part out of the pool again, but only what no household was
    paid and no payout batch holds; the rest is borne by the supplier. Nothing is ever taken back from a household.
    """
    order = refund.order
    if order is None or order.is_test or not refund.lines:
        return []
    db.session.flush()
    day = booking_day(refund.requested_at, at)
    entries = []
    for piece in refund.lines:
        entry = _sales_entry(order, piece.line, -piece.amount_fen, -piece.quantity, day)
        entry.refund_line_id = piece.id
        entries.append(entry)
    credited = _credited_lines([piece.line.id for piece in refund.lines])
    reversals = [
        Credit(_version_of(piece.line), -piece.benefit_fen, refund_line_id=piece.id)
        for piece in refund.lines
        if piece.line.id in credited
    ]
    if reversals:
        book_credits(reversals, day)
    return _add(entries)


def _sales_entry(order: Order, line: OrderLine, amount_fen: int, quantity: int, day: BookingDay) -> SalesEntry:
    if line.tenure_id is None:
        raise ValueError(f'order line {line.id} does not say who endorsed it')
    return SalesEntry(
        amount_fen=amount_fen,
        quantity=quantity,
        occurred_on=day.occurred_on,
        booked_on=day.booked_on,
        booked_at=day.booked_at,
        period=day.period,
        channel=order.channel,
        is_insider=order.is_insider,
        county_id=order.village.county_id,
        village_id=order.village_id,
        tenure_id=line.tenure_id,
        product_id=line.product_id,
        brand_id=line.brand_id,
        category_id=line.category_id,
    )


def _version_of(line: OrderLine) -> int:
    if line.agreement_version_id is None:
        raise ValueError(f'order line {line.id} does not say which agreement held')
    return line.agreement_version_id


def _refunded_benefit(lines: Sequence[OrderLine]) -> dict[int, int]:
    """Return the benefit in fen that booked refunds took along, by line."""
    statement = (
        select(REFUND_LINES.c.order_line_id, func.sum(REFUND_LINES.c.benefit_fen))
        .join(SalesEntry, SalesEntry.refund_line_id == REFUND_LINES.c.id)
        .where(REFUND_LINES.c.order_line_id.in_([line.id for line in lines]))
        .group_by(REFUND_LINES.c.order_line_id)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(statement)}


def _credited_lines(line_ids: Sequence[int]) -> set[int]:
    """Return which of these lines have accrued their benefit."""
    statement = select(BenefitEntry.order_line_id).where(BenefitEntry.order_line_id.in_(line_ids))
    return {line_id for line_id in db.session.scalars(statement) if line_id is not None}


def _add(entries: list[SalesEntry]) -> list[SalesEntry]:
    db.session.add_all(entries)
    db.session.flush()
    return entries
