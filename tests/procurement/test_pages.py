"""The pages of institutions walked through as their people do, and closed to everybody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import Role, RoleGrant
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.models import OrderStatus
from shop.payments.models import Payment
from shop.payments.refunds import Piece, refund_lines
from shop.procurement.budget_list import BudgetList
from shop.procurement.employment import Employment, PurchaseCredit
from shop.procurement.institution import Institution, InstitutionStatus
from shop.procurement.models import ProcurementInvoice, ProcurementOrder, ProcurementStatus
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, ship
from tests.factories.procurement import (
    accept,
    approve,
    credit_code,
    deliver,
    fund,
    invoice,
    link_employee,
    make_institution,
    make_people,
    parts_of,
    submit,
)
from tests.factories.regions import make_county
from tests.factories.villages import desk_user, make_tenure, make_village

APPLICATION = {
    'name': '市第一中学', 'credit_code': credit_code(7), 'address': '建设大街 1 号', 'phone': '0435-7212345',
    'budget': '300',
}  # fmt: skip
ORDER = {
    'title': '中秋慰问', 'heads': '10', 'budget': '100', 'recipient': '孙采购', 'phone': '13800000000',
    'province': '220000', 'city': '220500', 'county': '220524', 'street': '建设大街 1 号',
    'invoice_title': '市第一中学', 'invoice_code': credit_code(7), 'then': 'submit',
}  # fmt: skip


@pytest.fixture
def village(app, clock_hand):
    return make_village()


@pytest.fixture
def honey(village):
    return make_listed_product(name='椴树蜜', price_fen=5000, stock=50, village=village)


def only(model):
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def test_an_institution_applies_is_admitted_and_invites_its_people(client, village):
    sun, gao = make_user(login_name='sun', name='孙采购'), make_user(login_name='gao', name='高审批')
    county, elsewhere = village.county, make_county('集安市')
    client.sign_in(sun)
    assert '登记我的单位' in client.get('/institution').text
    wrong = client.post('/institution/application', data={**APPLICATION, 'credit_code': '1' * 18, 'region': county.id})
    assert (wrong.status_code, '校验位' in wrong.text, APPLICATION['name'] in wrong.text) == (422, True, True)
    assert client.post('/institution/application', data={**APPLICATION, 'region': county.id}).status_code == 303
    again = client.post('/institution/application', data={**APPLICATION, 'region': county.id})
    assert (again.status_code, '已经登记' in again.text) == (422, True)
    assert '待核准' in client.get('/institution').text
    unit = only(Institution).id
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=elsewhere))
    assert client.get(f'/office/institutions/{unit}').status_code == 404
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=county))
    assert '市第一中学' in client.get('/office/institutions?status=applied').text
    silent = client.post(f'/office/institutions/{unit}/decision', data={'decision': 'refuse'})
    assert (silent.status_code, '写明原因' in silent.text) == (422, True)
    client.post(f'/office/institutions/{unit}/decision', data={'decision': 'admit'})
    assert only(Institution).status is InstitutionStatus.ADMITTED
    client.sign_in(sun)
    for name, told in (('nobody', '没有这个登录名'), ('gao', None)):
        answer = client.post('/institution/members', data={'login_name': name, 'role': 'institution_approver'})
        assert answer.status_code == (303 if told is None else 422)
        assert told is None or told in answer.text
    assert client.post('/institution/members', data={'login_name': 'gao', 'role': 'auditor'}).status_code == 422
    grants = {
        grant.role: grant for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.institution_id == unit))
    }
    assert set(grants) == {Role.INSTITUTION_BUYER, Role.INSTITUTION_APPROVER}
    own = grants[Role.INSTITUTION_BUYER].id
    assert client.post(f'/institution/members/{own}/revocation').status_code == 404, 'the department appoints buyers'
    client.sign_in(gao)
    assert '市第一中学' in client.get('/institution').text


def test_nobody_admits_what_they_applied_for(client, village):
    officer = make_user(Role.COUNTY_DEPARTMENT, region=village.county)
    unit = make_institution(region=village.county, status=InstitutionStatus.APPLIED, applied_by=officer).id
    answer = client.sign_in(officer).post(f'/office/institutions/{unit}/decision', data={'decision': 'admit'})
    assert (answer.status_code, '由别人核准' in answer.text) == (422, True)


def test_from_the_list_to_the_certificate(client, village, honey):
    institution = make_institution('市第一中学', region=village.county)
    buyer, approver = make_people(institution)
    variant = honey.variants[0].id
    client.sign_in(buyer)
    assert client.get('/institution/orders/new').location == '/procurement/list'
    client.post('/procurement/list/lines', data={'variant': variant, 'mode': 'per_head'})
    assert '市第一中学' in client.get('/institution/orders/new').text
    bad = client.post('/institution/orders', data={**ORDER, f'quantity-{variant}': '4', 'county': '110000'})
    assert (bad.status_code, '请选全省、市、县三级' in bad.text, only(BudgetList).title) == (422, True, '')
    empty = client.post('/institution/orders', data={**ORDER, f'quantity-{variant}': '0'})
    assert (empty.status_code, '至少留一件商品' in empty.text) == (422, True)
    changed = client.post('/institution/orders', data={**ORDER, f'quantity-{variant}': '4', f'price-{variant}': '4900'})
    assert (changed.status_code, '¥49.00 变成了 ¥50.00' in changed.text) == (422, True)
    page = client.post('/institution/orders', data={**ORDER, f'quantity-{variant}': '4'}).location
    order = only(ProcurementOrder)
    assert (order.status, page) == (ProcurementStatus.IN_REVIEW, f'/institution/orders/{order.number}')
    assert client.post(f'{page}/approval').status_code == 404, 'a buyer is no approver'
    client.sign_in(approver)
    assert client.post(f'{page}/return', data={'reason': ''}).status_code == 409
    client.post(f'{page}/return', data={'reason': '少买一件'})
    client.sign_in(buyer)
    assert '少买一件' in client.get(f'{page}/draft').text
    client.post(f'{page}/draft', data={**ORDER, f'quantity-{variant}': '3'})
    client.sign_in(approver).post(f'{page}/approval')
    payment = only(Payment)
    assert (payment.amount_fen, payment.transfer_code in client.get(page).text) == (15_000, True)
    assert client.get(f'{page}/acceptance').status_code == 404
    fund(only(ProcurementOrder))
    part = ship(parts_of(only(ProcurementOrder))[0])
    client.sign_in(buyer)
    assert '已发货' in client.get(page).text, 'before the worker has looked'
    assert client.post(f'{page}/arrival').location == f'{page}/acceptance'
    line = part.lines[0].id
    for typed, told in (('4', '应到 3 件'), ('x', '填 0 或件数')):
        wrong = client.post(f'{page}/acceptance', data={f'short-{line}': typed, 'signed_name': '孙'})
        assert (wrong.status_code, told in wrong.text, f'value="{typed}"' in wrong.text) == (422, True, True)
    client.post(f'{page}/acceptance', data={f'short-{line}': '1', 'signed_name': '孙采购', 'note': '少一瓶'})
    assert '孙采购' in client.get(f'{page}/acceptance').text
    certificate = client.post(f'{page}/certificate').location
    client.sign_out()
    shown = client.get(certificate).text
    for told in ('市第一中学', '¥100.00', '椴树蜜', village.name, '少于 5'):
        assert told in shown, told
    assert '农户1' not in shown
    code = certificate.rsplit('/', 1)[1]
    assert client.get(f'/procurement/certificates?code={code.lower().replace("-", " ")}').location == certificate
    assert client.get('/procurement/certificates?code=ABCD').status_code == 404
    assert client.get('/procurement/certificates/ABCD').status_code == 404


def test_other_institutions_see_nothing(client, village, honey):
    institution = make_institution(region=village.county)
    order = submit(institution, make_people(institution)[0], (honey, 1))
    page = f'/institution/orders/{order.number}'
    for stranger in make_people(make_institution()):
        client.sign_in(stranger)
        for path in (page, f'{page}/draft', f'{page}/acceptance'):
            assert client.get(path).status_code == 404
        for act in ('approval', 'return', 'cancellation', 'submission', 'arrival', 'acceptance', 'certificate', 'list'):
            assert client.post(f'{page}/{act}').status_code == 404
    assert only(ProcurementOrder).status is ProcurementStatus.IN_REVIEW


def test_the_buyer_cancels_and_takes_the_goods_back_to_the_list(client, village, honey):
    institution = make_institution(region=village.county)
    buyer, approver = make_people(institution)
    page = f'/institution/orders/{approve(submit(institution, buyer, (honey, 6)), approver).number}'
    client.sign_in(buyer)
    assert client.post(f'{page}/cancellation').status_code == 303
    assert client.post(f'{page}/cancellation').status_code == 409
    assert client.post(f'{page}/list').location == '/procurement/list'
    assert [(line.quantity, line.is_per_head) for line in only(BudgetList).lines] == [(6, False)]
    assert '已取消' in client.get('/institution?status=cancelled').text


def test_the_village_or_the_department_records_the_invoice(client):
    tenure = make_tenure()
    village = tenure.village
    honey = make_listed_product(tenure=tenure, price_fen=5000, stock=50)
    institution = make_institution(region=village.county)
    buyer, approver = make_people(institution)
    numbers = []
    for _turn in range(2):
        order = deliver(fund(approve(submit(institution, buyer, (honey, 2)), approver)), buyer)
        numbers.append(parts_of(accept(order, buyer))[0].number)
    number, day = '1' * 20, clock.today().isoformat()
    client.sign_in(desk_user(make_tenure(make_village('柞岗村'))))
    address, good = f'/desk/institution-invoices/{numbers[0]}', {'number': number, 'issued_on': day}
    assert client.post(address, data=good).status_code == 404
    client.sign_in(desk_user(tenure))
    assert client.get('/desk/institution-invoices').text.count('登记发票') == 2
    for typed, told in (({'number': '12', 'issued_on': day}, '20 位数字'), ({'number': number}, '开票日期')):
        wrong = client.post(address, data=typed)
        assert (wrong.status_code, told in wrong.text) == (422, True)
    assert client.post(address, data=good).status_code == 303
    open_ones = client.get('/desk/institution-invoices').text.count('登记发票')
    assert (only(ProcurementInvoice).amount_fen, open_ones) == (10_000, 1)
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=village.county))
    address = f'/office/institutions/{institution.id}/invoices/{numbers[1]}'
    other = make_institution(region=village.county).id
    assert client.post(address.replace(f'/{institution.id}/', f'/{other}/'), data={}).status_code == 404
    twice = client.post(address, data={'number': number, 'issued_on': day})
    assert (twice.status_code, '已经登记过' in twice.text) == (422, True)
    assert client.post(address, data={'number': '12345678', 'issued_on': day}).status_code == 303
    assert set(db.session.scalars(select(ProcurementOrder.status))) == {ProcurementStatus.SETTLED}


def test_the_tick_at_the_checkout_counts_one_purchase(client, village, honey):
    institution = make_institution('市第一中学', region=village.county)
    buyer, _ = make_people(institution)
    employee = make_user()
    client.sign_in(employee)
    assert client.post('/account/institution', data={'institution': '市一中'}).status_code == 422
    client.post('/account/institution', data={'institution': '市第一中学'})
    client.sign_in(buyer).post(f'/institution/employments/{only(Employment).id}/decision', data={'decision': 'agree'})
    client.sign_in(employee)
    for ticked in (False, True):
        client.post('/basket/lines', data={'variant': honey.variants[0].id, 'quantity': '1'})
        page = client.get('/checkout').text
        assert '计入本单位消费帮扶（市第一中学）' in page
        token = page.split('name="form_token" value="')[1].split('"')[0]
        form = {
            'form_token': token, 'line': f'{honey.variants[0].id}:1:5000', 'recipient': HOME.recipient,
            'phone': HOME.phone, 'province': HOME.province_code, 'city': HOME.city_code, 'county': HOME.county_code,
            'street': HOME.street, **({'credit': '1'} if ticked else {}),
        }  # fmt: skip
        assert client.post('/checkout', data=form).status_code == 303
    assert only(PurchaseCredit).institution_id == institution.id
    assert client.post('/account/institution/ending').status_code == 303
    assert '计入本单位' not in client.get('/basket').text
    assert client.post('/account/institution/ending').status_code == 404


def test_a_later_refund_shows_on_the_certificate(client, village, honey):
    institution = make_institution(region=village.county)
    buyer, approver = make_people(institution)
    order = invoice(
        accept(deliver(fund(approve(submit(institution, buyer, (honey, 2)), approver)), buyer), buyer), buyer
    )
    assert parts_of(order)[0].status is OrderStatus.COMPLETED
    code = order.certificate.code
    clock.shift(timedelta(days=1))
    part = parts_of(order)[0]
    with transaction():
        give_back(part)
    page = client.get(f'/procurement/certificates/{code}').text
    assert '¥100.00' in page
    assert '出具以后又退款 ¥50.00，现净额 ¥50.00' in page


def give_back(part):
    piece = Piece(part.lines[0].id, 1, 5000)
    refund_lines(part, [piece], freight_fen=0, reason='坏果', actor=None, at=clock.now())


def test_an_institution_that_has_left_or_a_link_that_ended_gives_nothing(client, village, honey):
    institution = make_institution(region=village.county)
    buyer, _ = make_people(institution)
    employee = make_user()
    employment = link_employee(institution, buyer, employee)
    client.sign_in(buyer).post(f'/institution/employments/{employment.id}/decision', data={'decision': 'end'})
    client.sign_in(employee)
    client.post('/basket/lines', data={'variant': honey.variants[0].id, 'quantity': '1'})
    assert '计入本单位' not in client.get('/checkout').text
