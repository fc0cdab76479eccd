"""Freight of a parcel."""

import pytest

from shop.kit.database import transaction
from shop.orders.basket import FreightRegion, FreightTemplate
from shop.orders.freight import RegionRefusedError, freight_fen, freight_of
from tests.factories.orders import make_freight
from tests.factories.suppliers import make_supplier

JILIN, XINJIANG, XIZANG = '220000', '650000', '540000'


def template(**changes) -> FreightTemplate:
    facts = {'first_units': 2, 'first_fen': 800, 'next_units': 3, 'next_fen': 500, 'free_above_fen': 10_000}
    regions = [
        FreightRegion(province_code=XINJIANG, is_refused=False, first_fen=2000, next_fen=1500),
        FreightRegion(province_code=XIZANG, is_refused=True, first_fen=0, next_fen=0),
    ]
    return FreightTemplate(**facts | changes, regions=regions)


@pytest.mark.parametrize(
    ('pieces', 'fen'),
    [(1, 800), (2, 800), (3, 1300), (5, 1300), (6, 1800), (8, 1800), (9, 2300), (999, 800 + 333 * 500)],
)
def test_first_pieces_then_every_begun_group_of_next_ones(pieces, fen):
    assert freight_fen(template(), province_code=JILIN, pieces=pieces, grams=0, goods_fen=100) == fen


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
