"""The address book of a user: at most twenty, one of them the default as long as there is any."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.kit.database import db
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.basket import Address
from shop.orders.placing import Destination

MAX_ADDRESSES = 20


class AddressBookFullError(BusinessError):
    """There are as many addresses as a book holds."""


def addresses_of(user_id: int) -> Sequence[Address]:
    """Return a user's addresses, the default first, then the newest."""
    return db.session.scalars(
        select(Address).where(Address.user_id == user_id).order_by(Address.is_default.desc(), Address.id.desc())
    ).all()


def address_of(user_id: int, address_id: int) -> Address:
    """Return one of a user's addresses; raises `NotFoundError` for any other."""
    address = db.session.scalar(select(Address).where(Address.id == address_id, Address.user_id == user_id))
    if address is None:
        raise NotFoundError
    return address


def add_address(user_id: int, to: Destination, *, is_default: bool = False) -> Address:
    """Put an address into the book; one that stands there already is not doubled, the first is the default.

    Raises `AddressBookFullError`.
    """
    book = _locked_book(user_id)
    address = next((one for one in book if destination_of(one) == to), None)
    if address is None:
        if len(book) >= MAX_ADDRESSES:
            raise AddressBookFullError(
                _('地址簿最多放 %(most)s 个地址，请先删掉一个不用的。', most=MAX_ADDRESSES), field='keep_address'
            )
        address = Address(user_id=user_id, is_default=False)
        _fill(address, to)
        db.session.add(address)
    if is_default or not book:
        _make_default(book, address)
    db.session.flush()
    return address


def change_address(user_id: int, address_id: int, to: Destination, *, is_default: bool = False) -> Address:
    """Write an address anew; orders that were sent there keep what they had."""
    book = _locked_book(user_id)
    address = address_of(user_id, address_id)
    _fill(address, to)
    if is_default:
        _make_default(book, address)
    return address


def choose_default(user_id: int, address_id: int) -> None:
    """Make an address the one that is chosen when nothing is said."""
    book = _locked_book(user_id)
    _make_default(book, address_of(user_id, address_id))


def remove_address(user_id: int, address_id: int) -> None:
    """Take an address out of the book; if it was the default, the newest of the others is."""
    book = _locked_book(user_id)
    address = address_of(user_id, address_id)
    db.session.delete(address)
    db.session.flush()
    others = [one for one in book if one is not address]
    if others and address.is_default:
        _make_default(others, others[0])


def destination_of(address: Address) -> Destination:
    """Return where an address leads."""
    return Destination(
        address.recipient,
        address.phone,
        address.province_code,
        address.city_code,
        address.county_code,
        address.street,
    )


def _locked_book(user_id: int) -> Sequence[Address]:
    """Return the addresses as they are now; nobody else changes the book until the unit of work ends."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return addresses_of(user_id)


def _make_default(book: Sequence[Address], address: Address) -> None:
    for other in book:
        other.is_default = False
    db.session.flush()
    address.is_default = True


def _fill(address: Address, to: Destination) -> None:
    address.recipient, address.phone, address.street = to.recipient, to.phone, to.street
    address.province_code, address.city_code, address.county_code = to.province_code, to.city_code, to.county_code
