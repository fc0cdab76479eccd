"""Basket and checkout tell every difference at every step, and take the new price only when it was seen."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.catalogue.models import ReturnClass, Variant
from shop.kit.database import db, transaction
from shop.orders.basket import BasketLine, FreightRegion
from shop.orders.models import Checkout, Order
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_freight, stock_of
from tests.factories.villages import make_village
from tests.storefront.buying import ADDRESS, count, fields_of, put


@pytest.fixture
def goods(client, clock_hand):
    """Two goods of two suppliers in the basket, one unit and three."""
    village = make_village()
    products = [make_listed_product(village=village, name=name, price_fen=3990, stock=5) for name in ('木耳', '蜂蜜')]
    make_freight(products[0].supplier, first=(1, 800))
    for product, quantity in zip(products, (1, 3), strict=True):
        put(client, product, quantity)
    return products


def set_now(product, **changes) -> None:
    with transaction():
        variant = db.session.get_one(Variant, product.variants[0].id)
        for name, value in changes.items():
            setattr(variant.product if name == 'presale_ships_on' else variant, name, value)


def shown_text(page: str) -> str:
    return re.sub(r'\s+', ' ', re.sub(r'<[^>]+>', '', page))


def test_all_differences_are_told_at_once_and_a_second_press_is_the_consent(client, clock_hand, goods):
    first, second = goods
    form = {**ADDRESS, 'note': '放门卫', **fields_of(client.get('/checkout').text)}
    set_now(first, price_fen=4200)
    set_now(second, stock=2, presale_ships_on=clock_hand.day + timedelta(days=20))
    refused = client.post('/checkout', data=form)
    assert refused.status_code == 409
    text = shown_text(refused.text)
    assert '还差一点，请看下面 3 处' in text
    for words in (
        '从 ¥39.90 涨到了 ¥42.00',
        '只剩 2 件',
        '现在是预售',
        '放门卫',
        '看过变化，提交订单',
        '订单还没有提交',
    ):
        assert words in text, words
    for key in (f'price-{first.variants[0].id}', f'stock-{second.variants[0].id}', f'presale-{second.variants[0].id}'):
        assert f'id="{key}"' in refused.text
        assert f'href="#{key}"' in refused.text
    assert count(Checkout) == 0
    # What is left is taken with one press; the typed text stays, what has changed is still told.
    left = client.post('/checkout', data={**form, **fields_of(refused.text), 'take_left': second.variants[0].id})
    assert left.status_code == 200
    assert '数量从 3 变成了 2' in left.text
    assert '放门卫' in left.text
    assert '涨到了 ¥42.00' in left.text
    assert client.post('/checkout', data={**form, **fields_of(left.text)}).status_code == 303
    lines = {
        line.product_id: (line.quantity, line.unit_price_fen)
        for o in db.session.scalars(select(Order))
        for line in o.lines
    }
    assert lines == {first.id: (1, 4200), second.id: (2, 3990)}
    assert stock_of(second) == 0


def test_a_page_that_is_loaded_anew_tells_what_has_changed_since_and_does_not_take_it_over(client, goods):
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    set_now(goods[0], price_fen=3000)
    again = client.post('/checkout', data={**form, 'reload': '1'})
    assert again.status_code == 200
    assert '从 ¥39.90 降到了 ¥30.00' in again.text
    assert '从 ¥39.90 降到了 ¥30.00' in client.get('/checkout').text
    assert client.post('/checkout', data=form).status_code == 409
    assert count(Checkout) == 0


def test_freight_that_changed_is_told_and_asked_for_anew(client, goods):
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    with transaction():
        make_freight(goods[1].supplier, first=(1, 1200), following=(1, 0))
    refused = client.post('/checkout', data=form)
    assert refused.status_code == 409
    assert f'{goods[1].supplier.name}的运费从 ¥0.00 变成了 ¥12.00' in refused.text
    assert client.post('/checkout', data={**form, **fields_of(refused.text)}).status_code == 303
    assert sorted(db.session.scalars(select(Order.freight_fen))) == [800, 1200]


def test_a_dearer_province_than_the_page_had_reckoned_is_shown_before_it_is_bought(client, clock_hand):
    product = make_listed_product(stock=5)
    make_freight(product.supplier, regions=[FreightRegion(province_code='220000', first_fen=2500, next_fen=0)])
    put(client, product)
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    refused = client.post('/checkout', data=form)
    assert '从 ¥8.00 变成了 ¥25.00' in refused.text
    assert client.post('/checkout', data={**form, **fields_of(refused.text)}).status_code == 303


def test_the_basket_tells_until_the_buyer_has_said_so(client, goods):
    set_now(goods[0], price_fen=4200)
    set_now(goods[1], stock=1)
    line = db.session.scalars(select(BasketLine).where(BasketLine.variant_id == goods[1].variants[0].id)).one()
    page = client.get('/basket').text
    assert '从 ¥39.90 涨到了 ¥42.00' in page
    assert '改成 1 件' in page
    client.post(f'/basket/lines/{line.id}', data={'take_left': line.variant_id, 'quantity': '3'})
    assert db.session.get_one(BasketLine, line.id).quantity == 1
    assert '涨到了' in client.get('/basket').text
    shown = fields_of(client.get('/basket').text)
    set_now(goods[0], price_fen=4300)
    client.post('/basket/changes', data=shown)
    assert '从 ¥39.90 涨到了 ¥43.00' in client.get('/basket').text
    client.post('/basket/changes', data=fields_of(client.get('/basket').text))
    assert '涨到了' not in client.get('/basket').text
    client.sign_out()
    assert client.post('/basket/changes').status_code == 303


def test_a_price_that_moved_while_the_product_page_stood_open_is_told_in_the_basket(client, clock_hand):
    product = make_listed_product(price_fen=3990, stock=5)
    page = client.get(f'/products/{product.slug}').text
    shown = re.findall(r'name="line" value="([^"]+)"', page)
    assert shown == [f'{product.variants[0].id}:1:3990']
    set_now(product, price_fen=4500)
    assert put(client, product, then='stay', line=shown).headers['Location'] == '/basket'
    assert '从 ¥39.90 涨到了 ¥45.00' in client.get('/basket').text


def test_what_was_changed_in_another_window_is_told(client, goods):
    first, _second = goods
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    rows = {line.variant_id: line.id for line in db.session.scalars(select(BasketLine))}
    client.post(f'/basket/lines/{rows[first.variants[0].id]}', data={'remove': '1'})
    put(client, make_listed_product(name='榛子'))
    page = client.post('/checkout', data={**form, 'reload': '1'}).text
    assert '有 1 种商品已经不在购物车里' in page
    assert '刚放进购物车的' in page
    gone = client.post('/checkout', data={**form, 'take_left': first.variants[0].id})
    assert '这一行已经不在购物车里了' in client.get('/basket').text or '这一行已经不在购物车里了' in gone.text


def test_confirmations_and_the_note_stay_through_every_reload(client, goods):
    with transaction():
        goods[0].return_class = goods[1].return_class = ReturnClass.NOT_RETURNABLE
    first, second = (f'confirm-{product.variants[0].id}' for product in goods)
    page = client.get('/checkout').text
    assert not re.search(rf'name="{first}"[^>]*checked', page)
    form = {**ADDRESS, **fields_of(page), 'note': '周末送', first: '1'}
    for answer in (
        client.post('/checkout', data={**form, 'reload': '1'}),
        client.post('/checkout', data={**form, 'phone': 'x'}),
        client.post('/checkout', data=form),
    ):
        assert re.search(rf'name="{first}"[^>]*checked', answer.text)
        assert not re.search(rf'name="{second}"[^>]*checked', answer.text)
        assert '周末送' in answer.text
    assert count(Checkout) == 0


@pytest.mark.parametrize(
    'odd', [{'line': 'x'}, {'freight': '1:2:3'}, {'version': ':'}, {'presale': '1:x'}, {'take_left': '9' * 30}]
)
def test_odd_fields_are_no_error_of_ours(client, goods, odd):
    form = {**ADDRESS, **fields_of(client.get('/checkout').text), **odd}
    assert client.post('/checkout', data=form).status_code in {200, 303, 409}
