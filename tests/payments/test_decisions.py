"""What a person decides about money: held payments, failed refunds, and what nobody knows."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import SalesEntry
from shop.orders.models import OrderStatus
from shop.payments import reconciler
from shop.payments.decisions import accept_held
from shop.payments.models import (
    Payment,
    PaymentMoveError,
    PaymentStatus,
    PaymentStep,
    Refund,
    RefundStatus,
)
from shop.payments.refunds import RefundTooLargeError, refund_payment, retry_refund
from shop.payments.sandbox import SandboxGateway, signed_headers
from shop.payments.worker import deliver_within
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, pay, place
from tests.factories.villages import make_village

P = PaymentStatus


@pytest.fixture
def shop(stripe_shop):
    """The shop by Stripe, with an officer of the city at the desk."""
    village = make_village()
    stripe_shop.village = village
    stripe_shop.checkout = place((make_listed_product(price_fen=3990, village=village), 2))
    stripe_shop.begun = stripe_shop.start(stripe_shop.checkout)
    stripe_shop.client.sign_in(make_user(Role.CITY_DEPARTMENT, region=village.county.parent))
    return stripe_shop


def hold(shop, **paid) -> Payment:
    shop.number = shop.open(shop.begun)
    event = shop.provider.pay(shop.number, **paid)
    assert shop.send(event).json == {'outcome': 'held'}
    return shop.payment(shop.begun.reference)


def decide(shop, payment: Payment, decision: str, reason: str = '金额不符'):
    return shop.client.post(f'/office/payments/{payment.id}/decision', data={'decision': decision, 'reason': reason})


def sold() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(SalesEntry.amount_fen), 0))) or 0


@pytest.mark.parametrize(
    ('amount', 'currency', 'words'),
    [(7979, 'cny', '收到 ¥79.79，应付 ¥79.80'), (7980, 'usd', '收到 79.80 USD，应付 ¥79.80')],
)
def test_what_is_not_equal_is_not_accepted(shop, amount, currency, words):
    payment = hold(shop, amount=amount, currency=currency)
    assert words.split('，')[0].removeprefix('收到 ') in shop.client.get('/office/payments/held').text
    answer = decide(shop, payment, 'accept')
    assert answer.status_code == 422
    assert words in answer.text
    assert (shop.payment(shop.begun.reference).status, sold()) == (P.HELD, 0)


def test_what_the_provider_now_says_is_equal_is_accepted_as_of_when_it_was_paid(shop):
    payment, paid_at = hold(shop, amount=7979), clock.now()
    shop.provider.sessions[shop.number]['amount_total'] = 7980
    clock.shift(timedelta(hours=2))
    assert decide(shop, payment, 'accept').status_code == 303
    payment = shop.payment(shop.begun.reference)
    assert (payment.status, payment.settles_orders, payment.succeeded_at) == (P.SUCCEEDED, True, paid_at)
    step = db.session.scalars(select(PaymentStep).order_by(PaymentStep.id.desc())).first()
    assert (step.from_status, step.to_status, step.actor_id is not None) == ('held', 'succeeded', True)
    assert sold() == 7980
    again = decide(shop, payment, 'refund')
    assert again.status_code == 422
    assert '已经处理过了' in again.text


def test_a_held_payment_without_its_event_is_settled_as_of_now(shop):
    with transaction():
        shop.begun.captured_fen, shop.begun.captured_currency = 7980, 'CNY'
        shop.begun.move(P.HELD, actor_id=None, at=clock.now())
    with transaction():
        accept_held(shop.begun, actor=officer(), at=clock.now())
    assert shop.payment(shop.begun.reference).succeeded_at == clock.now()


def officer() -> User:
    return db.session.scalars(select(User).where(User.name == Role.CITY_DEPARTMENT.source_label)).one()


def test_while_the_provider_is_down_it_is_decided_by_what_it_said(shop):
    payment = hold(shop, amount=9000)
    shop.provider.is_down = True
    assert decide(shop, payment, 'refund').status_code == 303
    assert '按此前收到的通知处理' in shop.client.get('/office/payments/held').text
    shop.provider.is_down = False
    assert reconciler.send_refunds(at=clock.now()) == 1
    db.session.rollback()
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_fen, refund.status, refund.reason) == (9000, RefundStatus.SUCCEEDED, '金额不符')
    assert (shop.provider.captured(), sold()) == (0, 0)
    assert shop.payment(shop.begun.reference).settles_orders is False


def test_money_in_another_currency_goes_back_in_that_currency(shop):
    payment = hold(shop, amount=1200, currency='usd')
    decide(shop, payment, 'refund')
    reconciler.send_refunds(at=clock.now())
    db.session.rollback()
    assert db.session.scalars(select(Refund.status)).one() is RefundStatus.SUCCEEDED
    assert shop.provider.captured() == 0


def test_a_decision_needs_a_reason(shop):
    payment = hold(shop, amount=9000)
    answer = decide(shop, payment, 'refund', ' ')
    assert answer.status_code == 422
    assert '写明退款原因' in answer.text
    assert shop.payment(shop.begun.reference).status is P.HELD


def test_a_held_payment_for_which_nothing_came_is_closed(shop):
    payment = make_payment(place((make_listed_product(village=shop.village), 1)))
    with transaction():
        SandboxGateway().pay(payment, at=clock.now(), amount_fen=0)
    deliver_within(at=clock.now())
    assert decide(shop, payment, 'refund').status_code == 303
    db.session.rollback()
    assert (payment.status, db.session.scalar(select(func.count(Refund.id)))) == (P.EXPIRED, 0)


def test_after_the_decision_the_order_can_be_paid_again(shop):
    decide(shop, hold(shop, amount=9000), 'refund')
    again = shop.start(shop.checkout)
    assert again.reference != shop.begun.reference
    shop.send(shop.provider.pay(shop.open(again)))
    db.session.rollback()
    assert shop.checkout.orders[0].status is OrderStatus.AWAITING_SHIPMENT
    assert sold() == 7980


def test_a_failed_refund_is_tried_again_as_a_new_attempt(shop):
    decide(shop, hold(shop, amount=9000), 'refund')
    reconciler.send_refunds(at=clock.now())
    first = next(iter(shop.provider.refunds))
    shop.send(shop.provider.settle_refund(first, 'failed', failure='expired_or_canceled_card'))
    page = shop.client.get('/office/payments/held').text
    assert 'expired_or_canceled_card' in page
    assert '再退一次' in page
    refund = db.session.scalars(select(Refund)).one()
    retry = f'/office/refunds/{refund.id}/attempt'
    assert shop.client.post(retry).status_code == 303
    stale = shop.provider.tell('charge.refund.updated', shop.provider.refunds[first])
    assert shop.send(stale).json == {'outcome': 'unhandled'}
    assert shop.client.post(retry).status_code == 422
    reconciler.send_refunds(at=clock.now())
    db.session.rollback()
    assert (refund.status, refund.attempt, refund.failure) == (RefundStatus.SUCCEEDED, 2, None)
    late = {**shop.provider.refunds[first], 'status': 'succeeded'}
    assert shop.send(shop.provider.tell('refund.updated', late)).json == {'outcome': 'unhandled'}
    assert shop.provider.captured() == 0
    assert len(shop.provider.refunds) == 2


def test_what_has_gone_back_otherwise_meanwhile_is_not_tried_again(shop):
    payment = pay(place((make_listed_product(price_fen=1000, village=shop.village), 1)))
    with transaction():
        refund = refund_payment(payment, 600, reason='多付', at=clock.now())
        refund.move(RefundStatus.FAILED, actor_id=None, at=clock.now())
    with transaction():
        refund_payment(payment, 600, reason='多付', at=clock.now())
    with pytest.raises(RefundTooLargeError), transaction():
        retry_refund(refund, actor=officer(), at=clock.now())
    answer = shop.client.post(f'/office/refunds/{refund.id}/attempt')
    assert answer.status_code == 422
    assert '剩下的金额' in answer.text


def test_a_refund_nobody_confirms_for_days_is_shown_but_not_sent_again(shop):
    payment = pay(place((make_listed_product(price_fen=1000, village=shop.village), 1)))
    with transaction():
        refund_payment(payment, 600, reason='多付了', at=clock.now())
    assert '多付了' not in shop.client.get('/office/payments/held').text
    clock.shift(timedelta(days=3))
    page = shop.client.get('/office/payments/held').text
    assert '三天没有回音' in page
    assert '/attempt' not in page


def test_what_nobody_knows_is_shown_to_the_city_only(shop):
    event = shop.provider.tell('checkout.session.completed', {'object': 'balance'}, livemode=True)
    shop.send(event)
    assert 'checkout.session.completed' in shop.client.get('/office/payments/held').text
    shop.client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=shop.village.county))
    assert 'checkout.session.completed' not in shop.client.get('/office/payments/held').text


def test_a_provider_that_has_not_made_up_its_mind_changes_nothing_that_was_noted(shop):
    payment = hold(shop, amount=7979)
    shop.provider.sessions[shop.number].update(payment_status='unpaid', amount_total=7980)
    assert decide(shop, payment, 'accept').status_code == 422
    assert shop.payment(shop.begun.reference).captured_fen == 7979


def test_moves_that_make_no_sense_are_refused(shop):
    payment = pay(place((make_listed_product(village=shop.village), 1)))
    with pytest.raises(PaymentMoveError, match='这笔支付状态为“已支付”，不能改为“待支付”'):
        payment.move(P.PENDING, actor_id=None, at=clock.now())
    with transaction():
        refund = refund_payment(payment, 1, reason='多付', at=clock.now())
    with pytest.raises(PaymentMoveError, match='状态为“退款中”，不能改为“退款中”'):
        refund.move(RefundStatus.REQUESTED, actor_id=None, at=clock.now())


def test_an_event_of_the_sandbox_is_still_taken_when_stripe_is_chosen(shop):
    payment = make_payment(place((make_listed_product(village=shop.village), 1)))
    with transaction():
        body = SandboxGateway().pay(payment, at=clock.now()).body.encode()
    headers = signed_headers(body, at=clock.now())
    answer = shop.client.post('/payments/events/sandbox', data=body, headers=headers)
    assert answer.json == {'outcome': 'settled'}
