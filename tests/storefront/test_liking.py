"""The heart, the page of favourites, and what was seen on this device."""

import pytest

from shop.kit.database import db, transaction
from shop.orders.basket import Basket
from shop.orders.favourite import Favourite
from shop.storefront.seen import MAX_LENGTH, MOST, SEEN_COOKIE, read_seen, with_seen
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_listed_product

pytestmark = pytest.mark.usefixtures('clock_hand')


def test_a_guest_likes_a_product_and_takes_it_along_to_the_account(client):
    product, user = make_listed_product(price_fen=3990), make_user()
    assert '还没有收藏' in client.get('/favourites').text
    for _again in range(2):
        assert client.post(f'/favourites/{product.slug}').headers['Location'] == f'/products/{product.slug}'
    assert '已收藏' in client.get(f'/products/{product.slug}').text
    with transaction():
        product.variants[0].price_fen = 3590
    assert '比收藏时便宜 ¥4.00' in client.get('/favourites').text
    client.post('/sign-in', data={'login_name': user.login_name, 'password': PASSWORD})
    assert product.name in client.get('/favourites').text
    assert db.session.query(Favourite).one().user_id == user.id
    back = {'back': '/products?sort=new'}
    gone = client.post(f'/favourites/{product.slug}/removal', data=back)
    assert gone.headers['Location'] == '/products?sort=new'
    assert (
        client.post(f'/favourites/{product.slug}/removal', data={'back': '//evil.example'}).headers['Location']
        == '/favourites'
    )
    assert db.session.query(Favourite).count() == 0


def test_what_does_not_exist_or_was_never_on_sale_cannot_be_liked(client):
    hidden = make_product()
    for slug in ('no-such', hidden.slug):
        assert client.post(f'/favourites/{slug}').status_code == 404
    assert (db.session.query(Favourite).count(), db.session.query(Basket).count()) == (0, 0)


def test_what_was_seen_stays_on_the_device_and_can_be_forgotten(client):
    first, second = make_listed_product(name='秋木耳'), make_listed_product(name='榛蘑')
    pages = [client.get(f'/products/{product.slug}') for product in (first, second, first)]
    assert client.get_cookie(SEEN_COOKIE).value == f'{first.slug}.{second.slug}'
    cookie = pages[0].headers['Set-Cookie']
    assert 'SameSite=Lax' in cookie
    assert 'HttpOnly' not in cookie
    seen = client.get('/seen').text
    assert seen.index('秋木耳') < seen.index('榛蘑')
    strip = client.get(f'/seen/strip?except={first.slug}').text
    assert '榛蘑' in strip
    assert '秋木耳' not in strip
    client.post('/seen/clearance')
    assert client.get_cookie(SEEN_COOKIE) is None
    assert '还没有看过' in client.get('/seen').text
    assert client.get('/seen/strip').text.strip() == ''


def test_the_page_itself_is_the_same_for_everybody(client):
    first, second = make_listed_product(name='秋木耳'), make_listed_product(name='榛蘑')
    alone = client.get(f'/products/{first.slug}').text
    client.get(f'/products/{second.slug}')
    assert client.get(f'/products/{first.slug}').text == alone
    client.get('/products/no-such')
    assert client.get_cookie(SEEN_COOKIE).value == f'{first.slug}.{second.slug}'


@pytest.mark.parametrize(
    'cookie',
    ['', '.', 'a..b', '<script>', 'a b', 'A', '-a', 'x' * (MAX_LENGTH + 1), '.'.join(['a'] * (MOST + 1)), '木耳'],
)
def test_an_odd_cookie_is_as_good_as_none(client, cookie):
    assert read_seen(cookie) == []
    assert with_seen(cookie, 'b') == 'b'
    client.set_cookie(SEEN_COOKIE, cookie)
    assert client.get('/seen').status_code == 200


def test_twenty_are_kept_and_no_cookie_grows_too_long():
    cookie = None
    for number in range(30):
        cookie = with_seen(cookie, f'goods-{number}')
    assert read_seen(cookie) == [f'goods-{number}' for number in range(29, 9, -1)]
    assert with_seen(cookie, 'bad slug') is None
    for number in range(30):
        cookie = with_seen(cookie, f'{number:080d}')
    assert len(cookie) <= MAX_LENGTH
