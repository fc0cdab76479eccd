"""Asking for an invoice at the checkout and on the order page, and the village's desk that answers."""

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.invoice import InvoiceRequest, InvoiceStatus
from shop.orders.models import Order
from shop.payments.refunds import Piece, refund_lines
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay
from tests.factories.villages import make_village
from tests.storefront.buying import check_out, count, put

UNIT = {
    'invoice': '1', 'invoice_kind': 'unit', 'invoice_title': '通化市食堂', 'tax_number': '91220501ma0y0001xw',
    'invoice_email': 'unit@example.com',
}  # fmt: skip
NUMBER = '26222000000000000001'


@pytest.fixture
def order(client, clock_hand) -> Order:
    """A guest's paid order with a request."""
    put(client, make_listed_product(price_fen=3990, stock=5), 2)
    assert check_out(client, **UNIT).status_code == 303
    order = db.session.scalars(select(Order)).one()
    pay(order.checkout)
    return order


@pytest.fixture
def desk(app, order):
    """The first secretary of the village at the desk."""
    return app.test_client().sign_in(make_user(Role.FIRST_SECRETARY, village=order.village))


def test_the_request_is_shown_answered_and_seen(client, desk, order):
    page = client.get(f'/orders/{order.number}').text
    for words in ('待开票', '通化市食堂', '91220501MA0Y0001XW', 'unit@example.com', '修改开票信息'):
        assert words in page
    assert '发票待开' in desk.get('/desk/').text
    assert '通化市食堂' in desk.get('/desk/invoices').text
    asked = db.session.scalars(select(InvoiceRequest)).one()
    form = {'number': NUMBER, 'issued_on': clock.today().isoformat(), 'link': 'https://invoice.example.com/1'}
    refused = desk.post(f'/desk/invoices/{asked.id}', data={**form, 'number': '12'})
    assert refused.status_code == 422
    assert '20 位数字' in refused.text
    assert 'https://invoice.example.com/1' in refused.text
    assert desk.post(f'/desk/invoices/{asked.id}', data={**form, 'issued_on': 'x'}).status_code == 422
    assert desk.post(f'/desk/invoices/{asked.id}', data=form).status_code == 303
    seen = client.get(f'/orders/{order.number}').text
    for words in ('已开票', NUMBER, '¥79.80', 'https://invoice.example.com/1'):
        assert words in seen
    assert '修改开票信息' not in seen
    assert '没有待开的发票' in desk.get('/desk/invoices').text
    assert NUMBER in desk.get('/desk/invoices?tab=issued').text


def test_the_sum_is_what_was_paid_less_what_was_given_back(client, desk, order):
    asked = db.session.scalars(select(InvoiceRequest)).one()
    form = {'number': NUMBER, 'issued_on': clock.today().isoformat()}
    for given, fen in ((990, 6990), (1000, 5990)):
        with transaction():
            piece = Piece(order.lines[0].id, 0, given)
            refund_lines(order, [piece], freight_fen=0, reason='坏果', actor=None, at=clock.now())
        outdated = desk.get('/desk/invoices?tab=issued').text
        assert ('请红冲原票' in outdated) == (asked.status is InvoiceStatus.ISSUED)
        assert desk.post(f'/desk/invoices/{asked.id}', data=form).status_code == 303
        assert db.session.get_one(InvoiceRequest, asked.id).amount_fen == fen
    assert '¥59.90' in client.get(f'/orders/{order.number}').text


def test_another_village_and_another_buyer_find_nothing(app, order):
    asked = db.session.scalars(select(InvoiceRequest)).one()
    other = app.test_client().sign_in(make_user(Role.TEAM_MEMBER, village=make_village()))
    assert other.post(f'/desk/invoices/{asked.id}', data={'number': NUMBER}).status_code == 404
    assert other.get(f'/orders/{order.number}/invoice').status_code == 404
    assert other.post(f'/orders/{order.number}/invoice', data=UNIT).status_code == 404
    assert '没有待开的发票' in other.get('/desk/invoices').text


@pytest.mark.parametrize(
    ('field', 'typed', 'words'),
    [
        ('invoice_title', '', '请填写发票抬头'),
        ('tax_number', '91220501MA0Y0001X1', '校验位'),
        ('tax_number', '', '18 位统一社会信用代码'),
        ('invoice_email', 'nobody', '请填写收电子发票的邮箱'),
        ('invoice_kind', 'x', '个人还是单位'),
    ],
)
def test_a_wrong_field_is_told_and_the_rest_stays(client, clock_hand, field, typed, words):
    put(client, make_listed_product(stock=5))
    answer = check_out(client, **{**UNIT, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert ('通化市食堂' in answer.text) == (field != 'invoice_title')
    assert count(Order) == 0


def test_it_can_be_asked_for_later_and_changed(client, clock_hand):
    put(client, make_listed_product(stock=5))
    assert check_out(client, invoice_title='没有勾选').status_code == 303
    number = db.session.scalars(select(Order.number)).one()
    assert '申请发票' in client.get(f'/orders/{number}').text
    assert client.post(f'/orders/{number}/invoice', data={**UNIT, 'tax_number': '1'}).status_code == 422
    assert client.post(f'/orders/{number}/invoice', data=UNIT).status_code == 303
    person = {'invoice_kind': 'person', 'invoice_title': '李红', 'invoice_email': 'li@example.com'}
    assert '通化市食堂' in client.get(f'/orders/{number}/invoice').text
    assert client.post(f'/orders/{number}/invoice', data=person).status_code == 303
    asked = db.session.scalars(select(InvoiceRequest)).one()
    assert (asked.title, asked.tax_number, len(asked.steps)) == ('李红', None, 2)
    client.post(f'/orders/{number}/cancellation')
    refused = client.post(f'/orders/{number}/invoice', data=person)
    assert refused.status_code == 422
    assert '已取消或关闭' in refused.text
