"""The power goes before every statement and around every commit of what moves goods and money; nothing is lost.

Each deed is first done undisturbed; then, once for each moment of it, it is cut off there, the shop is started
again, the same is asked for once more, and everything must be as if nothing had happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from shop.catalogue.models import Product
from shop.catalogue.stock import take_stock
from shop.jobs.schedule import expire
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.ledger.receipts import confirm_receipt
from shop.orders import placing
from shop.orders.models import Checkout, Order, OrderStatus
from shop.orders.placing import place_order
from shop.payments.models import Payment, Refund
from shop.payments.refunds import refund_whole_order
from shop.payments.sandbox import SandboxGateway, signed_headers
from shop.payments.services import GATEWAYS, start_payment
from shop.payments.worker import deliver_within, receive_event
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import WINDOW, make_guest, make_payment, pay, place, purchase_of, receive, ship
from tests.support.invariants import faults, stock_now
from tests.support.power import Machine, restart

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@dataclass(frozen=True)
class Deed:
    """Something that is done to a checkout: what it needs, and how it is asked for, once or again."""

    prepare: Callable[[], str]
    ask: Callable[[str], None]
    least_moments: int


class Goods:
    """Two products of one supplier, so that every order has two lines."""

    def __init__(self) -> None:
        first = make_listed_product(stock=10_000, rule=7)
        self.ids = (first.id, make_listed_product(stock=10_000, supplier=first.supplier, rule=600).id)

    @property
    def pieces(self) -> tuple[tuple[Product, int], ...]:
        """One of the first and two of the second, in an order that is not that of their keys."""
        first, second = (db.session.get_one(Product, product_id) for product_id in self.ids)
        return (second, 2), (first, 1)


def checkout_of(token: str) -> Checkout:
    db.session.rollback()
    return db.session.scalars(select(Checkout).where(Checkout.form_token == token)).one()


def order_of(token: str) -> Order:
    return checkout_of(token).orders[0]


@pytest.fixture
def deeds() -> dict[str, Deed]:
    goods = Goods()
    purchases = {}

    def nothing() -> str:
        purchase = purchase_of(*goods.pieces)
        db.session.rollback()
        purchases[purchase.form_token] = (purchase, make_guest())
        return purchase.form_token

    def placed() -> str:
        return place(*goods.pieces).form_token

    def announced() -> str:
        checkout = place(*goods.pieces)
        with transaction():
            SandboxGateway().pay(start_payment(checkout, 'sandbox', at=clock.now()), at=clock.now())
        return checkout.form_token

    def on_its_way() -> str:
        checkout = place(*goods.pieces)
        pay(checkout)
        return ship(checkout.orders[0]).checkout.form_token

    def received() -> str:
        return receive(order_of(on_its_way())).checkout.form_token

    def late() -> str:
        token = placed()
        make_payment(checkout_of(token))
        clock.shift(WINDOW + timedelta(minutes=1))
        return token

    def ask_to_place(token: str) -> None:
        purchase, buyer = purchases[token]
        with transaction():
            checkout = place_order(purchase, buyer, actor=None, window=WINDOW, at=clock.now())
            start_payment(checkout, 'sandbox', at=clock.now())

    return {
        'place': Deed(nothing, ask_to_place, 14),
        'pay': Deed(announced, tell_the_inbox, 20),
        'expire': Deed(late, lambda _token: ignore(expire()), 6),
        'complete': Deed(on_its_way, ask_to_receive, 12),
        'refund before completion': Deed(on_its_way, ask_for_refund, 25),
        'refund after completion': Deed(received, ask_for_refund, 25),
    }


def ignore(_count: int) -> None:
    """How many there were is of no interest."""


def tell_the_inbox(token: str) -> None:
    payment = db.session.scalars(select(Payment).where(Payment.checkout_id == checkout_of(token).id)).one()
    body = SandboxGateway().pay(payment, at=payment.created_at).body.encode()
    db.session.rollback()
    receive_event('sandbox', body, signed_headers(body, at=clock.now()), at=clock.now())


def ask_to_receive(token: str) -> None:
    order = order_of(token)
    if order.status is not OrderStatus.COMPLETED:
        with transaction():
            confirm_receipt(order, actor=None, at=clock.now())


def ask_for_refund(token: str) -> None:
    order = order_of(token)
    if order.status is not OrderStatus.CLOSED:
        with transaction():
            refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
            GATEWAYS['sandbox'].request_refund(refund, at=clock.now())
    deliver_within(at=clock.now())


def state_of(token: str) -> list[object]:
    """Everything the deeds write about a checkout, without what tells one from another."""
    db.session.rollback()
    order = db.session.scalar(select(Order).join(Order.checkout).where(Checkout.form_token == token))
    if order is None:
        return []
    lines = [line.id for line in order.lines]
    payments = db.session.scalars(select(Payment).where(Payment.checkout_id == order.checkout_id)).all()
    refunds = db.session.scalars(select(Refund).where(Refund.order_id == order.id)).all()
    pieces = [piece.id for refund in refunds for piece in refund.lines]
    books = [
        sorted(db.session.scalars(select(book.amount_fen).where(cause.in_(ids))).all())
        for book in (SalesEntry, BenefitEntry)
        for cause, ids in ((book.order_line_id, lines), (book.refund_line_id, pieces))
    ]
    return [
        order.status,
        [event.to_status for event in order.events],
        [(line.quantity, line.benefit_fen, line.shipped_quantity) for line in order.lines],
        [(payment.status, payment.settles_orders, payment.captured_fen) for payment in payments],
        [(refund.status, refund.amount_fen, len(refund.lines)) for refund in refunds],
        books,
    ]


@pytest.mark.parametrize(
    'name', ['place', 'pay', 'expire', 'complete', 'refund before completion', 'refund after completion']
)
def test_power_lost_at_any_moment_of(deeds, name):
    deed, at_first = deeds[name], stock_now()
    undisturbed = deed.prepare()
    deed.ask(undisturbed)
    due = state_of(undisturbed)
    for number in count():
        token = deed.prepare()
        with Machine(number) as machine:
            deed.ask(token)
        if not machine.is_dead:
            break
        restart()
        assert faults(at_first) == [], machine.moments
        deed.ask(token)
        assert state_of(token) == due, machine.moments
    assert number >= deed.least_moments
    assert faults(at_first) == []


def test_a_commit_half_way_would_be_seen(deeds, monkeypatch):
    def take_at_once(quantities) -> None:
        take_stock(quantities)
        db.session.commit()

    monkeypatch.setattr(placing, 'take_stock', take_at_once)
    deed, at_first = deeds['place'], stock_now()
    found = []
    for number in range(deed.least_moments):
        token = deed.prepare()
        with Machine(number):
            deed.ask(token)
        restart()
        found += faults(at_first)
    assert found
