"""The address book: one default as long as there is any, no doubles, twenty at most, everybody's own."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.addresses import (
    MAX_ADDRESSES,
    AddressBookFullError,
    add_address,
    addresses_of,
    change_address,
    choose_default,
    remove_address,
)
from shop.orders.basket import Address
from tests.factories.accounts import make_user
from tests.factories.orders import HOME

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')
FIRST, SECOND, THIRD = (replace(HOME, street=f'向阳路 {n} 号') for n in (1, 2, 3))


@pytest.fixture
def user_id() -> int:
    return make_user().id


def book(user_id: int) -> list[tuple[str, bool]]:
    return [(one.street, one.is_default) for one in addresses_of(user_id)]


def add(user_id: int, *destinations, is_default: bool = False) -> list[int]:
    with transaction():
        return [add_address(user_id, to, is_default=is_default).id for to in destinations]


def test_there_is_always_one_default(user_id):
    first, second, third = add(user_id, FIRST, SECOND, THIRD)
    assert book(user_id) == [(FIRST.street, True), (THIRD.street, False), (SECOND.street, False)]
    with transaction():
        choose_default(user_id, second)
    assert book(user_id)[0] == (SECOND.street, True)
    with transaction():
        change_address(user_id, first, replace(FIRST, recipient='王芳'), is_default=True)
        remove_address(user_id, first)
    assert book(user_id) == [(THIRD.street, True), (SECOND.street, False)]
    with transaction():
        remove_address(user_id, third)
        remove_address(user_id, second)
    assert book(user_id) == []


def test_the_database_holds_one_default(user_id):
    add(user_id, FIRST, SECOND)
    with pytest.raises(IntegrityError), transaction():
        db.session.query(Address).update({'is_default': True})


def test_the_same_address_is_not_doubled_and_the_book_ends(user_id):
    assert add(user_id, FIRST) == add(user_id, FIRST)
    add(user_id, *(replace(HOME, street=f'北街 {n} 号') for n in range(MAX_ADDRESSES - 1)))
    with pytest.raises(AddressBookFullError, match='最多放 20 个') as full:
        add(user_id, SECOND)
    assert full.value.field == 'keep_address'
    assert len(add(user_id, FIRST, is_default=True)) == 1
    assert len(book(user_id)) == MAX_ADDRESSES


def test_what_is_somebody_elses_does_not_exist(user_id):
    (foreign,) = add(make_user().id, FIRST)
    for act in (
        lambda: change_address(user_id, foreign, SECOND),
        lambda: choose_default(user_id, foreign),
        lambda: remove_address(user_id, foreign),
    ):
        with pytest.raises(NotFoundError), transaction():
            act()
    assert db.session.get_one(Address, foreign).street == FIRST.street
