"""The public pages of villages, secretaries, brands and projects: what each has to show."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.photos.models import Photo
from shop.regions.models import Region
from shop.storefront.cards import ProductCard, cards_of, is_listed, listed_products
from shop.villages.models import FirstSecretary, Household, Tenure, TenureStatus, Village

MAX_CARDS = 60


@dataclass(frozen=True)
class VillageCard:
    """A village in a list: goods on sale, households covered by agreements in force."""

    slug: str
    name: str
    county: str
    county_code: str
    description: str
    photo: Photo | None
    products: int
    households: int


def village_cards(*, on: date, county: str = '', limit: int | None = None) -> list[VillageCard]:
    """Return villages in the official order (with `limit`: those with most goods first)."""
    products = (
        select(func.count(Endorsement.id))
        .join(Product, Product.id == Endorsement.product_id)
        .where(Product.village_id == Village.id, is_listed())
        .correlate(Village)
        .scalar_subquery()
    )
    households = _covered_in(Village.id, on).correlate(Village).scalar_subquery()
    order = (products.desc(), Village.id) if limit else (Region.position, Village.township_id, Village.position)
    rows = (
        select(Village, Photo, Region, products, households)
        .join(Region, Region.id == Village.county_id)
        .outerjoin(Photo, Photo.id == Village.photo_id)
        .order_by(*order)
        .limit(limit)
    )
    if county:
        rows = rows.where(Region.code == county)
    return [
        VillageCard(village.slug, village.name, region.name, region.code, village.description, photo, goods, covered)
        for village, photo, region, goods, covered in db.session.execute(rows)
    ]


def _covered_in(village_id: int | InstrumentedAttribute[int], on: date) -> Select[int]:
    return (
        select(func.count(AgreementShare.household_id.distinct()))
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .join(Household, Household.id == AgreementShare.household_id)
        .where(
            Household.village_id == village_id,
            AgreementVersion.in_force_on <= on,
            (AgreementVersion.ended_on.is_(None)) | (AgreementVersion.ended_on > on),
        )
    )


@dataclass(frozen=True)
class VillagePage:
    """A village with the tenure in office, its goods and how many households its agreements cover."""

    village: Village
    tenure: Tenure | None
    cards: list[ProductCard]
    covered: int


def open_village_page(slug: str, *, on: date) -> VillagePage:
    """Return the page of a village; raises `NotFoundError`."""
    village = db.session.scalar(
        select(Village)
        .where(Village.slug == slug)
        .options(joinedload(Village.county), joinedload(Village.township), joinedload(Village.photo))
    )
    if village is None:
        raise NotFoundError
    tenure = db.session.scalar(
        select(Tenure)
        .where(
            Tenure.village_id == village.id,
            Tenure.status.in_([TenureStatus.IN_OFFICE, TenureStatus.HANDING_OVER]),
        )
        .options(joinedload(Tenure.secretary), joinedload(Tenure.sponsor_unit))
    )
    covered = db.session.scalar(_covered_in(village.id, on)) or 0
    return VillagePage(village, tenure, _cards(Product.village_id == village.id), covered)


def open_secretary_page(slug: str) -> tuple[FirstSecretary, list[Tenure], list[ProductCard]]:
    """Return a secretary, the tenures (newest first) and the goods endorsed; a hidden one is not found."""
    secretary = db.session.scalar(select(FirstSecretary).where(FirstSecretary.slug == slug))
    if secretary is None or secretary.is_name_hidden:
        raise NotFoundError
    tenures = db.session.scalars(
        select(Tenure)
        .where(Tenure.secretary_id == secretary.id, Tenure.status != TenureStatus.PLANNED)
        .order_by(Tenure.starts_on.desc())
        .options(joinedload(Tenure.village).joinedload(Village.county), joinedload(Tenure.sponsor_unit))
    ).all()
    return secretary, list(tenures), _cards(Endorsement.tenure_id.in_([tenure.id for tenure in tenures]))


def approved_brands(*, on: date) -> list[tuple[Brand, str, int]]:
    """Return the brands approved by a day with their county's name and number of goods on sale."""
    goods = (
        select(func.count(Endorsement.id))
        .join(Product, Product.id == Endorsement.product_id)
        .where(Product.brand_id == Brand.id, is_listed())
        .correlate(Brand)
        .scalar_subquery()
    )
    rows = (
        select(Brand, Region.name, goods)
        .join(Village, Village.id == Brand.village_id)
        .join(Region, Region.id == Village.county_id)
        .where(Brand.approved_on <= on)
        .order_by(Region.position, Village.township_id, Village.position, Brand.id)
        .options(joinedload(Brand.village))
    )
    return [(brand, county, count) for brand, county, count in db.session.execute(rows)]


def open_brand_page(slug: str) -> tuple[Brand, list[ProductCard]]:
    """Return an approved brand and its goods; raises `NotFoundError`."""
    brand = db.session.scalar(
        select(Brand)
        .where(Brand.slug == slug, Brand.approved_on.is_not(None))
        .options(joinedload(Brand.village).joinedload(Village.county))
    )
    if brand is None:
        raise NotFoundError
    return brand, _cards(Product.brand_id == brand.id)


def open_project_page(slug: str) -> tuple[IndustryProject, list[ProductCard]]:
    """Return an approved project and the goods that drive it; raises `NotFoundError`."""
    project = db.session.scalar(
        select(IndustryProject)
        .where(IndustryProject.slug == slug, IndustryProject.approved_on.is_not(None))
        .options(joinedload(IndustryProject.village).joinedload(Village.county))
    )
    if project is None:
        raise NotFoundError
    return project, _cards(Product.id.in_(select(ProjectShare.product_id).where(ProjectShare.project_id == project.id)))


def _cards(condition: ColumnElement[bool]) -> list[ProductCard]:
    ids = db.session.scalars(
        listed_products().where(condition).order_by(Endorsement.listed_on.desc(), Product.id).limit(MAX_CARDS)
    ).all()
    return cards_of(ids)
