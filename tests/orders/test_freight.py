"""Freight of a parcel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.basket import FreightMeasure, FreightRegion, FreightTemplate
from shop.orders.freight import RegionRefusedError, estimate_freight, freight_fen, freight_of, save_freight
from tests.factories.accounts import make_user
from tests.factories.orders import make_freight
from tests.factories.suppliers import make_supplier

JILIN, XINJIANG, XIZANG = '220000', '650000', '540000'


def template(**changes) -> FreightTemplate:
    facts = {'first_units': 2, 'first_fen': 800, 'next_units': 3, 'next_fen': 500, 'free_above_fen': 10_000}
    regions = [
        FreightRegion(province_code=XINJIANG, is_refused=False, first_fen=2000, next_fen=1500),
        FreightRegion(province_code=XIZANG, is_refused=True, first_fen=0, next_fen=0),
    ]
    return FreightTemplate(**{'measure': FreightMeasure.PIECES} | facts | changes, regions=regions)


def by_weight(first: int = 1_000, following: int = 500) -> FreightTemplate:
    return template(measure=FreightMeasure.WEIGHT, first_units=first, next_units=following)


@pytest.mark.parametrize(
    ('pieces', 'fen'),
    [(1, 800), (2, 800), (3, 1300), (5, 1300), (6, 1800), (8, 1800), (9, 2300), (999, 800 + 333 * 500)],
)
def test_first_pieces_then_every_begun_group_of_next_ones(pieces, fen):
    assert freight_fen(template(), province_code=JILIN, pieces=pieces, grams=0, goods_fen=100) == fen


@pytest.mark.parametrize(
    ('grams', 'fen'), [(0, 800), (1, 800), (1_000, 800), (1_001, 1300), (1_500, 1300), (1_501, 1800), (10_000, 9800)]
)
def test_weight_counts_in_begun_steps_and_pieces_do_not(grams, fen):
    for pieces in (1, 99):
        assert freight_fen(by_weight(), province_code=JILIN, pieces=pieces, grams=grams, goods_fen=100) == fen


units = st.integers(1, 200_000)
steps = st.integers(1, 5_000)


@given(units, units, steps, steps)
def test_more_never_costs_less_and_a_step_costs_one_fee(some, more, first, following):
    one = by_weight(first, following)

    def fen(grams: int) -> int:
        return freight_fen(one, province_code=JILIN, pieces=1, grams=grams, goods_fen=1)

    assert fen(some) <= fen(some + more)
    assert fen(some + following) - fen(some) == (500 if some >= first else fen(some + following) - 800)
    assert (fen(some) - 800) % 500 == 0
    assert fen(some) == 800 if some <= first else fen(some) > 800


@given(units, st.integers(0, 20_000), st.integers(0, 20_000))
def test_more_goods_for_money_never_make_it_dearer(grams, goods, more):
    def fen(goods_fen: int) -> int:
        return freight_fen(by_weight(), province_code=JILIN, pieces=1, grams=grams, goods_fen=goods_fen)

    assert fen(goods + more) <= fen(goods)
    assert (fen(goods) == 0) == (goods >= 10_000)


def test_where_it_is_never_free_no_sum_helps_and_none_is_asked_for():
    one = template()
    one.regions[0].is_never_free = True
    load = {'province_code': XINJIANG, 'pieces': 1, 'grams': 0}
    assert freight_fen(one, goods_fen=10**9, **load) == 2000
    told = estimate_freight(one, goods_fen=100, **load)
    assert (told.fen, told.free_above_fen, told.missing_fen) == (2000, None, 0)


def test_a_saved_template_takes_the_place_of_the_one_before_row_by_row(app, clock_hand):
    with transaction():
        supplier = make_supplier()
        make_freight(supplier, regions=[FreightRegion(province_code=JILIN, first_fen=1, next_fen=1)])
        user = make_user()
    for _again in range(2):
        with transaction():
            save_freight(supplier, by_weight(), actor=user, at=clock.now())
    kept = freight_of(supplier.id)
    assert (kept.measure, kept.first_units, kept.changed_by_id) == (FreightMeasure.WEIGHT, 1_000, user.id)
    assert [region.province_code for region in kept.regions] == [XIZANG, XINJIANG]


@pytest.mark.parametrize(('goods', 'fen'), [(9_999, 800), (10_000, 0), (10_001, 0)])
def test_from_the_threshold_on_it_is_free(goods, fen):
    assert freight_fen(template(), province_code=JILIN, pieces=1, grams=0, goods_fen=goods) == fen


def test_without_a_threshold_it_is_never_free():
    assert freight_fen(template(free_above_fen=None), province_code=JILIN, pieces=1, grams=0, goods_fen=10**9) == 800


def test_without_a_template_it_is_free():
    assert freight_fen(None, province_code=JILIN, pieces=99, grams=0, goods_fen=1) == 0


def test_a_province_has_its_own_fees_but_the_same_steps():
    assert freight_fen(template(), province_code=XINJIANG, pieces=2, grams=0, goods_fen=100) == 2000
    assert freight_fen(template(), province_code=XINJIANG, pieces=4, grams=0, goods_fen=100) == 3500


def test_the_threshold_counts_in_a_province_with_its_own_fees_too():
    assert freight_fen(template(), province_code=XINJIANG, pieces=2, grams=0, goods_fen=10_000) == 0


def test_a_place_below_a_province_counts_to_it():
    assert freight_fen(template(), province_code='659001', pieces=1, grams=0, goods_fen=100) == 2000


@pytest.mark.parametrize('goods', [100, 10**6])
def test_where_the_supplier_does_not_deliver_no_sum_helps(goods):
    with pytest.raises(RegionRefusedError, match='换一个收货地址') as refused:
        freight_fen(template(), province_code=XIZANG, pieces=1, grams=0, goods_fen=goods)
    assert refused.value.field == 'province'


def test_before_a_province_is_chosen_the_ordinary_fees_hold():
    assert freight_fen(template(), province_code='', pieces=1, grams=0, goods_fen=100) == 800


def test_a_template_is_found_by_its_supplier(app):
    with transaction():
        supplier, other = make_supplier(), make_supplier()
        kept = make_freight(supplier)
    assert freight_of(supplier.id) is kept
    assert freight_of(other.id) is None
