"""The coupons on the checkout page: what each would save, which one is chosen, and a code typed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext as _

from shop.accounts.access import signed_in_user
from shop.coupons.claims import claim_by_code, is_anything_open
from shop.coupons.terms import terms_of
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon, CouponOption, best_option, coupon_options
from shop.orders.quoting import Quote

MOST_DIGITS = 15
MOST_TYPED = 40


@dataclass
class CouponTyped:
    """What the checkout page sends in of coupons; `is_new` where nobody has chosen yet."""

    choice: str = ''
    code: str = ''
    is_redeeming: bool = False
    is_new: bool = False
    claimed_id: int | None = None

    @classmethod
    def read(cls, form: Mapping[str, str]) -> 'CouponTyped':
        """Read what was typed; never fails. An empty form is a page that is shown for the first time."""
        code = clean_text(form.get('coupon_code', ''))[:MOST_TYPED]
        return cls(form.get('coupon', ''), code, bool(form.get('redeem') or code), not form)

    @property
    def chosen(self) -> ChosenCoupon | None:
        """The choice, ``claim:fen`` as the page had shown it; anything else is no coupon."""
        parts = self.choice.split(':')
        if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in parts):
            return ChosenCoupon(int(parts[0]), int(parts[1]))
        return None

    def redeem(self, errors: dict[str, str]) -> None:
        """Claim what the code stands for, or say beside the field why there is none."""
        user = signed_in_user()
        if user is None:
            errors['coupon_code'] = _('消费券要登录后才能领和用。')
        elif not self.code:
            errors['coupon_code'] = _('填写领取口令。')
        else:
            try:
                with transaction():
                    self.claimed_id = claim_by_code(self.code, actor=user, at=clock.now()).id
                self.code = ''
            except BusinessError as error:
                errors[error.field or 'coupon_code'] = error.message


@dataclass(frozen=True)
class CouponShelf:
    """What the page shows: the costs with the chosen coupon, all options, and whether there is anything to claim."""

    plain: Quote
    options: Sequence[CouponOption]
    chosen: CouponOption | None
    is_anything_open: bool
    is_best: bool
    code: str

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


def coupon_shelf(costs: Quote, typed: CouponTyped, buyer: Buyer, errors: dict[str, str]) -> CouponShelf:
    """Gather the coupons beside a quote.

    The best one is ticked for somebody who has not chosen yet. One that was just claimed by its code is chosen if it
    fits, else `errors` says why not and what was chosen stays.
    """
    at = clock.now()
    options = coupon_options(costs, buyer.user_id, at=at)
    fitting = {option.claim.id: option for option in options if not option.refusal}
    chosen = fitting.get(typed.chosen.claim_id) if typed.chosen is not None else None
    best = best_option(options, costs)
    if typed.is_new:
        chosen = best
    if typed.claimed_id is not None:
        chosen = fitting.get(typed.claimed_id, chosen)
        _tell(errors, options, typed.claimed_id)
    return CouponShelf(
        plain=costs,
        options=options,
        chosen=chosen,
        is_anything_open=bool(options) or is_anything_open(at),
        is_best=typed.is_new and chosen is not None,
        code=typed.code,
    )


def _tell(errors: dict[str, str], options: Sequence[CouponOption], claimed_id: int) -> None:
    """Say what became of a code: chosen, or why it cannot be used this time."""
    option = next((one for one in options if one.claim.id == claimed_id), None)
    if option is None:
        errors['coupon_code'] = _('这张消费券您已经用满次数。')
    elif option.refusal:
        errors['coupon_code'] = _(
            '“%(name)s”已领取，这一次用不了：%(why)s。', name=option.series.name, why=option.refusal
        )
    else:
        flash(_('“%(name)s”已领取并选上，请看过金额再提交。', name=option.series.name))
