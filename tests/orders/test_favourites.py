"""Favourites: each product once for each buyer, whoever is faster, and a guest's come along."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.baskets import Buyer
from shop.orders.favourite import Favourite
from shop.orders.favourites import (
    add_favourite,
    favourites_of,
    is_favourite,
    merge_favourites,
    remove_favourite,
)
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_guest

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def keep(buyer: Buyer, product) -> None:
    with transaction():
        add_favourite(buyer, product.id, at=clock.now())


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Favourite))


def test_twice_is_once_and_gone_is_gone():
    product, guest, user = make_listed_product(), make_guest(), Buyer(user_id=make_user().id)
    for buyer in (guest, guest, user, user):
        keep(buyer, product)
    assert count() == 2
    for _again in range(2):
        with transaction():
            remove_favourite(guest, product.id)
    assert (is_favourite(guest, product.id), is_favourite(user, product.id)) == (False, True)
    assert not is_favourite(Buyer(), product.id)
    assert favourites_of(Buyer()) == []


def test_what_was_never_on_sale_cannot_be_put_by():
    with pytest.raises(NotFoundError):
        keep(make_guest(), make_product())
    with pytest.raises(NotFoundError), transaction():
        add_favourite(make_guest(), 999_999, at=clock.now())
    assert count() == 0


def test_at_the_same_moment_from_two_devices_it_is_kept_once(app):
    product_id, user_id, ready, faults = make_listed_product().id, make_user().id, Barrier(4, timeout=30), []
    db.session.rollback()

    def put() -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    add_favourite(Buyer(user_id=user_id), product_id, at=clock.now())
            except Exception as fault:  # noqa: BLE001  whatever it is, it is one too many
                faults.append(fault)
            db.session.remove()

    threads = [Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (faults, count()) == ([], 1)


def test_a_fallen_price_and_what_went_off_sale_are_told():
    buyer = make_guest()
    fallen, risen, gone = (make_listed_product(price_fen=3990, name=name) for name in ('秋木耳', '榛蘑', '椴树蜜'))
    for product in (fallen, risen, gone):
        keep(buyer, product)
    with transaction():
        fallen.variants[0].price_fen, risen.variants[0].price_fen = 3590, 4990
        endorsement = db.session.scalars(select(Endorsement).where(Endorsement.product_id == gone.id)).one()
        endorsement.move(EndorsementStatus.PAUSED, actor_id=None, at=clock.now())
    told = {row.favourite.product_id: (row.price_fen, row.fallen_fen) for row in favourites_of(buyer)}
    assert told == {fallen.id: (3590, 400), risen.id: (4990, 0), gone.id: (None, 0)}


def test_a_guests_favourites_join_the_users():
    both, new, guest, user = make_listed_product(), make_listed_product(), make_guest(), make_user()
    keep(Buyer(user_id=user.id), both)
    keep(guest, both)
    keep(guest, new)
    for _again in range(2):
        with transaction():
            merge_favourites(guest.guest_digest, user)
    assert {row.favourite.product_id for row in favourites_of(Buyer(user_id=user.id))} == {both.id, new.id}
    assert count() == 2
