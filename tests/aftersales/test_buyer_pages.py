"""A buyer's after-sale in the browser's terms: choosing, claiming, the case's page, the order's every fen."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from shop.aftersales.models import AftersaleCase, AftersalePhoto
from shop.aftersales.services import agree, refuse
from shop.aftersales.states import AftersaleStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.orders.models import Order, OrderStatus
from tests.factories.accounts import make_user
from tests.factories.aftersales import by_village, open_claim
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_payout, pool_of
from tests.factories.orders import bought, pay, place, receive, ship
from tests.factories.villages import desk_user, make_tenure

S = AftersaleStatus


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def product(tenure):
    return make_listed_product(tenure=tenure, price_fen=1000, rule=333, stock=10)


@pytest.fixture
def buyer(client):
    user = make_user()
    client.sign_in(user)
    return user


@pytest.fixture
def order(product, buyer):
    checkout = place((product, 3), actor=buyer)
    pay(checkout)
    return ship(checkout.orders[0])


def picture() -> tuple[BytesIO, str]:
    content = BytesIO()
    image = Image.new('RGB', (8, 8), (90, 20, 20))
    exif = image.getexif()
    exif[0x010F] = 'Phone'
    image.save(content, 'JPEG', exif=exif)
    content.seek(0)
    return content, 'bad.jpg'


def claim(client, order: Order, kind: str, **fields):
    form = {'line': order.lines[0].id, 'kind': kind, 'units': '1', 'reason': 'quality', 'text': '有异味', **fields}
    return client.post(f'/orders/{order.number}/aftersales', data=form, content_type='multipart/form-data')


def only_case() -> AftersaleCase:
    db.session.rollback()
    return db.session.scalars(select(AftersaleCase)).one()


def test_one_of_three_pieces_is_returned_and_every_fen_stands_on_the_order_page(client, order, tenure, product, buyer):
    """The issue's stranger: buys, returns one piece, finds every fen; a household was paid out between."""
    receive(order)
    make_payout(pool_of(product), households_of(product)[0], 333)
    assert '申请售后' in client.get(f'/orders/{order.number}').text
    chosen = client.get(f'/orders/{order.number}/aftersales').text
    assert f'/orders/{order.number}/aftersales/new?line={order.lines[0].id}&amp;kind=return_refund' in chosen
    form = client.get(f'/orders/{order.number}/aftersales/new?line={order.lines[0].id}&kind=return_refund').text
    assert '1 件，退 ¥10.00' in form
    assert claim(client, order, 'return_refund', photos=picture()).status_code == 303
    case = only_case()
    assert (case.number, case.amount_fen, len(case.events[0].photos)) == (f'{order.number}-1', 1000, 1)
    assert '还剩 2 天' in client.get(f'/aftersales/{case.number}').text
    client.sign_in(desk_user(tenure))
    desk = f'/desk/aftersales/{case.number}'
    assert '售后等村里办' in client.get('/desk/').text
    assert client.post(f'{desk}/agreement').status_code == 303
    client.sign_in(buyer)
    parcel = {'courier': 'sf', 'tracking_number': 'SF 1234 5678 90123'}
    assert client.post(f'/aftersales/{case.number}/parcel', data=parcel).status_code == 303
    client.sign_in(desk_user(tenure))
    counted = {'arrive-restocked': '0', 'arrive-damaged': '1'}
    assert client.post(f'{desk}/arrival', data=counted).status_code == 303
    client.sign_in(buyer)
    page = client.get(f'/orders/{order.number}').text
    for told in (
        '每一分钱',
        '¥30.00',
        '¥10.00',
        '¥20.00',
        '退款前 ¥9.99，现在 ¥9.97',
        '¥3.31：农户已经到手的，不往回要',
    ):
        assert told in page
    assert 'aria-current="page">退款/售后 <span class="num">1</span>' in client.get('/orders?tab=aftersales').text
    assert find_faults() == []


