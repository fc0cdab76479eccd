"""The address book as its owner's browser asks for it, and how the checkout uses it."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.kit.database import db, transaction
from shop.orders.addresses import add_address, addresses_of
from shop.orders.basket import Address, FreightRegion
from shop.orders.models import Order
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, make_freight
from tests.storefront.buying import ADDRESS, count, fields_of, put

BEIJING = replace(HOME, province_code='110000', city_code='110000', county_code='110101', street='长安街 1 号')
TYPED = {name: ADDRESS[name] for name in ('recipient', 'phone', 'province', 'city', 'county', 'street')}


@pytest.fixture
def user(client, clock_hand):
    """Somebody signed in."""
    user = make_user()
    client.sign_in(user)
    return user


def add(user, *destinations) -> list[int]:
    with transaction():
        return [add_address(user.id, to).id for to in destinations]


def test_an_address_is_added_changed_chosen_and_removed(client, user):
    assert '还没有收货地址' in client.get('/account/addresses').text
    for street in ('人民大街 1 号', '人民大街 2 号'):
        saved = client.post('/account/addresses', data={**TYPED, 'street': street})
        assert saved.headers['Location'] == '/account/addresses'
    page = client.get('/account/addresses').text
    assert '吉林省 长春市 南关区 人民大街 2 号' in page
    assert '13800138000' not in page
    second, first = sorted(one.id for one in addresses_of(user.id))[::-1]
    assert '人民大街 1 号' in client.get(f'/account/addresses/{first}').text
    client.post(f'/account/addresses/{first}', data={**TYPED, 'street': '人民大街 9 号'})
    client.post(f'/account/addresses/{second}/default')
    assert [(one.street, one.is_default) for one in addresses_of(user.id)] == [
        ('人民大街 2 号', True),
        ('人民大街 9 号', False),
    ]
    client.post(f'/account/addresses/{second}/removal')
    assert [(one.street, one.is_default) for one in addresses_of(user.id)] == [('人民大街 9 号', True)]


def test_what_is_wrong_is_told_and_what_was_typed_stays(client, user):
    answer = client.post('/account/addresses', data={**TYPED, 'phone': '1', 'county': ''})
    assert answer.status_code == 422
    for words in ('11 位手机号', '选全省、市、县', '人民大街 1 号'):
        assert words in answer.text
    again = client.post('/account/addresses', data={**TYPED, 'province': '210000', 'reload': '1'})
    assert '沈阳市' in again.text
    assert count(Address) == 0


def test_the_book_of_somebody_else_does_not_exist(client, user):
    (foreign,) = add(make_user(), HOME)
    assert client.get(f'/account/addresses/{foreign}').status_code == 404
    for path in ('', '/default', '/removal'):
        assert client.post(f'/account/addresses/{foreign}{path}', data=TYPED).status_code == 404
    put(client, make_listed_product(stock=5))
    form = {**fields_of(client.get('/checkout').text), 'address': str(foreign)}
    refused = client.post('/checkout', data=form)
    assert refused.status_code == 422
    assert '已经不在地址簿里' in refused.text


def test_an_address_of_the_book_is_chosen_with_its_own_freight(client, user):
    _far, near = add(user, BEIJING, HOME)
    product = make_listed_product(stock=5)
    make_freight(product.supplier, regions=[FreightRegion(province_code='110000', first_fen=1500, next_fen=0)])
    put(client, product)
    basket = client.get('/basket').text
    assert '运费按送到北京市算' in basket
    assert '¥15.00' in basket
    page = client.get('/checkout').text
    assert re.search(rf'value="{_far}" checked', page)
    form = {**fields_of(page), 'address': str(near)}
    told = client.post('/checkout', data=form)
    assert told.status_code == 409
    assert '从 ¥15.00 变成了 ¥8.00' in told.text
    assert client.post('/checkout', data={**form, **fields_of(told.text)}).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.recipient, order.street, order.freight_fen) == (HOME.recipient, HOME.street, 800)


def test_a_new_address_is_kept_if_the_buyer_says_so_and_only_once(client, user):
    add(user, HOME)
    for keeps in ({}, {'keep_address': '1'}, {'keep_address': '1'}):
        put(client, make_listed_product(stock=5))
        form = {**ADDRESS, **fields_of(client.get('/checkout').text), 'address': 'new', **keeps}
        assert client.post('/checkout', data=form).status_code == 303
    assert [one.street for one in addresses_of(user.id)] == [HOME.street, ADDRESS['street']]


def test_a_full_book_is_told_beside_the_box_and_nothing_is_placed(client, user):
    add(user, *(replace(HOME, street=f'北街 {n} 号') for n in range(20)))
    put(client, make_listed_product(stock=5))
    form = {**ADDRESS, **fields_of(client.get('/checkout').text), 'address': 'new', 'keep_address': '1'}
    refused = client.post('/checkout', data=form)
    assert refused.status_code == 409
    assert '最多放 20 个地址' in refused.text
    assert count(Order) == 0


def test_a_guest_keeps_nothing(client, clock_hand):
    put(client, make_listed_product(stock=5))
    page = client.get('/checkout').text
    assert 'keep_address' not in page
    form = {**ADDRESS, **fields_of(page), 'keep_address': '1', 'address': '1'}
    assert client.post('/checkout', data=form).status_code == 422
    assert client.post('/checkout', data={**form, 'address': 'new'}).status_code == 303
    assert count(Address) == 0
