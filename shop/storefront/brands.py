"""The public pages of brands and industry projects: their lists, and each with its own figures and goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.regions.models import Region
from shop.statistics.places import Scope
from shop.statistics.subjects import Subject, SubjectKind
from shop.statistics.tallies import Headline, headline
from shop.storefront.cards import ProductCard, is_listed
from shop.storefront.villages import newest_cards
from shop.villages.models import Village

WITH_PLACE = joinedload(Village.county), joinedload(Village.township), joinedload(Village.photo)


@dataclass(frozen=True, slots=True)
class Counted:
    """A brand or a project in a list, with its county and how many of its goods are on sale."""

    row: Any
    county: str
    county_code: str
    goods: int


@dataclass(frozen=True)
class BrandPage:
    """A brand with its own figures and its goods."""

    brand: Brand
    tally: Headline
    cards: list[ProductCard]


@dataclass(frozen=True, slots=True)
class ProjectShareLine:
    """A product that drives a project, and with what share."""

    name: str
    slug: str
    share_bp: int
    is_on_sale: bool


@dataclass(frozen=True)
class ProjectPage:
    """A project with its own figures and what part of which goods drives it, in basis points."""

    project: IndustryProject
    tally: Headline
    shares: Sequence[ProjectShareLine]
    cards: list[ProductCard]


def approved_brands(*, on: date, county: str = '') -> list[Counted]:
    """Return the brands approved by a day, in the official order of their villages."""
    goods = (
        select(func.count(Endorsement.id))
        .join(Product, Product.id == Endorsement.product_id)
        .where(Product.brand_id == Brand.id, is_listed())
        .correlate(Brand)
    )
    return _listed(Brand, goods, on, county)


def approved_projects(*, on: date, county: str = '') -> list[Counted]:
    """Return the projects that count by a day, in the official order of their villages."""
    goods = (
        select(func.count(Endorsement.id))
        .join(ProjectShare, ProjectShare.product_id == Endorsement.product_id)
        .where(ProjectShare.project_id == IndustryProject.id, is_listed())
        .correlate(IndustryProject)
    )
    return _listed(IndustryProject, goods, on, county)


def open_brand_page(slug: str, *, on: date) -> BrandPage:
    """Return the page of an approved brand; raises `NotFoundError`."""
    brand = db.session.scalar(
        select(Brand)
        .where(Brand.slug == slug, Brand.approved_on <= on)
        .options(joinedload(Brand.village).options(*WITH_PLACE))
    )
    if brand is None:
        raise NotFoundError
    scope = Scope(subject=Subject(SubjectKind.BRAND, (brand.id,)))
    return BrandPage(brand, headline(on, scope=scope), newest_cards(Product.brand_id == brand.id))


def open_project_page(slug: str, *, on: date) -> ProjectPage:
    """Return the page of an approved project; raises `NotFoundError`."""
    project = db.session.scalar(
        select(IndustryProject)
        .where(IndustryProject.slug == slug, IndustryProject.approved_on <= on)
        .options(joinedload(IndustryProject.village).options(*WITH_PLACE))
    )
    if project is None:
        raise NotFoundError
    listed = select(Endorsement.id).where(Endorsement.product_id == Product.id, is_listed()).correlate(Product).exists()
    reached = select(Endorsement.id).where(Endorsement.product_id == Product.id, Endorsement.listed_on <= on).exists()
    rows = db.session.execute(
        select(Product.name, Product.slug, ProjectShare.share_bp, listed)
        .join(ProjectShare, ProjectShare.product_id == Product.id)
        .where(ProjectShare.project_id == project.id, reached)
        .order_by(ProjectShare.share_bp.desc(), Product.id)
    )
    mine = select(ProjectShare.product_id).where(ProjectShare.project_id == project.id)
    return ProjectPage(
        project=project,
        tally=headline(on, scope=Scope(subject=Subject(SubjectKind.PROJECT, (project.id,)))),
        shares=[ProjectShareLine(*row) for row in rows],
        cards=newest_cards(Product.id.in_(mine)),
    )


def _listed(kind: type[Any], goods: Select[int], on: date, county: str) -> list[Counted]:
    rows = (
        select(kind, Region.name, Region.code, goods.scalar_subquery())
        .join(kind.village)
        .join(Region, Region.id == Village.county_id)
        .where(kind.approved_on <= on)
        .order_by(Region.position, Village.township_id, Village.position, kind.id)
        .options(contains_eager(kind.village))
    )
    if county:
        rows = rows.where(Region.code == county)
    return [Counted(*row) for row in db.session.execute(rows)]