@pytest.mark.parametrize(
    ('kind', 'fields', 'message', 'kept'),
    [
        ('return_refund', {'units': '9'}, '件数填 1 到 3 的整数', '有异味'),
        ('return_refund', {'reason': 'short'}, '选择申请原因', '有异味'),
        ('refund_only', {'measure': 'amount', 'amount': '30.01'}, '¥30.00 之间', 'value="30.01"'),
        ('refund_only', {'measure': 'amount', 'amount': '很多', 'reason': 'short'}, '金额填金额', 'value="很多"'),
        ('spoiled', {'reason': 'spoiled'}, '坏果包赔要有照片', '有异味'),
        ('return_refund', {'photos': (b'no picture', 'a.txt')}, 'a.txt：', '有异味'),
        ('return_refund', {'text': '长' * 501}, '说明最多 500 字，现有 501 字', '选择'),
    ],
)
def test_what_cannot_be_claimed_is_told_beside_its_field_and_kept(client, order, kind, fields, message, kept):
    if 'photos' in fields:  # a file is read once, the databases are two
        content, name = fields['photos']
        fields = {**fields, 'photos': (BytesIO(content), name)}
    answer = claim(client, order, kind, **fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert kept in answer.text
    assert db.session.scalars(select(AftersaleCase)).all() == []
    assert db.session.scalars(select(AftersalePhoto)).all() == []


def test_a_second_claim_leads_to_the_first(client, order):
    claim(client, order, 'return_refund')
    again = claim(client, order, 'replace')
    assert (again.status_code, again.headers['Location']) == (303, f'/aftersales/{only_case().number}')
    assert '有一件售后正在办' in client.get(f'/orders/{order.number}/aftersales').text


def test_what_is_not_possible_any_more_leads_back_to_what_is(client, order):
    receive(order)
    clock.shift(timedelta(days=8))
    new = f'/orders/{order.number}/aftersales/new?line={order.lines[0].id}&kind=return_refund'
    assert client.get(new).headers['Location'] == f'/orders/{order.number}/aftersales'
    assert claim(client, order, 'return_refund').headers['Location'] == f'/orders/{order.number}/aftersales'
    assert '过了售后期' in client.get(f'/orders/{order.number}/aftersales').text


def test_a_dispute_stops_receiving_until_the_claim_is_withdrawn(client, order):
    claim(client, order, 'return_refund')
    number = only_case().number
    assert '自动收货的时间已经停住' in client.get(f'/orders/{order.number}').text
    client.post(f'/orders/{order.number}/receipt')
    assert db.session.get_one(Order, order.id).status is OrderStatus.AWAITING_RECEIPT
    assert client.post(f'/aftersales/{number}/withdrawal').status_code == 303
    assert client.post(f'/aftersales/{number}/withdrawal').status_code == 422
    client.post(f'/orders/{order.number}/receipt')
    assert db.session.scalars(select(Order.status)).one() is OrderStatus.COMPLETED


def test_a_refusal_is_appealed_with_words_and_a_parcel_with_a_number(client, order, tenure, buyer):
    case = open_claim(order.lines[0], 'return_refund', actor=buyer)
    with transaction():
        refuse(case, '没有问题', step=by_village(desk_user(tenure)))
    number = case.number
    empty = client.post(f'/aftersales/{number}/appeal', data={'appeal-text': ' '})
    assert empty.status_code == 422
    assert 'id="appeal-text-error"' in empty.text
    more = client.post(f'/aftersales/{number}/evidence', data={'more-text': '补一张', 'more-photos': picture()})
    assert more.status_code == 303
    assert client.post(f'/aftersales/{number}/appeal', data={'appeal-text': '真的有'}).status_code == 303
    page = client.get(f'/aftersales/{number}').text
    assert only_case().status is S.AT_PLATFORM
    for told in ('平台介入', '没有问题', '补一张', '真的有', '买家补充说明'):
        assert told in page
    wrong = client.post(f'/aftersales/{number}/parcel', data={'courier': 'zto', 'tracking_number': 'x1'})
    assert wrong.status_code == 422


def test_a_parcel_without_a_right_number_stays_typed(client, order, tenure, buyer):
    case = open_claim(order.lines[0], 'return_refund', actor=buyer)
    with transaction():
        agree(case, step=by_village(desk_user(tenure)))
    answer = client.post(f'/aftersales/{case.number}/parcel', data={'courier': 'zto', 'tracking_number': 'x1'})
    assert answer.status_code == 422
    assert '这不像中通快递的运单号' in answer.text
    assert 'value="x1"' in answer.text


def test_nobody_sees_or_touches_the_case_of_another(client, product):
    case = open_claim(ship(bought((product, 1))).lines[0], 'return_refund')
    client.sign_in(make_user())
    assert client.get(f'/aftersales/{case.number}').status_code == 404
    assert client.get(f'/orders/{case.order.number}/aftersales').status_code == 404
    for part in ('parcel', 'withdrawal', 'appeal', 'evidence'):
        assert client.post(f'/aftersales/{case.number}/{part}').status_code == 404
