"""Many buyers at a budget for a few uses, all at once: exactly so many discounts, the others are told."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import User
from shop.coupons.claims import claim_coupon
from shop.coupons.models import CouponUse
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.ledger.checks import find_faults
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon
from shop.orders.models import Order
from shop.orders.placing import Purchase, find_checkout, place_order
from shop.orders.services import cancel_order
from tests.factories.accounts import make_user
from tests.factories.coupons import claim, make_series, place_with_coupon, spent_of, used_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, WINDOW, stock_of

BUYERS, USES, OFF = 10, 3, 1_000


@pytest.fixture
def goods(app):
    return make_listed_product(price_fen=6_000, stock=100)


def at_once(app, acts: list[Callable[[], str]]) -> Counter[str]:
    """Let each act in a thread and a context of its own, at the same moment; count what they say."""
    ready = threading.Barrier(len(acts), timeout=30)
    said: list[str] = []

    def run(act: Callable[[], str]) -> None:
        with app.app_context():
            ready.wait()
            try:
                said.append(act())
            except BusinessError as error:
                said.append(type(error).__name__)

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return Counter(said)


def placing(variant_id: int, user_id: int, claim_id: int, token: str = '') -> Callable[[], str]:
    purchase = Purchase(token or new_token(), {variant_id: (1, 6_000)}, HOME, coupon=ChosenCoupon(claim_id, OFF))

    def act() -> str:
        buyer = Buyer(user_id=user_id)
        try:
            with transaction():
                place_order(purchase, buyer, actor=None, window=WINDOW, at=clock.now())
        except IntegrityError:  # the same form twice at once: the other one has placed it
            db.session.rollback()
            assert find_checkout(purchase.form_token, buyer) is not None
        return 'placed'

    return act


def uses() -> int:
    return db.session.scalar(select(func.count()).select_from(CouponUse)) or 0


def test_a_budget_for_a_few_is_never_overdrawn(app, goods):
    series = make_series(goods.village.county, budget_fen=USES * OFF + OFF // 2)
    users = [make_user() for _ in range(BUYERS)]
    variant_id = goods.variants[0].id
    acts = [placing(variant_id, user.id, claim(series, user).id) for user in users]
    said = at_once(app, acts)
    assert said['placed'] == USES
    assert said['BudgetSpentError'] + said['CouponChangedError'] == BUYERS - USES
    assert (spent_of(series), uses(), stock_of(goods)) == (USES * OFF, USES, 100 - USES)
    assert find_faults() == []


def test_one_person_with_many_windows_uses_a_coupon_as_often_as_it_may_be(app, goods):
    user = make_user()
    own = claim(make_series(goods.village.county, per_person=2), user)
    variant_id = goods.variants[0].id
    assert at_once(app, [placing(variant_id, user.id, own.id) for _ in range(6)])['placed'] == 2
    token = new_token()
    other = claim(make_series(goods.village.county, per_person=2), user)
    assert at_once(app, [placing(variant_id, user.id, other.id, token) for _ in range(4)]) == {'placed': 4}
    assert (used_of(own), used_of(other), uses()) == (2, 1, 3)
    assert find_faults() == []


def test_what_comes_back_while_others_buy_comes_back_once(app, goods):
    series = make_series(goods.village.county, budget_fen=2 * OFF)
    first, second = make_user(), make_user()
    own = claim(series, first)
    order_id = place_with_coupon(own, first, (goods, 1)).orders[0].id

    def cancel() -> str:
        with transaction() as session:
            cancel_order(session.get_one(Order, order_id), actor=None, at=clock.now(), reason='不要了')
        return 'cancelled'

    said = at_once(app, [cancel, cancel, cancel, placing(goods.variants[0].id, second.id, claim(series, second).id)])
    assert said == {'cancelled': 1, 'OrderMoveError': 2, 'placed': 1}
    assert (spent_of(series), used_of(own), uses(), stock_of(goods)) == (OFF, 0, 2, 99)
    assert find_faults() == []


def test_claiming_at_once_claims_once(app, goods):
    series, user = make_series(goods.village.county), make_user()
    series_id, user_id = series.id, user.id

    def take() -> str:
        with transaction() as session:
            return str(claim_coupon(series_id, actor=session.get_one(User, user_id), at=clock.now()).id)

    assert list(at_once(app, [take] * 5).values()) == [5]
