"""Checkout on one page: address, freight, confirmation, and placing it once."""

from datetime import date, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import read_id
from shop.orders.basket import Address
from shop.orders.baskets import Buyer, NotOnSaleError, lines_of
from shop.orders.placing import Purchase, find_checkout, place_order
from shop.orders.quoting import Quote, quote
from shop.payments.services import GATEWAYS, start_payment
from shop.regions.divisions import cities, counties, provinces
from shop.storefront.buyer import checkout_of_buyer, current_buyer
from shop.storefront.checkout_form import CheckoutForm
from shop.storefront.coupon_shelf import CouponTyped, coupon_shelf
from shop.storefront.delivery import PROVINCE_COOKIE, known_province
from shop.storefront.share_visit import kept_link_ids

UNPROCESSABLE = 422

blueprint = Blueprint('checkout', __name__)


@blueprint.get('/checkout')
@open_to_everyone
def show() -> ResponseReturnValue:
    """Show the checkout of what is in the basket."""
    form = CheckoutForm(form_token=new_token(), province=known_province(request.cookies.get(PROVINCE_COOKIE)))
    user = signed_in_user()
    if user is not None:
        _prefill(form, user.id)
    return _page(form, current_buyer())


@blueprint.post('/checkout')
@open_to_everyone
def place() -> ResponseReturnValue:
    """Place the order once per form token, then lead to the payment."""
    form, buyer = CheckoutForm.read(request.form), current_buyer()
    coupon = CouponTyped.read(request.form)
    if coupon.is_redeeming:
        coupon.redeem(form.errors)
        return _page(form, buyer, coupon=coupon)
    if request.form.get('reload'):
        return _page(form, buyer)
    if not form.check():
        form.form_token = form.form_token if 'form_token' not in form.errors else new_token()
        return _page(form, buyer, 422)
    try:
        reference_url = _place(form, buyer)
    except BusinessError as error:
        form.errors[error.field or 'basket'] = error.message
        return _page(form, buyer, 409)
    except IntegrityError:
        # The same form arrived twice at once; the other one has placed it.
        db.session.rollback()
        if find_checkout(form.form_token, buyer) is None:
            raise
        reference_url = _go_on(form.form_token, buyer)
    return redirect(reference_url, 303)


def _place(form: CheckoutForm, buyer: Buyer) -> str:
    wanted = _seen(request.form.getlist('line'))
    gateway, at = current_app.config['PAYMENT_GATEWAY'], clock.now()
    purchase = Purchase(
        form.form_token,
        wanted,
        form.destination,
        note=form.note,
        confirmed=form.confirmed,
        share_link_ids=kept_link_ids(at=at),
        presales=_presales(),
        coupon=CouponTyped.read(request.form).chosen,
    )
    window = timedelta(minutes=current_app.config['PAYMENT_WINDOW_MINUTES'])
    if not wanted:
        raise NotOnSaleError(_('购物车是空的，请先挑一件山货。'))
    with transaction():
        checkout = place_order(purchase, buyer, actor=signed_in_user(), window=window, at=at)
        return GATEWAYS[gateway].start(start_payment(checkout, gateway, at=at))


def _go_on(form_token: str, buyer: Buyer) -> str:
    gateway = current_app.config['PAYMENT_GATEWAY']
    with transaction():
        return GATEWAYS[gateway].start(start_payment(checkout_of_buyer(form_token, buyer), gateway, at=clock.now()))


def _page(
    form: CheckoutForm, buyer: Buyer, status: int = 200, *, coupon: CouponTyped | None = None
) -> ResponseReturnValue:
    rows = lines_of(buyer)
    quantities = {line.variant_id: line.quantity for line, is_on_sale in rows if is_on_sale}
    if not rows:
        flash(_('购物车是空的，先挑一件山货吧。'))
    if not quantities:
        return redirect('/basket', 303)
    try:
        costs: Quote = quote(quantities, province_code=form.province)
    except BusinessError as error:
        flash(error.message)
        return redirect('/basket', 303)
    shelf = coupon_shelf(costs, coupon or CouponTyped.read(request.form), buyer, form.errors)
    page = render_template(
        'storefront/checkout.html',
        form=form,
        costs=shelf.costs,
        shelf=shelf,
        left_out=[line.variant.product.name for line, is_on_sale in rows if not is_on_sale],
        provinces=provinces(),
        cities=cities(form.province) if form.province else [],
        counties=counties(form.city) if form.city else [],
        today=clock.today(),
    )
    return page, UNPROCESSABLE if 'coupon_code' in form.errors else status


def _prefill(form: CheckoutForm, user_id: int) -> None:
    address = db.session.scalar(
        select(Address).where(Address.user_id == user_id).order_by(Address.is_default.desc(), Address.id.desc())
    )
    if address is not None:
        form.recipient, form.phone, form.street = address.recipient, address.phone, address.street
        form.province, form.city, form.county = address.province_code, address.city_code, address.county_code


def _presales() -> dict[int, date]:
    """Read ``variant:2026-11-30`` as the page had shown them; odd ones are left out."""
    seen = {}
    for line in request.form.getlist('presale')[:200]:
        variant, _colon, day = line.partition(':')
        try:
            seen[read_id(variant) or 0] = date.fromisoformat(day)
        except ValueError:
            continue
    return seen


def _seen(lines: list[str]) -> dict[int, tuple[int, int]]:
    """Read ``variant:quantity:price`` as the page had shown them; odd ones are left out."""
    seen = {}
    for line in lines[:200]:
        parts = line.split(':')
        if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) <= 12 for part in parts):
            seen[int(parts[0])] = (int(parts[1]), int(parts[2]))
    return seen
