"""Which day and which month a booking falls on, and how booking and closing keep out of each other's way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text

from shop.kit import clock
from shop.kit.database import db, dialect_name
from shop.ledger.models import DaySeal

ONE_DAY = timedelta(days=1)
# Always all three in this order, so that a booking and a closing never wait for each other in a ring.
_BOOKS = 'sales_entries, benefit_entries, benefit_payouts'


@dataclass(frozen=True, slots=True)
class BookingDay:
    """The two dates of an entry and the month it belongs to."""

    occurred_on: date
    booked_on: date
    booked_at: datetime
    period: date


def last_closed_day() -> date | None:
    """Return the last day that is sealed, or None while no day is."""
    return db.session.scalar(select(func.max(DaySeal.day)))


def booking_day(occurred_at: datetime, at: datetime) -> BookingDay:
    """Return where something that happened at `occurred_at` is booked at `at`.

    It is booked on the first open day from today on; its period is the month it happened in while that month
    has an open day, else the first month that has one. An `occurred_at` after `at` (a provider's clock ahead
    of ours) counts as `at`. Until the unit of work ends no day can be closed.
    """
    hold_closing()
    closed = last_closed_day()
    today = clock.business_day(at)
    occurred_on = clock.business_day(min(occurred_at, at))
    booked_on = today if closed is None else max(today, closed + ONE_DAY)
    period = clock.month_of(occurred_on)
    if closed is not None:
        period = max(period, clock.month_of(closed + ONE_DAY))
    return BookingDay(occurred_on, booked_on, at, period)


def hold_closing() -> None:
    """Keep days from being closed until this unit of work ends; other bookings go on.

    On SQLite a unit of work has the write lock to itself.
    """
    if dialect_name() == 'postgresql':
        db.session.execute(text(f'LOCK TABLE {_BOOKS} IN ROW EXCLUSIVE MODE'))


def hold_booking() -> None:
    """Keep entries from being booked, and other closers out, until this unit of work ends.

    SHARE would let two closers in at once; this mode also excludes itself.
    """
    if dialect_name() == 'postgresql':
        db.session.execute(text(f'LOCK TABLE {_BOOKS} IN SHARE ROW EXCLUSIVE MODE'))
