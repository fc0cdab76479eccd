"""What comes off which amounts: exact for any amounts, never a whole one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.coupons.models import CouponKind, CouponSeries
from shop.coupons.terms import discount_of, returned_part, spread

AMOUNTS = st.lists(st.integers(1, 5_000_000), min_size=1, max_size=12)


def fixed(off: int, least: int) -> CouponSeries:
    return CouponSeries(kind=CouponKind.FIXED, threshold_fen=least, off_fen=off)


def percent(off_bp: int, cap: int, least: int = 0) -> CouponSeries:
    return CouponSeries(kind=CouponKind.PERCENT, threshold_fen=least, off_bp=off_bp, cap_fen=cap)


@given(amounts=AMOUNTS, data=st.data())
def test_parts_sum_to_the_discount_and_leave_a_fen_of_every_amount(amounts, data):
    discount = data.draw(st.integers(0, sum(amounts) - len(amounts)))
    parts = spread(discount, amounts)
    assert sum(parts) == discount
    assert all(0 <= part < amount for part, amount in zip(parts, amounts, strict=True))


@given(amounts=AMOUNTS, off_bp=st.integers(1, 9_000), cap=st.integers(1, 10**6), least=st.integers(0, 10**6))
def test_what_terms_take_off_can_always_be_spread(amounts, off_bp, cap, least):
    for series in (percent(off_bp, cap, least), fixed(cap, cap + 1 + least)):
        off = discount_of(series, amounts)
        assert 0 <= off <= cap
        assert off == 0 or sum(amounts) >= series.threshold_fen
        assert sum(spread(off, amounts)) == off


@given(net=st.integers(1, 10**6), off=st.integers(0, 10**6), cuts=st.lists(st.integers(0, 10**6), max_size=5))
def test_what_goes_back_never_falls_and_is_whole_with_the_whole_refund(net, off, cuts):
    back = [returned_part(off, net, fen) for fen in sorted({min(cut, net) for cut in cuts} | {0, net})]
    assert back == sorted(back)
    assert (back[0], back[-1]) == (0, off)


@pytest.mark.parametrize(
    ('series', 'amounts', 'off'),
    [
        (fixed(1_000, 5_000), [4_999], 0),
        (fixed(1_000, 5_000), [5_000], 1_000),
        (fixed(1_000, 5_000), [2_500, 2_500], 1_000),
        (percent(1_000, 2_000), [3_999], 399),
        (percent(1_000, 2_000), [50_000], 2_000),
        (percent(1_000, 2_000, 4_000), [3_999], 0),
        (percent(1_000, 2_000), [], 0),
        (percent(9_000, 2_000), [1], 0),
    ],
)
def test_terms_take_off_what_they_say(series, amounts, off):
    assert discount_of(series, amounts) == off


@pytest.mark.parametrize(('discount', 'amounts'), [(1, [1]), (-1, [5]), (9, [5, 5]), (0, [0])])
def test_more_than_there_is_cannot_be_spread(discount, amounts):
    with pytest.raises(ValueError, match='more comes off'):
        spread(discount, amounts)
