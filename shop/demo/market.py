"""All the trade of the campaign put together, so that the sales come out to the fen and every state is there."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from random import Random

from shop.demo.channels import TRANSFER_WINDOW, Trade
from shop.demo.goods import Goods
from shop.demo.period import MINUTE, Period
from shop.demo.sizes import Sizes
from shop.demo.stage import ProductPlan, VillagePlan
from shop.demo.timelines import Parcel, Timeline, run
from shop.demo.trade import Buyer, Ending, PlannedOrder, RefundPiece
from shop.kit.clock import business_day
from shop.orders.models import Channel

Happened = list[tuple[PlannedOrder, Timeline]]
INSTITUTION_PART, LIVESTREAM_PART, EXPO_PART = 0.028, 0.153, 0.044
RARE = (
    Ending.EXPIRED,
    Ending.CANCELLED,
    Ending.REFUNDED_BEFORE,
    Ending.REFUNDED_AFTER,
    Ending.PART_REFUNDED_BEFORE,
    Ending.PART_REFUNDED_AFTER,
    Ending.PAID_LATE,
)


def plan_trade(
    rng: Random,
    period: Period,
    sizes: Sizes,
    goods: Goods,
    home: VillagePlan,
    institutions: list[Buyer],
    consumer: Buyer,
) -> Happened:
    """Return every order with what happened to it."""
    trade = Trade(rng, period, sizes, goods.listed)
    scenes = _Scenes(rng, period, trade, goods, home)
    happened = [*scenes.at_home(sizes), *scenes.of_consumer(consumer), *scenes.odd_ones(sizes)]
    first = trade.first_orders()
    bought = [
        *trade.livestream_orders(round(sizes.orders * LIVESTREAM_PART)),
        *trade.expo_orders(round(sizes.orders * EXPO_PART)),
    ]
    institution_count = max(3, round(sizes.orders * INSTITUTION_PART))
    unpaid = scenes.unpaid_transfers(sizes, institutions)
    rest = sizes.orders - len(happened) - len(first) - len(bought) - institution_count - len(unpaid)
    online = trade.online_orders(max(20, rest))
    _see_every_ending(rng, period, online)
    for order in [*first, *bought, *online]:
        if order.must_complete:
            order.ending = Ending.RECEIVED
        happened.append((order, run(rng, order, period.end)))
    for order, timeline in happened:
        _plan_refund(rng, order, timeline)
    target = sizes.sales_fen - sum(_sold_fen(order, timeline) for order, timeline in happened)
    bulk = trade.institution_orders(institution_count, target, institutions)
    return [*happened, *((order, run(rng, order, period.end)) for order in bulk), *unpaid]


def checkouts(happened: Happened) -> Iterator[Happened]:
    """Yield the orders in the order in which they were placed, those of one checkout together."""
    keyed = sorted(enumerate(happened), key=lambda one: (one[1][0].placed_at, -one[1][0].group, one[0]))
    for _, group in groupby(keyed, key=lambda one: one[1][0].group or -1 - one[0]):
        yield [pair for _, pair in group]


def _sold_fen(order: PlannedOrder, timeline: Timeline) -> int:
    """Return what an order brings to the sales of the campaign: paid less given back, freight apart."""
    if not order.is_sold or timeline.paid_at is None:
        return 0
    return order.goods_fen - sum(piece.amount_fen for piece in order.refund)


def _plan_refund(rng: Random, order: PlannedOrder, timeline: Timeline) -> None:
    if timeline.refunded_at is None:
        return
    if order.ending in {Ending.REFUNDED_BEFORE, Ending.REFUNDED_AFTER}:
        order.refund = [RefundPiece(index, line.quantity, line.net_fen) for index, line in enumerate(order.lines)]
        return
    line = order.lines[0]
    unit = line.net_fen // line.quantity
    if line.quantity > 1 and rng.random() < 0.4:
        order.refund = [RefundPiece(0, 1, unit)]
    else:
        order.refund = [RefundPiece(0, 0, max(1, unit * rng.randrange(15, 45) // 100))]


def _see_every_ending(rng: Random, period: Period, orders: list[PlannedOrder]) -> None:
    """Let at least one order of the middle of the campaign end in each way."""
    middle = [
        order
        for order in orders
        if not order.group
        and period.share(0.25) < business_day(order.placed_at) < period.share(0.93)
        and all(line.product.accrues for line in order.lines)
    ]
    for order, ending in zip(rng.sample(middle, min(len(middle), len(RARE))), RARE, strict=False):
        order.ending = ending


class _Scenes:
    """Orders that are there so that everybody who signs in finds something to do or to look at."""

    def __init__(self, rng: Random, period: Period, trade: Trade, goods: Goods, home: VillagePlan) -> None:
        self._rng = rng
        self._end = period.end
        self._period = period
        self._trade = trade
        self._home = [product for product in goods.listed if product.village is home]

    def _order(self, hours_ago: float, product: ProductPlan | None = None, *, size: int = 0) -> PlannedOrder:
        """Return an order placed so many hours before the end, of anything on sale or of a product."""
        placed_at = self._end - timedelta(hours=hours_ago)
        day = business_day(placed_at)
        if product is None:
            shown = [one for one in self._trade.shelf.on_sale(day) if one.accrues]
            product = self._rng.choice(shown)
        order = self._trade.retail(Channel.ONLINE, self._trade.shelf.fill(self._rng, product, day, size=size), day)
        order.placed_at = placed_at + timedelta(seconds=self._rng.randrange(MINUTE))
        order.ending = Ending.RECEIVED
        return order

    def at_home(self, sizes: Sizes) -> Happened:
        """The home village has orders to send, one of them begun."""
        happened: Happened = []
        for turn in range(sizes.few(9)):
            order = self._order(2 + 2.2 * turn, self._home[turn % len(self._home)])
            happened.append((order, run(self._rng, order, self._end, is_waiting=True)))
        happened.append(self._begun(50, self._home[0]))
        return happened

    def _begun(self, hours_ago: float, product: ProductPlan | None = None) -> tuple[PlannedOrder, Timeline]:
        """Return an order of which the first parcel has left."""
        order = self._order(hours_ago, product, size=1)
        quantities = [line.quantity for line in order.lines]
        sent = [1 if not index else 0 for index in range(len(quantities))]
        left = self._end - timedelta(hours=hours_ago / 3)
        return order, Timeline(paid_at=order.paid_at, parcels=[Parcel(left, sent)])

    def of_consumer(self, consumer: Buyer) -> Happened:
        """The demo consumer has an order in every state."""
        happened: Happened = [self._begun(44)]
        for hours in (9, 27):
            order = self._order(hours)
            happened.append((order, run(self._rng, order, self._end, is_waiting=True)))
        for hours in (80, 110):
            order = self._order(hours)
            order.ending = Ending.RECEIVED_BY_ITSELF
            happened.append((order, run(self._rng, order, self._end)))
        for days in (16, 31, 58, 96, 140, 201):
            order = self._order(24.0 * days)
            happened.append((order, run(self._rng, order, self._end)))
        for days, ending in ((23, Ending.CANCELLED), (47, Ending.REFUNDED_AFTER), (72, Ending.PART_REFUNDED_AFTER)):
            order = self._order(24.0 * days)
            order.ending = ending
            happened.append((order, run(self._rng, order, self._end)))
        reserved = self._order(20)
        reserved.channel, reserved.ending, reserved.payable_for = Channel.EXPO, Ending.UNPAID, TRANSFER_WINDOW
        happened.append((reserved, run(self._rng, reserved, self._end)))
        for order, _ in happened:
            order.buyer = consumer
        return happened

    def odd_ones(self, sizes: Sizes) -> Happened:
        """Orders begun, tested, paid too late, and placed minutes before the end."""
        happened: Happened = [self._begun(30 + 7 * turn) for turn in range(sizes.few(5))]
        for turn in range(sizes.few(3)):
            order = self._order(24.0 * (400 + 50 * turn))
            order.is_test, order.note = True, '测试单，不计入统计'
            happened.append((order, run(self._rng, order, self._end)))
        for turn in range(sizes.few(6)):
            order = self._order(24.0 * (20 + 57 * turn))
            order.ending = Ending.PAID_LATE
            happened.append((order, run(self._rng, order, self._end)))
        for turn in range(sizes.few(4)):
            order = self._order(0.1 + 0.09 * turn)
            order.ending = Ending.UNPAID
            happened.append((order, run(self._rng, order, self._end)))
        return happened

    def unpaid_transfers(self, sizes: Sizes, institutions: list[Buyer]) -> Happened:
        """Institutions that have ordered and whose transfer has not come yet."""
        happened: Happened = []
        for turn in range(sizes.few(4)):
            order = self._order(30 + 25 * turn, size=2)
            buyer = institutions[turn % len(institutions)]
            order.channel, order.ending, order.payable_for = Channel.INSTITUTION, Ending.UNPAID, TRANSFER_WINDOW
            order.buyer, order.institution = buyer, buyer.name
            happened.append((order, run(self._rng, order, self._end)))
        return happened
