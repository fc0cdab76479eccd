"""The product list: the page of products that answers a wish, the choices around it, and why it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, union_all

from shop.catalogue.models import Category, Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.pagination import Page
from shop.regions.models import Region, RegionLevel
from shop.storefront.cards import ProductCard, cards_of, is_listed, listed_products
from shop.storefront.conditions import filters_of, is_found, order_of
from shop.storefront.correcting import Correction, correct
from shop.storefront.facets import (
    CANDIDATES,
    MOST_COUNTED,
    PASSING,
    PRODUCT,
    Choice,
    Facets,
    candidates,
    facet_parts,
    page_part,
    read_facets,
)
from shop.storefront.lookup import Sought, look_up
from shop.storefront.reasons import LOOSE, Near, Reason, near_names, reasons_for
from shop.storefront.rescue import Rescue, rescue
from shop.storefront.wishes import Wish
from shop.villages.models import Village

PAGE_SIZE = 24


@dataclass(frozen=True)
class Listing:
    """A page of cards with the choices around it; `is_more` when there are more than `page.total` counts."""

    wish: Wish
    page: Page[ProductCard]
    facets: Facets
    is_more: bool = False
    reasons: list[Reason] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    rescue: Rescue | None = None

    @property
    def can_be_exact(self) -> bool:
        """Whether something other than the letters typed was searched."""
        return any(reason.kind in LOOSE for reason in self.reasons)

    def name_of(self, facet: str) -> str:
        """Return the name of the only value chosen of a facet, or nothing."""
        chosen = [choice for choice in self.facets.of(facet) if choice.is_chosen]
        return chosen[0].name if len(chosen) == 1 else ''


@dataclass(frozen=True)
class _Answer:
    """What one statement says: the ids of the page, its number, the choices."""

    ids: list[int]
    number: int
    total: int
    is_more: bool
    facets: Facets


def list_products(wish: Wish) -> Listing:
    """Return the page of products on sale that answers the wish; a page beyond the last shows the last.

    A query that finds nothing at all is taken for a mistyped one, unless it is exact.
    """
    sought = look_up(wish.query, is_exact=wish.is_exact)
    answer = _answer(wish, sought)
    correction: Correction | None = None
    if not answer.total and wish.query and not wish.is_exact:
        correction = correct(sought)
        if correction is not None:
            sought = correction.sought
            answer = _answer(wish, sought)
    page = Page(cards_of(answer.ids), answer.number, PAGE_SIZE, answer.total)
    reasons = reasons_for(sought, page.rows, answer.facets, correction)
    help_out = None if page.rows else rescue(wish, sought, answer.facets)
    return Listing(
        wish, page, answer.facets, answer.is_more, reasons, near_names(sought, answer.facets), help_out
    )


def _answer(wish: Wish, sought: Sought) -> _Answer:
    rows = _ask(wish, sought, wish.page)
    ids = _ids(rows)
    total, is_more = _total(rows, wish, sought)
    number = wish.page
    if not ids and total:
        number = -(-total // PAGE_SIZE)
        ids = _ids(_ask(wish, sought, number))
    return _Answer(ids, number if total else 1, total, is_more, read_facets(rows, wish))


def _ask(wish: Wish, sought: Sought, number: int) -> Sequence[Row[Any]]:
    """Ask for the page and all facets in one statement."""
    found, filters = is_found(sought), filters_of(wish)
    hits = candidates(found, filters)
    place = func.row_number().over(order_by=order_of(wish.sort, sought)).label('place')
    page = _passing(wish, sought).add_columns(place).order_by(place)
    page = page.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return db.session.execute(union_all(page_part(page), *facet_parts(hits, wish, list(filters)))).all()


def _passing(wish: Wish, sought: Sought) -> Select[int]:
    found = is_found(sought)
    conditions = [*filters_of(wish).values(), *([] if found is None else [found])]
    return listed_products().where(*conditions)


def _ids(rows: Sequence[Row[Any]]) -> list[int]:
    found = sorted((row.position, row.number) for row in rows if row.kind == PRODUCT)
    return [number for _place, number in found]


def _total(rows: Sequence[Row[Any]], wish: Wish, sought: Sought) -> tuple[int, bool]:
    """Return how many products there are, and whether there are more than were counted."""
    numbers = {row.kind: row.number for row in rows if row.kind in {PASSING, CANDIDATES}}
    total: int = numbers[PASSING]
    if numbers[CANDIDATES] > MOST_COUNTED and total <= MOST_COUNTED:
        capped = _passing(wish, sought).limit(MOST_COUNTED + 1).subquery()
        total = db.session.scalar(select(func.count()).select_from(capped)) or 0
    return min(total, MOST_COUNTED), total > MOST_COUNTED


def categories_on_sale() -> list[Choice]:
    """Return the shelves in their order with the number of products on sale."""
    rows = db.session.execute(
        select(Category.slug, Category.name, Category.icon, func.count(Endorsement.id))
        .outerjoin(Product, Product.category_id == Category.id)
        .outerjoin(Endorsement, and_(Endorsement.product_id == Product.id, is_listed()))
        .group_by(Category.id)
        .order_by(Category.position)
    )
    return [Choice(slug, name, count, icon) for slug, name, icon, count in rows]


def counties_on_sale() -> list[Choice]:
    """Return the counties in the official order with the number of products on sale."""
    rows = db.session.execute(
        select(Region.code, Region.name, func.count(Endorsement.id))
        .outerjoin(Village, Village.county_id == Region.id)
        .outerjoin(Product, Product.village_id == Village.id)
        .outerjoin(Endorsement, and_(Endorsement.product_id == Product.id, is_listed()))
        .where(Region.level == RegionLevel.COUNTY)
        .group_by(Region.id)
        .order_by(Region.position)
    )
    return [Choice(code, name, count) for code, name, count in rows]
