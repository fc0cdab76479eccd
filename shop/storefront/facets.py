"""The facets of the product list: how many products each choice would leave under the other filters."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add, attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, case, select, type_coerce

from shop.catalogue.models import Brand, Product, ReturnClass
from shop.storefront.conditions import Key, has_stock, lowest_price
from shop.storefront.wishes import Facet, Wish
from shop.villages.models import Village

# Where more products than this come into question, the choices are shown without their numbers.
MOST_COUNTED = 2_000
MOST_NAMES = 24
MOST_NAMES_IN_COUNTIES = 60
BANDS = ((None, 3_000), (3_000, 6_000), (6_000, 10_000), (10_000, 20_000), (20_000, None))


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with how many products it would leave; no number where they were not counted."""

    value: str
    name: str
    count: int | None
    icon: str = ''
    is_chosen: bool = False


@dataclass(frozen=True)
class Band:
    """A span of prices in fen, with how many products lie in it."""

    least_fen: int | None
    most_fen: int | None
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    """Everything the list can be narrowed by; `without` says how many each filter in force keeps away or lets pass."""

    choices: dict[Facet, list[Choice]] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    in_stock: int | None = None
    without: dict[Facet, int] = field(default_factory=dict)

    def of(self, name: str) -> list[Choice]:
        """Return the choices of the facet with this name in the address."""
        return self.choices.get(Facet(name), [])

    def chosen(self) -> list[tuple[Facet, Choice]]:
        """Return the choices in force, facet by facet."""
        return [(facet, choice) for facet, found in self.choices.items() for choice in found if choice.is_chosen]


def candidates(
    goods: Select[*tuple[Any, ...]], order: Sequence[Key], filters: dict[Facet, ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    """Select of these goods those that at most one filter keeps away, in an order, as many as are counted and one more.

    Each filter's verdict stands beside what is counted. The first are found before anything else is asked of them.
    """
    verdicts = {facet: case((condition, 1), else_=0) for facet, condition in filters.items()}
    if len(verdicts) > 1:
        goods = goods.where(reduce(add, verdicts.values()) >= len(verdicts) - 1)
    keys = [key.value.label(f'key_{at}') for at, key in enumerate(order)]
    first = goods.add_columns(*keys).order_by(*(key.order() for key in order)).limit(MOST_COUNTED + 1).subquery()
    return (
        select(
            Product.id,
            Village.county_id,
            Product.category_id,
            type_coerce(Product.return_class, String).label('return_class'),
            Village.slug.label('village'),
            Village.name.label('village_name'),
            Brand.slug.label('brand'),
            Brand.name.label('brand_name'),
            lowest_price().label('price_fen'),
            case((has_stock(), 1), else_=0).label('has_stock'),
            *(verdict.label(_verdict(facet)) for facet, verdict in verdicts.items()),
        )
        .select_from(first)
        .join(Product, Product.id == first.c.id)
        .join(Village, Village.id == Product.village_id)
        .outerjoin(Brand, Brand.id == Product.brand_id)
        .order_by(*(key.order(first.c[f'key_{at}']) for at, key in enumerate(order)))
    )


def passing(rows: Sequence[Row[Any]], filters: Iterable[Facet], but: Facet | None = None) -> Sequence[Row[Any]]:
    """Return the rows that every filter lets pass, one of them perhaps left aside."""
    names = [_verdict(facet) for facet in filters if facet is not but]
    return [row for row in rows if all(getattr(row, name) for name in names)] if names else rows


def count_facets(rows: Sequence[Row[Any]], names: Sequence[Row[Any]], wish: Wish) -> Facets:
    """Count the choices among the candidates; too many of them are not counted.

    `names` are the counties, shelves and chosen villages and brands, as `look_up_wish` returns them.
    """
    is_counted = len(rows) <= MOST_COUNTED
    left = {facet: passing(rows, wish.filters, facet) if wish.filters else rows for facet in Facet}

    def number(count: int) -> int | None:
        return count if is_counted else None

    def fixed(facet: Facet, column: str) -> list[Choice]:
        counts = Counter(map(attrgetter(column), left[facet]))
        own = sorted((row for row in names if row.kind == facet.value), key=lambda row: row.place)
        return [_choice(wish, facet, row.value, row.name, number(counts[row.number])) for row in own]

    def open_ended(facet: Facet) -> list[Choice]:
        counts = Counter(map(attrgetter(facet.value, f'{facet.value}_name'), left[facet]))
        counts.pop((None, None), None)
        for row in names:
            if row.kind == facet.value:
                counts.setdefault((row.value, row.name), 0)
        best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        most = MOST_NAMES_IN_COUNTIES if wish.values(Facet.COUNTY) else MOST_NAMES
        return [
            _choice(wish, facet, value, name, number(count))
            for place, ((value, name), count) in enumerate(best)
            if place < most or wish.is_chosen(facet, value)
        ]

    returns = Counter(map(attrgetter('return_class'), left[Facet.RETURN]))
    return Facets(
        {
            Facet.COUNTY: fixed(Facet.COUNTY, 'county_id'),
            Facet.CATEGORY: fixed(Facet.CATEGORY, 'category_id'),
            Facet.VILLAGE: open_ended(Facet.VILLAGE),
            Facet.BRAND: open_ended(Facet.BRAND),
            Facet.RETURN: [
                _choice(wish, Facet.RETURN, str(kind.value), kind.label, number(returns[str(kind.value)]))
                for kind in ReturnClass
            ],
        },
        _bands([row.price_fen for row in left[Facet.PRICE] if row.price_fen is not None], wish, is_counted=is_counted),
        number(sum(row.has_stock for row in left[Facet.STOCK])),
        {facet: len(left[facet]) for facet in wish.filters} if is_counted else {},
    )


def _bands(prices: list[int], wish: Wish, *, is_counted: bool) -> list[Band]:
    return [
        Band(
            least,
            most,
            sum((least or 0) <= price and (most is None or price <= most) for price in prices) if is_counted else None,
            is_chosen=wish.has_price and (wish.least_fen, wish.most_fen) == (least, most),
        )
        for least, most in BANDS
    ]


def _choice(wish: Wish, facet: Facet, value: str, name: str, count: int | None) -> Choice:
    return Choice(value, name, count, is_chosen=wish.is_chosen(facet, value))


def _verdict(facet: Facet) -> str:
    return f'passes_{facet.value}'
