"""The facets of the product list: how many products each choice would leave under the other filters."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, String, and_, case, cast, func, literal_column, or_, select

from shop.catalogue.models import Brand, Category, Product, ReturnClass
from shop.regions.models import Region, RegionLevel
from shop.storefront.cards import listed_products
from shop.storefront.conditions import has_stock, lowest_price
from shop.storefront.wishes import Facet, Wish
from shop.villages.models import Village

# Where more products than this come into question, the choices are shown without their numbers.
MOST_COUNTED = 5_000
BANDS = ((None, 3_000), (3_000, 6_000), (6_000, 10_000), (10_000, 20_000), (20_000, None))
WITHOUT = 'without'
CANDIDATES = 'candidates'
PASSING = 'passing'
PRODUCT = 'product'


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
    """Everything the list can be narrowed by; `without` says what each filter in force keeps away."""

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


def candidates(found: ColumnElement[bool] | None, filters: dict[Facet, ColumnElement[bool]]) -> CTE:
    """Select the products that at most one filter keeps away, each filter's verdict beside what is counted."""
    verdicts = {facet: case((condition, 1), else_=0) for facet, condition in filters.items()}
    rows = listed_products().add_columns(
        Village.county_id,
        Product.village_id,
        Product.category_id,
        Product.brand_id,
        Product.return_class,
        lowest_price().label('price_fen'),
        case((has_stock(), 1), else_=0).label('has_stock'),
        *(verdict.label(_verdict(facet)) for facet, verdict in verdicts.items()),
    )
    if found is not None:
        rows = rows.where(found)
    if len(verdicts) > 1:
        rows = rows.where(sum(verdicts.values()) >= len(verdicts) - 1)
    return rows.limit(MOST_COUNTED + 1).cte('candidates')


def facet_parts(hits: CTE, wish: Wish, active: Collection[Facet]) -> list[Select[Any]]:
    """Select one row per choice: kind, value, name, position, number."""

    def others(facet: Facet | None) -> ColumnElement[bool]:
        return and_(True, *(hits.c[_verdict(one)] == 1 for one in active if one is not facet))

    def counted(facet: Facet, column: str) -> Any:
        key = hits.c[column]
        return select(key.label('key'), func.count().label('n')).where(others(facet)).group_by(key).subquery()

    return [
        *_place_parts(counted, wish),
        _returns(counted(Facet.RETURN, 'return_class')),
        *(_band(hits, index, others(Facet.PRICE)) for index in range(len(BANDS))),
        _number(Facet.STOCK.value, hits, hits.c.has_stock == 1, others(Facet.STOCK)),
        *(_number(WITHOUT, hits, others(facet), value=facet.value) for facet in active),
        _number(PASSING, hits, others(None)),
        _number(CANDIDATES, hits),
    ]


def read_facets(rows: Collection[Any], wish: Wish) -> Facets:
    """Make the facets of the rows that `facet_parts` selected."""
    seen = next((row.number for row in rows if row.kind == CANDIDATES), 0)
    is_counted = seen <= MOST_COUNTED
    choices = {
        facet: [
            Choice(row.value, row.name, row.number if is_counted else None, row.icon, wish.is_chosen(facet, row.value))
            for row in sorted((row for row in rows if row.kind == facet.value), key=_place(facet))
        ]
        for facet in (Facet.COUNTY, Facet.CATEGORY, Facet.VILLAGE, Facet.BRAND)
    }
    numbers = {(row.kind, row.value): row.number for row in rows}
    choices[Facet.RETURN] = [
        Choice(
            str(kind.value), kind.label, numbers.get((Facet.RETURN.value, kind.value), 0) if is_counted else None,
            is_chosen=wish.is_chosen(Facet.RETURN, str(kind.value)),
        )
        for kind in ReturnClass
    ]  # fmt: skip
    bands = [
        Band(
            least, most, numbers[Facet.PRICE.value, str(index)] if is_counted else None,
            is_chosen=wish.has_price and (wish.least_fen, wish.most_fen) == (least, most),
        )
        for index, (least, most) in enumerate(BANDS)
    ]  # fmt: skip
    without = {facet: numbers[WITHOUT, facet.value] for facet in wish.filters} if is_counted else {}
    return Facets(choices, bands, numbers[Facet.STOCK.value, ''] if is_counted else None, without)


def _place(facet: Facet) -> Callable[[Any], Any]:
    """Counties and shelves in their order, villages and brands by what they have."""
    if facet in {Facet.COUNTY, Facet.CATEGORY}:
        return lambda row: row.position
    return lambda row: (-row.number, row.position)


def _place_parts(counted: Callable[[Facet, str], Any], wish: Wish) -> list[Select[Any]]:
    counties, shelves = counted(Facet.COUNTY, 'county_id'), counted(Facet.CATEGORY, 'category_id')
    villages, brands = counted(Facet.VILLAGE, 'village_id'), counted(Facet.BRAND, 'brand_id')
    return [
        _row(Facet.COUNTY.value, Region.code, Region.name, Region.position, counties.c.n)
        .select_from(Region)
        .outerjoin(counties, counties.c.key == Region.id)
        .where(Region.level == RegionLevel.COUNTY),
        _row(Facet.CATEGORY.value, Category.slug, Category.name, Category.position, shelves.c.n, Category.icon)
        .select_from(Category)
        .outerjoin(shelves, shelves.c.key == Category.id),
        _row(Facet.VILLAGE.value, Village.slug, Village.name, Village.id, villages.c.n)
        .select_from(Village)
        .outerjoin(villages, villages.c.key == Village.id)
        .where(or_(villages.c.n.is_not(None), Village.slug.in_(wish.values(Facet.VILLAGE)))),
        _row(Facet.BRAND.value, Brand.slug, Brand.name, Brand.id, brands.c.n)
        .select_from(Brand)
        .outerjoin(brands, brands.c.key == Brand.id)
        .where(or_(brands.c.n.is_not(None), Brand.slug.in_(wish.values(Facet.BRAND)))),
    ]


def _returns(counted: Any) -> Select[Any]:
    return _row(Facet.RETURN.value, cast(counted.c.key, String), _text(''), _whole(0), counted.c.n).select_from(counted)


def _band(hits: CTE, index: int, others: ColumnElement[bool]) -> Select[Any]:
    least, most = BANDS[index]
    price = hits.c.price_fen
    bounds = ([] if least is None else [price >= least]) + ([] if most is None else [price <= most])
    return _number(Facet.PRICE.value, hits, *bounds, others, value=str(index))


def _number(kind: str, hits: CTE, *conditions: ColumnElement[bool], value: str = '') -> Select[Any]:
    return _row(kind, _text(value), _text(''), _whole(0), func.count()).select_from(hits).where(*conditions)


def _row(kind: str, value: Any, name: Any, position: Any, number: Any, icon: Any = None) -> Select[Any]:
    return select(
        _text(kind).label('kind'),
        value.label('value'),
        name.label('name'),
        cast(position, Integer).label('position'),
        func.coalesce(number, 0).label('number'),
        (_text('') if icon is None else icon).label('icon'),
    )


def page_part(rows: Select[Any]) -> Select[Any]:
    """Select the ids of a page in their order; `rows` select them with their place."""
    page = rows.subquery()
    return _row(PRODUCT, _text(''), _text(''), page.c.place, page.c.id).select_from(page)


def _verdict(facet: Facet) -> str:
    return f'passes_{facet.value}'


def _text(text: str) -> Any:
    """A fixed word of the statement, never anything typed."""
    return literal_column(f"'{text}'", String)


def _whole(number: int) -> Any:
    return literal_column(str(number), Integer)
