"""What a line did: expected before its order is completed, exact to the household and fen after it."""

import pytest

from shop.benefits.apportionment import apportion
from shop.ledger.traces import what_line_did
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of
from tests.factories.orders import bought, place, receive, ship

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def test_before_completion_only_what_is_expected_is_told():
    product = make_listed_product(households=3, rule=600)
    for order in (place((product, 2)).orders[0], bought((product, 2)), ship(bought((product, 2)))):
        effect = what_line_did(order.lines[0])
        assert (effect.is_exact, effect.fen, effect.households, effect.parts) == (False, 1200, 3, ())
        assert (effect.pool_before_fen, effect.pool_after_fen) == (0, 0)


def test_after_completion_every_fen_is_told_by_household_and_sums_to_the_line():
    weights = [7, 2, 1]
    product = make_listed_product(households=3, weights=weights, rule=5, stock=50)
    codes = [household.self_check_code for household in households_of(product)]
    pool, given = 0, [0, 0, 0]
    for quantity in (1, 3, 2, 1):
        effect = what_line_did(receive(ship(bought((product, quantity)))).lines[0])
        assert effect.is_exact
        assert (effect.pool_before_fen, effect.pool_after_fen) == (pool, pool + 5 * quantity)
        assert sum(part.fen for part in effect.parts) == effect.fen == 5 * quantity
        assert all(part.fen > 0 for part in effect.parts)
        pool += 5 * quantity
        for part in effect.parts:
            given[codes.index(part.code)] += part.fen
        assert given == apportion(pool, weights)


def test_a_household_that_got_nothing_is_not_named():
    product = make_listed_product(households=10, rule=3)
    effect = what_line_did(receive(ship(bought((product, 1)))).lines[0])
    assert (effect.households, len(effect.parts)) == (10, 3)


def test_an_effect_does_not_change_with_later_sales():
    product = make_listed_product(households=3, rule=7)
    line = receive(ship(bought((product, 1)))).lines[0]
    before = what_line_did(line)
    receive(ship(bought((product, 3))))
    assert what_line_did(line) == before
