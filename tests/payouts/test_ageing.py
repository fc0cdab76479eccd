"""What is left of a pool: the oldest fen are paid first, a reversal takes the newest."""

from datetime import date

import pytest

from shop.payouts.ageing import bucket_of, what_is_left

DAYS = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)]


@pytest.mark.parametrize(
    ('fens', 'paid', 'left'),
    [
        ((100, 50, 30), 0, {1: 100, 2: 50, 3: 30}),
        ((100, 50, 30), 100, {2: 50, 3: 30}),
        ((100, 50, 30), 120, {2: 30, 3: 30}),
        ((100, 50, -70), 0, {1: 80}),
        ((100, 50, -20), 110, {2: 20}),
        ((100, 50, 30), 180, {}),
    ],
)
def test_the_oldest_are_paid_first_and_the_newest_are_reversed(fens, paid, left):
    entries = [(number, day, fen) for number, (day, fen) in enumerate(zip(DAYS, fens, strict=True), 1)]
    assert {one.entry_id: one.fen for one in what_is_left(entries, paid)} == left


@pytest.mark.parametrize(
    ('day', 'bucket'), [('2026-06-01', 0), ('2026-05-02', 0), ('2026-05-01', 1), ('2025-01-01', 3)]
)
def test_buckets_are_counted_in_days(day, bucket):
    assert bucket_of(date.fromisoformat(day), date(2026, 6, 1)) == bucket
