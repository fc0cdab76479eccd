"""Paying by Stripe, the real SDK over HTTP: every outcome that has a name, in any order, repeated, and interrupted."""

import json
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.models import Order, OrderStatus
from shop.orders.services import cancel_order, expire_orders
from shop.payments import reconciler, worker
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, PaymentStep, Refund, RefundStatus
from shop.payments.refunds import Piece, RefundTooLargeError, refund_lines, refund_payment, refund_whole_order
from shop.payments.services import GATEWAYS
from shop.payments.worker import redrive_events
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import WINDOW, place
from tests.support.stripe_double import SECRET, signed

P, S, E = PaymentStatus, OrderStatus, EventOutcome


@pytest.fixture
def checkout(stripe_shop):
    return place((make_listed_product(price_fen=3990), 2))


@pytest.fixture
def payment(stripe_shop, checkout):
    return stripe_shop.start(checkout)


def status_of(order: Order) -> OrderStatus:
    db.session.rollback()
    return db.session.scalars(select(Order.status).where(Order.id == order.id)).one()


def refunds() -> list[tuple[int, RefundStatus]]:
    db.session.rollback()
    rows = db.session.scalars(select(Refund).order_by(Refund.id))
    return [(row.amount_fen, row.status) for row in rows]


def sold() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(SalesEntry.amount_fen), 0))) or 0


def cancel(order: Order) -> None:
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='买家取消')


def refund_piece(order: Order, fen: int, quantity: int = 0) -> Refund:
    with transaction():
        refund = refund_lines(
            order, [Piece(order.lines[0].id, quantity, fen)], freight_fen=0, reason='坏果', actor=None, at=clock.now()
        )
        GATEWAYS['stripe'].request_refund(refund, at=clock.now())
    return refund


def outcomes() -> list[EventOutcome]:
    db.session.rollback()
    return list(db.session.scalars(select(PaymentEvent.outcome).order_by(PaymentEvent.id)))


