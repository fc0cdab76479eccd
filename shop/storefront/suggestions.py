"""Suggestions while somebody types: names of goods, villages, brands and shelves that are on sale."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, String, cast, func, literal_column, select, union_all

from shop.catalogue.models import Brand, Category, Product
from shop.kit.database import db
from shop.storefront.conditions import any_name, on_sale, order_of
from shop.storefront.lookup import Sought, look_up
from shop.storefront.reasons import address_of, is_named
from shop.storefront.wishes import Facet, Sort
from shop.villages.models import Village

MOST = 8
MOST_OF_A_KIND = 2
CONSIDERED = 2_000
NAMES_READ = 200
GOODS_READ = 60
GOODS = 'product'


@dataclass(frozen=True)
class Suggestion:
    """A name with its address; `kind` is ``product`` or a facet's name."""

    kind: str
    name: str
    href: str


def suggest(query: str) -> list[Suggestion]:
    """Return at most `MOST` suggestions: shelves, villages, brands, then goods; no names of people."""
    sought = look_up(query)
    if not sought.words or sought.secretaries:
        return []
    rows = db.session.execute(_names(sought)).all()
    found: dict[tuple[str, str], Suggestion] = {}
    for facet in (Facet.CATEGORY, Facet.VILLAGE, Facet.BRAND):
        named = [row for row in rows if row.kind == facet.value and is_named(sought.words, row.name)]
        for row in sorted(named, key=lambda row: (-row.number, row.value))[:MOST_OF_A_KIND]:
            found[facet.value, row.name] = Suggestion(facet.value, row.name, address_of(facet, row.value))
    goods = [row for row in rows if row.kind == GOODS and is_named(sought.words, row.name)]
    for row in sorted(goods, key=lambda row: row.number):
        found.setdefault((GOODS, row.name), Suggestion(GOODS, row.name, f'/products/{row.value}'))
    return list(found.values())[:MOST]


def _names(sought: Sought) -> Any:
    """Select the best goods, and the names of the places, brands and shelves of what was found, in one statement."""
    hits = (
        on_sale(sought)
        .add_columns(Product.village_id, Product.brand_id, Product.category_id)
        .limit(CONSIDERED)
        .cte('hits')
    )
    place = func.row_number().over(order_by=[key.order() for key in order_of(Sort.RELEVANCE, sought)])
    goods = (
        select(Product.id, Product.slug, Product.name, place.label('place'))
        .join(hits, hits.c.id == Product.id)
        .order_by(place)
        .limit(GOODS_READ)
        .subquery()
    )
    return union_all(
        select(
            cast(literal_column(f"'{GOODS}'"), String).label('kind'),
            goods.c.slug.label('value'),
            goods.c.name.label('name'),
            goods.c.place.label('number'),
        ),
        _named(Facet.CATEGORY, Category, hits.c.category_id, hits, sought),
        _named(Facet.VILLAGE, Village, hits.c.village_id, hits, sought),
        _named(Facet.BRAND, Brand, hits.c.brand_id, hits, sought),
    )


def _named(facet: Facet, kind: Any, key: Any, hits: CTE, sought: Sought) -> Select[Any]:
    counted = select(key.label('key'), func.count().label('n')).select_from(hits).group_by(key).subquery()
    best = (
        select(kind.slug, kind.name, counted.c.n)
        .join(counted, counted.c.key == kind.id)
        .where(any_name(sought.words, kind.name))
        .order_by(counted.c.n.desc(), kind.id)
        .limit(NAMES_READ)
        .subquery()
    )
    return select(cast(literal_column(f"'{facet.value}'"), String), best.c.slug, best.c.name, best.c.n)
