"""How the campaign's trade comes about: shoppers online, livestream evenings, fairs, and institutions."""

from datetime import date, timedelta
from random import Random

from shop.benefits.apportionment import first_fen
from shop.demo import words
from shop.demo.period import HOUR, INSTITUTION_MOOD, MINUTE, Period, instant, office_time, shopping_time
from shop.demo.shelf import Shelf, is_on_sale
from shop.demo.sizes import Sizes
from shop.demo.stage import ForceSpan, ProductPlan
from shop.demo.trade import Buyer, Ending, PlannedLine, PlannedOrder
from shop.orders.basket import MAX_QUANTITY
from shop.orders.models import Channel

PAYMENT_WINDOW = timedelta(minutes=30)
TRANSFER_WINDOW = timedelta(days=15)
TOGETHER = 0.035
ENDINGS = {
    Ending.RECEIVED: 700,
    Ending.RECEIVED_BY_ITSELF: 230,
    Ending.EXPIRED: 26,
    Ending.CANCELLED: 16,
    Ending.REFUNDED_BEFORE: 8,
    Ending.REFUNDED_AFTER: 6,
    Ending.PART_REFUNDED_BEFORE: 4,
    Ending.PART_REFUNDED_AFTER: 9,
}
NEGOTIATED_BP = 250


