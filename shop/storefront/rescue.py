"""What helps somebody whose list is empty: fewer filters, fewer words, and what others buy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, select, union_all

from shop.catalogue.models import Product
from shop.kit.database import db
from shop.kit.words import listed
from shop.statistics.sales import units_sold
from shop.storefront.cards import ProductCard, cards_of, listed_products
from shop.storefront.conditions import filters_of, on_sale
from shop.storefront.facets import MOST_COUNTED, Facets
from shop.storefront.lookup import Sought
from shop.storefront.wishes import Facet, Wish

POPULAR = 8
MOST_WORDS = 4


@dataclass(frozen=True)
class WayOut:
    """A list that is not empty: what was let go or kept, its address, how many it has."""

    name: str
    href: str
    count: int


@dataclass(frozen=True)
class Rescue:
    """The ways out of an empty list; each has something to show."""

    fewer_filters: list[tuple[Facet, WayOut]]
    unfiltered: WayOut | None
    unsearched: WayOut | None
    words: list[WayOut]
    popular: list[ProductCard]


def rescue(wish: Wish, sought: Sought, facets: Facets) -> Rescue:
    """Return what helps, in two statements more."""
    fewer = [
        (facet, WayOut(_named(facet, facets), wish.without(facet).address(), count))
        for facet, count in facets.without.items()
        if count
    ]
    telling = [word for word in sought.words if len(word.text) > 1]
    words = telling[:MOST_WORDS] if len(sought.words) > 1 or sought.secretaries else []
    parts = [
        *(_count(index, on_sale(replace(sought, words=(word,), secretaries=()))) for index, word in enumerate(words)),
        _count(-1, on_sale(sought)),
        _count(-2, listed_products().where(*filters_of(wish).values())),
    ]
    counts = {row.key: row.n for row in db.session.execute(union_all(*parts))}
    return Rescue(
        fewer,
        _way(wish.query, wish.unfiltered(), counts[-1]) if len(wish.filters) > 1 else None,
        _way('', wish.searched(''), counts[-2]) if wish.query and wish.filters else None,
        [
            WayOut(word.text, wish.unfiltered().searched(word.text).address(), counts[index])
            for index, word in enumerate(words)
            if counts[index]
        ],
        popular_goods(),
    )


def popular_goods(limit: int = POPULAR) -> list[ProductCard]:
    """Return the cards of what sold most."""
    return cards_of(
        db.session.scalars(listed_products().order_by(units_sold(Product.id).desc(), Product.id).limit(limit)).all()
    )


def _count(key: int, rows: Select[Any]) -> Select[*tuple[Any, ...]]:
    capped = rows.limit(MOST_COUNTED + 1).subquery()
    return select(cast(literal(key), Integer).label('key'), func.count().label('n')).select_from(capped)


def _way(name: str, wish: Wish, count: int) -> WayOut | None:
    return WayOut(name, wish.address(), count) if count else None


def _named(facet: Facet, facets: Facets) -> str:
    chosen: Sequence[str] = [choice.name for one, choice in facets.chosen() if one is facet]
    return listed(chosen)
