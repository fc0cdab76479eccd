"""Every payment event comes five times, in shuffled order, to several server processes: each order is paid once."""

import random

import pytest
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import SalesEntry
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment, PaymentEvent, Refund
from shop.payments.sandbox import INBOX, SandboxGateway, signed_headers
from tests.factories.endorsements import make_listed_product
from tests.load.crowd import Answer, Crowd, Shopper, deliver
from tests.load.steps import PRICE_FEN, count, kinds, want_one
from tests.support.invariants import faults, stock_now
from tests.support.stripe_double import KEY, SECRET, StripeDouble, signed

TIMES = 5


def place_all(url: str, *, units: int, buyers: int, seed: int) -> tuple[Crowd, list[Answer]]:
    """Let a crowd take the last units; return it with its answers."""
    crowd = Crowd(url, buyers, seed=seed)
    want_one(crowd, make_listed_product(stock=units, price_fen=PRICE_FEN).variants[0].id)
    answers = crowd.do(Shopper.check_out)
    assert kinds(answers) == {'sold': units, 'sold out': buyers - units}
    return crowd, answers


def sandbox_events() -> list[tuple[bytes, dict[str, str]]]:
    """Every payment is made at the sandbox; return what it will send, signed."""
    at = clock.now()
    with transaction():
        bodies = [
            SandboxGateway().pay(payment, at=at).body.encode() for payment in db.session.scalars(select(Payment)).all()
        ]
    return [(body, signed_headers(body, at=at)) for body in bodies]


def paid_once() -> bool:
    """Whether every order was paid by the one payment of its checkout, and booked once."""
    db.session.rollback()
    unpaid = db.session.scalar(select(func.count()).where(Order.paid_at.is_(None)))
    lines = db.session.scalar(select(func.count()).select_from(OrderLine))
    return (unpaid, lines, count(Refund)) == (0, count(SalesEntry), 0) and count(Payment) == count(Order)


def test_the_sandboxs_events_shuffled_and_repeated_pay_each_order_once(app, servers, seed, is_long):
    units, buyers = (200, 400) if is_long else (20, 40)
    at_first_empty = stock_now()
    assert at_first_empty == {}
    url = servers().url
    crowd, _ = place_all(url, units=units, buyers=buyers, seed=seed)
    deliver(crowd, INBOX, sandbox_events() * TIMES, rng=random.Random(seed))
    assert paid_once()
    assert count(PaymentEvent) == count(SalesEntry) == units
    assert faults(dict.fromkeys(stock_now(), units)) == []


def test_stripes_events_shuffled_and_repeated_pay_each_order_once(app, servers, seed, provider, is_long):
    units, buyers = (200, 400) if is_long else (20, 24)
    url = servers(
        PAYMENT_GATEWAY='stripe', STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET, STRIPE_API_BASE=provider.url,
        PUBLIC_URL='https://shop.example',
    ).url  # fmt: skip
    crowd, answers = place_all(url, units=units, buyers=buyers, seed=seed)
    where = {id(shopper): answer.location for shopper, answer in zip(crowd.shoppers, answers, strict=True)}
    buying = Crowd.of([shopper for shopper in crowd.shoppers if where[id(shopper)]])
    opened = buying.do(lambda shopper: shopper.send(where[id(shopper)]))
    assert {answer.status for answer in opened} == {200}
    events = [provider.pay(number) for number in list(provider.sessions)]
    assert len(events) == units
    sent = [(body, signed(body)) for body in events]
    deliver(crowd, '/payments/events/stripe', sent * TIMES, rng=random.Random(seed))
    assert paid_once()
    assert provider.captured() == units * PRICE_FEN
    assert faults(dict.fromkeys(stock_now(), units)) == []


@pytest.mark.parametrize('database_kind', ['postgresql'], indirect=True)
def test_a_repeated_event_taken_for_another_payment_would_be_seen(app, servers, seed):
    url = servers(mistake='every_delivery_is_new').url
    crowd, _ = place_all(url, units=5, buyers=8, seed=seed)
    deliver(crowd, INBOX, sandbox_events() * TIMES, rng=random.Random(seed))
    assert not paid_once()


@pytest.fixture
def provider():
    """The stand-in for Stripe on a port of its own."""
    double = StripeDouble()
    yield double
    double.stop()
