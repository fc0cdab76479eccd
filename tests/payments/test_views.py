"""The sandbox's page and the way back, as a buyer's browser asks for them."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.payments.models import Payment, PaymentStatus, SandboxDelivery
from shop.payments.sandbox import SandboxGateway
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, pay, place


@pytest.fixture
def reference(app) -> str:
    return make_payment(place((make_listed_product(stock=5), 1))).reference


def status() -> PaymentStatus:
    db.session.rollback()
    return db.session.scalars(select(Payment.status)).one()


def test_pressing_pay_sends_a_signed_event_over_http(app, live_server, reference):
    app.config['TESTING'] = False
    address = f'{live_server.url}/sandbox/pay/{reference}'
    with pytest.raises(HTTPError, match='404'):  # led on to an order that only its buyer sees
        urlopen(Request(address, data=b'action=pay', headers={'Origin': live_server.url}))
    assert status() is PaymentStatus.SUCCEEDED
    delivery = db.session.scalars(select(SandboxDelivery)).one()
    assert (delivery.attempts, delivery.delivered_at is not None) == (1, True)


def test_the_page_of_a_paid_payment_leads_on(client, app):
    checkout = place((make_listed_product(stock=5), 1))
    reference = pay(checkout).reference
    assert client.get(f'/sandbox/pay/{reference}').headers['Location'] == f'/payments/{reference}/return'
    back = client.get(f'/payments/{reference}/return')
    assert back.headers['Location'] == f'/orders/{checkout.orders[0].number}'


def test_a_wrong_amount_is_told_on_the_way_back(client, app, reference):
    with transaction():
        payment = db.session.scalars(select(Payment)).one()
        SandboxGateway().pay(payment, at=clock.now(), amount_fen=payment.amount_fen + 1)
    client.get(f'/payments/{reference}/return')
    assert status() is PaymentStatus.HELD
    assert '已转人工核对' in client.get('/products').text


def test_two_parcels_lead_back_to_the_list(client, app):
    checkout = place((make_listed_product(stock=5), 1), (make_listed_product(name='椴树蜜', stock=5), 1))
    reference = pay(checkout).reference
    assert client.get(f'/payments/{reference}/return').headers['Location'] == '/orders'


def test_a_payment_nobody_started_is_not_there(client):
    for method in (client.get, client.post):
        assert method('/sandbox/pay/no-such').status_code == 404
    assert client.get('/payments/no-such/return').status_code == 404
