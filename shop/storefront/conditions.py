"""The conditions and the order of a list of products, from the wish."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from shop.catalogue.matching import matches
from shop.catalogue.models import Brand, Category, Product, ReturnClass, Variant
from shop.catalogue.search import simplified
from shop.catalogue.terms import SearchQuery, SearchWord
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import dialect_name
from shop.regions.models import Region
from shop.statistics.sales import units_sold
from shop.storefront.lookup import Sought
from shop.storefront.wishes import Facet, Sort, Wish
from shop.villages.models import Tenure, Village


def on_sale(sought: Sought) -> Select[int]:
    """Select the ids of the products on sale that a query finds, or of all, joined to endorsement and village."""
    status: Any = Endorsement.status
    if dialect_name() == 'sqlite':
        # Else the planner starts from the status that nearly all have, whatever is looked for and in what order.
        status = literal_column('+endorsements.status', Endorsement.status.type)
    goods = (
        select(Product.id)
        .select_from(Product)
        .join(Endorsement, and_(Endorsement.product_id == Product.id, status == EndorsementStatus.LISTED))
        .join(Village, Village.id == Product.village_id)
    )
    found = is_found(sought)
    return goods if found is None else goods.where(found)


def lowest_price() -> Any:
    """The price a card shows: that of the cheapest variant on offer; none without one."""
    return (
        select(func.min(Variant.price_fen))
        .where(Variant.product_id == Product.id, Variant.is_offered)
        .correlate(Product)
        .scalar_subquery()
    )


def has_stock() -> ColumnElement[bool]:
    """The condition that some variant can be bought now."""
    return (
        select(Variant.id)
        .where(Variant.product_id == Product.id, Variant.is_offered, Variant.stock > 0)
        .correlate(Product)
        .exists()
    )


def is_found(sought: Sought) -> ColumnElement[bool] | None:
    """The condition that a product answers the query, or None without one.

    A name of a secretary finds the goods this secretary endorses now, beside what the word finds otherwise.
    """
    if not sought.query:
        return None
    if not sought.secretaries:
        return matches(sought.words, dialect_name())
    parts = [
        or_(
            matches(named, dialect_name()),
            Endorsement.tenure_id.in_(select(Tenure.id).where(Tenure.secretary_id.in_(ids))),
        )
        for named, ids in sought.secretaries
    ]
    return and_(*parts, *([matches(sought.words, dialect_name())] if sought.words else []))


def filters_of(wish: Wish) -> dict[Facet, ColumnElement[bool]]:
    """Return the condition of each facet the list is narrowed by."""
    conditions: dict[Facet, ColumnElement[bool]] = {}
    for facet, values in wish.chosen:
        if facet is Facet.COUNTY:
            conditions[facet] = Village.county_id.in_(select(Region.id).where(Region.code.in_(values)))
        elif facet is Facet.CATEGORY:
            conditions[facet] = Product.category_id.in_(select(Category.id).where(Category.slug.in_(values)))
        elif facet is Facet.VILLAGE:
            conditions[facet] = Village.slug.in_(values)
        elif facet is Facet.BRAND:
            conditions[facet] = Product.brand_id.in_(select(Brand.id).where(Brand.slug.in_(values)))
        elif facet is Facet.RETURN:
            conditions[facet] = Product.return_class.in_([ReturnClass(value) for value in values])
    if wish.has_price:
        price = lowest_price()
        bounds = [] if wish.least_fen is None else [price >= wish.least_fen]
        conditions[Facet.PRICE] = and_(*bounds, *([] if wish.most_fen is None else [price <= wish.most_fen]))
    if wish.is_in_stock:
        conditions[Facet.STOCK] = has_stock()
    return conditions


@dataclass(frozen=True)
class Key:
    """What a list is ordered by, from the least on, or from the greatest."""

    value: Any
    is_falling: bool = False

    def order(self, value: Any = None) -> Any:
        """Return the order by this, or by a column that holds it."""
        by = self.value if value is None else value
        return by.desc() if self.is_falling else by.asc()


def order_of(sort: Sort, sought: Sought) -> list[Key]:
    """Return the total order of a list, the same on both databases."""
    if sort in {Sort.PRICE_UP, Sort.PRICE_DOWN}:
        return [Key(func.coalesce(lowest_price(), 0), is_falling=sort is Sort.PRICE_DOWN), Key(Product.id)]
    if sort is Sort.SOLD:
        return [Key(units_sold(Product.id), is_falling=True), Key(Product.id)]
    if sort is Sort.RELEVANCE:
        return [Key(rank_of(sought)), Key(units_sold(Product.id), is_falling=True), Key(Product.id)]
    return [Key(Endorsement.listed_on, is_falling=True), Key(Endorsement.id, is_falling=True)]


def rank_of(sought: Sought) -> ColumnElement[int]:
    """Return how well a product answers: its name is the query, has its words, or synonyms; its place has; the rest."""
    words = sought.words
    if not words:
        return literal(0)
    ranks = [
        (_lower(Product.name) == simplified(sought.query).lower(), 0),
        (and_(*(contains(Product.name, word.text) for word in words)), 1),
    ]
    if any(word.synonyms for word in words):
        ranks.append((and_(*(_names(Product.name, word) for word in words)), 2))
    ranks.append((and_(*(_belongs(word) for word in words)), 3))
    return case(*ranks, else_=4)


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that a text holds another; letters A to Z in any size."""
    place = func.instr if dialect_name() == 'sqlite' else func.strpos
    found: ColumnElement[bool] = place(_lower(column), text) > 0
    return found


def any_name(words: SearchQuery, column: Any) -> ColumnElement[bool]:
    """The condition that a name holds each word that is written in ideographs."""
    return reduce(and_, (contains(column, word.text) for word in words if not word.is_latin), literal(value=True))


def _lower(column: Any) -> Any:
    """SQLite knows the small letters of A to Z alone; so PostgreSQL is asked for those alone."""
    return func.lower(column if dialect_name() == 'sqlite' else column.collate('C'))


def _names(column: InstrumentedAttribute[str], word: SearchWord) -> ColumnElement[bool]:
    return or_(*(contains(column, text) for text in (word.text, *word.synonyms)))


def _belongs(word: SearchWord) -> ColumnElement[bool]:
    return or_(
        _names(Product.name, word),
        Product.brand_id.in_(select(Brand.id).where(_names(Brand.name, word))),
        Product.village_id.in_(select(Village.id).where(_names(Village.name, word))),
        Product.category_id.in_(select(Category.id).where(_names(Category.name, word))),
    )
