"""Who buys: shoppers over the country, institutions, guests, and now and then somebody of the village itself."""

from datetime import timedelta
from hashlib import sha256
from random import Random

from shop.accounts.models import User
from shop.demo import words
from shop.demo.people import add_user
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.trade import Buyer, PlannedOrder
from shop.orders.models import Channel

GUEST_PART = 0.02
INSIDER_PART = 0.016


def new_buyer(rng: Random, user_id: int | None, name: str, guest_digest: str | None = None) -> Buyer:
    """Return somebody with an invented phone and address."""
    address = words.buyer_address(rng)
    return Buyer(
        user_id,
        guest_digest,
        name,
        words.mobile_number(rng),
        address.province,
        address.city,
        address.county,
        address.street,
    )


def plan_institutions(rows: Rows, rng: Random, period: Period, sizes: Sizes) -> list[Buyer]:
    """Add the institutions that buy, each with the account of its buyer."""
    everyone = words.institutions()
    buyers = []
    for number, row in enumerate(everyone[: max(3, round(len(everyone) * min(1.0, sizes.scale)))], 1):
        user_id = add_user(rows, f'yanshi-unit-{number}', row.name, office_time(rng, period.first - timedelta(days=3)))
        buyer = new_buyer(rng, user_id, row.name)
        buyer.province, buyer.city, buyer.county = '220000', '220500', row.county
        buyers.append(buyer)
    return buyers


def assign_buyers(rows: Rows, rng: Random, period: Period, orders: list[PlannedOrder], count: int) -> None:
    """Give every retail order a buyer: each of so many once, the rest to those who come again."""
    shoppers = [_add_shopper(rows, rng, period, number) for number in range(1, count + 1)]
    loyalty = [rng.paretovariate(1.6) for _ in shoppers]
    groups: dict[int, Buyer] = {}
    turn = 0
    queue = list(range(len(shoppers)))
    rng.shuffle(queue)
    again = rng.choices(range(len(shoppers)), loyalty, k=len(orders))
    for order in sorted(orders, key=lambda one: (one.placed_at, one.lines[0].variant.id)):
        if order.buyer is not None:
            continue
        if order.group and order.group in groups:
            order.buyer = groups[order.group]
            continue
        order.buyer = _draw(rng, order, shoppers, queue, again[turn], len(orders) - turn)
        turn += 1
        if order.group:
            groups[order.group] = order.buyer
    _date_users(rows, rng, orders)


def _draw(
    rng: Random, order: PlannedOrder, shoppers: list[Buyer], queue: list[int], again: int, orders_left: int
) -> Buyer:
    lot = rng.random()
    if lot < INSIDER_PART and not order.group:
        order.is_insider = True
        return _insider(rng, order)
    if lot < INSIDER_PART + GUEST_PART and order.channel is Channel.ONLINE:
        digest = sha256(f'guest:{rng.random()}'.encode()).hexdigest()
        return new_buyer(rng, None, words.person_name(rng), digest)
    # First buyers come all through the campaign; all of them have come when it ends.
    if queue and rng.random() < 1.15 * len(queue) / orders_left:
        return shoppers[queue.pop()]
    return shoppers[again]


def _insider(rng: Random, order: PlannedOrder) -> Buyer:
    village = order.lines[0].product.village
    present = [one.user_id for one in village.tenures if one.since <= order.placed_at]
    buyer = new_buyer(rng, rng.choice([present[-1], *village.member_ids]), words.person_name(rng))
    buyer.province, buyer.city, buyer.county = '220000', '220500', village.county_code
    return buyer


def _add_shopper(rows: Rows, rng: Random, period: Period, number: int) -> Buyer:
    name = words.person_name(rng)
    return new_buyer(rng, add_user(rows, f'yanshi-buyer-{number}', name, period.end), name)


def _date_users(rows: Rows, rng: Random, orders: list[PlannedOrder]) -> None:
    """Let every shopper have registered shortly before the first order."""
    users = rows.of(User)
    firsts: dict[int, PlannedOrder] = {}
    for order in orders:
        assert order.buyer is not None
        user_id = order.buyer.user_id
        if user_id is not None and (user_id not in firsts or order.placed_at < firsts[user_id].placed_at):
            firsts[user_id] = order
    for user_id, order in firsts.items():
        if users[user_id - 1]['login_name'].startswith('yanshi-buyer-'):
            users[user_id - 1]['created_at'] = order.placed_at - timedelta(seconds=rng.randrange(90, 400_000))
