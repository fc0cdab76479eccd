"""The village's freight: seen before it is saved, used by every page at once, never changing what was ordered."""

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.kit.database import db, transaction
from shop.orders.basket import FreightMeasure, FreightTemplate
from shop.orders.freight import freight_of
from shop.orders.models import Order
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_freight
from tests.factories.villages import make_village
from tests.storefront.buying import check_out, count, put

FORM = {
    'measure': 'weight', 'first_units': '0.5', 'first_fee': '6', 'next_units': '0.1', 'next_fee': '1.5',
    'free_above': '',
    'row-0-province': ['650000', '540000'], 'row-0-rule': 'never_free', 'row-0-first': '30', 'row-0-next': '10',
    'row-1-province': ['810000'], 'row-1-rule': 'refused',
    'calc_province': '220000', 'calc_weight': '0.75', 'calc_goods': '50',
}  # fmt: skip


@pytest.fixture
def product(app, clock_hand):
    """A product of 300 g packed, with the freight of before."""
    product = make_listed_product(name='秋木耳', price_fen=3990, stock=5)
    make_freight(product.supplier, first=(1, 800), following=(1, 300))
    return product


@pytest.fixture
def desk(app, product):
    """A member of the village's team at the desk."""
    return app.test_client().sign_in(make_user(Role.TEAM_MEMBER, village=product.village))


def test_it_is_saved_and_every_page_reckons_with_it_but_what_was_ordered_stays(client, desk, product):
    put(client, product)
    assert check_out(client).status_code == 303
    address = f'/desk/freight/{product.supplier_id}'
    assert '首 1 件 ¥8.00' in desk.get('/desk/freight').text
    assert desk.post(address, data=FORM).headers['Location'] == address
    kept = freight_of(product.supplier_id)
    assert (kept.measure, kept.first_units, kept.next_units, len(kept.regions)) == (FreightMeasure.WEIGHT, 500, 100, 3)
    page = desk.get(address).text
    assert 'value="0.5"' in page
    assert '西藏、新疆' in page
    assert '不送香港' in desk.get('/desk/freight').text
    # 300 g each: one is within the first half kilogram, three are 900 g, four steps more.
    assert '运费 ¥6.00' in client.get(f'/products/{product.slug}?quantity=1&to=220000').text
    assert '运费 ¥12.00' in client.get(f'/products/{product.slug}?quantity=3&to=220000').text
    put(client, product, 3)
    assert check_out(client).status_code == 303
    assert db.session.scalars(select(Order.freight_fen).order_by(Order.id)).all() == [800, 1200]
    assert '暂不送这里' in client.get(f'/products/{product.slug}?to=810000').text


@pytest.mark.parametrize('path', ['', '/preview'])
def test_it_is_reckoned_before_it_is_saved(desk, product, path):
    answer = desk.post(f'/desk/freight/{product.supplier_id}{path}', data={**FORM, 'preview': '1'})
    assert answer.status_code == 200
    for words in ('送到吉林省', '¥10.50', '加续费 3 × ¥1.50', '秋木耳', '300 克'):
        assert words in answer.text
    for province, words in (('650000', '¥60.00'), ('810000', '买家下不了单')):
        asked = {**FORM, 'preview': '1', 'calc_province': province}
        assert words in desk.post(f'/desk/freight/{product.supplier_id}{path}', data=asked).text
    assert freight_of(product.supplier_id).measure is FreightMeasure.PIECES


def test_what_is_wrong_is_told_and_what_was_typed_stays(desk, product):
    answer = desk.post(f'/desk/freight/{product.supplier_id}', data={**FORM, 'first_fee': '六块', 'row-1-province': []})
    assert answer.status_code == 422
    for words in ('首费填金额', '六块', 'value="0.1"', '西藏、新疆'):
        assert words in answer.text
    assert freight_of(product.supplier_id).first_fen == 800


def test_goods_without_a_weight_are_named_where_weight_decides(desk, product):
    with transaction():
        product.variants[0].weight_grams = 0
        product.variants[0].net_content = '1 篮'
    answer = desk.post(f'/desk/freight/{product.supplier_id}/preview', data=FORM)
    assert '没填毛重，只会收首费：秋木耳' in answer.text


def test_another_villages_freight_does_not_exist(app, desk, product):
    other = app.test_client().sign_in(make_user(Role.FIRST_SECRETARY, village=make_village()))
    address = f'/desk/freight/{product.supplier_id}'
    assert other.get(address).status_code == 404
    assert other.post(address, data=FORM).status_code == 404
    assert other.post(f'{address}/preview', data=FORM).status_code == 404
    assert count(FreightTemplate) == 1
    assert product.supplier.name not in other.get('/desk/freight').text


def test_a_supplier_without_a_table_sends_free_until_there_is_one(app, clock_hand):
    product = make_listed_product()
    desk = app.test_client().sign_in(make_user(Role.FIRST_SECRETARY, village=product.village))
    assert '全部包邮' in desk.get('/desk/freight').text
    address = f'/desk/freight/{product.supplier_id}'
    assert '填好上面的运费' in desk.get(address).text
    assert desk.post(address, data=FORM).status_code == 303
    assert freight_of(product.supplier_id).first_fen == 600
