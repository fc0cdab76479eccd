"""Finds the scope of a place or thing by the name it has in addresses: a code or a slug."""

from collections.abc import Callable

from sqlalchemy import Select, select

from shop.catalogue.models import Brand, IndustryProject, Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.regions.models import Region, RegionLevel
from shop.statistics.places import Scope
from shop.statistics.subjects import Subject, SubjectKind, tenures_of
from shop.villages.models import FirstSecretary, Tenure, TenureStatus, Village

K = SubjectKind


def scope_named(kind: str, name: str) -> Scope:
    """Return the scope of what the public knows by this name; raises `NotFoundError`.

    A hidden secretary, and what was not approved or never listed, is not known.
    """
    return _SCOPES[kind](name)


def _county(code: str) -> Scope:
    return Scope(
        county_id=_known(
            db.session.scalar(select(Region.id).where(Region.code == code, Region.level == RegionLevel.COUNTY))
        )
    )


def _village(slug: str) -> Scope:
    return Scope(village_id=_known(db.session.scalar(select(Village.id).where(Village.slug == slug))))


def _secretary(slug: str) -> Scope:
    shown = (FirstSecretary.slug == slug, FirstSecretary.is_name_hidden.is_(False))
    secretary_id = _known(db.session.scalar(select(FirstSecretary.id).where(*shown)))
    tenures = select(Tenure.id).where(Tenure.secretary_id == secretary_id, Tenure.status != TenureStatus.PLANNED)
    return Scope(subject=tenures_of(*db.session.scalars(tenures)))


def _brand(slug: str) -> Scope:
    return _subject(K.BRAND, select(Brand.id).where(Brand.slug == slug, Brand.approved_on.is_not(None)))


def _project(slug: str) -> Scope:
    approved = (IndustryProject.slug == slug, IndustryProject.approved_on.is_not(None))
    return _subject(K.PROJECT, select(IndustryProject.id).where(*approved))


def _product(slug: str) -> Scope:
    listed = select(Endorsement.id).where(Endorsement.product_id == Product.id, Endorsement.listed_on.is_not(None))
    return _subject(K.PRODUCT, select(Product.id).where(Product.slug == slug, listed.exists()))


def _subject(kind: SubjectKind, statement: Select[int]) -> Scope:
    return Scope(subject=Subject(kind, (_known(db.session.scalar(statement)),)))


def _known(found: int | None) -> int:
    if found is None:
        raise NotFoundError
    return found


_SCOPES: dict[str, Callable[[str], Scope]] = {
    'county': _county,
    'village': _village,
    'secretary': _secretary,
    'brand': _brand,
    'project': _project,
    'product': _product,
}
KINDS = tuple(_SCOPES)
