"""Coupons for buyers: what can be claimed, by button or code, and one's own."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, open_to_signed_in, required_user, signed_in_user
from shop.coupons.claims import claim_by_code, claim_coupon, claimable_series, claims_of
from shop.coupons.models import MAX_CODE
from shop.coupons.terms import terms_of
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.storefront.coupon_pages import goods_words, orders_by_checkout, sort_claims, where_to_use

UNPROCESSABLE = 422
CONFLICT = 409

blueprint = Blueprint('coupons', __name__)


@blueprint.get('/coupons')
@open_to_everyone
def index() -> ResponseReturnValue:
    """Show what can be claimed, with its terms and what is left of the budget."""
    return _page()


@blueprint.post('/coupons/<int:series_id>/claims')
@open_to_signed_in
def claim(series_id: int) -> ResponseReturnValue:
    """Claim a series by its button; claiming again changes nothing."""
    try:
        with transaction():
            name = claim_coupon(series_id, actor=required_user(), at=clock.now()).series.name
    except BusinessError as error:
        flash(error.message)
        return redirect('/coupons', 303)
    flash(_('“%(name)s”已领取，结算时可以用。', name=name))
    return redirect('/coupons', 303)


@blueprint.post('/coupons/claims')
@open_to_signed_in
def redeem() -> ResponseReturnValue:
    """Claim the series of a code; what was typed stays when there is none."""
    typed = clean_text(request.form.get('coupon_code', ''))
    if not typed:
        return _page(errors={'coupon_code': _('填写领取口令。')}, code=UNPROCESSABLE)
    try:
        with transaction():
            name = claim_by_code(typed, actor=required_user(), at=clock.now()).series.name
    except BusinessError as error:
        return _page(typed=typed[:MAX_CODE], errors={'coupon_code': error.message}, code=UNPROCESSABLE)
    flash(_('“%(name)s”已领取，结算时可以用。', name=name))
    return redirect('/account/coupons', 303)


@blueprint.get('/account/coupons')
@open_to_signed_in
def mine() -> str:
    """Show one's own coupons: to use, used, over."""
    claims = claims_of(required_user().id)
    return render_template(
        'storefront/my_coupons.html',
        piles=sort_claims(claims, at=clock.now()),
        orders=orders_by_checkout([use.checkout_id for one in claims for use in one.uses]),
        goods=goods_words([one.series for one in claims]),
        links={one.series.id: where_to_use(one.series) for one in claims},
        terms_of=terms_of,
    )


def _page(*, typed: str = '', errors: dict[str, str] | None = None, code: int = 200) -> ResponseReturnValue:
    user, at = signed_in_user(), clock.now()
    series = claimable_series(at)
    page = render_template(
        'storefront/coupons.html',
        series=series,
        goods=goods_words(series),
        links={one.id: where_to_use(one) for one in series},
        claimed={one.series_id: one for one in claims_of(user.id)} if user is not None else {},
        today=clock.business_day(at),
        terms_of=terms_of,
        typed=typed,
        errors=errors or {},
    )
    return page, code
