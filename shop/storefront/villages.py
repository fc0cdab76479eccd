"""The public pages of villages: a list of them, and one with all it has to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Brand, IndustryProject, Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.objections.notices import NoticeLine, notices_in_force
from shop.photos.models import Photo
from shop.regions.models import Region
from shop.statistics.places import Scope
from shop.statistics.sales import sales_cells, sources
from shop.statistics.summaries import summarise
from shop.statistics.tallies import Headline, headline
from shop.storefront.cards import ProductCard, cards_of, is_listed, listed_products
from shop.storefront.sunshine import last_months
from shop.suppliers.models import Supplier
from shop.villages.models import FirstSecretary, Household, Tenure, TenureStatus, Village
from shop.villages.services import PRESENT_STATUSES

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
    village_id: int = 0


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
        VillageCard(
            village.slug, village.name, region.name, region.code, village.description, photo, goods, covered, village.id
        )
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
    """A village: its own figures, its goods, who speaks for it and who did, and what it has built up."""

    village: Village
    tenures: Sequence[Tenure]
    cards: list[ProductCard]
    tally: Headline
    months: list[tuple[date, int]]
    brands: Sequence[Brand]
    projects: Sequence[IndustryProject]
    suppliers: Sequence[Supplier]
    notices: Sequence[NoticeLine]

    @property
    def tenure(self) -> Tenure | None:
        """The tenure in office, or handing over."""
        return next((tenure for tenure in self.tenures if tenure.status in PRESENT_STATUSES), None)

    @property
    def former(self) -> list[Tenure]:
        """The tenures that have ended, the latest first."""
        return [tenure for tenure in self.tenures if tenure.status not in PRESENT_STATUSES]


def open_village_page(slug: str, *, on: date) -> VillagePage:
    """Return the page of a village; raises `NotFoundError`."""
    village = db.session.scalar(
        select(Village)
        .where(Village.slug == slug)
        .options(joinedload(Village.county), joinedload(Village.township), joinedload(Village.photo))
    )
    if village is None:
        raise NotFoundError
    tenures = db.session.scalars(
        select(Tenure)
        .where(Tenure.village_id == village.id, Tenure.status != TenureStatus.PLANNED)
        .order_by(Tenure.starts_on.desc(), Tenure.id.desc())
        .options(joinedload(Tenure.secretary).joinedload(FirstSecretary.photo), joinedload(Tenure.sponsor_unit))
    ).all()
    scope, parts = Scope(village_id=village.id), sources(on)
    return VillagePage(
        village=village,
        tenures=tenures,
        cards=newest_cards(Product.village_id == village.id),
        tally=headline(on, scope=scope, parts=parts),
        months=last_months(summarise(sales_cells(parts, scope), on)),
        brands=_approved(Brand, village.id, on),
        projects=_approved(IndustryProject, village.id, on),
        suppliers=_suppliers_on_sale(village.id),
        notices=notices_in_force(on=on, village_id=village.id),
    )


def newest_cards(condition: ColumnElement[bool], *, limit: int = MAX_CARDS) -> list[ProductCard]:
    """Return cards of the goods on sale that meet a condition, the newest first."""
    ids = db.session.scalars(
        listed_products().where(condition).order_by(Endorsement.listed_on.desc(), Product.id).limit(limit)
    ).all()
    return cards_of(ids)


def _approved(kind: type[Any], village_id: int, on: date) -> Sequence[Any]:
    """Return the brands or the projects of a village that count by a day."""
    return db.session.scalars(
        select(kind).where(kind.village_id == village_id, kind.approved_on <= on).order_by(kind.approved_on, kind.id)
    ).all()


def _suppliers_on_sale(village_id: int) -> Sequence[Supplier]:
    selling = listed_products().with_only_columns(Product.supplier_id).where(Product.village_id == village_id)
    return db.session.scalars(select(Supplier).where(Supplier.id.in_(selling)).order_by(Supplier.id)).all()
