"""The coupons on the checkout page: what each would save, which one is chosen, and a code typed there."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext as _

from shop.accounts.access import signed_in_user
from shop.coupons.claims import claim_by_code, is_anything_open
from shop.coupons.terms import terms_of
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon, CouponOption, best_option, coupon_options
from shop.orders.quoting import Quote
from shop.storefront.checkout_form import CheckoutForm


@dataclass(frozen=True)
class CouponShelf:
    """What the page shows: the costs with the chosen coupon, all options, and whether there is anything to claim."""

    plain: Quote
    options: Sequence[CouponOption]
    chosen: CouponOption | None
    is_anything_open: bool
    is_best: bool

    @property
    def costs(self) -> Quote:
        """What all costs with what is chosen."""
        return self.chosen.costs if self.chosen is not None else self.plain

    @property
    def fitting(self) -> list[CouponOption]:
        """The options that can be chosen."""
        return [option for option in self.options if not option.refusal]

    @property
    def others(self) -> list[CouponOption]:
        """The options that do not fit, each with its reason."""
        return [option for option in self.options if option.refusal]

    def terms(self, option: CouponOption) -> str:
        """Say what an option takes off."""
        return terms_of(option.series)


def coupon_shelf(
    costs: Quote, form: CheckoutForm, buyer: Buyer, *, offers_best: bool = False, redeemed: int | None = None
) -> CouponShelf:
    """Gather the coupons beside a quote.

    `offers_best` ticks the best one for somebody who has not chosen yet; a claim that was just `redeemed` is chosen if
    it fits, else the form says why not and what was chosen stays.
    """
    at = clock.now()
    options = coupon_options(costs, buyer.user_id, at=at)
    fitting = {option.claim.id: option for option in options if not option.refusal}
    choice = read_choice(form.coupon)
    chosen = fitting.get(choice.claim_id) if choice is not None else None
    best = best_option(options, costs)
    if chosen is None and offers_best:
        chosen = best
    if redeemed is not None:
        chosen = fitting.get(redeemed, chosen)
        _tell(form, options, redeemed)
    return CouponShelf(
        plain=costs,
        options=options,
        chosen=chosen,
        is_anything_open=bool(options) or is_anything_open(at),
        is_best=offers_best and chosen is not None and chosen is best,
    )


def _tell(form: CheckoutForm, options: Sequence[CouponOption], redeemed: int) -> None:
    """Say what became of a code: chosen, or why it cannot be used this time."""
    option = next((one for one in options if one.claim.id == redeemed), None)
    if option is None:
        form.errors['coupon_code'] = _('这张消费券您已经用满次数。')
    elif option.refusal:
        form.errors['coupon_code'] = _(
            '“%(name)s”已领取，这一次用不了：%(why)s。', name=option.series.name, why=option.refusal
        )
    else:
        flash(_('“%(name)s”已领取并选上，请看过金额再提交。', name=option.series.name))


def read_choice(typed: str) -> ChosenCoupon | None:
    """Read ``claim:fen`` as the page had shown it; anything else is no coupon."""
    parts = typed.split(':')
    if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) <= 15 for part in parts):
        return ChosenCoupon(int(parts[0]), int(parts[1]))
    return None


def redeem_code(form: CheckoutForm) -> int | None:
    """Claim what a typed code stands for; return the claim, or say beside the field why there is none."""
    user = signed_in_user()
    if user is None:
        form.errors['coupon_code'] = _('消费券要登录后才能领和用。')
        return None
    if not form.coupon_code:
        form.errors['coupon_code'] = _('填写领取口令。')
        return None
    try:
        with transaction():
            claim_id = claim_by_code(form.coupon_code, actor=user, at=clock.now()).id
    except BusinessError as error:
        form.errors[error.field or 'coupon_code'] = error.message
        return None
    form.coupon_code = ''
    return claim_id
