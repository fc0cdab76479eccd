"""The basket: filling, changing, and what a guest brings along at sign-in."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.basket import MAX_QUANTITY, Basket, BasketLine
from shop.orders.baskets import (
    Buyer,
    NotOnSaleError,
    QuantityError,
    accept_changes,
    basket_count,
    basket_of,
    change_line,
    merge_baskets,
    on_sale,
    put_in_basket,
    take_what_is_left,
)
from shop.orders.models import Checkout, Order
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_product, make_variant
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import version_of
from tests.factories.orders import make_guest, place

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def put(buyer: Buyer, product, quantity: int = 1) -> BasketLine:
    with transaction():
        return put_in_basket(buyer, product.variants[0].id, quantity, at=clock.now())


def change(buyer: Buyer, line_id: int, quantity: int) -> None:
    with transaction():
        change_line(buyer, line_id, quantity, at=clock.now())


def merge(guest: Buyer, user: User) -> None:
    with transaction():
        merge_baskets(guest.guest_digest, user, at=clock.now())


def contents(buyer: Buyer) -> list[tuple[int, int, int]]:
    basket = basket_of(buyer)
    assert basket is not None
    return [(line.variant_id, line.quantity, line.seen_price_fen) for line in basket.lines]


def reprice(product, fen: int) -> None:
    with transaction():
        product.variants[0].price_fen = fen


@pytest.fixture
def guest() -> Buyer:
    return make_guest()


def test_units_of_one_variant_add_up_on_one_line(guest):
    product = make_listed_product(price_fen=3990)
    put(guest, product, 2)
    put(guest, product, 3)
    assert contents(guest) == [(product.variants[0].id, 5, 3990)]
    assert basket_count(guest) == 5


def test_a_user_and_a_guest_have_baskets_of_their_own(guest):
    product, user = make_listed_product(), make_user()
    put(guest, product, 2)
    put(Buyer(user_id=user.id), product, 1)
    put(make_guest(), product, 7)
    assert basket_count(guest) == 2
    assert basket_count(Buyer(user_id=user.id)) == 1


def test_nobody_has_no_basket_though_others_have():
    product = make_listed_product()
    put(make_guest(), product)
    put(Buyer(user_id=make_user().id), product)
    assert basket_of(Buyer()) is None
    assert basket_count(Buyer()) == 0
    with pytest.raises(NotFoundError):
        change(Buyer(), db.session.scalars(select(BasketLine.id)).first(), 2)


@pytest.mark.parametrize('quantity', [0, -1, MAX_QUANTITY + 1, 10**9])
def test_a_quantity_no_line_can_hold_is_refused(guest, quantity):
    with pytest.raises(QuantityError, match='1 到 999') as refused:
        put(guest, make_listed_product(), quantity)
    assert refused.value.field == 'quantity'
    assert basket_of(guest) is None


def test_a_line_is_filled_up_to_the_most_and_no_further(guest):
    product = make_listed_product()
    put(guest, product, MAX_QUANTITY - 1)
    put(guest, product, 500)
    assert basket_count(guest) == MAX_QUANTITY


def test_what_is_not_on_sale_does_not_get_in(guest):
    listed, unlisted = make_listed_product(), make_product()
    with transaction():
        listed.variants[0].is_offered = False
    for product in (listed, unlisted):
        with pytest.raises(NotOnSaleError, match='暂时不能购买'):
            put(guest, product)
    assert db.session.scalar(select(func.count()).select_from(Basket)) == 0


def test_what_does_not_exist_is_not_found(guest):
    with pytest.raises(NotFoundError), transaction():
        put_in_basket(guest, 999_999, 1, at=clock.now())


def test_only_a_listed_endorsement_puts_a_product_on_sale():
    listed, paused, plain = make_listed_product(), make_listed_product(), make_product()
    with transaction():
        endorsement = db.session.scalars(select(Endorsement).where(Endorsement.product_id == paused.id)).one()
        endorsement.status = EndorsementStatus.PAUSED
    assert on_sale([listed.id, paused.id, plain.id]) == {listed.id}


def test_putting_more_in_shows_the_price_of_now(guest):
    product = make_listed_product(price_fen=3990)
    put(guest, product)
    reprice(product, 4290)
    assert contents(guest)[0][2] == 3990
    put(guest, product)
    assert contents(guest) == [(product.variants[0].id, 2, 4290)]


def test_changing_a_line_sets_its_units_and_keeps_what_was_seen_until_the_buyer_says_so(guest):
    product = make_listed_product(price_fen=3990)
    line = put(guest, product, 2)
    reprice(product, 4290)
    clock.shift(timedelta(minutes=1))
    change(guest, line.id, 7)
    assert contents(guest) == [(product.variants[0].id, 7, 3990)]
    assert basket_of(guest).updated_at == clock.now()
    with transaction():
        product.presale_ships_on = clock.today() + timedelta(days=9)
        now = (4290, version_of(product).id, clock.today() + timedelta(days=9))
        accept_changes(guest, {line.variant_id: (4289, *now[1:])}, at=clock.now())
    assert basket_of(guest).lines[0].seen_price_fen == 3990, 'another price was shown than holds now'
    with transaction():
        accept_changes(guest, {line.variant_id: now}, at=clock.now())
    seen = basket_of(guest).lines[0]
    assert (seen.seen_price_fen, seen.seen_version_id) == (4290, version_of(product).id)
    assert seen.seen_presale_on == clock.today() + timedelta(days=9)


@pytest.mark.parametrize(('stock', 'left'), [(3, 3), (9, 5), (0, None)])
def test_one_press_sets_a_line_to_what_is_left_and_takes_out_what_is_gone(guest, stock, left):
    product = make_listed_product(stock=9)
    line = put(guest, product, 5)
    with transaction():
        product.variants[0].stock = stock
        take_what_is_left(guest, line.variant_id, at=clock.now())
    assert [line.quantity for line in basket_of(guest).lines] == ([left] if left else [])
    with pytest.raises(NotFoundError), transaction():
        take_what_is_left(make_guest(), line.variant_id, at=clock.now())


def test_nobody_without_a_basket_has_changes_to_accept(guest):
    with pytest.raises(NotFoundError), transaction():
        accept_changes(guest, {}, at=clock.now())


def test_zero_takes_a_line_out(guest):
    kept, gone = make_listed_product(), make_listed_product()
    put(guest, kept)
    change(guest, put(guest, gone).id, 0)
    assert [variant for variant, _, _ in contents(guest)] == [kept.variants[0].id]
    assert db.session.scalar(select(func.count()).select_from(BasketLine)) == 1


@pytest.mark.parametrize('quantity', [-1, MAX_QUANTITY + 1])
def test_a_wrong_quantity_leaves_the_line_as_it_was(guest, quantity):
    line = put(guest, make_listed_product(), 2)
    with pytest.raises(QuantityError):
        change(guest, line.id, quantity)
    assert basket_count(guest) == 2


def test_a_line_of_somebody_else_is_not_found(guest):
    product = make_listed_product()
    put(guest, product)
    foreign = put(make_guest(), product, 3)
    for quantity in (0, 5):
        with pytest.raises(NotFoundError):
            change(guest, foreign.id, quantity)
    assert db.session.get_one(BasketLine, foreign.id).quantity == 3


def test_at_sign_in_the_guests_lines_join_the_users_and_quantities_add_up(guest):
    both, only_guest, only_user = (make_listed_product(stock=99) for _ in range(3))
    user = make_user()
    own = Buyer(user_id=user.id)
    put(guest, both, 2)
    put(guest, only_guest, 3)
    put(own, both, 4)
    put(own, only_user, 5)
    merge(guest, user)
    quantities = {variant: quantity for variant, quantity, _ in contents(own)}
    assert quantities == {
        both.variants[0].id: 6,
        only_guest.variants[0].id: 3,
        only_user.variants[0].id: 5,
    }
    assert basket_of(guest) is None
    assert db.session.scalar(select(func.count()).select_from(BasketLine)) == 3


def test_a_user_without_a_basket_takes_the_guests_with_the_prices_seen(guest):
    product, user = make_listed_product(price_fen=3990), make_user()
    put(guest, product, 2)
    reprice(product, 4290)
    merge(guest, user)
    assert contents(Buyer(user_id=user.id)) == [(product.variants[0].id, 2, 3990)]


def test_joined_lines_hold_no_more_than_one_line_may(guest):
    product, user = make_listed_product(), make_user()
    put(guest, product, 600)
    put(Buyer(user_id=user.id), product, 600)
    merge(guest, user)
    assert basket_count(Buyer(user_id=user.id)) == MAX_QUANTITY


def test_a_guest_without_a_basket_brings_nothing_and_takes_nothing(guest):
    product, user = make_listed_product(), make_user()
    put(Buyer(user_id=user.id), product, 2)
    put(make_guest(), product, 9)
    merge(guest, user)
    assert basket_count(Buyer(user_id=user.id)) == 2


def test_the_guests_checkouts_and_orders_become_the_users_and_nobody_elses(guest):
    product, user = make_listed_product(), make_user()
    mine = place((product, 1), buyer=guest)
    other = place((product, 1), buyer=make_guest())
    merge(guest, user)
    rows = db.session.execute(
        select(Checkout.id, Checkout.user_id, Checkout.guest_digest.is_(None), Order.user_id)
        .join(Checkout.orders)
        .order_by(Checkout.id)
    ).all()
    assert [tuple(row) for row in rows] == [(mine.id, user.id, True, user.id), (other.id, None, False, None)]


def test_merging_twice_adds_nothing(guest):
    product, user = make_listed_product(), make_user()
    put(guest, product, 2)
    merge(guest, user)
    merge(guest, user)
    assert basket_count(Buyer(user_id=user.id)) == 2


@pytest.mark.parametrize('has_basket', [False, True])
def test_two_hands_may_fill_one_basket_at_once(app: Flask, guest, has_basket):
    product = make_listed_product(stock=99)
    other = make_variant(product)
    if has_basket:
        with transaction():
            put_in_basket(guest, other.id, 1, at=clock.now())
    at, variant_id, both = clock.now(), product.variants[0].id, threading.Barrier(2, timeout=20)
    faults: list[BaseException] = []

    def fill() -> None:
        try:
            with app.app_context():
                for _ in range(5):
                    both.wait()
                    with transaction():
                        put_in_basket(guest, variant_id, 1, at=at)
        except BaseException as fault:  # noqa: BLE001  the test must hear of it
            faults.append(fault)
            both.abort()

    hands = [threading.Thread(target=fill) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert faults == []
    db.session.rollback()
    assert basket_count(guest) == 10 + has_basket
