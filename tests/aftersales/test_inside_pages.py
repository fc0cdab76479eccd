"""After-sale at the village desk and at the department."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from shop.accounts.models import Role
from shop.aftersales.models import AftersaleCase
from shop.aftersales.services import agree, appeal, refuse, send_back
from shop.aftersales.states import AftersaleStatus, Ruling
from shop.aftersales.worker import pass_deadlines
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.models import Courier
from shop.payments.models import RefundStatus
from shop.payments.worker import deliver_within
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.aftersales import TERMS, by_village, open_claim, step_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought, make_freight, ship, stock_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_team_member, make_tenure

S = AftersaleStatus


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def product(tenure):
    supplier = make_supplier(tenure.village)
    make_freight(supplier)
    return make_listed_product(tenure=tenure, supplier=supplier, price_fen=1000, rule=333, stock=10)


@pytest.fixture
def case(product):
    return open_claim(ship(bought((product, 3))).lines[0], 'return_refund', 2)


@pytest.fixture
def desk(client, tenure):
    return client.sign_in(desk_user(tenure))


def status_of(case: AftersaleCase) -> AftersaleStatus:
    return db.session.scalars(select(AftersaleCase.status).where(AftersaleCase.id == case.id)).one()


def to_platform(case: AftersaleCase, tenure) -> None:
    with transaction():
        refuse(case, '没有问题', step=by_village(desk_user(tenure)))
    with transaction():
        appeal(case, '真的有', step=step_of())


def test_cases_stand_under_what_is_to_be_done(desk, case):
    address = f'/desk/aftersales/{case.number}'
    assert address in desk.get('/desk/aftersales').text
    assert address not in desk.get('/desk/aftersales?tab=ended').text
    assert '等村里办 <span class="num">1</span>' in desk.get('/desk/aftersales?tab=odd&page=x').text
    assert '同意，请买家寄回' in desk.get(address).text
    assert '有售后没有办完' in desk.get(f'/desk/orders/{case.order.number}').text


def test_freight_beside_the_goods_is_read_and_held_to_what_there_is(desk, case):
    for typed, message in (('x', '另退运费填金额'), ('99', '另退的运费不能多于还没退的运费')):
        answer = desk.post(f'/desk/aftersales/{case.number}/agreement', data={'agree-freight': typed})
        assert answer.status_code == 422
        assert message in answer.text
    assert desk.post(f'/desk/aftersales/{case.number}/agreement', data={'agree-freight': '8'}).status_code == 303
    assert db.session.scalars(select(AftersaleCase.freight_fen)).one() == 800


def test_a_refusal_needs_its_reason_and_shows_its_photo(desk, case):
    refused = desk.post(f'/desk/aftersales/{case.number}/refusal', data={'refuse-text': ''})
    assert refused.status_code == 422
    assert 'id="refuse-text-error"' in refused.text
    content = BytesIO()
    Image.new('RGB', (8, 8)).save(content, 'PNG')
    content.seek(0)
    form = {'refuse-text': '发货前拍过照', 'refuse-photos': (content, 'sent.png')}
    assert desk.post(f'/desk/aftersales/{case.number}/refusal', data=form).status_code == 303
    page = desk.get(f'/desk/aftersales/{case.number}').text
    assert '发货前拍过照' in page
    assert '村里拍的秋木耳' in page
    assert desk.post(f'/desk/aftersales/{case.number}/evidence', data={'more-text': '再说一句'}).status_code == 303


@pytest.mark.parametrize('counted', [{}, {'arrive-restocked': '1', 'arrive-damaged': 'x'}, {'arrive-restocked': '2'}])
def test_what_came_back_is_counted_by_hand_and_whole(desk, case, product, tenure, counted):
    with transaction():
        agree(case, step=by_village(desk_user(tenure)))
    with transaction():
        send_back(case, Courier.ZTO, '751234567890', step=step_of())
    answer = desk.post(f'/desk/aftersales/{case.number}/arrival', data=counted)
    assert answer.status_code == 422
    assert '加起来要等于退回的 2 件' in answer.text
    assert (status_of(case), stock_of(product)) == (S.AWAITING_ARRIVAL, 7)
    whole = {'arrive-restocked': '1', 'arrive-damaged': '1'}
    assert desk.post(f'/desk/aftersales/{case.number}/arrival', data=whole).status_code == 303
    assert (status_of(case), stock_of(product)) == (S.REFUNDING, 8)
    assert '放回库存 1 件，报损 1 件' in desk.get(f'/desk/aftersales/{case.number}').text


def test_goods_are_sent_again_or_refunded_instead(desk, product, tenure):
    order = ship(bought((product, 3)))
    case = open_claim(order.lines[0], 'resend', 1)
    desk.post(f'/desk/aftersales/{case.number}/agreement')
    wrong = desk.post(f'/desk/aftersales/{case.number}/parcel', data={'courier': 'zto', 'tracking_number': 'x1'})
    assert wrong.status_code == 422
    assert 'value="x1"' in wrong.text
    form = {'courier': 'zto', 'tracking_number': '751234567890'}
    assert desk.post(f'/desk/aftersales/{case.number}/parcel', data=form).status_code == 303
    assert (status_of(case), stock_of(product)) == (S.RESENT, 6)
    again = open_claim(order.lines[0], 'resend', 1)
    desk.post(f'/desk/aftersales/{again.number}/agreement')
    assert desk.post(f'/desk/aftersales/{again.number}/refund').status_code == 303
    assert status_of(again) is S.REFUNDING


def test_a_refund_that_came_back_is_something_to_do_and_stock_is_decided_afterwards(desk, product):
    case = open_claim(bought((product, 3)).lines[0])
    desk.post(f'/desk/aftersales/{case.number}/agreement')
    deliver_within(at=clock.now())
    with transaction():
        case.refund.move(RefundStatus.FAILED, actor_id=None, at=clock.now(), reason='销户')
        case.refund.failure, case.refund.succeeded_at = '销户', None
    assert '退款没有到账（销户）' in desk.get('/desk/aftersales').text
    assert desk.post(f'/desk/aftersales/{case.number}/attempt').status_code == 303
    counted = {'stock-restocked': '1', 'stock-damaged': '0'}
    assert desk.post(f'/desk/aftersales/{case.number}/stock', data=counted).status_code == 303
    assert stock_of(product) == 8
    again = desk.post(f'/desk/orders/{case.order.number}/refunds', data={'reason': '不卖了'})
    assert again.status_code == 303


def test_an_open_claim_is_answered_before_the_whole_order_is_refunded(desk, product):
    case = open_claim(bought((product, 3)).lines[0])
    answer = desk.post(f'/desk/orders/{case.order.number}/refunds', data={'reason': '不卖了'})
    assert answer.status_code == 422
    assert '请先在“售后”里处理' in answer.text


def test_the_desk_of_another_village_does_not_have_it_and_the_team_gives_no_money(client, case, tenure):
    client.sign_in(desk_user(make_tenure()))
    assert client.get(f'/desk/aftersales/{case.number}').status_code == 404
    assert client.post(f'/desk/aftersales/{case.number}/agreement').status_code == 404
    client.sign_in(make_team_member(tenure.village))
    assert '同意，请买家寄回' not in client.get(f'/desk/aftersales/{case.number}').text
    assert client.post(f'/desk/aftersales/{case.number}/agreement').status_code == 404
    assert status_of(case) is S.AWAITING_VILLAGE


def test_the_department_sees_both_sides_and_rules(client, case, tenure):
    _township, county, _city = make_reviewers(tenure.village)
    client.sign_in(county)
    address = f'/office/aftersales/{case.number}'
    assert client.get(address).status_code == 404
    to_platform(case, tenure)
    assert address in client.get('/office/aftersales').text
    page = client.get(address).text
    for told in ('没有问题', '真的有', '2 件，共 ¥20.00'):
        assert told in page
    for form, message in (
        ({}, '选择支持哪一方'),
        ({'ruling': 'buyer', 'text': '照片清楚', 'amount': 'x'}, '退款金额填金额'),
        ({'ruling': 'buyer', 'text': '照片清楚', 'amount': '30.01'}, '退款金额填 ¥0.01 到 ¥30.00'),
        ({'ruling': 'buyer', 'text': '照片清楚', 'amount': '10', 'freight': '99'}, '另退的运费不能多于'),
        ({'ruling': 'village'}, '填写裁定理由'),
    ):
        answer = client.post(f'{address}/ruling', data=form)
        assert answer.status_code == 422
        assert message in answer.text
    form = {'ruling': 'buyer', 'text': '照片清楚', 'amount': '15.50', 'freight': '2'}
    assert client.post(f'{address}/ruling', data=form).status_code == 303
    db.session.rollback()
    assert (case.ruling, case.granted_fen, case.freight_fen) == (Ruling.BUYER, 1550, 200)
    assert '退给买家 ¥17.50，其中运费 ¥2.00' in client.get(address).text
    assert address in client.get('/office/aftersales?tab=ruled').text
    assert client.post(f'{address}/ruling', data=form).status_code == 422


def test_a_reader_reads_and_a_party_or_another_place_does_not_rule(client, case, tenure):
    to_platform(case, tenure)
    _township, county, city = make_reviewers(tenure.village)
    address, form = f'/office/aftersales/{case.number}', {'ruling': 'village', 'text': '证据不足'}
    client.sign_in(make_user(Role.AUDITOR, region=tenure.village.county))
    assert '由县、市组织部裁定，您可以看' in client.get(address).text
    assert client.post(f'{address}/ruling', data=form).status_code == 404
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=make_tenure().village.township))
    assert client.get(address).status_code == 404
    with transaction():
        case.order.user_id = county.id
    client.sign_in(county)
    assert '您是这件售后的当事人' in client.get(address).text
    assert client.post(f'{address}/ruling', data=form).status_code == 422
    assert client.sign_in(city).post(f'{address}/ruling', data=form).status_code == 303
    assert status_of(case) is S.RULED


def test_what_time_has_decided_is_said_before_the_worker_comes(desk, case, clock_hand):
    clock_hand.move(hours=48)
    assert '时限已到' in desk.get('/desk/aftersales').text
    assert '马上会自动往下走' in desk.get(f'/desk/aftersales/{case.number}').text
    assert pass_deadlines(terms=TERMS, at=clock.now()) == 1
    assert '等买家寄回' in desk.get(f'/desk/aftersales/{case.number}').text
