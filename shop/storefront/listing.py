"""The product list: the page of products that answers a wish, the choices around it, and why it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from shop.catalogue.models import Category, Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.pagination import Page
from shop.regions.models import Region, RegionLevel
from shop.storefront.cards import ProductCard, cards_of, is_listed
from shop.storefront.conditions import filters_of, on_sale, order_of
from shop.storefront.correcting import Correction, correct
from shop.storefront.facets import MOST_COUNTED, Choice, Facets, candidates, count_facets, passing
from shop.storefront.lookup import Sought, look_up_wish
from shop.storefront.reasons import LOOSE, Near, Reason, near_names, reasons_for
from shop.storefront.rescue import Rescue, rescue
from shop.storefront.wishes import Wish
from shop.villages.models import Village

__all__ = ['PAGE_SIZE', 'Choice', 'Listing', 'categories_on_sale', 'counties_on_sale', 'first_page', 'list_products']

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
    """The ids of a page and its number, how many there are in all, and the choices."""

    ids: list[int]
    number: int
    total: int
    is_more: bool
    facets: Facets


def list_products(wish: Wish) -> Listing:
    """Return the page of products on sale that answers the wish; a page beyond the last shows the last.

    A query that finds nothing at all is taken for a mistyped one, unless it is exact.
    """
    sought, names = look_up_wish(wish)
    answer = _answer(wish, sought, names)
    correction: Correction | None = None
    if not answer.total and wish.query and not wish.is_exact:
        correction = correct(sought)
        if correction is not None:
            sought = correction.sought
            answer = _answer(wish, sought, names)
    page = Page(cards_of(answer.ids), answer.number, PAGE_SIZE, answer.total)
    return Listing(
        wish,
        page,
        answer.facets,
        answer.is_more,
        reasons_for(sought, page.rows, answer.facets, correction),
        near_names(sought, answer.facets),
        None if page.rows else rescue(wish, sought, answer.facets),
    )


def first_page(wish: Wish) -> list[int]:
    """Return the ids of the first page alone, without what stands around it."""
    sought, _names = look_up_wish(wish)
    return list(db.session.scalars(_wanted(wish, sought).limit(PAGE_SIZE)))


def _answer(wish: Wish, sought: Sought, names: Sequence[Row[Any]]) -> _Answer:
    """Ask once for everything that comes into question, in the order of the list; page and choices are cut from it.

    Only where more products come into question than are counted, what passes all filters is asked for once more.
    """
    filters = filters_of(wish)
    goods = on_sale(sought)
    rows = db.session.execute(candidates(goods, order_of(wish.sort, sought), filters)).all()
    ids = [row.id for row in passing(rows, filters)]
    if len(rows) > MOST_COUNTED and filters:
        ids = list(db.session.scalars(_wanted(wish, sought).limit(MOST_COUNTED + 1)))
    total = min(len(ids), MOST_COUNTED)
    number = max(1, min(wish.page, -(-total // PAGE_SIZE)))
    page = ids[(number - 1) * PAGE_SIZE : min(number * PAGE_SIZE, total)]
    return _Answer(page, number, total, len(ids) > MOST_COUNTED, count_facets(rows, names, wish))


def _wanted(wish: Wish, sought: Sought) -> Select[int]:
    order = order_of(wish.sort, sought)
    return on_sale(sought).where(*filters_of(wish).values()).order_by(*(key.order() for key in order))


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
