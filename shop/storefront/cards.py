"""Product cards: everything a card shows, for many products in one statement.

Statements that never differ are put together once: building a large one takes longer than asking it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement, RuleKind, VersionStatus
from shop.catalogue.models import Product, ProductPhoto, ReturnClass, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.photos.models import Photo
from shop.ratings.queries import Rating, rating_columns
from shop.regions.models import Region
from shop.statistics.sales import units_sold
from shop.villages.models import Village


@dataclass(frozen=True)
class ProductCard:
    """What one card shows; prices in fen, `benefit_fen` per unit of the cheapest variant."""

    product_id: int
    slug: str
    name: str
    summary: str
    county: str
    village: str
    village_slug: str
    photo: Photo | None
    price_fen: int
    has_prices: bool
    stock: int
    ships_within_hours: int
    is_returnable: bool
    listed_on: date
    households: int
    benefit_fen: int
    is_per_unit: bool
    sold: int
    rating: Rating


def is_listed() -> ColumnElement[bool]:
    """The condition that an endorsement puts its product on sale."""
    return Endorsement.status == EndorsementStatus.LISTED


@cache
def listed_products() -> Select[int]:
    """Select the ids of the products on sale, joined to their endorsement and village."""
    return (
        select(Product.id)
        .join(Endorsement, and_(Endorsement.product_id == Product.id, is_listed()))
        .join(Village, Village.id == Product.village_id)
    )


def cards_of(product_ids: Sequence[int]) -> list[ProductCard]:
    """Return the cards of these products, in this order; products off sale are left out."""
    if not product_ids:
        return []
    rows = db.session.execute(_card_rows().where(Product.id.in_(product_ids))).all()
    cards = {row.id: _card(row) for row in rows}
    return [cards[product_id] for product_id in product_ids if product_id in cards]


def neighbour_cards(product: Product, limit: int) -> list[ProductCard]:
    """Return cards of other goods that can be bought, of the same village and shelf first."""
    in_stock = select(Variant.id).where(Variant.product_id == Product.id, Variant.is_offered, Variant.stock > 0)
    rows = db.session.execute(
        _card_rows()
        .where(Product.id != product.id, in_stock.exists())
        .order_by(
            (Product.village_id == product.village_id).desc(),
            (Product.category_id == product.category_id).desc(),
            Product.id.desc(),
        )
        .limit(limit)
    )
    return [_card(row) for row in rows]


@cache
def _card_rows() -> Select[*tuple[Any, ...]]:
    offered = and_(Variant.product_id == Product.id, Variant.is_offered)
    lowest = select(func.min(Variant.price_fen)).where(offered).scalar_subquery()
    highest = select(func.max(Variant.price_fen)).where(offered).scalar_subquery()
    stock = select(func.coalesce(func.sum(Variant.stock), 0)).where(offered).scalar_subquery()
    households = (
        select(func.count(AgreementShare.id))
        .where(AgreementShare.version_id == AgreementVersion.id)
        .correlate(AgreementVersion)
        .scalar_subquery()
    )
    cover = (
        select(ProductPhoto.photo_id)
        .where(ProductPhoto.product_id == Product.id)
        .order_by(ProductPhoto.position, ProductPhoto.id)
        .limit(1)
        .scalar_subquery()
    )
    reviews, stars = rating_columns(Product.id)
    return (
        select(
            Product.id,
            Product.slug,
            Product.name,
            Product.summary,
            Product.ships_within_hours,
            Product.return_class,
            Photo,
            AgreementVersion,
            Village.name.label('village'),
            Village.slug.label('village_slug'),
            Region.name.label('county'),
            Endorsement.listed_on,
            lowest.label('lowest'),
            highest.label('highest'),
            stock.label('stock'),
            households.label('households'),
            units_sold(Product.id).label('sold'),
            reviews.label('reviews'),
            stars.label('stars'),
        )
        .join(Endorsement, and_(Endorsement.product_id == Product.id, is_listed()))
        .join(Village, Village.id == Product.village_id)
        .join(Region, Region.id == Village.county_id)
        .outerjoin(Photo, Photo.id == cover)
        .outerjoin(BenefitAgreement, BenefitAgreement.product_id == Product.id)
        .outerjoin(
            AgreementVersion,
            and_(
                AgreementVersion.agreement_id == BenefitAgreement.id,
                AgreementVersion.status == VersionStatus.IN_FORCE,
            ),
        )
    )


def _card(row: Any) -> ProductCard:
    version: AgreementVersion | None = row.AgreementVersion
    lowest = row.lowest or 0
    return ProductCard(
        product_id=row.id,
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        county=row.county,
        village=row.village,
        village_slug=row.village_slug,
        photo=row.Photo,
        price_fen=lowest,
        has_prices=lowest != row.highest,
        stock=row.stock,
        ships_within_hours=row.ships_within_hours,
        is_returnable=row.return_class is ReturnClass.SEVEN_DAYS,
        listed_on=row.listed_on,
        households=row.households or 0,
        benefit_fen=version.benefit_fen(lowest, 1) if version is not None else 0,
        is_per_unit=version is not None and version.rule_kind is RuleKind.FEN_PER_UNIT,
        sold=int(row.sold),
        rating=Rating(row.reviews, int(row.stars)),
    )
