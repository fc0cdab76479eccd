"""A quantity times a rate, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.earnings.reckoning import Earned, QuantityError, parse_quantity, quantity_text, reckon


@pytest.mark.parametrize(
    ('tenths', 'rate', 'gross', 'earned'),
    [
        (125, 12_000, None, Earned(0, 150_000)),  # 12.5 days at ¥120
        (1, 5, None, Earned(0, 1)),  # half a fen goes up
        (1, 4, None, Earned(0, 0)),
        (846, 30, 650, Earned(54_990, 2_538)),  # 84.6 kg at ¥6.50, of which ¥0.30 above the market
    ],
)
def test_what_a_quantity_comes_to(tenths, rate, gross, earned):
    assert reckon(tenths, rate, gross) == earned


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_premium_is_never_more_than_the_whole_price(tenths, rate, more):
    earned = reckon(tenths, rate, rate + more)
    assert 0 <= earned.amount_fen <= earned.gross_fen
    assert abs(10 * earned.amount_fen - tenths * rate) <= 5


@given(st.integers(1, 10**7))
def test_what_is_written_is_read_again(tenths):
    assert parse_quantity(quantity_text(tenths)) == tenths


@pytest.mark.parametrize('text', ['', '0', '-1', '1.25', 'abc', '１２', '99999999'])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(QuantityError, match='最多一位小数'):
        parse_quantity(text)
