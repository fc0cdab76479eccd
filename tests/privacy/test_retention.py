"""What is past its time goes at the instant it is due, once, and the book does not notice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.models import WebSession
from shop.accounts.sessions import LIFETIME
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.letters.models import Letter, LetterStatus
from shop.letters.services import queue_letter
from shop.orders.basket import Basket, BasketLine
from shop.orders.models import Checkout, Order
from shop.orders.services import expire_orders
from shop.privacy.retention import CANCELLED, GUESTS, LETTERS, forget_due, years_before
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import WINDOW, place
from tests.factories.ratings import make_received
from tests.support.client import start_session

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')
SECOND = timedelta(seconds=1)


def forget_at(due: datetime) -> list[int]:
    """Return how much is forgotten a second before, at the instant, and once more."""
    counts = []
    for at in (due - SECOND, due, due):
        with transaction():
            counts.append(forget_due(at=at))
    return counts


def test_a_session_goes_when_it_has_run_out():
    start_session(make_user())
    assert forget_at(clock.now() + LIFETIME) == [0, 1, 0]
    assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_a_guests_basket_goes_and_a_users_stays():
    variant, user = make_listed_product().variants[0], make_user()
    with transaction() as session:
        for owner in ({'guest_digest': 'a' * 64}, {'user_id': user.id}):
            line = BasketLine(variant_id=variant.id, quantity=1, seen_price_fen=1, added_at=clock.now())
            session.add(Basket(**owner, updated_at=clock.now(), lines=[line]))
    assert forget_at(clock.now() + GUESTS) == [0, 1, 0]
    assert db.session.scalars(select(Basket.user_id)).all() == [user.id]
    assert db.session.scalar(select(func.count()).select_from(BasketLine)) == 1


def test_a_letters_address_goes_and_what_waits_is_dropped():
    with transaction():
        queue_letter('x', kind='paid', recipient='a@example.com', language='zh', facts={}, at=clock.now())
    assert forget_at(clock.now() + LETTERS) == [0, 1, 0]
    row = db.session.scalars(select(Letter)).one()
    assert (row.recipient, row.status) == ('', LetterStatus.DROPPED)


def test_a_cancelled_order_loses_its_person_after_ninety_days():
    order = place((make_listed_product(), 1)).orders[0]
    placed_at = order.placed_at
    with transaction():
        expire_orders(at=clock.now() + WINDOW)
    assert forget_at(placed_at + CANCELLED) == [0, 1, 0]


def test_a_completed_order_loses_its_person_three_years_after_and_keeps_sum_and_province():
    order = make_received((make_listed_product(), 2))
    with transaction():
        db.session.get_one(Checkout, order.checkout_id).email = 'a@example.com'
    kept = (order.total_fen, order.province_code)
    assert forget_at(order.completed_at.replace(year=order.completed_at.year + 3)) == [0, 1, 0]
    row = db.session.scalars(select(Order)).one()
    assert (row.recipient, row.phone, row.street, row.county_code) == ('已清除', '', '', row.province_code)
    assert ((row.total_fen, row.province_code), row.checkout.email) == (kept, None)
    assert find_faults() == []


def test_three_years_before_a_leap_day_is_the_day_before_march():
    leap = clock.day_start(datetime.fromisoformat('2028-02-29').date())
    assert clock.local(years_before(leap, 3)).isoformat() == '2025-02-28T00:00:00+08:00'
