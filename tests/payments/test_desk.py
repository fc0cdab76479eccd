"""The village's orders at its desk: sending them, and giving the money back before they are sent."""

import pytest
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.models import Order, OrderStatus, Shipment
from shop.payments.models import Refund, RefundStatus
from shop.payments.worker import deliver_within
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought, place
from tests.factories.villages import desk_user, make_team_member, make_tenure


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def order(tenure):
    return bought((make_listed_product(tenure=tenure, price_fen=3990, stock=10), 3))


@pytest.fixture
def desk(client, tenure):
    return client.sign_in(desk_user(tenure))


def status_of(number: str) -> OrderStatus:
    return db.session.scalars(select(Order.status).where(Order.number == number)).one()


def test_orders_wait_under_their_status(desk, order):
    assert order.number in desk.get('/desk/orders').text
    assert order.number not in desk.get('/desk/orders?tab=completed').text
    assert order.number in desk.get('/desk/orders?tab=odd&page=x').text
    page = desk.get(f'/desk/orders/{order.number}').text
    assert '向阳路 1 号' in page
    assert '119.70' in page


def test_a_part_and_then_the_rest_are_sent(desk, order):
    line_id, number = order.lines[0].id, order.number
    form = {'courier': 'zto', 'tracking_number': '7563 0218 8344 71', f'units-{line_id}': '1'}
    assert desk.post(f'/desk/orders/{number}/shipments', data=form).status_code == 303
    assert status_of(number) is OrderStatus.PARTLY_SHIPPED
    form = {'courier': 'sf', 'tracking_number': 'SF1234567890123'}
    assert desk.post(f'/desk/orders/{number}/shipments', data=form).status_code == 303
    assert status_of(number) is OrderStatus.AWAITING_RECEIPT
    sent = db.session.scalars(select(Shipment).order_by(Shipment.id)).all()
    assert [(one.tracking_number, one.lines[0].quantity) for one in sent] == [
        ('75630218834471', 1),
        ('SF1234567890123', 2),
    ]


@pytest.mark.parametrize(
    ('field', 'typed', 'message'),
    [
        ('tracking_number', 'abc', '不像中通快递的运单号'),
        ('tracking_number', '', '不像中通快递的运单号'),
        ('units', '4', '不多于还没发的数量'),
        ('units', '0', '不多于还没发的数量'),
        ('units', 'x', '不多于还没发的数量'),
    ],
)
def test_what_cannot_be_sent_is_told_and_kept(desk, order, field, typed, message):
    name = f'units-{order.lines[0].id}' if field == 'units' else field
    form = {'courier': 'zto', 'tracking_number': '75630218834471', name: typed}
    answer = desk.post(f'/desk/orders/{order.number}/shipments', data=form)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{typed}"' in answer.text
    assert status_of(order.number) is OrderStatus.AWAITING_SHIPMENT


def test_an_order_that_cannot_be_sent_is_refunded_whole(desk, order):
    refused = desk.post(f'/desk/orders/{order.number}/refunds', data={'reason': ' '})
    assert refused.status_code == 422
    assert '请写明退款原因' in refused.text
    assert desk.post(f'/desk/orders/{order.number}/refunds', data={'reason': '大雪封路'}).status_code == 303
    assert status_of(order.number) is OrderStatus.CLOSED
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_fen, refund.reason, refund.status) == (11_970, '大雪封路', RefundStatus.REQUESTED)
    assert sorted(db.session.scalars(select(SalesEntry.amount_fen)).all()) == [-11_970, 11_970]
    db.session.rollback()
    deliver_within(at=clock.now())
    assert db.session.scalars(select(Refund.status)).one() is RefundStatus.SUCCEEDED
    assert find_faults() == []
    again = desk.post(f'/desk/orders/{order.number}/refunds', data={'reason': '大雪封路'})
    assert again.status_code == 422
    assert '大雪封路' in desk.get(f'/desk/orders/{order.number}').text


def test_the_team_sends_but_does_not_refund(client, tenure, order):
    client.sign_in(make_team_member(tenure.village))
    assert '整单退款' not in client.get(f'/desk/orders/{order.number}').text
    assert client.post(f'/desk/orders/{order.number}/refunds', data={'reason': '大雪封路'}).status_code == 404
    form = {'courier': 'zto', 'tracking_number': '75630218834471'}
    assert client.post(f'/desk/orders/{order.number}/shipments', data=form).status_code == 303


def test_orders_of_another_village_and_unpaid_ones_are_not_there(desk, tenure):
    foreign = bought((make_listed_product(), 1))
    unpaid = place((make_listed_product(tenure=tenure, name='椴树蜜'), 1)).orders[0]
    for number in (foreign.number, unpaid.number, 'no-such'):
        assert desk.get(f'/desk/orders/{number}').status_code == 404
        form = {'courier': 'zto', 'tracking_number': '75630218834471'}
        assert desk.post(f'/desk/orders/{number}/shipments', data=form).status_code == 404
