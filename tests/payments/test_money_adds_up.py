"""Whatever buyers, desks, clocks, crashes and the provider do, in any order: what was kept is what the book says."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.models import Order
from shop.orders.services import cancel_order, expire_orders
from shop.payments import reconciler
from shop.payments.models import Payment, PaymentStatus, Refund, RefundStatus
from shop.payments.refunds import Piece, refund_lines, refund_whole_order
from shop.payments.services import GATEWAYS, start_payment
from shop.payments.worker import redrive_events
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import place

PROLOGUES = ((), ('open',), ('open', 'pay'), ('open', 'pay', 'tell'), ('open', 'pay', 'tell', 'part'))
STEPS = (
    'open', 'pay', 'pay again', 'tell', 'cancel', 'expire', 'part', 'part', 'whole', 'work', 'interrupted work', 'down',
    'up',
)  # fmt: skip
PLANS = st.tuples(
    st.sampled_from(PROLOGUES),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**6)), min_size=2, max_size=9),
)
ON_DATABASE = settings(
    max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


class Life:
    """One order and everything that may happen to it; only what the shop refuses by a rule is let pass."""

    def __init__(self, shop, product: Product) -> None:
        self.shop = shop
        self.checkout_id = place((product, 2)).id
        self.session = ''
        self.told = len(shop.provider.events)

    @property
    def order(self) -> Order:
        db.session.rollback()
        return db.session.scalars(select(Order).where(Order.checkout_id == self.checkout_id)).one()

    def take(self, step: str, seed: int) -> None:
        try:
            getattr(self, f'step_{step.replace(" ", "_")}')(random.Random(seed))
        except BusinessError:
            db.session.rollback()

    def step_open(self, _rng) -> None:
        order = self.order
        with transaction():
            payment = start_payment(order.checkout, 'stripe', at=clock.now())
        answer = self.shop.client.get(f'/payments/{payment.reference}')
        if 'Refresh' in answer.headers:
            self.session = answer.headers['Refresh'].rsplit('/', 1)[1]

    def step_pay(self, rng) -> None:
        if self.session and self.shop.provider.sessions[self.session]['status'] == 'open':
            self.shop.provider.pay(self.session)

    def step_pay_again(self, rng) -> None:
        if self.session:
            self.shop.provider.pay_again(self.session)

    def step_tell(self, rng) -> None:
        for body in rng.choices(self.shop.provider.events[self.told :] or [b''], k=5):
            if body:
                assert self.shop.send(body).status_code == 200

    def step_cancel(self, _rng) -> None:
        order = self.order
        with transaction():
            cancel_order(order, actor=None, at=clock.now(), reason='买家取消')

    def step_expire(self, rng) -> None:
        clock.shift(rng.choice((timedelta(minutes=10), timedelta(minutes=40))))
        with transaction():
            expire_orders(at=clock.now())

    def step_part(self, rng) -> None:
        order, fen = self.order, rng.randint(1, 6000)
        with transaction():
            pieces = [Piece(order.lines[0].id, 0, fen)]
            refund = refund_lines(order, pieces, freight_fen=0, reason='坏果', actor=None, at=clock.now())
            GATEWAYS['stripe'].request_refund(refund, at=clock.now())

    def step_whole(self, _rng) -> None:
        order = self.order
        with transaction():
            refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
            GATEWAYS['stripe'].request_refund(refund, at=clock.now())

    def step_work(self, _rng) -> None:
        work(self.shop)

    def step_interrupted_work(self, rng) -> None:
        """The answers to the next requests are lost, as when this process dies while it waits for them."""
        self.shop.provider.answers_lost = rng.randint(1, 2)
        work(self.shop)

    def step_down(self, _rng) -> None:
        self.shop.provider.is_down = True

    def step_up(self, _rng) -> None:
        self.shop.provider.is_down = False


def work(shop) -> None:
    """What the scheduled work does about payments in a minute."""
    at = clock.now()
    redrive_events(at=at)
    reconciler.ask_about_payments(at=at)
    reconciler.close_payments(at=at)
    with transaction():
        expire_orders(at=at)
    reconciler.send_refunds(at=at)
    reconciler.ask_about_refunds(at=at)


def come_to_rest(shop, rng: random.Random) -> None:
    """Everything is delivered at last, in some order, and the work is done as often as it takes."""
    shop.provider.is_down, shop.provider.answers_lost = False, 0
    for _ in range(3):
        bodies = list(shop.provider.events)
        rng.shuffle(bodies)
        for body in bodies:
            assert shop.send(body).status_code == 200
        clock.shift(timedelta(minutes=15))
        work(shop)


def total(column, *where) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0


@pytest.fixture
def product(stripe_shop) -> Product:
    return make_listed_product(price_fen=3990, stock=100)


@ON_DATABASE
@example(plan=(('open', 'pay', 'tell', 'part', 'interrupted work', 'work'), []), seed=1)
@example(plan=(('open', 'pay', 'tell', 'pay again', 'tell', 'interrupted work'), []), seed=2)
@example(plan=(('open', 'pay', 'cancel', 'interrupted work', 'work', 'tell'), []), seed=3)
@example(plan=(('open', 'pay', 'expire', 'tell', 'down', 'work', 'up'), []), seed=4)
@given(plan=PLANS, seed=st.integers(0, 10**6))
def test_captured_less_refunded_is_what_the_book_says_and_nobody_is_refunded_twice(stripe_shop, product, plan, seed):
    life = Life(stripe_shop, product)
    before = stripe_shop.provider.captured(), total(SalesEntry.amount_fen)
    prologue, steps = plan
    for step, number in [*((step, seed) for step in prologue), *steps]:
        life.take(step, number)
    come_to_rest(stripe_shop, random.Random(seed))
    kept = stripe_shop.provider.captured() - before[0]
    assert kept == total(SalesEntry.amount_fen) - before[1]
    captured = total(Payment.captured_fen, Payment.status == PaymentStatus.SUCCEEDED)
    assert stripe_shop.provider.captured() == captured - total(Refund.amount_fen)
    assert total(Refund.id, Refund.status != RefundStatus.SUCCEEDED) == 0
    keys = [tuple(refund['metadata'].values()) for refund in stripe_shop.provider.refunds.values()]
    assert len(keys) == len(set(keys)) == db.session.scalar(select(func.count(Refund.id)))
    assert find_faults() == []
