"""A crowd wants the last units, through several server processes: exactly those are sold, and everybody is told."""

import pytest

from shop.ledger.models import SalesEntry
from shop.orders.models import Checkout, Order
from tests.factories.endorsements import make_listed_product
from tests.load.crowd import Crowd, Shopper
from tests.load.steps import PRICE_FEN, count, kinds, pay_all, want_one, want_several
from tests.support.invariants import faults, stock_now

UNITS, BUYERS = 20, 200
GOODS = 6


def test_the_last_units_are_sold_to_as_many_buyers_and_the_others_are_told(app, servers, seed, is_long):
    url = servers().url
    for turn in range(10 if is_long else 1):
        variant_id = make_listed_product(stock=UNITS, price_fen=PRICE_FEN).variants[0].id
        at_first = stock_now()
        crowd = Crowd(url, BUYERS, seed=seed + turn)
        want_one(crowd, variant_id)
        answers = crowd.do(Shopper.check_out)
        assert kinds(answers) == {'sold': UNITS, 'sold out': BUYERS - UNITS}
        assert stock_now()[variant_id] == 0
        pay_all(crowd, answers)
        assert count(SalesEntry) == count(Order) == count(Checkout) == UNITS * (turn + 1)
        assert faults(at_first) == []


def test_baskets_of_several_goods_in_any_order_never_block_each_other(app, servers, seed, is_long):
    buyers = 600 if is_long else 56
    for _ in range(GOODS):
        make_listed_product(stock=buyers // 8, price_fen=PRICE_FEN)
    at_first = stock_now()
    crowd = Crowd(servers().url, buyers, seed=seed)
    want_several(crowd)
    answers = crowd.do(Shopper.check_out)
    told = kinds(answers)
    assert set(told) == {'sold', 'sold out'}, told
    left = stock_now()
    for shopper, answer in zip(crowd.shoppers, answers, strict=True):
        # Stock only falls here, so whoever was refused could not buy now either: no unit is stranded.
        missing = any(left[variant] < units for variant, (units, _) in shopper.wanted.items())
        assert answer.reference or missing
    pay_all(crowd, answers)
    assert faults(at_first) == []


def test_stock_that_is_looked_at_before_it_is_taken_would_be_seen(app, servers, seed):
    variant_id = make_listed_product(stock=5, price_fen=PRICE_FEN).variants[0].id
    at_first = stock_now()
    crowd = Crowd(servers(mistake='seen_before').url, 30, seed=seed)
    want_one(crowd, variant_id)
    assert kinds(crowd.do(Shopper.check_out))['sold'] > 5
    assert faults(at_first) != []


@pytest.mark.parametrize('database_kind', ['postgresql'], indirect=True)
def test_rows_locked_in_any_order_would_be_seen(app, servers, seed):
    """SQLite has one lock for all rows; there is no order to get wrong."""
    for _ in range(GOODS):
        make_listed_product(stock=1000, price_fen=PRICE_FEN)
    crowd = Crowd(servers(mistake='any_order').url, 24, seed=seed)
    want_several(crowd)
    assert set(kinds(crowd.do(Shopper.check_out))) - {'sold', 'sold out'}
