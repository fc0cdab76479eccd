"""Checkout on one page: address, freight, confirmation, and placing it once."""

from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.accounts.consents import give_user_consent, has_agreed
from shop.accounts.models import User
from shop.accounts.privacy_models import ConsentKind, ConsentPlace
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import read_email, read_id
from shop.languages import page_language
from shop.orders.addresses import add_address, addresses_of
from shop.orders.baskets import Buyer, NotOnSaleError, lines_of, take_what_is_left
from shop.orders.changes import SeveralReasonsError
from shop.orders.placing import Purchase, find_checkout, place_order
from shop.orders.quoting import Quote, quote
from shop.payments.services import GATEWAYS, start_payment
from shop.procurement.employments import credit_checkout, linked_institution
from shop.regions.divisions import place_name
from shop.storefront.buyer import checkout_of_buyer, current_buyer
from shop.storefront.checkout_form import NEW_ADDRESS, CheckoutForm
from shop.storefront.coupon_shelf import CouponTyped, coupon_shelf
from shop.storefront.delivery import PROVINCE_COOKIE, known_province
from shop.storefront.share_visit import kept_link_ids
from shop.storefront.shown import Shown, freight_notes, notes_of

CONFLICT = 409

UNPROCESSABLE = 422

blueprint = Blueprint('checkout', __name__)


@blueprint.get('/checkout')
@open_to_everyone
def show() -> ResponseReturnValue:
    """Show the checkout of what is in the basket; a user's default address is chosen."""
    user = signed_in_user()
    form = CheckoutForm(form_token=new_token(), book=addresses_of(user.id) if user is not None else ())
    form.province = known_province(request.cookies.get(PROVINCE_COOKIE))
    form.address = str(form.book[0].id) if form.book else NEW_ADDRESS
    form.email = user.email or '' if user is not None else ''
    return _page(form, current_buyer())


@blueprint.post('/checkout')
@open_to_everyone
def place() -> ResponseReturnValue:
    """Place the order once per form token, then lead to the payment; other buttons only change what is shown."""
    user, buyer, shown = signed_in_user(), current_buyer(), Shown.read(request.form)
    form = CheckoutForm.read(request.form, addresses_of(user.id) if user is not None else ())
    coupon = CouponTyped.read(request.form)
    if request.form.get('take_left'):
        _take_left(buyer)
        return _page(form, buyer, shown)
    if coupon.is_redeeming:
        coupon.redeem(form.errors)
        return _page(form, buyer, shown, coupon=coupon)
    if request.form.get('reload'):
        return _page(form, buyer, shown)
    if not form.check():
        form.form_token = form.form_token if 'form_token' not in form.errors else new_token()
        return _page(form, buyer, shown, 422)
    try:
        reference_url = _place(form, buyer, shown)
    except BusinessError as error:
        for reason in error.reasons if isinstance(error, SeveralReasonsError) else (error,):
            form.errors[reason.field or 'basket'] = reason.message
        return _page(form, buyer, shown, CONFLICT)
    except IntegrityError:
        # The same form arrived twice at once; the other one has placed it.
        db.session.rollback()
        if find_checkout(form.form_token, buyer) is None:
            raise
        reference_url = _go_on(form.form_token, buyer)
    return redirect(reference_url, 303)


def _place(form: CheckoutForm, buyer: Buyer, shown: Shown) -> str:
    gateway, at, user = current_app.config['PAYMENT_GATEWAY'], clock.now(), signed_in_user()
    to = form.destination
    purchase = Purchase(
        form.form_token,
        shown.wanted,
        to,
        note=form.note,
        confirmed=form.confirmed,
        share_link_ids=kept_link_ids(at=at),
        presales=shown.presales,
        versions=shown.versions,
        freights=shown.freights,
        invoice=form.invoice_facts,
        coupon=CouponTyped.read(request.form).chosen,
        email=read_email(form.email),
        language=page_language().code,
    )
    window = timedelta(minutes=current_app.config['PAYMENT_WINDOW_MINUTES'])
    if not shown.wanted:
        raise NotOnSaleError(_('购物车是空的，请先挑一件山货。'))
    with transaction():
        checkout = place_order(purchase, buyer, actor=user, window=window, at=at)
        if user is not None and form.keeps_address and form.address == NEW_ADDRESS:
            add_address(user.id, to)
        if user is not None and request.form.get('credit'):
            credit_checkout(checkout, actor=user, at=at)
        if user is not None:
            _keep_consents(user, at=at)
        return GATEWAYS[gateway].start(start_payment(checkout, gateway, at=at))


def _keep_consents(user: User, *, at: datetime) -> None:
    """Keep what was agreed to on the page: the notice by its box, letters by typing where they go."""
    if request.form.get('agree') == '1':
        give_user_consent(user, ConsentKind.NOTICE, ConsentPlace.CHECKOUT, at=at)
    if read_email(request.form.get('email', '')):
        give_user_consent(user, ConsentKind.LETTERS, ConsentPlace.CHECKOUT, at=at)


def _go_on(form_token: str, buyer: Buyer) -> str:
    gateway = current_app.config['PAYMENT_GATEWAY']
    with transaction():
        return GATEWAYS[gateway].start(start_payment(checkout_of_buyer(form_token, buyer), gateway, at=clock.now()))


def _asks_agreement(user: User | None) -> bool:
    return user is not None and not has_agreed(user.id, ConsentKind.NOTICE)


def _take_left(buyer: Buyer) -> None:
    try:
        with transaction():
            take_what_is_left(buyer, read_id(request.form.get('take_left')) or 0, at=clock.now())
    except NotFoundError:
        flash(_('这一行已经不在购物车里了。'))


def _page(
    form: CheckoutForm,
    buyer: Buyer,
    shown: Shown | None = None,
    status: int = 200,
    *,
    coupon: CouponTyped | None = None,
) -> ResponseReturnValue:
    """Show the page with every difference from what was shown before, beside its line."""
    rows = lines_of(buyer)
    quantities = {line.variant_id: line.quantity for line, is_on_sale in rows if is_on_sale}
    if not rows:
        flash(_('购物车是空的，先挑一件山货吧。'))
    if not quantities:
        return redirect('/basket', 303)
    try:
        costs: Quote = quote(quantities, province_code=form.to_province)
    except BusinessError as error:
        flash(error.message)
        return redirect('/basket', 303)
    shelf = coupon_shelf(costs, coupon or CouponTyped.read(request.form), buyer, form.errors)
    costs = shelf.costs
    notes = notes_of([line for line, _is_on_sale in rows], costs, clock.today(), shown)
    if shown is not None and status == CONFLICT:
        notes |= freight_notes(costs, shown.freights)
        form.errors |= {key: note for key, note in notes.items() if key in form.errors}
    page = render_template(
        'storefront/checkout.html',
        form=form,
        costs=costs,
        shelf=shelf,
        notes=notes,
        is_changed=status == CONFLICT and not notes.keys().isdisjoint(form.errors),
        left_out=[line.variant.product.name for line, is_on_sale in rows if not is_on_sale],
        place_name=place_name,
        today=clock.today(),
        employer=linked_institution(signed_in_user()),
        asks_agreement=_asks_agreement(signed_in_user()),
    )
    return page, UNPROCESSABLE if 'coupon_code' in form.errors else status
