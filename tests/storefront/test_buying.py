"""Basket, checkout and one's own orders as a buyer's browser asks for them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.catalogue.models import ReturnClass, Variant
from shop.kit.database import db, transaction
from shop.orders.basket import BasketLine
from shop.orders.models import Checkout, Order, OrderStatus
from shop.payments.models import Payment
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_freight, ship, stock_of
from tests.storefront.buying import ADDRESS, check_out, count, fields_of, put


def test_a_visitor_buys_and_pays(client, clock_hand):
    product = make_listed_product(name='秋木耳', price_fen=3990, stock=5)
    make_freight(product.supplier, first=(1, 800), following=(1, 300))
    assert put(client, product, 2).headers['Location'] == '/basket'
    assert '¥79.80' in client.get('/basket').text
    placed = check_out(client)
    assert placed.status_code == 303
    assert placed.headers['Location'].startswith('/sandbox/pay/')
    order = db.session.scalars(select(Order)).one()
    assert (order.goods_fen, order.freight_fen, order.total_fen) == (7980, 1100, 9080)
    assert stock_of(product) == 3
    assert count(BasketLine) == 0
    page = client.get(placed.headers['Location']).text
    assert '不会真的扣款' in page
    assert '90.80' in re.sub(r'<[^>]+>', '', page)
    paid = client.post(placed.headers['Location'], data={'action': 'pay'})
    back = client.get(paid.headers['Location'])
    shown = client.get(back.headers['Location']).text
    assert '付款成功' in shown
    assert '已付款，村里正在备货' in shown
    with transaction():
        ship(db.session.scalars(select(Order)).one())
    assert client.post(f'/orders/{order.number}/receipt').status_code == 303
    assert '已完成，谢谢您' in client.get(f'/orders/{order.number}').text


def test_declining_keeps_the_order_and_it_can_be_cancelled(client, clock_hand):
    product = make_listed_product(stock=5)
    put(client, product)
    address = check_out(client).headers['Location']
    back = client.post(address, data={'action': 'decline'}).headers['Location']
    number = client.get(back).headers['Location'].rsplit('/', 1)[1]
    assert '没有付款' in client.get(f'/orders/{number}').text
    again = client.post(f'/orders/{number}/payment').headers['Location']
    assert again == address
    client.post(f'/orders/{number}/cancellation')
    page = client.get(f'/orders/{number}').text
    assert '订单已取消' in page
    assert stock_of(product) == 5
    refused = client.post(f'/orders/{number}/payment')
    assert refused.headers['Location'] == f'/orders/{number}'
    assert '已经不能付款' in client.get(f'/orders/{number}').text


def test_the_same_form_twice_places_one_order(client, clock_hand):
    product = make_listed_product(stock=5)
    put(client, product)
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    first, second = client.post('/checkout', data=form), client.post('/checkout', data=form)
    assert first.headers['Location'] == second.headers['Location']
    assert (count(Checkout), count(Payment), stock_of(product)) == (1, 1, 4)


@pytest.mark.parametrize(
    ('field', 'typed', 'message'),
    [
        ('recipient', '', '请填写收货人'),
        ('recipient', '李' * 41, '最多 40 个字'),
        ('phone', '1380013800', '11 位手机号'),
        ('phone', '１３８００１３８０００', '11 位手机号'),
        ('city', '110100', '选全省、市、县'),
        ('county', '', '选全省、市、县'),
        ('street', 'a', '街道门牌'),
        ('note', 'x' * 201, '留言最多 200'),
        ('form_token', '', '页面已过期'),
    ],
)
def test_a_wrong_field_says_what_is_right_and_keeps_what_was_typed(client, clock_hand, field, typed, message):
    put(client, make_listed_product(stock=5))
    answer = check_out(client, **{'street': '幸福路 7 号', field: typed})
    assert answer.status_code == 422
    assert message in answer.text
    if field != 'street':
        assert '幸福路 7 号' in answer.text
    if field == 'recipient' and typed:
        assert typed in answer.text
    assert (count(Checkout), count(BasketLine)) == (0, 1)


def test_sold_out_meanwhile_is_told_with_the_basket_kept(client, clock_hand):
    product = make_listed_product(stock=1)
    put(client, product)
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    with transaction():
        db.session.get_one(Variant, product.variants[0].id).stock = 0
    answer = client.post('/checkout', data=form)
    assert answer.status_code == 409
    assert '刚刚售罄' in answer.text
    assert (count(Checkout), count(BasketLine)) == (0, 1)
    assert '已售罄' in client.get('/basket').text


def test_another_price_is_told_before_anything_is_bought(client, clock_hand):
    product = make_listed_product(price_fen=3990, stock=5)
    put(client, product)
    form = {**ADDRESS, **fields_of(client.get('/checkout').text)}
    with transaction():
        db.session.get_one(Variant, product.variants[0].id).price_fen = 4200
    answer = client.post('/checkout', data=form)
    assert answer.status_code == 409
    assert '从 ¥39.90 涨到了 ¥42.00' in answer.text
    assert '价格从 ¥39.90 涨到了 ¥42.00' in client.get('/basket').text
    assert check_out(client).status_code == 303


def test_goods_that_cannot_go_back_need_a_confirmation(client, clock_hand):
    product = make_listed_product(stock=5)
    with transaction():
        product.return_class = ReturnClass.NOT_RETURNABLE
    put(client, product)
    refused = check_out(client)
    assert refused.status_code == 409
    assert '请勾选确认' in refused.text
    assert check_out(client, **{f'confirm-{product.variants[0].id}': '1'}).status_code == 303


def test_the_guests_basket_and_orders_come_along_at_sign_in(client, clock_hand):
    user = make_user(login_name='13800138001')
    bought, wanted = make_listed_product(stock=5), make_listed_product(name='椴树蜜', stock=5)
    put(client, bought)
    check_out(client)
    put(client, wanted)
    client.post('/sign-in', data={'login_name': user.login_name, 'password': PASSWORD})
    assert '椴树蜜' in client.get('/basket').text
    number = db.session.scalars(select(Order.number)).one()
    assert client.get(f'/orders/{number}').status_code == 200
    assert number in client.get('/orders').text
    client.sign_out()
    assert client.get(f'/orders/{number}').status_code == 404
    assert client.get('/orders').headers['Location'] == '/sign-in?next=/orders'


@pytest.mark.parametrize('quantity', ['0', '-1', '1000', 'x', '１', '99999999999'])
def test_an_odd_quantity_is_refused(client, clock_hand, quantity):
    put(client, make_listed_product(stock=5), quantity)
    assert '数量要是 1 到' in client.get('/basket').text
    assert count(BasketLine) == 0


def test_lines_are_changed_and_removed(client, clock_hand):
    product = make_listed_product(price_fen=1000, stock=5)
    put(client, product)
    line_id = db.session.scalars(select(BasketLine.id)).one()
    client.post(f'/basket/lines/{line_id}', data={'quantity': '3'})
    assert '¥30.00' in client.get('/basket').text
    client.post(f'/basket/lines/{line_id}', data={'quantity': 'many'})
    assert db.session.scalars(select(BasketLine.quantity)).all() == [3]
    assert '数量要是 1 到' in client.get('/basket').text
    client.post(f'/basket/lines/{line_id}', data={'remove': '1'})
    assert '购物车还是空的' in client.get('/basket').text
    client.post(f'/basket/lines/{line_id}', data={'remove': '1'})
    assert '已经不在购物车里' in client.get('/basket').text


def test_an_empty_basket_cannot_be_checked_out(client, clock_hand):
    assert client.get('/checkout').headers['Location'] == '/basket'


def test_nobody_sees_the_order_of_somebody_else(client, clock_hand):
    put(client, make_listed_product(stock=5))
    check_out(client)
    number = db.session.scalars(select(Order.number)).one()
    stranger = make_user()
    client.sign_in(stranger)
    for path in ('', '/payment', '/cancellation', '/receipt'):
        method = client.get if not path else client.post
        assert method(f'/orders/{number}{path}').status_code == 404
    assert db.session.scalars(select(Order.status)).one() is OrderStatus.PENDING_PAYMENT


def test_what_is_off_sale_stays_in_the_basket_and_the_rest_is_bought(client, clock_hand):
    gone, wanted = make_listed_product(stock=5), make_listed_product(name='椴树蜜', price_fen=5800, stock=5)
    put(client, gone)
    put(client, wanted)
    with transaction():
        db.session.get_one(Variant, gone.variants[0].id).is_offered = False
    assert '已下架，不会一起结算' in client.get('/basket').text
    assert '秋木耳已下架，没有一起结算' in client.get('/checkout').text
    assert check_out(client).status_code == 303
    assert db.session.scalars(select(Order.goods_fen)).all() == [5800]
    assert db.session.scalars(select(BasketLine.variant_id)).all() == [gone.variants[0].id]
    assert client.get('/checkout').headers['Location'] == '/basket'


def test_goods_that_became_pre_sale_meanwhile_are_not_sold_as_if_they_were_not(client, clock_hand):
    product = make_listed_product(stock=5)
    put(client, product)
    seen = fields_of(client.get('/checkout').text)
    with transaction():
        product.presale_ships_on = clock_hand.day + timedelta(days=20)
    refused = client.post('/checkout', data={**ADDRESS, **seen})
    assert refused.status_code == 409
    assert '现在是预售，2026-07-05 起发货' in refused.text
    assert (count(Order), stock_of(product)) == (0, 5)
    assert check_out(client).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert order.lines[0].ships_on == clock_hand.day + timedelta(days=20)
