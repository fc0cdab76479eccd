"""The one clock: instants are aware UTC, business days are Asia/Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo('Asia/Shanghai')
MONTHS_PER_YEAR = 12


class _Clock:
    """The system clock, which tests may freeze or shift for the whole process."""

    def __init__(self) -> None:
        self.frozen_at: datetime | None = None
        self.offset = timedelta()


_clock = _Clock()


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    if _clock.frozen_at is not None:
        return _clock.frozen_at
    return datetime.now(UTC) + _clock.offset


def business_day(at: datetime) -> date:
    """Return the Asia/Shanghai calendar day of an aware instant."""
    if at.tzinfo is None:
        raise ValueError('an instant must be aware')
    return at.astimezone(SHANGHAI).date()


def today() -> date:
    """Return the present business day."""
    return business_day(now())


def day_start(day: date) -> datetime:
    """Return the first instant (UTC) of a business day."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Return the first instant (UTC) after a business day."""
    return day_start(day + timedelta(days=1))


def local(at: datetime) -> datetime:
    """Return the instant as Asia/Shanghai wall time, for showing to people."""
    return at.astimezone(SHANGHAI)


def month_of(day: date) -> date:
    """Return the first day of the month a day belongs to; months are named by it."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after `month`."""
    years, index = divmod(month.month, MONTHS_PER_YEAR)
    return date(month.year + years, index + 1, 1)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at one instant (tests and the demo generator)."""
    before = _clock.frozen_at
    _clock.frozen_at = at.astimezone(UTC)
    try:
        yield
    finally:
        _clock.frozen_at = before


def shift(delta: timedelta) -> None:
    """Move the clock (frozen or running) by `delta`; tests only."""
    if _clock.frozen_at is not None:
        _clock.frozen_at += delta
    else:
        _clock.offset += delta


def reset() -> None:
    """Return to the system clock; tests only."""
    _clock.frozen_at = None
    _clock.offset = timedelta()
