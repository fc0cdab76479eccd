"""The sandbox's page and the way back to the order."""

import pytest

from shop.kit.database import db, transaction
from shop.orders.models import Checkout
from shop.payments import views
from shop.payments.models import Payment, PaymentStatus
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, pay, place

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def checkout() -> Checkout:
    return place((make_listed_product(), 1))


@pytest.fixture
def payment(checkout) -> Payment:
    return make_payment(checkout)


def test_a_payment_that_is_done_is_not_asked_for_again(client, payment, checkout):
    pay(checkout)
    answer = client.get(f'/sandbox/pay/{payment.reference}')
    assert (answer.status_code, answer.location) == (303, f'/payments/{payment.reference}/return')


@pytest.mark.parametrize('path', ['/sandbox/pay/nobody', '/payments/nobody/return'])
def test_a_payment_nobody_started_is_not_found(client, payment, path):
    assert client.get(path).status_code == 404


def test_a_held_payment_sends_the_buyer_to_a_person(client, payment, checkout):
    with transaction():
        payment.status = PaymentStatus.HELD
    answer = client.get(f'/payments/{payment.reference}/return')
    assert (answer.status_code, answer.location) == (303, f'/orders/{checkout.orders[0].number}')
    assert '已转人工核对' in client.get('/').text


def test_the_event_goes_to_this_very_server_whatever_the_request_calls_it(app, client, payment, monkeypatch):
    sent = []
    monkeypatch.setattr(views, 'deliver_over_http', lambda address, **facts: sent.append((address, facts['reference'])))
    monkeypatch.setitem(app.config, 'TESTING', False)
    reference = payment.reference
    answer = client.post(f'/sandbox/pay/{reference}', data={'action': 'pay'}, headers={'Host': 'evil.example'})
    assert answer.status_code == 303
    assert sent == [('http://localhost:80', reference)]
    db.session.rollback()
    assert payment.status is PaymentStatus.PENDING


def test_who_declines_comes_back_to_an_order_that_waits(client, payment):
    answer = client.post(f'/sandbox/pay/{payment.reference}', data={'action': 'decline'})
    assert answer.location == f'/payments/{payment.reference}/return'
    assert '没有付款。订单还保留着' in client.get('/').text
    db.session.rollback()
    assert payment.status is PaymentStatus.PENDING


def test_who_pays_comes_back_to_a_paid_order(client, payment):
    reference = payment.reference
    assert client.post(f'/sandbox/pay/{reference}', data={'action': 'pay'}).status_code == 303
    client.get(f'/payments/{reference}/return')
    assert '付款成功' in client.get('/').text


def test_who_comes_back_from_a_transfer_is_told_nothing_new(client, payment):
    location = client.post(f'/payments/{payment.reference}/transfer').location
    back = client.get(location.replace('/transfer', '/return'))
    assert back.location.startswith('/orders/')
    assert 'class="flash"' not in client.get('/').text


def test_the_sandboxs_page_is_for_its_own_payments(client, payment):
    location = client.post(f'/payments/{payment.reference}/transfer').location
    assert client.get(f'/sandbox/pay/{location.split("/")[2]}').status_code == 404
