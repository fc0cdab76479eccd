"""The product list: what was asked for in the address, and the page of products that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from werkzeug.datastructures import MultiDict

from shop.catalogue.models import Category, Product, Variant
from shop.catalogue.search import matches
from shop.endorsements.models import Endorsement
from shop.kit.database import db, dialect_name
from shop.kit.enums import Labelled
from shop.kit.pagination import Page, page_number
from shop.ledger.models import SalesMonth
from shop.regions.models import Region, RegionLevel
from shop.storefront.cards import ProductCard, cards_of, is_listed, listed_products
from shop.villages.models import Village

PAGE_SIZE = 24
MAX_QUERY = 60


class Sort(Labelled):
    """The orders a shopper may choose."""

    NEW = 'new', '新上架'
    SOLD = 'sold', '销量'
    PRICE_UP = 'price', '价格由低到高'
    PRICE_DOWN = '-price', '价格由高到低'


@dataclass(frozen=True)
class Wish:
    """What a shopper asked for; everything odd in the address has been dropped."""

    query: str = ''
    category: str = ''
    county: str = ''
    in_stock: bool = False
    sort: Sort = Sort.NEW
    page: int = 1

    @classmethod
    def read(cls, args: 'MultiDict[str, str]') -> 'Wish':
        """Read the query string; never fails."""
        return cls(
            query=' '.join(args.get('q', '').replace('\x00', ' ').split())[:MAX_QUERY],
            category=args.get('category', '')[:40],
            county=args.get('county', '')[:12],
            in_stock=args.get('in_stock') == '1',
            sort=Sort.find(args.get('sort')) or Sort.NEW,
            page=page_number(args.get('page')),
        )

    def address(self, **changes: str | int | bool) -> str:
        """Return the address of this list with some wishes changed; a changed wish starts at page 1."""
        values = {
            'q': self.query,
            'category': self.category,
            'county': self.county,
            'in_stock': '1' if self.in_stock else '',
            'sort': '' if self.sort is Sort.NEW else str(self.sort.value),
            **{name: str(value) for name, value in changes.items()},
        }
        kept = {name: value for name, value in values.items() if value not in {'', 'False'}}
        return '/products' + (f'?{urlencode(kept)}' if kept else '')


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with how many products it would leave."""

    value: str
    name: str
    count: int
    icon: str = ''


@dataclass(frozen=True)
class Listing:
    """A page of cards with the choices around it."""

    wish: Wish
    page: Page[ProductCard]
    categories: list[Choice]
    counties: list[Choice]


def list_products(wish: Wish) -> Listing:
    """Return the page of products on sale that answers the wish; a page beyond the last shows the last."""
    conditions = _conditions(wish)
    rows = _rows(conditions, wish.sort, wish.page)
    number = wish.page
    if not rows and number > 1:
        total = db.session.scalar(select(func.count()).select_from(listed_products().where(*conditions).subquery()))
        number = max(1, -(-(total or 0) // PAGE_SIZE))
        rows = _rows(conditions, wish.sort, number)
    page = Page(cards_of([row.id for row in rows]), number, PAGE_SIZE, rows[0].total if rows else 0)
    return Listing(wish, page, categories_on_sale(), counties_on_sale())


def _rows(conditions: list[ColumnElement[bool]], sort: Sort, number: int) -> Sequence[Row[Any]]:
    products = listed_products().add_columns(func.count().over().label('total')).where(*conditions)
    return db.session.execute(_sorted(products, sort).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.query:
        conditions.append(matches(wish.query, dialect_name()))
    if wish.category:
        conditions.append(Product.category.has(slug=wish.category))
    if wish.county:
        conditions.append(Village.county.has(code=wish.county))
    if wish.in_stock:
        conditions.append(Product.variants.any(and_(Variant.is_offered, Variant.stock > 0)))
    return conditions


def _sorted(products: Select[*tuple[Any, ...]], sort: Sort) -> Select[*tuple[Any, ...]]:
    price = (
        select(func.min(Variant.price_fen))
        .where(Variant.product_id == Product.id, Variant.is_offered)
        .scalar_subquery()
    )
    if sort is Sort.PRICE_UP:
        return products.order_by(price, Product.id)
    if sort is Sort.PRICE_DOWN:
        return products.order_by(price.desc(), Product.id)
    if sort is Sort.SOLD:
        units = select(func.sum(SalesMonth.quantity)).where(SalesMonth.product_id == Product.id).scalar_subquery()
        return products.order_by(func.coalesce(units, 0).desc(), Product.id)
    return products.order_by(Endorsement.listed_on.desc(), Product.id.desc())


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
