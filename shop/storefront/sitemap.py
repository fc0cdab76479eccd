"""The sitemap: every page a search engine should know, with the day it last changed where that is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import aliased

from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement, EndorsementEvent
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.regions.models import Region, RegionLevel
from shop.storefront.cards import is_listed
from shop.villages.models import FirstSecretary, Tenure, Village

# The goods a page shows, beside the product whose own page it may be.
GOODS = aliased(Product)
PART = 10_000
MOST_PARTS = 50_000


@dataclass(frozen=True)
class SitemapPart:
    """One file of the sitemap: the kind of page, its number from 1, and its last change."""

    kind: str
    number: int
    changed: datetime | None


@dataclass(frozen=True)
class Entry:
    """One page: its path, and when what it shows was last reviewed, listed or withdrawn."""

    path: str
    changed: datetime | None


def sitemap_parts(*, on: date) -> list[SitemapPart]:
    """Return the parts that have pages; one statement."""
    counts = []
    for kind, rows in _kinds(on).items():
        pages = rows.subquery()
        counts.append(select(literal(kind), func.count(), func.max(pages.c.changed)).select_from(pages))
    found = db.session.execute(union_all(*counts)).all()
    return [
        SitemapPart(kind, number, changed)
        for kind, count, changed in found
        for number in range(1, -(-count // PART) + 1)
    ]


def sitemap_entries(kind: str, number: int, *, on: date) -> list[Entry]:
    """Return the pages of one part, at most `PART`; raises `NotFoundError` for one that does not exist."""
    rows = _kinds(on).get(kind)
    if rows is None or not 1 <= number <= MOST_PARTS:
        raise NotFoundError
    found = db.session.execute(rows.order_by('id').limit(PART).offset((number - 1) * PART)).all()
    if not found:
        raise NotFoundError
    return [Entry(f'/{kind}/{slug}', changed) for _id, slug, changed in found]


def _kinds(on: date) -> Mapping[str, Select[*tuple[Any, ...]]]:
    """Return for each kind of page the statement for id, slug and last change."""
    return {
        'products': _pages(Product, GOODS.id == Product.id).where(
            select(Endorsement.id).where(Endorsement.product_id == Product.id, is_listed()).exists()
        ),
        'counties': _counties(),
        'villages': _pages(Village, GOODS.village_id == Village.id),
        'secretaries': _pages(FirstSecretary, Tenure.secretary_id == FirstSecretary.id).where(
            FirstSecretary.is_name_hidden.is_(False)
        ),
        'brands': _pages(Brand, GOODS.brand_id == Brand.id).where(Brand.approved_on <= on),
        'projects': _pages(IndustryProject, _drives()).where(IndustryProject.approved_on <= on),
    }


def _counties() -> Select[*tuple[Any, ...]]:
    shown = GOODS.village_id.in_(select(Village.id).where(Village.county_id == Region.id).correlate(Region))
    counties = select(Region.id.label('id'), Region.code.label('slug'), _changed(Region, shown).label('changed'))
    return counties.where(Region.level == RegionLevel.COUNTY)


def _drives() -> ColumnElement[bool]:
    shares = select(ProjectShare.id).where(
        ProjectShare.project_id == IndustryProject.id, ProjectShare.product_id == GOODS.id
    )
    return shares.correlate(IndustryProject, GOODS).exists()


def _pages(model: Any, shown: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(model.id.label('id'), model.slug.label('slug'), _changed(model, shown).label('changed'))


def _changed(model: Any, shown: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """Return the last event of the endorsements whose goods the page shows."""
    return (
        select(func.max(EndorsementEvent.at))
        .join(Endorsement, Endorsement.id == EndorsementEvent.endorsement_id)
        .join(GOODS, GOODS.id == Endorsement.product_id)
        .join(Tenure, Tenure.id == Endorsement.tenure_id)
        .where(shown)
        .correlate(model)
        .scalar_subquery()
    )
