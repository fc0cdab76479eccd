"""One clock: aware instants in UTC, business days of Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit import clock

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_the_running_clock_is_aware_and_in_utc():
    before = datetime.now(UTC)  # noqa: TID251  the clock is compared with the system's
    shown = clock.now()
    assert before <= shown <= before + timedelta(seconds=5)
    assert shown.tzinfo is UTC


@pytest.mark.parametrize(
    ('instant', 'day'),
    [
        ('2026-06-14T15:59:59+00:00', date(2026, 6, 14)),
        ('2026-06-14T16:00:00+00:00', date(2026, 6, 15)),
        ('2026-12-31T16:00:00+00:00', date(2027, 1, 1)),
        ('2026-06-15T00:00:00+08:00', date(2026, 6, 15)),
        ('2026-06-14T12:00:00-04:00', date(2026, 6, 15)),
    ],
)
def test_a_business_day_begins_at_midnight_in_shanghai(instant, day):
    assert clock.business_day(datetime.fromisoformat(instant)) == day


def test_a_naive_instant_has_no_business_day():
    with pytest.raises(ValueError, match='aware'):
        clock.business_day(datetime(2026, 6, 15))  # noqa: DTZ001  naive on purpose


@given(DAYS)
def test_a_day_holds_exactly_its_instants(day):
    start, end = clock.day_start(day), clock.day_end(day)
    assert clock.business_day(start) == day
    assert clock.business_day(start - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert clock.business_day(end) == day + timedelta(days=1)
    assert end - start == timedelta(days=1)


@given(DAYS)
def test_months_are_named_by_their_first_day(day):
    month = clock.month_of(day)
    following = clock.next_month(month)
    assert month <= day < following
    assert month.day == following.day == 1
    assert (following - timedelta(days=1)).month == month.month


def test_december_is_followed_by_january():
    assert clock.next_month(date(2026, 12, 1)) == date(2027, 1, 1)


def test_people_read_shanghai_time():
    shown = clock.local(datetime(2026, 6, 15, 4, 0, tzinfo=UTC))
    assert shown.isoformat() == '2026-06-15T12:00:00+08:00'


def test_a_frozen_clock_stands_until_it_is_shifted():
    noon = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
    with clock.frozen(noon):
        assert clock.now() == clock.now() == noon
        assert clock.today() == date(2026, 6, 15)
        clock.shift(timedelta(hours=12))
        assert clock.today() == date(2026, 6, 16)
        with clock.frozen(noon):
            assert clock.now() == noon
        assert clock.now() == noon + timedelta(hours=12)
    assert clock.now() != noon


def test_a_running_clock_goes_on_after_a_shift():
    clock.shift(timedelta(days=40))
    ahead = clock.now() - datetime.now(UTC)  # noqa: TID251  the clock is compared with the system's
    assert timedelta(days=39, hours=23) < ahead < timedelta(days=40, seconds=5)
    clock.reset()
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)  # noqa: TID251
