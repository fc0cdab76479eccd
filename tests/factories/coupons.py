"""Coupon series of a department, and people who have claimed one."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from shop.accounts.models import Role, User
from shop.catalogue.models import Product
from shop.coupons.claims import claim_by_code, claim_coupon
from shop.coupons.models import CouponClaim, CouponKind, CouponScope, CouponSeries
from shop.coupons.services import SeriesPlan, draft_series, release_series
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon
from shop.orders.models import Checkout
from shop.orders.placing import place_order
from shop.regions.models import Region
from tests.factories.accounts import make_user
from tests.factories.building import building, next_number
from tests.factories.orders import WINDOW, purchase_of


def plan_of(**changed) -> SeriesPlan:
    """10 off from 50 yuan, for the thirty days from today, with a budget of ten uses."""
    today = clock.today()
    wanted = {
        'name': f'山货券{next_number()}',
        'funder': '市商务局',
        'kind': CouponKind.FIXED,
        'threshold_fen': 5_000,
        'off_fen': 1_000,
        'off_bp': None,
        'cap_fen': None,
        'budget_fen': 10_000,
        'per_person': 1,
        'scope': CouponScope.ALL,
        'subject_ids': (),
        'starts_on': today,
        'ends_on': today + timedelta(days=29),
        'code': None,
    }
    if 'off_bp' in changed:
        wanted |= {'kind': CouponKind.PERCENT, 'off_fen': None, 'cap_fen': 2_000}
    return SeriesPlan(**(wanted | changed))


@building
def make_department(region: Region) -> tuple[User, User]:
    """Two people of the department of a city or county: one drafts, the other releases."""
    role = Role.CITY_DEPARTMENT if region.parent_id is None else Role.COUNTY_DEPARTMENT
    return make_user(role, region=region), make_user(role, region=region)


@building
def make_draft(region: Region, *, author: User | None = None, **changed) -> CouponSeries:
    """A series that nobody has released yet."""
    author = author or make_department(region)[0]
    return draft_series(plan_of(**changed), new_token(), actor=author, at=clock.now())


@building
def make_series(region: Region, **changed) -> CouponSeries:
    """A series that runs."""
    author, releaser = make_department(region)
    series = make_draft(region, author=author, **changed)
    release_series(series, actor=releaser, at=clock.now())
    return series


@building
def claim(series: CouponSeries, user: User) -> CouponClaim:
    """Somebody's claim of a series."""
    if series.code is not None:
        return claim_by_code(series.code, actor=user, at=clock.now())
    return claim_coupon(series.id, actor=user, at=clock.now())


def spent_of(series: CouponSeries) -> int:
    """What the budget has given, as the database has it."""
    return db.session.scalars(select(CouponSeries.spent_fen).where(CouponSeries.id == series.id)).one()


def used_of(found: CouponClaim) -> int:
    """How often a claim has been used, as the database has it."""
    return db.session.scalars(select(CouponClaim.used_count).where(CouponClaim.id == found.id)).one()


@building
def place_with_coupon(found: CouponClaim, user: User, *pieces: tuple[Product, int], seen_fen: int = 1_000) -> Checkout:
    """A checkout with a coupon that took off `seen_fen` on the page."""
    purchase = replace(purchase_of(*pieces), coupon=ChosenCoupon(found.id, seen_fen))
    return place_order(purchase, Buyer(user_id=user.id), actor=user, window=WINDOW, at=clock.now())
