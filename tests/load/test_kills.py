"""Servers and the worker die at random moments while a crowd buys: nothing acknowledged is lost, nothing stays."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from shop.jobs.schedule import run_due_work
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.models import SalesEntry
from shop.orders.models import Checkout, Order, OrderStatus
from shop.payments.models import Payment, Refund
from tests.factories.endorsements import make_listed_product
from tests.load.crowd import Crowd, Shopper
from tests.load.steps import PRICE_FEN, count, want_one
from tests.load.storm import Storm, Worker
from tests.support.invariants import faults, stock_now

LEAVES = 0.25


@pytest.fixture
def worker(server_settings, tmp_path):
    """The scheduled work on the test's database, again and again."""
    running = Worker(server_settings, tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


def buy(shopper: Shopper, *, within_seconds: float) -> tuple[str, bool]:
    """Buy and pay, insisting while nobody answers; return the payment, and whether the shop said that it was made.

    Everybody comes some time within these seconds; some think better of it and leave the order unpaid.
    """
    time.sleep(shopper.rng.uniform(0, within_seconds))
    placed = shopper.check_out()
    assert placed.reference or placed.says_sold_out, (placed.status, placed.text[:300])
    if not placed.reference or shopper.rng.random() < LEAVES:
        return placed.reference, False
    came_back = shopper.pay(placed.reference)
    assert came_back.status == 303, (came_back.status, came_back.text[:300])
    return placed.reference, True


def let_unpaid_orders_expire() -> None:
    """Half an hour goes by, and everything that is due is done, twice."""
    clock.shift(timedelta(minutes=31))
    for _ in range(2):
        run_due_work()


def payments() -> dict[str, tuple[OrderStatus, bool]]:
    """Return what became of the order of each payment, and whether its payment settled it."""
    db.session.rollback()
    rows = select(Payment.reference, Order.status, Payment.settles_orders).join(
        Order, Order.checkout_id == Payment.checkout_id
    )
    return {reference: (status, settles) for reference, status, settles in db.session.execute(rows)}


def test_kills_lose_no_stock_no_order_and_no_payment(app, servers, worker, seed, is_long):
    buyers, units, kills = (400, 200, 60) if is_long else (40, 20, 4)
    running = servers()
    variant_id = make_listed_product(stock=units, price_fen=PRICE_FEN).variants[0].id
    at_first = stock_now()
    crowd = Crowd(running.url, buyers, seed=seed)
    want_one(crowd, variant_id)
    storm = Storm(running, worker, random.Random(seed), kills)
    with storm.raging():
        bought = crowd.do(partial(buy, within_seconds=30 if is_long else 2))
    assert faults(at_first) == []
    let_unpaid_orders_expire()
    found = payments()
    acknowledged = {reference: is_paid for reference, is_paid in bought if reference}
    assert acknowledged.keys() == found.keys()
    assert len(found) == count(Checkout) == units
    due = {True: (OrderStatus.AWAITING_SHIPMENT, True), False: (OrderStatus.CANCELLED, False)}
    assert found == {reference: due[is_paid] for reference, is_paid in acknowledged.items()}
    paid = sum(acknowledged.values())
    assert (count(SalesEntry), count(Refund)) == (paid, 0)
    assert stock_now()[variant_id] == units - paid
    assert faults(at_first) == []


@pytest.mark.parametrize('database_kind', ['sqlite'], indirect=True)
def test_stock_taken_before_the_order_is_written_would_be_seen(app, servers, seed):
    """The kill falls between the two units of work: as soon as the stock has fallen."""
    running = servers(mistake='stock_first')
    want = make_listed_product(stock=500, price_fen=PRICE_FEN).variants[0].id
    at_first = stock_now()
    crowd = Crowd(running.url, 16, seed=seed)
    want_one(crowd, want)
    with ThreadPoolExecutor(1) as hand:
        buying = hand.submit(crowd.do, partial(buy, within_seconds=0))
        while stock_now() == at_first and not buying.done():
            time.sleep(0.01)
        running.kill_all()
        running.restart()
        buying.result()
    assert faults(at_first) != []
