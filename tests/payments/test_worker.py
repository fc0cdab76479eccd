"""Bringing the sandbox's events to the inbox, over HTTP and within."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.models import OrderStatus
from shop.payments import worker
from shop.payments.models import Payment, PaymentEvent, PaymentStatus, SandboxDelivery
from shop.payments.sandbox import SandboxGateway
from shop.payments.worker import deliver_over_http, deliver_within
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, place

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

NOWHERE = 'http://127.0.0.1:9'


@pytest.fixture
def payments() -> list[Payment]:
    product = make_listed_product()
    payments = [make_payment(place((product, 1))) for _ in range(2)]
    with transaction():
        for payment in payments:
            SandboxGateway().pay(payment, at=clock.now())
    return payments


def deliveries() -> list[tuple[int, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(SandboxDelivery).order_by(SandboxDelivery.id))
    return [(row.attempts, row.delivered_at is not None) for row in rows]


def statuses(payments: list[Payment]) -> list[PaymentStatus]:
    db.session.rollback()
    return [payment.status for payment in payments]


PAID, PENDING = PaymentStatus.SUCCEEDED, PaymentStatus.PENDING


def test_every_waiting_event_is_brought_over_http(live_server, payments):
    assert deliver_over_http(live_server.url, at=clock.now()) == 2
    assert statuses(payments) == [PAID, PAID]
    assert deliveries() == [(1, True), (1, True)]
    assert deliver_over_http(live_server.url, at=clock.now()) == 0


def test_only_the_events_of_one_payment_are_brought_when_asked(live_server, payments):
    assert deliver_over_http(live_server.url, at=clock.now(), reference=payments[1].reference) == 1
    assert statuses(payments) == [PENDING, PAID]
    assert deliveries() == [(0, False), (1, True)]


def test_what_nobody_answered_waits_for_the_next_time(live_server, payments):
    assert deliver_over_http(NOWHERE, at=clock.now()) == 0
    assert statuses(payments) == [PENDING, PENDING]
    assert deliveries() == [(1, False), (1, False)]
    assert deliver_over_http(live_server.url, at=clock.now()) == 2
    assert deliveries() == [(2, True), (2, True)]


def test_within_the_same_events_have_the_same_effect_once(payments):
    assert deliver_within(at=clock.now()) == 2
    assert statuses(payments) == [PAID, PAID]
    assert deliveries() == [(1, True), (1, True)]
    assert deliver_within(at=clock.now()) == 0
    assert len(db.session.scalars(select(PaymentEvent)).all()) == 2


def test_within_only_one_payment_when_asked(payments):
    assert deliver_within(at=clock.now(), reference=payments[0].reference) == 1
    assert statuses(payments) == [PAID, PENDING]


def test_an_event_that_was_answered_but_not_noted_is_brought_again_without_effect(payments):
    deliver_within(at=clock.now())
    with transaction() as session:
        for delivery in session.scalars(select(SandboxDelivery)):
            delivery.delivered_at = None
    assert deliver_within(at=clock.now()) == 2
    assert deliveries() == [(2, True), (2, True)]
    orders = [payment.checkout.orders[0] for payment in payments]
    assert [order.status for order in orders] == [OrderStatus.AWAITING_SHIPMENT] * 2


def test_the_time_of_the_first_answer_stays(payments):
    deliver_within(at=clock.now())
    first = db.session.scalars(select(SandboxDelivery)).first()
    answered_at = first.delivered_at
    clock.shift(timedelta(hours=1))
    worker._note(first.id, clock.now())
    worker._note(first.id, None)
    db.session.rollback()
    assert (first.delivered_at, first.attempts) == (answered_at, 3)


def test_an_event_taken_in_by_somebody_else_at_once_is_delivered(payments, look_too_early):
    deliver_within(at=clock.now())
    with transaction() as session:
        session.scalars(select(SandboxDelivery)).first().delivered_at = None
    look_too_early()
    assert deliver_within(at=clock.now()) == 1
    assert deliveries() == [(2, True), (1, True)]
    assert len(db.session.scalars(select(PaymentEvent)).all()) == 2


def test_another_broken_rule_is_a_fault_and_the_event_waits(payments, monkeypatch):
    def broken(*_args, **_kwargs) -> None:
        raise IntegrityError('a statement', {}, Exception('a rule'))

    monkeypatch.setattr(worker, 'store_event', broken)
    with pytest.raises(IntegrityError):
        deliver_within(at=clock.now())
    assert deliveries() == [(0, False), (0, False)]
    assert statuses(payments) == [PENDING, PENDING]