def test_a_page_is_opened_paid_and_settled(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    session = provider.sessions[number]
    assert (session['amount_total'], session['currency']) == (7980, 'cny')
    assert session['expires_at'] == int((checkout.payable_until + timedelta(minutes=35)).timestamp())
    answer = stripe_shop.send(provider.pay(number))
    assert (answer.status_code, answer.json) == (200, {'outcome': 'settled'})
    db.session.rollback()
    assert (payment.status, payment.settles_orders) == (P.SUCCEEDED, True)
    assert (payment.captured_fen, payment.captured_currency) == (7980, 'CNY')
    assert (payment.provider_reference, payment.provider_payment[:3]) == (number, 'pi_')
    assert status_of(checkout.orders[0]) is S.AWAITING_SHIPMENT
    assert sold() == 7980
    steps = db.session.execute(select(PaymentStep.from_status, PaymentStep.to_status)).all()
    assert steps == [('pending', 'succeeded')]


def test_the_same_page_however_often_the_buyer_goes_there(stripe_shop, provider, payment):
    assert stripe_shop.open(payment) == stripe_shop.open(payment)
    assert len(provider.sessions) == 1


def test_a_crash_after_the_page_was_opened_leads_to_the_same_page(stripe_shop, provider, payment):
    """The answer was lost: nothing is stored of it, and the stored key gets the same page."""
    provider.answers_lost = 1
    answer = stripe_shop.client.get(f'/payments/{payment.reference}')
    assert answer.status_code == 503
    assert '订单还为您保留着' in answer.text
    number = stripe_shop.open(payment)
    assert list(provider.sessions) == [number]


def test_while_the_provider_is_down_the_order_stays_payable_and_the_buyer_is_told(
    stripe_shop, provider, payment, checkout
):
    provider.is_down = True
    answer = stripe_shop.client.get(f'/payments/{payment.reference}')
    assert answer.status_code == 503
    for words in ('现在联系不上支付公司', '没有扣款', checkout.orders[0].number, '再试一次'):
        assert words in answer.text
    assert status_of(checkout.orders[0]) is S.PENDING_PAYMENT
    provider.is_down = False
    assert stripe_shop.send(provider.pay(stripe_shop.open(payment))).json == {'outcome': 'settled'}


def test_a_page_the_provider_refuses_is_told_in_other_words(stripe_shop, provider):
    checkout = place((make_listed_product(price_fen=60_000_000), 2))
    answer = stripe_shop.client.get(f'/payments/{stripe_shop.start(checkout).reference}')
    assert answer.status_code == 503
    assert '支付公司没有受理' in answer.text


def test_a_window_of_days_leaves_the_pages_end_to_the_provider(stripe_shop, provider, checkout):
    with transaction():
        checkout.payable_until = clock.now() + timedelta(days=3)
    number = stripe_shop.open(stripe_shop.start(checkout))
    assert provider.sessions[number]['expires_at'] == int((clock.now() + timedelta(days=1)).timestamp())


def test_a_page_that_is_over_leads_to_a_new_payment_while_there_is_time(stripe_shop, provider, payment, checkout):
    number, first = stripe_shop.open(payment), payment.reference
    provider.sessions[number].update(status='expired', url=None)
    assert stripe_shop.client.get(f'/payments/{first}').location == f'/payments/{first}/return'
    assert stripe_shop.payment(first).status is P.EXPIRED
    location = stripe_shop.client.get(f'/payments/{first}').location
    assert location.startswith('/payments/')
    assert first not in location
    cancel(checkout.orders[0])
    assert stripe_shop.client.get(f'/payments/{first}').location == f'/payments/{first}/return'
    assert stripe_shop.client.get(location).location == f'{location}/return'


def test_coming_back_asks_for_an_event_that_is_late(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    back = f'/payments/{payment.reference}/return'
    assert stripe_shop.client.get(back).location == f'/orders/{checkout.orders[0].number}'
    assert '还没有收到付款' in stripe_shop.client.get('/').text
    provider.is_down = True
    stripe_shop.client.get(back)
    assert '暂时联系不上支付公司' in stripe_shop.client.get('/').text
    provider.is_down = False
    event = provider.pay(number)
    stripe_shop.client.get(back)
    assert '付款成功' in stripe_shop.client.get('/').text
    assert status_of(checkout.orders[0]) is S.AWAITING_SHIPMENT
    assert stripe_shop.send(event).json == {'outcome': 'unhandled'}
    assert sold() == 7980


def test_coming_back_before_there_is_a_page_asks_nobody(stripe_shop, provider, payment):
    stripe_shop.client.get(f'/payments/{payment.reference}/return')
    assert '还没有收到付款' in stripe_shop.client.get('/').text
    assert [path for path in provider.asked if 'checkout' in path] == []


@pytest.mark.parametrize(('amount', 'currency'), [(7979, 'cny'), (7981, 'cny'), (7980, 'usd')])
def test_another_amount_or_currency_is_held(stripe_shop, provider, payment, checkout, amount, currency):
    event = provider.pay(stripe_shop.open(payment), amount=amount, currency=currency)
    assert stripe_shop.send(event).json == {'outcome': 'held'}
    db.session.rollback()
    assert (payment.status, payment.captured_fen, payment.captured_currency) == (P.HELD, amount, currency.upper())
    assert (status_of(checkout.orders[0]), sold(), refunds()) == (S.PENDING_PAYMENT, 0, [])
    stripe_shop.client.get(f'/payments/{payment.reference}/return')
    assert '已转人工核对' in stripe_shop.client.get('/').text


def test_a_second_payment_of_a_paid_order_goes_back_by_itself(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    stripe_shop.send(provider.pay(number))
    again = provider.pay_again(number)
    assert stripe_shop.send(again).json == {'outcome': 'second_payment'}
    assert stripe_shop.send(again).json == {'outcome': 'second_payment'}
    assert refunds() == [(7980, RefundStatus.REQUESTED)]
    assert reconciler.send_refunds(at=clock.now()) == 1
    assert refunds() == [(7980, RefundStatus.SUCCEEDED)]
    assert (sold(), provider.captured(), find_faults()) == (7980, 7980, [])


def test_of_a_second_payment_told_by_another_event_nothing_more_comes(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    stripe_shop.send(provider.pay(number))
    stripe_shop.send(provider.pay_again(number))
    twin = next(session for session in provider.sessions.values() if session['id'] != number)
    told = stripe_shop.send(provider.tell('checkout.session.async_payment_succeeded', twin))
    assert told.json == {'outcome': 'unhandled'}
    assert refunds() == [(7980, RefundStatus.REQUESTED)]


def test_a_late_payment_for_a_cancelled_order_goes_back_by_itself(stripe_shop, provider, payment, checkout):
    event = provider.pay(stripe_shop.open(payment))
    cancel(checkout.orders[0])
    assert stripe_shop.send(event).json == {'outcome': 'late_payment'}
    reconciler.send_refunds(at=clock.now())
    assert refunds() == [(7980, RefundStatus.SUCCEEDED)]
    assert (sold(), provider.captured()) == (0, 0)


def test_a_payment_that_expired_here_and_was_paid_there_goes_back_too(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    session = provider.sessions[number]
    assert stripe_shop.send(provider.tell('checkout.session.expired', {**session, 'status': 'expired'})).json == {
        'outcome': 'expired'
    }
    cancel(checkout.orders[0])
    assert stripe_shop.send(provider.pay(number)).json == {'outcome': 'late_payment'}
    assert refunds() == [(7980, RefundStatus.REQUESTED)]


def test_an_expiry_told_after_the_payment_changes_nothing(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    stripe_shop.send(provider.pay(number))
    late = provider.tell('checkout.session.expired', {**provider.sessions[number], 'status': 'expired'})
    assert stripe_shop.send(late).json == {'outcome': 'unhandled'}
    assert stripe_shop.payment(payment.reference).status is P.SUCCEEDED


def test_a_method_that_takes_its_time_settles_when_the_money_is_there(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    assert stripe_shop.send(provider.pay(number, is_unpaid=True)).json == {'outcome': 'unhandled'}
    failed = provider.tell('checkout.session.async_payment_failed', provider.sessions[number])
    provider.sessions[number]['payment_status'] = 'paid'
    paid = provider.tell('checkout.session.async_payment_succeeded', provider.sessions[number])
    assert stripe_shop.send(failed).json == {'outcome': 'expired'}
    assert stripe_shop.send(paid).json == {'outcome': 'settled'}


def test_an_event_of_an_unknown_payment_is_parked_then_told_to_a_person(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    session = {**provider.sessions[number], 'client_reference_id': None, 'metadata': None, 'id': 'cs_test_other'}
    strange = {**session, 'status': 'complete', 'payment_status': 'paid', 'payment_intent': 'pi_other'}
    bodies = [
        provider.tell('checkout.session.completed', strange),
        provider.tell('checkout.session.expired', {**session, 'status': 'expired'}),
        provider.tell('refund.updated', {
            'id': 're_other', 'object': 'refund', 'status': 'succeeded', 'amount': 1, 'currency': 'cny',
        }),
        provider.tell('refund.failed', {
            'id': 're_other', 'object': 'refund', 'status': 'failed', 'amount': 1, 'currency': 'cny', 'metadata': {},
        }),
    ]  # fmt: skip
    assert [stripe_shop.send(body).json for body in bodies] == [{'outcome': 'parked'}] * 4
    assert redrive_events(at=clock.now()) == 0
    assert redrive_events(at=clock.now() + timedelta(days=3)) == 4
    assert outcomes() == [E.UNKNOWN_PAYMENT] * 4


def test_an_early_event_is_parked_and_acted_on_when_its_payment_is_there(stripe_shop, provider, payment):
    number, reference = stripe_shop.open(payment), payment.reference
    with transaction():
        payment.reference = 'not yet'
    assert stripe_shop.send(provider.pay(number)).json == {'outcome': 'parked'}
    with transaction():
        payment.reference = reference
    assert redrive_events(at=clock.now()) == 1
    assert outcomes() == [E.SETTLED]
    assert sold() == 7980


@pytest.mark.parametrize('changes', [{'livemode': True}, {'account': 'acct_1'}, {'context': 'acct_1'}], ids=str)
def test_an_event_of_another_account_or_mode_is_kept_and_has_no_effect(stripe_shop, provider, payment, changes):
    number = stripe_shop.open(payment)
    event = json.loads(provider.pay(number))
    answer = stripe_shop.send(json.dumps({**event, **changes}).encode())
    assert (answer.status_code, answer.json) == (200, {'outcome': 'foreign'})
    assert stripe_shop.payment(payment.reference).status is P.PENDING


@pytest.mark.parametrize(
    'part', ['secret', 'stale', 'early', 'body', 'missing', 'no time', 'not ascii', 'not utf-8', 'empty secret']
)
def test_a_forged_or_stale_event_is_refused_and_leaves_nothing(stripe_shop, provider, payment, part):
    body = provider.pay(stripe_shop.open(payment))
    answer = {
        'secret': lambda: stripe_shop.send(body, secret='whsec_other'),
        'stale': lambda: stripe_shop.send(body, seconds=-301),
        'early': lambda: stripe_shop.send(body, seconds=301),
        'body': lambda: forged(stripe_shop, body.replace(b'7980', b'7981'), of=body),
        'missing': lambda: stripe_shop.client.post('/payments/events/stripe', data=body),
        'no time': lambda: forged(stripe_shop, body, header='v1=abc'),
        'not ascii': lambda: forged(stripe_shop, body, header='t=1,v1=签名'.encode().decode('latin-1')),
        'not utf-8': lambda: forged(stripe_shop, b'\xff\xfe', of=body),
        'empty secret': lambda: without_secret(stripe_shop, body),
    }[part]()
    assert answer.status_code == 400
    assert answer.json['error'] in {'the signature is not ours', 'the signature is too old'}
    assert outcomes() == []
    assert stripe_shop.payment(payment.reference).status is P.PENDING


def forged(shop, body, *, of=b'', header=''):
    headers = signed(of) if not header else {'Stripe-Signature': header}
    return shop.client.post('/payments/events/stripe', data=body, headers=headers)


def without_secret(shop, body):
    shop.client.application.config['STRIPE_WEBHOOK_SECRET'] = ''
    return shop.send(body, secret=SECRET)


@pytest.mark.parametrize(
    'changes',
    [
        {'id': ''}, {'id': 7}, {'id': 'e' * 81}, {'type': 'k' * 61}, {'created': '1'}, {'created': 10**20},
        {'data': None}, {'data': {'object': {'object': 'refund', 'amount': 1.5}}}, {'data': {'object': []}},
    ],
    ids=str,
)  # fmt: skip
def test_a_signed_event_that_cannot_be_read_is_refused(stripe_shop, provider, payment, changes):
    event = json.loads(provider.pay(stripe_shop.open(payment)))
    answer = stripe_shop.send(json.dumps({**event, **changes}).encode())
    assert (answer.status_code, answer.json) == (400, {'error': 'the event cannot be read'})
    assert outcomes() == []


def test_an_event_about_something_else_is_kept_and_answered(stripe_shop, provider, payment):
    body = provider.tell('charge.succeeded', {'id': 'ch_1', 'object': 'charge'})
    assert stripe_shop.send(body).json == {'outcome': 'unhandled'}


def test_nothing_happens_in_the_future_when_the_providers_clock_runs_before_ours(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    ahead = provider.pay(number)
    event = json.loads(ahead) | {'created': int(clock.now().timestamp()) + 200}
    assert stripe_shop.send(json.dumps(event).encode()).json == {'outcome': 'settled'}
    assert stripe_shop.payment(payment.reference).succeeded_at == clock.now()


def test_every_event_five_times_in_any_order_has_its_effect_once(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    provider.pay(number)
    provider.pay_again(number)
    shuffled = provider.events * 5
    random.Random(4).shuffle(shuffled)
    assert {stripe_shop.send(body).status_code for body in shuffled} == {200}
    refund_piece(checkout.orders[0], 1000)
    reconciler.send_refunds(at=clock.now())
    shuffled = provider.events * 5
    random.Random(5).shuffle(shuffled)
    assert {stripe_shop.send(body).status_code for body in shuffled} == {200}
    assert sorted(refunds()) == [(1000, RefundStatus.SUCCEEDED), (7980, RefundStatus.SUCCEEDED)]
    assert (sold(), provider.captured()) == (6980, 6980)
    assert len(provider.refunds) == 2
    assert find_faults() == []


def test_parts_go_back_in_sequence_each_once(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    order = checkout.orders[0]
    for fen, quantity in ((1000, 0), (2990, 1), (3990, 1)):
        refund_piece(order, fen, quantity)
        assert reconciler.send_refunds(at=clock.now()) == 1
        assert reconciler.send_refunds(at=clock.now()) == 0
    assert [refund['amount'] for refund in provider.refunds.values()] == [1000, 2990, 3990]
    assert (sold(), provider.captured(), status_of(order)) == (0, 0, S.CLOSED)
    assert find_faults() == []


def test_more_than_was_paid_is_refused_here_whatever_the_provider_would_say(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    order = checkout.orders[0]
    refund_piece(order, 3000)
    asked = len(provider.asked)
    for attempt in (lambda: refund_piece(order, 4981), lambda: give_back(payment, 4981)):
        with pytest.raises(RefundTooLargeError):
            attempt()
    assert refunds() == [(3000, RefundStatus.REQUESTED)]
    assert len(provider.asked) == asked


def test_what_was_given_back_as_a_whole_payment_cannot_go_back_again_by_its_lines(
    stripe_shop, provider, payment, checkout
):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    give_back(payment, 5000)
    with pytest.raises(RefundTooLargeError, match='剩下的金额'):
        refund_piece(checkout.orders[0], 3000)
    assert refunds() == [(5000, RefundStatus.REQUESTED)]


def give_back(payment: Payment, fen: int) -> None:
    with transaction():
        refund_payment(payment, fen, reason='多付', at=clock.now())


def test_a_refund_whose_answer_was_lost_is_sent_again_under_the_same_key(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    refund = refund_piece(checkout.orders[0], 1000)
    assert (refund.idempotency_key, refund.provider_key) == (f'{payment.reference}-1', f'{payment.reference}-1.1')
    provider.answers_lost = 1
    assert reconciler.send_refunds(at=clock.now()) == 0
    assert refunds() == [(1000, RefundStatus.REQUESTED)]
    assert reconciler.send_refunds(at=clock.now()) == 1
    assert len(provider.refunds) == 1
    assert refunds() == [(1000, RefundStatus.SUCCEEDED)]


def test_a_refund_that_may_have_been_sent_days_ago_is_looked_for_first(stripe_shop, provider, payment, checkout):
    """The provider forgets its keys: by then only the refund itself says that it was sent."""
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    refund_piece(checkout.orders[0], 1000)
    provider.answers_lost = 1
    reconciler.send_refunds(at=clock.now())
    provider._keys.clear()
    assert reconciler.send_refunds(at=clock.now() + timedelta(days=2)) == 1
    assert len(provider.refunds) == 1
    refund_piece(checkout.orders[0], 500)
    assert reconciler.send_refunds(at=clock.now() + timedelta(days=4)) == 1
    assert len(provider.refunds) == 2
    assert provider.captured() == sold() == 6480


def test_a_refund_left_pending_is_asked_about(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    refund_piece(checkout.orders[0], 1000)
    provider.refund_status = 'pending'
    reconciler.send_refunds(at=clock.now())
    number = next(iter(provider.refunds))
    later = clock.now() + timedelta(minutes=10)
    assert reconciler.ask_about_refunds(at=clock.now()) == 0
    assert reconciler.ask_about_refunds(at=later) == 1
    assert refunds() == [(1000, RefundStatus.REQUESTED)]
    provider.settle_refund(number, 'succeeded')
    provider.is_down = True
    assert reconciler.ask_about_refunds(at=later + timedelta(minutes=10)) == 0
    provider.is_down = False
    assert reconciler.ask_about_refunds(at=later + timedelta(minutes=10)) == 1
    assert refunds() == [(1000, RefundStatus.SUCCEEDED)]


def test_a_refund_the_provider_has_lost_stays_pending_and_is_logged(stripe_shop, provider, payment, checkout, caplog):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    refund_piece(checkout.orders[0], 1000)
    provider.refund_status = 'pending'
    reconciler.send_refunds(at=clock.now())
    provider.refunds.clear()
    assert reconciler.ask_about_refunds(at=clock.now() + timedelta(minutes=10)) == 1
    assert refunds() == [(1000, RefundStatus.REQUESTED)]
    assert 'is not known to stripe' in caplog.text


def test_a_refund_that_fails_after_all_waits_for_a_person(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    refund = refund_piece(checkout.orders[0], 1000)
    reconciler.send_refunds(at=clock.now())
    number = next(iter(provider.refunds))
    succeeded = provider.tell('refund.updated', provider.refunds[number])
    failed = provider.settle_refund(number, 'failed', failure='lost_or_stolen_card')
    assert stripe_shop.send(failed).json == {'outcome': 'refund_failed'}
    assert stripe_shop.send(provider.tell('charge.refund.updated', provider.refunds[number])).json == {
        'outcome': 'unhandled'
    }
    assert stripe_shop.send(succeeded).json == {'outcome': 'unhandled'}
    db.session.rollback()
    assert (refund.status, refund.failure, refund.succeeded_at) == (RefundStatus.FAILED, 'lost_or_stolen_card', None)
    assert reconciler.send_refunds(at=clock.now()) == 0


def test_a_refund_the_provider_refuses_waits_for_a_person(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    intent = next(iter(provider.intents.values()))
    intent['amount'] = 500
    refund = refund_piece(checkout.orders[0], 1000)
    assert reconciler.send_refunds(at=clock.now()) == 1
    db.session.rollback()
    assert refund.status is RefundStatus.FAILED
    assert 'greater than unrefunded amount' in refund.failure
    reconciler._refuse(refund.id, 1, 'heard twice', at=clock.now())
    db.session.rollback()
    assert 'greater than unrefunded amount' in refund.failure


def test_a_refund_confirmed_with_another_amount_is_held(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    provider.refund_status = 'pending'
    refund_piece(checkout.orders[0], 1000)
    reconciler.send_refunds(at=clock.now())
    wrong = {**next(iter(provider.refunds.values())), 'status': 'succeeded', 'amount': 999}
    assert stripe_shop.send(provider.tell('refund.updated', wrong)).json == {'outcome': 'held'}
    assert refunds() == [(1000, RefundStatus.REQUESTED)]


def test_an_event_stored_and_not_acted_on_is_acted_on_later(stripe_shop, provider, payment, monkeypatch, caplog):
    """The process dies between storing and acting."""
    body = provider.pay(stripe_shop.open(payment))

    def dies(*_args, **_kwargs) -> None:
        raise RuntimeError('the power is gone')

    with monkeypatch.context() as broken:
        broken.setattr(worker, 'act_on_event', dies)
        answer = stripe_shop.send(body)
        assert (answer.status_code, answer.json) == (200, {'outcome': 'received'})
        assert 'is stored and waits' in caplog.text
        with pytest.raises(ExceptionGroup, match='could not be acted on'):
            redrive_events(at=clock.now())
    assert (outcomes(), sold()) == ([E.RECEIVED], 0)
    assert redrive_events(at=clock.now()) == 1
    assert (outcomes(), sold()) == ([E.SETTLED], 7980)
    assert stripe_shop.send(body).json == {'outcome': 'settled'}


def test_a_payment_whose_event_never_came_is_asked_about(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    assert reconciler.ask_about_payments(at=clock.now()) == 0
    at = clock.now() + timedelta(minutes=2)
    assert reconciler.ask_about_payments(at=at) == 1
    assert reconciler.ask_about_payments(at=at) == 0
    paid_at = clock.now()
    provider.pay(number)
    clock.shift(timedelta(minutes=20))
    assert reconciler.ask_about_payments(at=clock.now()) == 1
    db.session.rollback()
    assert (payment.status, payment.succeeded_at) == (P.SUCCEEDED, paid_at)
    assert status_of(checkout.orders[0]) is S.AWAITING_SHIPMENT


def test_paid_in_time_and_never_told_is_heard_of_before_the_order_expires(stripe_shop, provider, payment, checkout):
    number = stripe_shop.open(payment)
    provider.pay(number)
    clock.shift(WINDOW + timedelta(hours=1))
    assert reconciler.close_payments(at=clock.now()) == 1
    with transaction():
        assert expire_orders(at=clock.now()) == 0
    assert status_of(checkout.orders[0]) is S.AWAITING_SHIPMENT


def test_while_the_provider_is_down_nothing_is_asked_twice(stripe_shop, provider, checkout, payment):
    other = stripe_shop.start(place((make_listed_product(), 1)))
    for one in (payment, other):
        stripe_shop.open(one)
    provider.is_down = True
    asked = len(provider.asked)
    assert reconciler.ask_about_payments(at=clock.now() + timedelta(minutes=5)) == 0
    assert len(provider.asked) == asked + 1


@pytest.mark.parametrize('how', ['cancelled', 'expired'])
def test_the_page_of_an_order_that_cannot_be_paid_is_closed(stripe_shop, provider, payment, checkout, how):
    number = stripe_shop.open(payment)
    if how == 'cancelled':
        cancel(checkout.orders[0])
    else:
        clock.shift(WINDOW)
    assert reconciler.close_payments(at=clock.now()) == 1
    assert provider.sessions[number]['status'] == 'expired'
    assert stripe_shop.payment(payment.reference).status is P.EXPIRED
    assert reconciler.close_payments(at=clock.now()) == 0


def test_a_payment_that_never_got_a_page_expires_with_its_order(stripe_shop, provider, payment, checkout):
    cancel(checkout.orders[0])
    assert reconciler.close_payments(at=clock.now()) == 1
    assert stripe_shop.payment(payment.reference).status is P.EXPIRED


def test_a_page_the_provider_does_not_know_is_forgotten(stripe_shop, provider, payment, caplog):
    stripe_shop.open(payment)
    provider.sessions.clear()
    assert reconciler.ask_about_payments(at=clock.now() + timedelta(minutes=5)) == 1
    assert stripe_shop.payment(payment.reference).status is P.EXPIRED
    assert 'is not known to stripe' in caplog.text


def test_a_page_forgotten_when_its_payment_is_known_changes_nothing(stripe_shop, provider, payment):
    number = stripe_shop.open(payment)
    asked = reconciler.Asked(payment.id, 'stripe', number)
    stripe_shop.send(provider.pay(number))
    reconciler._forget_page(asked, at=clock.now())
    assert stripe_shop.payment(payment.reference).status is P.SUCCEEDED


def test_an_order_cancelled_while_its_page_was_being_opened_has_it_closed(stripe_shop, provider, payment, checkout):
    order_id, app = checkout.orders[0].id, stripe_shop.client.application

    def cancel_meanwhile() -> None:
        with app.app_context(), transaction():
            cancel_order(db.session.get(Order, order_id), actor=None, at=clock.now(), reason='买家取消')

    provider.before_answer = cancel_meanwhile
    answer = stripe_shop.client.get(f'/payments/{payment.reference}')
    assert answer.location == f'/payments/{payment.reference}/return'
    assert [session['status'] for session in provider.sessions.values()] == ['expired']
    assert stripe_shop.payment(payment.reference).status is P.EXPIRED


def test_a_refund_of_the_desk_reaches_the_provider(stripe_shop, provider, payment, checkout):
    stripe_shop.send(provider.pay(stripe_shop.open(payment)))
    with transaction():
        refund = refund_whole_order(checkout.orders[0], reason='大雪封路', actor=None, at=clock.now())
        GATEWAYS['stripe'].request_refund(refund, at=clock.now())
    reconciler.send_refunds(at=clock.now())
    assert (provider.captured(), sold()) == (0, 0)
    assert next(iter(provider.refunds.values()))['metadata'] == {'refund': refund.idempotency_key, 'attempt': '1'}


@pytest.mark.parametrize(
    ('setting', 'value', 'message'),
    [
        ('STRIPE_SECRET_KEY', '', 'STRIPE_SECRET_KEY must begin with .* missing'),
        ('STRIPE_SECRET_KEY', 'pk_test_1', 'STRIPE_SECRET_KEY must begin with .* wrong'),
        ('STRIPE_SECRET_KEY', 'sk_test_nobody', 'STRIPE_SECRET_KEY is not a key Stripe knows'),
        ('STRIPE_WEBHOOK_SECRET', '', 'STRIPE_WEBHOOK_SECRET must begin with whsec_; it is missing'),
        ('STRIPE_WEBHOOK_SECRET', 'secret', 'STRIPE_WEBHOOK_SECRET must begin with whsec_; it is wrong'),
        ('PUBLIC_URL', '', 'PUBLIC_URL must be the address'),
    ],
)
def test_a_missing_or_wrong_setting_stops_the_start(make_stripe_app, setting, value, message):
    with pytest.raises(ValueError, match=message):
        make_stripe_app(**{setting: value})


def test_a_start_does_not_wait_for_the_provider(make_stripe_app, provider, caplog):
    provider.is_down = True
    make_stripe_app()
    assert 'could not be asked about the key' in caplog.text
