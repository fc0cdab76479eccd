"""Reviews as a buyer writes them and everybody reads them."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.crypto import token_digest
from shop.kit.database import db, transaction
from shop.orders.baskets import Buyer
from shop.photos.models import Photo
from shop.ratings.models import ProductReview, RefusalReason, ReviewStatus
from shop.ratings.services import refuse_review
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_photo
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, place, receive, ship
from tests.factories.ratings import WORDS, make_received, make_review
from tests.factories.villages import desk_user, make_tenure

pytestmark = pytest.mark.usefixtures('clock_hand')


@pytest.fixture
def user(app):
    return make_user(name='山里来客')


@pytest.fixture
def order(user):
    return make_received((make_listed_product(), 1), actor=user)


def picture(colour: str = 'green') -> io.BytesIO:
    out = io.BytesIO()
    Image.new('RGB', (40, 30), colour).save(out, 'PNG')
    out.seek(0)
    return out


def form_of(order, **more: object) -> dict[str, object]:
    line_id = order.lines[0].id
    named = {f'{name}-{line_id}': value for name, value in more.items()}
    return {'line': line_id, f'stars-{line_id}': '4', f'text-{line_id}': WORDS, **named}


def send(client, order, **more: object):
    return client.post(f'/orders/{order.number}/reviews', data=form_of(order, **more))


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_who_received_the_goods_speaks_of_them(client, user, order):
    client.sign_in(user)
    assert '待评价 <span class="num">1</span>' in client.get('/orders?tab=to-review').text
    assert '去评价' in client.get('/orders?tab=to-review').text
    assert f'/orders/{order.number}/reviews' in client.get(f'/orders/{order.number}').text
    assert '提交评价' in client.get(f'/orders/{order.number}/reviews').text
    photos = [(picture(), '1.png'), (picture(), '2.png'), (picture('red'), '3.png')]
    assert send(client, order, photo=photos).status_code == 303
    review = db.session.scalars(select(ProductReview)).one()
    assert (review.stars, review.text, review.shown_as) == (4, WORDS, '山**客')
    assert len(review.photos) == 2
    page = client.get(f'/orders/{order.number}/reviews').text
    assert '待审核' in page
    assert '2026-06-18 12:00 自动发布' in page
    assert '待评价 <span class="num">0</span>' in client.get('/orders').text
    assert WORDS not in client.sign_out().get(f'/products/{review.product.slug}').text


def test_a_guest_of_the_order_may_too_and_nobody_else(app, client, user):
    token = 'guest-token'
    checkout = place((make_listed_product(), 1), buyer=Buyer(guest_digest=token_digest(token)))
    pay(checkout)
    order = receive(ship(checkout.orders[0]))
    address = f'/orders/{order.number}/reviews'
    for stranger in (client.sign_out(), client.sign_in(user)):
        assert stranger.get(address).status_code == 404
        assert send(stranger, order).status_code == 404
        assert stranger.post(f'{address}/{order.lines[0].id}/withdrawal').status_code == 404
    assert count(ProductReview) == 0
    make_review(order, is_published=True)
    assert '买家' in client.get(f'/products/{order.lines[0].product.slug}').text


@pytest.mark.parametrize(
    ('name', 'typed', 'message'),
    [
        ('stars', '', '选 1 到 5 颗星'),
        ('stars', '٣', '选 1 到 5 颗星'),
        ('stars', '9', '选 1 到 5 颗星'),
        ('text', '好', '5 到 500'),
        ('text', '好' * 501, '最多 500 字'),
        ('text', '真好，电话 138-0013-8000', '公开评价里不要写电话'),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client, user, order, name, typed, message):
    answer = send(client.sign_in(user), order, **{name: typed, 'named': '1'})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'id="{name}-{order.lines[0].id}-error"' in answer.text
    assert (WORDS if name == 'stars' else typed) in answer.text
    assert re.search(r'name="named-\d+"[^>]*checked', answer.text)
    assert count(ProductReview) == 0


def test_a_file_that_is_no_picture_is_named_and_nothing_is_kept(client, user, order):
    client.sign_in(user)
    before = count(Photo)
    answer = send(client, order, photo=[(picture(), '1.png'), (io.BytesIO(b'<svg xmlns="x"/>'), '<b>2.svg')])
    assert answer.status_code == 422
    assert '&lt;b&gt;2.svg：不接受 SVG' in answer.text
    many = [(picture(), f'{n}.png') for n in range(7)]
    assert '照片最多 6 张' in send(client, order, photo=many).text
    assert (count(ProductReview), count(Photo)) == (0, before)


def test_a_line_is_reviewed_once_and_a_line_of_another_order_never(client, user, order):
    client.sign_in(user)
    foreign = make_received((make_listed_product(), 1))
    assert send(client, order).status_code == 303
    assert send(client, order, text='第二次来写的评价。').status_code == 303
    assert '已经评价过' in client.get(f'/orders/{order.number}/reviews').text
    for line in (foreign.lines[0].id, 'x', ''):
        assert client.post(f'/orders/{order.number}/reviews', data={'line': line}).status_code == 404
    assert db.session.scalars(select(ProductReview.text)).all() == [WORDS]


def test_a_refused_one_shows_why_is_put_right_and_withdrawn(client, user):
    tenure = make_tenure()
    order = make_received((make_listed_product(tenure=tenure), 1), actor=user)
    review = make_review(order, actor=user)
    with transaction():
        refuse_review(review, RefusalReason.ADVERTISING, actor=desk_user(tenure), at=clock.now())
    page = client.sign_in(user).get(f'/orders/{order.number}/reviews').text
    assert '原因：广告' in page
    assert send(client, order, text='改过了，没有广告。').status_code == 303
    assert db.session.get_one(ProductReview, review.id).status is ReviewStatus.AWAITING
    for _again in range(2):
        assert client.post(f'/orders/{order.number}/reviews/{order.lines[0].id}/withdrawal').status_code == 303
    assert db.session.get_one(ProductReview, review.id).status is ReviewStatus.WITHDRAWN
    assert '您已经撤回' in client.get(f'/orders/{order.number}/reviews').text


def published(product: Product, stars: int, text: str, **more) -> None:
    make_review(make_received((product, 1)), stars=stars, text=text, is_published=True, **more)


def test_everybody_reads_the_newest_and_all_of_them(client):
    product = make_listed_product(stock=50)
    assert '还没有评价' in client.get(f'/products/{product.slug}').text
    for n in range(6):
        published(product, 5 if n else 2, f'第{n}位买家说的话', photos=(make_photo(),) if n == 3 else ())
        clock.shift(timedelta(minutes=1))
    page = client.get(f'/products/{product.slug}').text
    assert '第5位买家' in page
    assert '第0位买家' not in page
    assert '>4.5</b>' in page
    assert f'/products/{product.slug}/reviews"' in page
    every = client.get(f'/products/{product.slug}/reviews').text
    assert every.count('<article class="rev">') == 6
    assert client.get(f'/products/{product.slug}/reviews?stars=2').text.count('<article') == 1
    assert client.get(f'/products/{product.slug}/reviews?photos=1').text.count('<article') == 1
    assert '★4.5' in client.get('/products').text


@pytest.mark.parametrize('query', ['page=-1', 'page=99', 'stars=x', 'stars=٣', 'photos=%00', 'stars=5&page=2&photos=1'])
def test_odd_wishes_are_forgiven(client, query):
    product = make_listed_product(stock=50)
    published(product, 5, WORDS)
    answer = client.get(f'/products/{product.slug}/reviews?{query}')
    assert answer.status_code == 200
    assert WORDS in answer.text
    assert client.get('/products/no-such/reviews').status_code == 404
