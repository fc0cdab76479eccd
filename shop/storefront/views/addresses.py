"""One's own address book: list, add, change, choose the default, remove."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_signed_in, required_user
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.orders.addresses import (
    MAX_ADDRESSES,
    add_address,
    address_of,
    addresses_of,
    change_address,
    choose_default,
    remove_address,
)
from shop.orders.basket import Address
from shop.regions.divisions import place_name
from shop.storefront.address_form import AddressFields

UNPROCESSABLE = 422

blueprint = Blueprint('addresses', __name__, url_prefix='/account/addresses')


@blueprint.get('')
@open_to_signed_in
def index() -> str:
    """List one's addresses."""
    book = addresses_of(required_user().id)
    return render_template('storefront/addresses.html', book=book, place_name=place_name, most=MAX_ADDRESSES)


@blueprint.get('/new')
@open_to_signed_in
def new() -> ResponseReturnValue:
    """Show an empty form."""
    return _page(AddressFields(), None)


@blueprint.post('')
@open_to_signed_in
def add() -> ResponseReturnValue:
    """Put an address into the book; what was typed stays when it cannot be used."""
    return _save(None)


@blueprint.get('/<int:address_id>')
@open_to_signed_in
def show(address_id: int) -> ResponseReturnValue:
    """Show an address to be changed."""
    address, form = address_of(required_user().id, address_id), AddressFields()
    form.fill(address)
    return _page(form, address)


@blueprint.post('/<int:address_id>')
@open_to_signed_in
def change(address_id: int) -> ResponseReturnValue:
    """Write an address anew."""
    return _save(address_of(required_user().id, address_id))


@blueprint.post('/<int:address_id>/default')
@open_to_signed_in
def make_default(address_id: int) -> ResponseReturnValue:
    """Choose the address that is used when nothing is said."""
    with transaction():
        choose_default(required_user().id, address_id)
    return redirect('/account/addresses', 303)


@blueprint.post('/<int:address_id>/removal')
@open_to_signed_in
def remove(address_id: int) -> ResponseReturnValue:
    """Take an address out of the book."""
    with transaction():
        remove_address(required_user().id, address_id)
    flash(_('地址已删除；已经下的订单不受影响。'))
    return redirect('/account/addresses', 303)


def _save(address: Address | None) -> ResponseReturnValue:
    form, is_default = AddressFields(), bool(request.form.get('is_default'))
    form.read_address(request.form)
    if request.form.get('reload'):
        return _page(form, address)
    if not form.check_address():
        return _page(form, address), UNPROCESSABLE
    user_id, address_id = required_user().id, address.id if address is not None else None
    try:
        with transaction():
            if address_id is None:
                add_address(user_id, form.typed, is_default=is_default)
            else:
                change_address(user_id, address_id, form.typed, is_default=is_default)
    except BusinessError as error:
        form.errors['recipient'] = error.message
        return _page(form, address), UNPROCESSABLE
    flash(_('地址已保存。'))
    return redirect('/account/addresses', 303)


def _page(form: AddressFields, address: Address | None) -> str:
    is_default = (
        bool(request.form.get('is_default')) if request.method == 'POST' else bool(address and address.is_default)
    )
    return render_template('storefront/address.html', form=form, entry=address, is_default=is_default)
