"""What is on sale on which day, and what somebody who comes by takes home."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shop.demo.period import DAY, MONTH_MOOD, Period, Weighted
from shop.demo.stage import ProductPlan
from shop.demo.trade import PlannedLine
from shop.kit import clock
from shop.orders.basket import MAX_QUANTITY

# How many people buy for the family, for an office, for a whole street.
BASKET_WEIGHTS = (80, 15, 5)
QUANTITIES = ((1, 3), (3, 12), (16, 50))
MORE_LINES = (0.34, 0.45, 0.5)
CHEAP_FEN = 30_000


@dataclass(frozen=True, slots=True)
class Slot:
    """The days of one month on which a product is on sale under one endorsement."""

    product: ProductPlan
    first: date
    last: date


class Shelf:
    """Draws products and days by season, growth and liking."""

    def __init__(self, period: Period, products: list[ProductPlan], mood: tuple[float, ...] = MONTH_MOOD) -> None:
        self._period = period
        self._slots = [slot for product in products for slot in _slots(period, product)]
        self._draw = Weighted(
            [
                ((slot.last - slot.first).days + 1)
                * slot.product.popularity
                * slot.product.season[slot.first.month - 1]
                * mood[slot.first.month - 1]
                * period.growth(slot.first)
                for slot in self._slots
            ]
        )
        self._by_supplier: dict[int, list[ProductPlan]] = {}
        for product in products:
            self._by_supplier.setdefault(product.supplier_id, []).append(product)

    def draw(self, rng: Random) -> tuple[ProductPlan, date]:
        """Return a product and a day on which it is on sale."""
        slot = self._slots[self._draw.draw(rng)]
        return slot.product, slot.first + timedelta(days=rng.randrange((slot.last - slot.first).days + 1))

    def on_sale(self, day: date) -> list[ProductPlan]:
        """Return what is on sale all through a day."""
        found = {slot.product.id: slot.product for slot in self._slots if slot.first <= day <= slot.last}
        return list(found.values())

    def fill(self, rng: Random, product: ProductPlan, day: date, *, size: int | None = None) -> list[PlannedLine]:
        """Return what is taken of a product, and of what else its supplier has; sizes go from 0 to 2."""
        size = rng.choices(range(3), BASKET_WEIGHTS)[0] if size is None else size
        lines = [self._line(rng, product, size)]
        others = [one for one in self._by_supplier[product.supplier_id] if is_on_sale(one, day)]
        while others and rng.random() < MORE_LINES[size] and len(lines) < 4:
            line = self._line(rng, rng.choice(others), size)
            if all(line.variant is not taken.variant for taken in lines):
                lines.append(line)
        return lines

    def _line(self, rng: Random, product: ProductPlan, size: int) -> PlannedLine:
        index = 0 if rng.random() < 0.6 else rng.randrange(len(product.variants))
        variant = product.variants[index]
        least, most = QUANTITIES[size]
        if variant.price_fen > CHEAP_FEN:
            most = max(1, most // 4)
        quantity = min(MAX_QUANTITY, rng.randint(min(least, most), most))
        return PlannedLine(product, variant, quantity)


def is_on_sale(product: ProductPlan, day: date) -> bool:
    """Tell whether a product is on sale all through a day."""
    return product.sells_on(clock.day_start(day), clock.day_end(day)) is not None


def _slots(period: Period, product: ProductPlan) -> list[Slot]:
    """Return the sale days of a product by month; it sells from the day after its listing."""
    slots = []
    for stint in product.stints:
        day = max(period.first, clock.business_day(stint.since) + DAY)
        last = clock.business_day(stint.until) - DAY if stint.until else period.last
        while day <= last:
            end = min(last, clock.next_month(clock.month_of(day)) - DAY)
            slots.append(Slot(product, day, end))
            day = end + DAY
    return slots
