"""When an order is due to be sent: so many hours after it is paid, or after the day goods sold ahead are ready."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from shop.kit import clock
from shop.orders.models import OrderLine


def due_at(begins_at: datetime, hours: int, ships_on: date | None) -> datetime:
    """Return the instant by which goods paid at `begins_at` are sent; goods sold ahead count from their day."""
    start = begins_at if ships_on is None else max(begins_at, clock.day_start(ships_on))
    return start + timedelta(hours=hours)


def first_due(paid_at: datetime, lines: Iterable[OrderLine]) -> datetime:
    """Return the instant by which the first of the lines that still wait is to be sent; there must be one."""
    return min(due_at(paid_at, line.product.ships_within_hours, line.ships_on) for line in lines if line.unshipped)
