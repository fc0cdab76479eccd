"""Every word said of the apportionment is a property held here."""

from fractions import Fraction
from heapq import heapify, heapreplace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shop.benefits.apportionment import apportion, first_fen

weights_lists = st.lists(st.integers(1, 60), min_size=1, max_size=12)
wide_weights = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)
small_pools = st.integers(0, 400)
pools = st.integers(0, 10**12)


def one_by_one(pool: int, weights: list[int]) -> list[int]:
    """Sainte-Laguë as the textbook has it: each fen in turn to the highest w / (2k + 1), ties to the first."""
    parts = [0] * len(weights)
    heap = [(-Fraction(weight), i) for i, weight in enumerate(weights)]
    heapify(heap)
    for _ in range(pool):
        _, i = heap[0]
        parts[i] += 1
        heapreplace(heap, (-Fraction(weights[i], 2 * parts[i] + 1), i))
    return parts


def largest_remainder(pool: int, weights: list[int]) -> list[int]:
    """Hamilton's method, which the shop does not use."""
    total = sum(weights)
    parts = [pool * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(pool * weights[i] % total), i))
    for i in by_remainder[: pool - sum(parts)]:
        parts[i] += 1
    return parts


@given(pools, wide_weights)
def test_the_parts_are_whole_fen_and_sum_to_the_pool_exactly(pool, weights):
    parts = apportion(pool, weights)

    assert all(type(part) is int and part >= 0 for part in parts)
    assert sum(parts) == pool


@given(small_pools, weights_lists)
def test_it_is_the_method_of_the_textbook(pool, weights):
    assert apportion(pool, weights) == one_by_one(pool, weights)


@given(pools, st.integers(0, 10**9), wide_weights)
def test_no_part_falls_as_the_pool_grows(pool, more, weights):
    before, after = apportion(pool, weights), apportion(pool + more, weights)

    assert all(late >= early for early, late in zip(before, after, strict=True))


@given(pools, wide_weights)
def test_one_more_fen_goes_to_one_household_and_nobody_else_moves(pool, weights):
    before, after = apportion(pool, weights), apportion(pool + 1, weights)

    assert sorted(late - early for early, late in zip(before, after, strict=True)) == [0] * (len(weights) - 1) + [1]


@given(st.lists(st.integers(0, 5_000), max_size=8), wide_weights)
def test_the_parts_depend_on_the_pool_and_not_on_the_sales_that_filled_it(sales, weights):
    received = [0] * len(weights)
    pool = 0
    for sale in sales:
        before, after = apportion(pool, weights), apportion(pool + sale, weights)
        received = [sofar + late - early for sofar, early, late in zip(received, before, after, strict=True)]
        pool += sale

    assert received == apportion(sum(sales), weights)


@given(pools, wide_weights)
def test_every_part_is_within_half_a_fen_of_its_weight_times_one_common_rate(pool, weights):
    parts = apportion(pool, weights)

    lowest_rate = max(Fraction(2 * part - 1, 2 * weight) for part, weight in zip(parts, weights, strict=True))
    highest_rate = min(Fraction(2 * part + 1, 2 * weight) for part, weight in zip(parts, weights, strict=True))
    assert lowest_rate <= highest_rate


@given(pools, wide_weights)
def test_every_part_is_within_about_a_fen_of_the_ideal(pool, weights):
    """Half a fen, and half a fen more for each time the weight holds the mean weight: one fen for a mean household."""
    total = sum(weights)
    mean = Fraction(total, len(weights))

    for part, weight in zip(apportion(pool, weights), weights, strict=True):
        assert abs(part - Fraction(pool * weight, total)) <= Fraction(1, 2) + weight / mean / 2


@given(pools, st.integers(1, 500))
def test_equal_households_differ_by_a_fen_at_most_and_the_first_stand_first(pool, households):
    share, rest = divmod(pool, households)

    assert apportion(pool, [1] * households) == [share + 1] * rest + [share] * (households - rest)


@pytest.mark.parametrize(
    ('pool', 'weights', 'parts'),
    [
        (0, [5], [0]),
        (7, [5], [7]),
        (1, [2, 2], [1, 0]),
        (2, [3, 1], [2, 0]),
        (3, [3, 1], [2, 1]),
        (2, [1, 3], [1, 1]),
        (600, [846, 732, 705], [222, 193, 185]),
        (1, [1, 1_000_000_000], [0, 1]),
    ],
)
def test_ties_go_to_the_household_that_stands_first(pool, weights, parts):
    assert apportion(pool, weights) == parts


@given(pools, wide_weights, st.integers(1, 1_000))
def test_only_the_ratio_of_the_weights_counts(pool, weights, factor):
    assert apportion(pool, [weight * factor for weight in weights]) == apportion(pool, weights)


def test_largest_remainder_would_take_a_fen_back_and_this_does_not():
    weights = [4, 4, 1]

    assert largest_remainder(5, weights) == [2, 2, 1]
    assert largest_remainder(6, weights) == [3, 3, 0]
    assert apportion(5, weights) == [2, 2, 1]
    assert apportion(6, weights) == [3, 2, 1]


@given(weights_lists)
@example([9, 3, 1])
@example([1, 3, 9])
@example([3, 1, 3, 1])
def test_the_first_fen_comes_at_the_pool_value_that_was_foretold(weights):
    reached = first_fen(weights)

    for pool in range(max(reached) + 2):
        parts = apportion(pool, weights)
        assert [part > 0 for part in parts] == [pool >= at for at in reached]


def test_with_equal_weights_the_first_fen_comes_in_order():
    assert first_fen([4] * 5) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ('pool', 'weights'), [(-1, [1]), (1, []), (1, [0]), (1, [-3]), (1.0, [1]), (1, [1.5]), (True, [1]), (1, [True])]
)
def test_anything_but_a_pool_of_fen_and_positive_whole_weights_is_refused(pool, weights):
    with pytest.raises(ValueError, match=r'pool|nobody|weight'):
        apportion(pool, weights)


def test_the_first_fen_of_nobody_is_refused():
    with pytest.raises(ValueError, match='nobody'):
        first_fen([])
