"""What may happen with coupons: people buy with them, and the department pauses a series and lets it run again."""

from dataclasses import replace
from random import Random

from shop.catalogue.models import Product
from shop.coupons.models import CouponSeries, SeriesStatus
from shop.coupons.services import pause_series, release_series
from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon, coupon_options
from shop.orders.placing import place_order
from shop.orders.quoting import quote
from tests.factories.orders import HOME, WINDOW, purchase_of
from tests.ledger.operations import World, chosen, operation


@operation(5)
def place_with_coupon(world: World, rng: Random) -> None:
    """A buyer places an order with a coupon that fits; now and then another saving stood on the page."""
    products = world.all(Product)
    wanted = [(product, rng.randint(1, 6)) for product in rng.sample(products, rng.randint(1, len(products)))]
    buyer = rng.choice(world.buyers)
    purchase = purchase_of(*wanted)
    with transaction():
        costs = quote({one: units for one, (units, _) in purchase.wanted.items()}, province_code=HOME.province_code)
        option = chosen(rng, [one for one in coupon_options(costs, buyer.id, at=clock.now()) if not one.refusal])
        seen = option.discount_fen + (rng.random() < 0.05)
        purchase = replace(purchase, coupon=ChosenCoupon(option.claim.id, seen))
        place_order(purchase, Buyer(user_id=buyer.id), actor=buyer, window=WINDOW, at=clock.now())


@operation(1)
def pause_coupons(world: World, rng: Random) -> None:
    """A series is paused, or runs again."""
    series = chosen(rng, world.all(CouponSeries))
    with transaction():
        if series.status is SeriesStatus.RUNNING and rng.random() < 0.5:
            pause_series(series, '核对预算', actor=world.county, at=clock.now())
        else:
            release_series(series, actor=world.county, at=clock.now())
