"""The sandbox's signed events at the inbox: forged, stale, repeated, wrong, out of order."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import SalesEntry
from shop.orders.models import Checkout, OrderStatus
from shop.payments import views, worker
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, Refund, SandboxDelivery
from shop.payments.sandbox import HEADER, TOLERANCE, SandboxGateway, post_event, signed_headers, undelivered
from shop.payments.worker import receive_event
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, pay, place

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

INBOX = '/payments/events/sandbox'


@pytest.fixture
def product() -> Product:
    return make_listed_product(price_fen=3990)


@pytest.fixture
def checkout(product) -> Checkout:
    return place((product, 2))


@pytest.fixture
def payment(checkout) -> Payment:
    return make_payment(checkout)


def event_of(payment: Payment, **changes) -> bytes:
    facts = {
        'id': f'paid-{payment.reference}',
        'kind': 'payment.succeeded',
        'reference': payment.reference,
        'amount_fen': payment.amount_fen,
        'currency': 'CNY',
        'occurred_at': clock.now().isoformat(),
    }
    return json.dumps(facts | changes).encode()


def send(client, body: bytes, **headers: str):
    return client.post(INBOX, data=body, headers=signed_headers(body, at=clock.now()) | headers)


def count(table) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def assert_not_paid(payment: Payment) -> None:
    assert count(PaymentEvent) == count(SalesEntry) == 0
    assert payment.status is PaymentStatus.PENDING
    assert [order.status for order in payment.checkout.orders] == [OrderStatus.PENDING_PAYMENT]


def test_a_signed_event_pays_the_order(client, payment, checkout):
    answer = send(client, event_of(payment))
    assert (answer.status_code, answer.json) == (200, {'outcome': 'settled'})
    assert (payment.status, payment.settles_orders) == (PaymentStatus.SUCCEEDED, True)
    assert (payment.succeeded_at, checkout.orders[0].paid_at) == (clock.now(), clock.now())
    assert checkout.orders[0].status is OrderStatus.AWAITING_SHIPMENT
    assert count(SalesEntry) == 1


def test_an_event_is_kept_with_what_it_said_and_what_came_of_it(client, payment):
    send(client, event_of(payment))
    event = db.session.scalars(select(PaymentEvent)).one()
    assert (event.gateway, event.event_key, event.kind) == (
        'sandbox', f'paid-{payment.reference}', 'payment.succeeded',
    )  # fmt: skip
    assert (event.outcome, event.payment_id, event.received_at) == (EventOutcome.SETTLED, payment.id, clock.now())
    assert event.payload['amount_fen'] == 7980


@pytest.mark.parametrize('part', ['body', 'stamp', 'signature', 'key', 'missing', 'empty', 'not ascii', 'not a time'])
def test_a_tampered_event_is_refused_and_leaves_nothing(client, app, payment, part):
    body = event_of(payment)
    headers = signed_headers(body, at=clock.now())
    stamp, given = headers[HEADER].split(',')
    if part == 'body':
        body = body.replace(b'7980', b'7981')
    elif part == 'key':
        app.config['SANDBOX_SIGNING_KEY'] = 'another'
        headers = signed_headers(body, at=clock.now())
        app.config['SANDBOX_SIGNING_KEY'] = 'test'
    elif part == 'missing':
        del headers[HEADER]
    else:
        headers[HEADER] = {
            'stamp': f'{int(stamp) + 1},{given}',
            'signature': f'{stamp},{given[:-1]}{"0" if given[-1] != "0" else "1"}',
            'empty': '',
            'not ascii': f'{stamp},签名'.encode().decode('latin-1'),
            'not a time': f'²,{given}'.encode().decode('latin-1'),
        }[part]
    answer = client.post(INBOX, data=body, headers=headers)
    assert (answer.status_code, answer.json) == (400, {'error': 'the signature is not ours'})
    assert_not_paid(payment)


def test_a_signed_event_is_taken_for_a_few_minutes(client, payment):
    body = event_of(payment)
    headers = signed_headers(body, at=clock.now())
    for moved in (TOLERANCE + timedelta(seconds=1), -2 * (TOLERANCE + timedelta(seconds=1))):
        clock.shift(moved)
        answer = client.post(INBOX, data=body, headers=headers)
        assert (answer.status_code, answer.json) == (400, {'error': 'the signature is too old'})
    assert_not_paid(payment)
    clock.shift(timedelta(seconds=1))
    assert client.post(INBOX, data=body, headers=headers).json == {'outcome': 'settled'}


def test_the_same_event_again_gets_the_same_answer_and_has_no_effect(client, payment):
    body = event_of(payment)
    answers = [send(client, body).json for _ in range(3)]
    assert answers == [{'outcome': 'settled'}] * 3
    assert (count(PaymentEvent), count(SalesEntry), count(Refund)) == (1, 1, 0)


def test_a_replayed_event_with_other_contents_is_the_one_it_was(client, payment):
    send(client, event_of(payment))
    answer = send(client, event_of(payment, amount_fen=1))
    assert answer.json == {'outcome': 'settled'}
    assert payment.status is PaymentStatus.SUCCEEDED


def test_another_event_of_a_paid_payment_changes_nothing(client, payment):
    send(client, event_of(payment))
    answer = send(client, event_of(payment, id='another', amount_fen=1))
    assert answer.json == {'outcome': 'unhandled'}
    assert (payment.status, count(SalesEntry), count(Refund)) == (PaymentStatus.SUCCEEDED, 1, 0)


@pytest.mark.parametrize('wrong', [{'amount_fen': 7979}, {'amount_fen': 7981}, {'amount_fen': 0}, {'currency': 'USD'}])
def test_a_wrong_amount_is_held_for_a_person(client, payment, checkout, wrong):
    answer = send(client, event_of(payment, **wrong))
    assert (answer.status_code, answer.json) == (200, {'outcome': 'held'})
    assert payment.status is PaymentStatus.HELD
    assert checkout.orders[0].status is OrderStatus.PENDING_PAYMENT
    assert count(SalesEntry) == 0
    assert send(client, event_of(payment, id='right at last')).json == {'outcome': 'unhandled'}
    assert count(SalesEntry) == 0


def test_an_unknown_payment_is_kept_in_mind_and_answered(client, payment):
    answer = send(client, event_of(payment, reference='nobody'))
    assert (answer.status_code, answer.json) == (200, {'outcome': 'parked'})
    event = db.session.scalars(select(PaymentEvent)).one()
    assert (event.outcome, event.payment_id) == (EventOutcome.PARKED, None)
    assert payment.status is PaymentStatus.PENDING


def test_a_payment_of_another_gateway_is_unknown_here(client, payment):
    with transaction():
        payment.gateway = 'another'
    assert send(client, event_of(payment)).json == {'outcome': 'parked'}


def test_a_kind_nobody_waits_for_is_kept_and_answered(client, payment):
    assert send(client, event_of(payment, kind='payout.created')).json == {'outcome': 'unhandled'}
    assert count(PaymentEvent) == 1
    assert payment.status is PaymentStatus.PENDING


def test_a_refund_confirmed_before_its_payment_is_answered_and_harms_nothing(client, payment):
    early = event_of(payment, id='refund-early', kind='refund.succeeded', reference='no such refund')
    assert send(client, early).json == {'outcome': 'parked'}
    assert send(client, event_of(payment)).json == {'outcome': 'settled'}
    assert (count(SalesEntry), count(Refund)) == (1, 0)


@pytest.mark.parametrize(
    'changes',
    [
        {'amount_fen': 7980.0},
        {'amount_fen': '7980'},
        {'amount_fen': True},
        {'amount_fen': None},
        {'amount_fen': float('inf')},
        {'occurred_at': '2026-06-15T12:00:00'},
        {'occurred_at': 'yesterday'},
        {'occurred_at': 1_781_500_000},
        {'id': ''},
        {'id': 'x' * 61},
        {'id': 7},
        {'kind': 'x' * 61},
        {'reference': 'with\x00nothing'},
        {'currency': None},
    ],
    ids=str,
)
def test_a_signed_event_that_cannot_be_read_is_refused(client, payment, changes):
    answer = send(client, event_of(payment, **changes))
    assert (answer.status_code, answer.json) == (400, {'error': 'the event cannot be read'})
    assert_not_paid(payment)


@pytest.mark.parametrize('body', [b'', b'{', b'[]', b'7', b'null', b'{}', b'\xff'])
def test_what_is_no_event_is_refused(client, payment, body):
    answer = send(client, body)
    assert (answer.status_code, answer.json) == (400, {'error': 'the event cannot be read'})
    assert_not_paid(payment)


def test_too_long_a_body_is_not_even_read(client, payment):
    answer = send(client, event_of(payment, padding='x' * views.MAX_EVENT_BYTES))
    assert (answer.status_code, answer.json) == (413, {'error': 'too large'})
    assert_not_paid(payment)


def test_a_gateway_nobody_has_is_not_found(client, payment):
    body = event_of(payment)
    answer = client.post('/payments/events/alipay', data=body, headers=signed_headers(body, at=clock.now()))
    assert answer.status_code == 404
    assert_not_paid(payment)


def test_two_at_once_with_the_same_event_have_one_effect(client, payment, look_too_early):
    """The other one has stored it between our look and our write: the database refuses the second."""
    body = event_of(payment)
    assert send(client, body).json == {'outcome': 'settled'}
    look_too_early()
    assert send(client, body).json == {'outcome': 'settled'}
    assert (count(PaymentEvent), count(SalesEntry)) == (1, 1)


def test_only_a_repeated_event_is_taken_for_repeated(client, payment, monkeypatch):
    """Another broken rule of the database is a fault, not a repetition."""

    def broken(*_args, **_kwargs) -> None:
        raise IntegrityError('a statement', {}, Exception('a rule'))

    monkeypatch.setattr(worker, 'store_event', broken)
    with pytest.raises(IntegrityError):
        send(client, event_of(payment))
    assert_not_paid(payment)


def test_pressing_pay_twice_announces_one_payment(payment):
    gateway = SandboxGateway()
    with transaction():
        first, again = gateway.pay(payment, at=clock.now()), gateway.pay(payment, at=clock.now())
    assert first.id == again.id
    assert count(SandboxDelivery) == 1
    assert gateway.start(payment) == f'/sandbox/pay/{payment.reference}'


def test_the_sandbox_can_act_a_wrong_amount(payment):
    with transaction():
        body = SandboxGateway().pay(payment, at=clock.now(), amount_fen=1).body.encode()
    assert receive_event('sandbox', body, signed_headers(body, at=clock.now()), at=clock.now()) is EventOutcome.HELD


def test_undelivered_events_come_oldest_first_of_all_or_of_one_payment(product):
    payments = [make_payment(place((product, 1))) for _ in range(3)]
    with transaction():
        deliveries = [SandboxGateway().pay(payment, at=clock.now()) for payment in payments]
        deliveries[1].delivered_at = clock.now()
    assert [row.id for row in undelivered()] == [deliveries[0].id, deliveries[2].id]
    assert [row.id for row in undelivered(payments[2].reference)] == [deliveries[2].id]
    assert undelivered(payments[1].reference) == []


def test_an_event_goes_over_http_and_is_answered(live_server, payment):
    body = event_of(payment).decode()
    assert post_event(body, live_server.url, at=clock.now())
    db.session.rollback()
    assert payment.status is PaymentStatus.SUCCEEDED


def test_a_refused_event_is_not_answered(live_server, payment):
    assert not post_event('{}', live_server.url, at=clock.now())
    assert not post_event(event_of(payment).decode(), f'{live_server.url}/nowhere', at=clock.now())
    assert_not_paid(payment)


def test_where_nobody_listens_nothing_is_answered(payment):
    assert not post_event(event_of(payment).decode(), 'http://127.0.0.1:9', at=clock.now())


def test_a_second_payment_of_a_paid_checkout_goes_back_by_itself(client, payment, checkout):
    pay(checkout)
    with transaction() as session:
        second = Payment(
            checkout_id=checkout.id, gateway='sandbox', reference='second', amount_fen=7980,
            status=PaymentStatus.PENDING, settles_orders=False, created_at=clock.now(),
        )  # fmt: skip
        session.add(second)
    assert send(client, event_of(second)).json == {'outcome': 'second_payment'}
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.payment_id, refund.amount_fen, refund.order_id) == (second.id, 7980, None)
    assert count(SalesEntry) == 1