class Trade:
    """Plans the orders of every channel."""

    def __init__(self, rng: Random, period: Period, sizes: Sizes, products: list[ProductPlan]) -> None:
        self._rng = rng
        self._period = period
        self._sizes = sizes
        self._products = products
        self.shelf = Shelf(period, products)
        self._groups = 0

    def first_orders(self) -> list[PlannedOrder]:
        """Return, per agreement version that credits, one early order large enough to reach all its households."""
        return [
            self._first_order(product, span)
            for product in self._products
            if product.accrues
            for span in product.versions
        ]

    def _first_order(self, product: ProductPlan, span: ForceSpan) -> PlannedOrder:
        variant = product.variants[0]
        unit = max(1, span.version.benefit_fen(variant.price_fen, 1))
        quantity = min(MAX_QUANTITY, max(2, -(-max(first_fen(span.weights)) // unit) + 1))
        day = span.since.date() + timedelta(days=1 + self._rng.randrange(3))
        while not is_on_sale(product, day):
            day += timedelta(days=1)
        order = self.retail(Channel.ONLINE, [PlannedLine(product, variant, quantity)], day)
        order.must_complete = True
        return order

    def online_orders(self, count: int) -> list[PlannedOrder]:
        """Return so many orders of shoppers; some checkouts hold the goods of two suppliers."""
        orders: list[PlannedOrder] = []
        while len(orders) < count:
            product, day = self.shelf.draw(self._rng)
            order = self.retail(Channel.ONLINE, self.shelf.fill(self._rng, product, day), day)
            orders.append(order)
            if self._rng.random() < TOGETHER and len(orders) < count:
                other, _ = self.shelf.draw(self._rng)
                if other.supplier_id != product.supplier_id and is_on_sale(other, day):
                    orders.append(self._beside(order, self.shelf.fill(self._rng, other, day, size=0)))
        return orders

    def _beside(self, order: PlannedOrder, lines: list[PlannedLine]) -> PlannedOrder:
        """Return a second order of the same checkout."""
        self._groups += 1
        order.group = self._groups
        ending = order.ending
        if ending not in {Ending.EXPIRED, Ending.CANCELLED}:
            ending = order.ending = Ending.RECEIVED
        return PlannedOrder(
            Channel.ONLINE,
            lines,
            order.placed_at,
            order.paid_after,
            order.payable_for,
            ending=_held_back(ending, lines),
            group=self._groups,
        )

    def livestream_orders(self, count: int) -> list[PlannedOrder]:
        """Return so many orders of livestream evenings, each for some goods of one county."""
        orders: list[PlannedOrder] = []
        evenings = self._sizes.few(44)
        for turn in range(evenings):
            star, day = self.shelf.draw(self._rng)
            mine = [one for one in self.shelf.on_sale(day) if one.village.county_id == star.village.county_id]
            shown = [star, *self._rng.sample(mine, min(len(mine), 4))]
            for _ in range(count * (turn + 1) // evenings - count * turn // evenings):
                product = self._rng.choice(shown)
                size = self._rng.choices((0, 1), (93, 7))[0]
                order = self.retail(Channel.LIVESTREAM, self.shelf.fill(self._rng, product, day, size=size), day)
                order.placed_at = instant(day, self._rng.randrange(19 * HOUR, 22 * HOUR + 20 * MINUTE))
                orders.append(order)
        return orders

    def expo_orders(self, count: int) -> list[PlannedOrder]:
        """Return so many orders at fairs, handed over at once."""
        orders: list[PlannedOrder] = []
        fairs = self._sizes.few(10)
        for turn in range(fairs):
            opening = self._period.share(0.12 + 0.84 * (turn + self._rng.random()) / fairs)
            opening = min(opening, self._period.last - timedelta(days=12))
            for _ in range(count * (turn + 1) // fairs - count * turn // fairs):
                day = opening + timedelta(days=self._rng.randrange(3))
                shown = self.shelf.on_sale(day)
                product = self._rng.choices(shown, [one.popularity for one in shown])[0]
                size = self._rng.choices(range(3), (55, 38, 7))[0]
                order = self.retail(Channel.EXPO, self.shelf.fill(self._rng, product, day, size=size), day)
                order.placed_at = instant(day, self._rng.randrange(9 * HOUR, 17 * HOUR))
                order.paid_after = timedelta(seconds=self._rng.randrange(25, 150))
                order.ending = Ending.RECEIVED
                orders.append(order)
        return orders

    def retail(self, channel: Channel, lines: list[PlannedLine], day: date) -> PlannedOrder:
        """Return an order of a shopper on a day, ending as such orders end."""
        ending = self._rng.choices(list(ENDINGS), list(ENDINGS.values()))[0]
        order = PlannedOrder(
            channel,
            lines,
            shopping_time(self._rng, day),
            timedelta(seconds=self._rng.randrange(35, 900)),
            PAYMENT_WINDOW,
            ending=_held_back(ending, lines),
        )
        if self._rng.random() < 0.3:
            order.note = self._rng.choice(words.phrases('buyer_notes'))
        return order

    def institution_orders(self, count: int, target_fen: int, buyers: list[Buyer]) -> list[PlannedOrder]:
        """Return orders of institutions that bring exactly `target_fen`, the last one by its negotiated discount."""
        shelf = Shelf(self._period, [one for one in self._products if one.accrues], INSTITUTION_MOOD)
        latest = self._period.last - timedelta(days=9)
        draws: list[tuple[date, ProductPlan]] = []
        while len(draws) < count:
            product, day = shelf.draw(self._rng)
            if day <= latest and is_on_sale(product, day + timedelta(days=8)):
                draws.append((day, product))
        draws.sort(key=lambda draw: (draw[0], draw[1].id))
        parts = [self._rng.lognormvariate(0, 0.7) * self._period.growth(day) for day, _ in draws]
        orders, left, weight_left = [], target_fen, sum(parts)
        for turn, ((day, product), part) in enumerate(zip(draws, parts, strict=True)):
            is_last = turn == count - 1
            share = left if is_last else round(left * part / weight_left)
            order = self._institution_order(product, day, share, self._rng.choice(buyers), is_exact=is_last)
            orders.append(order)
            left -= order.goods_fen
            weight_left -= part
        if left:
            raise ValueError(f'{left} fen are left over')
        return orders

    def _institution_order(
        self, product: ProductPlan, day: date, share: int, buyer: Buyer, *, is_exact: bool
    ) -> PlannedOrder:
        """Fill an order worth about `share` fen, or exactly so much."""
        gross = share * 10_000 // (10_000 - NEGOTIATED_BP)
        lines: list[PlannedLine] = []
        mine = [one for one in self._products if one.supplier_id == product.supplier_id and one.accrues]
        offers = [
            (one, variant)
            for one in mine
            if one.sells_on(instant(day, 0), instant(day + timedelta(days=8), 0))
            for variant in one.variants
        ]
        offers.sort(key=lambda offer: (offer[0] is not product, -offer[1].price_fen))
        for one, variant in offers:
            quantity = min(MAX_QUANTITY, -(-gross // variant.price_fen) if is_exact else gross // variant.price_fen)
            if quantity > 0 and gross > 0:
                lines.append(PlannedLine(one, variant, quantity))
                gross -= quantity * variant.price_fen
        if not lines:
            lines.append(PlannedLine(*offers[-1], 1))
        total = sum(line.gross_fen for line in lines)
        discount = total - share if is_exact else total * NEGOTIATED_BP // 10_000 // 100 * 100
        _spread(lines, discount)
        return PlannedOrder(
            Channel.INSTITUTION,
            lines,
            office_time(self._rng, day),
            timedelta(days=self._rng.randrange(1, 7), seconds=self._rng.randrange(HOUR)),
            TRANSFER_WINDOW,
            buyer=buyer,
            institution=buyer.name,
        )


def _spread(lines: list[PlannedLine], discount: int) -> None:
    """Take a discount off the lines in proportion; raises `ValueError` when it is more than they are worth."""
    total = sum(line.gross_fen for line in lines)
    if not 0 <= discount < total:
        raise ValueError(f'a discount of {discount} fen on goods worth {total}')
    left = discount
    for line in lines[1:]:
        line.discount_fen = discount * line.gross_fen // total
        left -= line.discount_fen
    lines[0].discount_fen = left


def _held_back(ending: Ending, lines: list[PlannedLine]) -> Ending:
    """Nobody has received anything yet of what was listed in the last days."""
    if all(line.product.accrues for line in lines) or ending in {Ending.EXPIRED, Ending.CANCELLED}:
        return ending
    return Ending.RECEIVED_BY_ITSELF
