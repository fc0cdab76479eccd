"""The links under which livestream evenings and fairs sold, with what they brought."""

from datetime import date, timedelta
from random import Random

from shop.demo import words
from shop.demo.orders import WrittenOrder
from shop.demo.period import Period, instant
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.kit import clock
from shop.kit.crypto import CODE_ALPHABET
from shop.orders.models import Channel, Order
from shop.orders.share_link import CODE_LENGTH, ShareLink, ShareLinkDay

LEAST_ORDERS = 2
EVENING = 9 * 3600
FAIR_DAYS = 4
Group = tuple[Channel, int, date]


def plan_share_links(
    rows: Rows, seed: int, period: Period, orders: list[WrittenOrder], villages: list[VillagePlan], home: VillagePlan
) -> None:
    """Give every livestream evening and fair of a village a link, and the home village one that is running."""
    rng = Random(f'{seed}:share-links')
    by_id = {village.id: village for village in villages}
    groups: dict[Group, list[WrittenOrder]] = {}
    for order in orders:
        group = _group(order)
        if group is not None:
            groups.setdefault(group, []).append(order)
    for (channel, village_id, day), members in sorted(groups.items(), key=lambda one: (one[0][2], one[0][1])):
        if len(members) >= LEAST_ORDERS:
            link_id = _add_link(rows, rng, by_id[village_id], channel, day, _last_day(members), _one_product(members))
            for order in members:
                rows.of(Order)[order.id - 1]['share_link_id'] = link_id
            _add_days(rows, rng, link_id, members)
    running = _add_link(rows, rng, home, Channel.LIVESTREAM, period.last, period.last + timedelta(days=30), None)
    rows.add(ShareLinkDay, share_link_id=running, day=period.last, visits=rng.randrange(20, 60))


def _group(order: WrittenOrder) -> Group | None:
    channel, day = order.plan.channel, clock.business_day(order.plan.placed_at)
    if order.plan.buyer is None or order.plan.is_test:
        return None
    if channel is Channel.LIVESTREAM:
        return channel, order.plan.village_id, day
    if channel is Channel.EXPO:
        return channel, order.plan.village_id, day - timedelta(days=day.toordinal() % FAIR_DAYS)
    return None


def _last_day(members: list[WrittenOrder]) -> date:
    return max(clock.business_day(order.plan.placed_at) for order in members)


def _one_product(members: list[WrittenOrder]) -> int | None:
    products = {order.lines[0].product_id for order in members}
    return products.pop() if len(products) == 1 else None


def _add_link(
    rows: Rows,
    rng: Random,
    village: VillagePlan,
    channel: Channel,
    first: date,
    last: date,
    product_id: int | None,
) -> int:
    places = 'livestream_channels' if channel is Channel.LIVESTREAM else 'expo_names'
    at = instant(first, EVENING)
    present = [one.user_id for one in village.tenures if one.since <= at and (one.until is None or at < one.until)]
    return rows.add(
        ShareLink,
        code=''.join(rng.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        village_id=village.id,
        product_id=product_id,
        channel=channel,
        label=f'{rng.choice(words.phrases(places))} {first:%m-%d}',
        starts_on=first,
        ends_on=last,
        created_by_id=present[-1] if present else village.member_ids[0],
        created_at=at,
        ended_by_id=None,
        ended_at=None,
    )


def _add_days(rows: Rows, rng: Random, link_id: int, members: list[WrittenOrder]) -> None:
    counts: dict[date, int] = {}
    for order in members:
        day = clock.business_day(order.plan.placed_at)
        counts[day] = counts.get(day, 0) + 1
    for day, count in sorted(counts.items()):
        rows.add(ShareLinkDay, share_link_id=link_id, day=day, visits=count * rng.randrange(6, 18) + rng.randrange(9))
