"""The same SDK against localstripe, which somebody else wrote: refunds, refusals, and events it signs itself."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
import stripe
from flask import request_finished
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.payments import reconciler
from shop.payments.models import EventOutcome, Payment, PaymentEvent, Refund, RefundStatus
from shop.payments.refunds import Piece, refund_lines
from shop.payments.services import GATEWAYS, REMOTE, settle_payment, start_payment
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import place
from tests.support.servers import running_localstripe

KEY, SECRET = 'sk_test_localstripe', 'whsec_localstripe'
ARRIVES_WITHIN = 15


@pytest.fixture(scope='module')
def localstripe(tmp_path_factory) -> Iterator[str]:
    with running_localstripe(tmp_path_factory.mktemp('localstripe') / 'log') as url:
        yield url


@pytest.fixture
def app(make_app, database_url, localstripe):
    app = make_app(
        DATABASE_URL=database_url, PAYMENT_GATEWAY='stripe', STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET,
        STRIPE_API_BASE=localstripe, PUBLIC_URL='https://shop.example',
    )  # fmt: skip
    with app.app_context():
        yield app


@pytest.fixture
def buyer(localstripe) -> stripe.StripeClient:
    """Somebody who pays at the provider."""
    return stripe.StripeClient(KEY, base_addresses={'api': localstripe})


@pytest.fixture
def payment(app, buyer) -> Payment:
    """A payment that was captured at localstripe; it has no Checkout Sessions, so ours is settled by hand."""
    checkout = place((make_listed_product(price_fen=3990), 2))
    with transaction():
        payment = start_payment(checkout, 'stripe', at=clock.now())
        payment.provider_payment = captured(buyer, 7980)
        settle_payment(payment, occurred_at=clock.now(), at=clock.now())
    return payment


def captured(buyer: stripe.StripeClient, amount: int) -> str:
    card = {'number': '4242424242424242', 'exp_month': 12, 'exp_year': 2030, 'cvc': '123'}
    method = buyer.v1.payment_methods.create({'type': 'card', 'card': card})
    intent = buyer.v1.payment_intents.create({'amount': amount, 'currency': 'cny', 'payment_method': method.id})
    return buyer.v1.payment_intents.confirm(intent.id).id


def give_back(payment: Payment, fen: int) -> Refund:
    order = payment.checkout.orders[0]
    with transaction():
        refund = refund_lines(
            order, [Piece(order.lines[0].id, 0, fen)], freight_fen=0, reason='坏果', actor=None, at=clock.now()
        )
        GATEWAYS['stripe'].request_refund(refund, at=clock.now())
    return refund


def sent(buyer: stripe.StripeClient, payment: Payment) -> list[int]:
    found = buyer.v1.refunds.list({'payment_intent': payment.provider_payment})
    return sorted(refund.amount for refund in found.data)


def test_parts_go_back_in_sequence_and_are_confirmed(buyer, payment):
    for fen in (1000, 2990):
        refund = give_back(payment, fen)
        assert reconciler.send_refunds(at=clock.now()) == 1
        db.session.rollback()
        assert (refund.status, refund.provider_reference[:3]) == (RefundStatus.SUCCEEDED, 're_')
    assert sent(buyer, payment) == [1000, 2990]
    told = REMOTE['stripe'].look_at_refund(refund.provider_reference)
    assert (told.reference, told.attempt, told.amount_fen) == (refund.idempotency_key, 1, 2990)


def test_a_refund_sent_before_a_crash_is_found_and_not_sent_twice(buyer, payment):
    """It knows no keys at all, as Stripe does not after some days: the refund is found by what it says."""
    refund = give_back(payment, 1000)
    REMOTE['stripe'].send_refund(reconciler._refund_request(refund, payment.provider_payment, at=clock.now()))
    assert reconciler.send_refunds(at=clock.now() + timedelta(days=1)) == 1
    db.session.rollback()
    assert refund.status is RefundStatus.SUCCEEDED
    assert sent(buyer, payment) == [1000]


def test_a_payment_nobody_knows_is_refused(payment):
    with transaction():
        payment.provider_payment = 'pi_nobody'
    refund = give_back(payment, 1000)
    assert reconciler.send_refunds(at=clock.now()) == 1
    db.session.rollback()
    assert refund.status is RefundStatus.FAILED
    assert refund.failure


def test_an_event_it_signs_itself_is_taken_in_over_http(app, live_server, localstripe, buyer):
    arrived = threading.Event()

    def arrive(*_sender, **_facts) -> None:
        arrived.set()

    hook = {
        'url': f'{live_server.url}/payments/events/stripe',
        'secret': SECRET,
        'events': ['payment_intent.succeeded'],
    }
    with request_finished.connected_to(arrive, app):
        assert requests.post(f'{localstripe}/_config/webhooks/shop', json=hook, timeout=5).ok
        captured(buyer, 500)
        assert arrived.wait(ARRIVES_WITHIN)
    db.session.rollback()
    assert set(db.session.scalars(select(PaymentEvent.outcome))) == {EventOutcome.UNHANDLED}
