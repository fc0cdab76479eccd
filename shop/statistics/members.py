"""Which rows each counted metric counts; the figure, its table lines and its drill-down all come from here."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, or_, select

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement
from shop.ledger.models import BenefitPayout
from shop.statistics.places import WHOLE, Scope
from shop.statistics.subjects import Subject, named_households
from shop.villages.models import Household, Tenure, TenureStatus, Village

NOBODY = literal(0)


def members(metric: str, on: date, scope: Scope = WHOLE) -> Select[*tuple[Any, ...]]:
    """Select what `metric` counts at the end of `on`: ``member_id``, ``village_id`` and ``people``, each row once.

    Raises `KeyError` for a metric that is no count.
    """
    return _MEMBERS[metric](on, scope.subject).where(*scope.conditions)


def _villages(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    tenure = select(Tenure.id).where(
        Tenure.village_id == Village.id,
        Tenure.status != TenureStatus.PLANNED,
        Tenure.starts_on <= on,
        or_(Tenure.ends_on.is_(None), Tenure.ends_on > on),
        *_met('villages', on, subject),
    )
    return select(Village.id.label('member_id'), Village.id.label('village_id'), NOBODY.label('people')).where(
        tenure.exists()
    )


def _endorsed_products(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    listed = select(Endorsement.id).where(Endorsement.product_id == Product.id, Endorsement.listed_on <= on)
    return _of(Product).where(listed.exists(), *_met('endorsed_products', on, subject))


def _projects(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    driven = (
        select(ProjectShare.id)
        .join(Endorsement, Endorsement.product_id == ProjectShare.product_id)
        .where(ProjectShare.project_id == IndustryProject.id, Endorsement.approved_on <= on)
    )
    return _of(IndustryProject).where(
        IndustryProject.approved_on <= on, driven.exists(), *_met('projects', on, subject)
    )


def _brands(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    return _of(Brand).where(Brand.approved_on <= on, *_met('brands', on, subject))


def _covered(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    if subject is not None:
        return _named(subject, 'covered', on)
    named = (
        select(AgreementShare.household_id)
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .where(
            AgreementVersion.in_force_on <= on,
            or_(AgreementVersion.ended_on.is_(None), AgreementVersion.ended_on > on),
        )
    )
    return _households().where(Household.id.in_(named))


def _accrued(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    if subject is not None:
        return _named(subject, 'accrued', on)
    return _households().where(
        Household.id.in_(select(AgreementShare.household_id).where(AgreementShare.accrued_on <= on))
    )


def _paid(on: date, subject: Subject | None) -> Select[*tuple[Any, ...]]:
    if subject is not None:
        return _named(subject, 'paid', on)
    return _households().where(
        Household.id.in_(select(BenefitPayout.household_id).where(BenefitPayout.booked_on <= on))
    )


def _met(metric: str, on: date, subject: Subject | None) -> list[ColumnElement[bool]]:
    return [] if subject is None else [subject.condition(metric, on)]


def _named(subject: Subject, metric: str, on: date) -> Select[*tuple[Any, ...]]:
    return _households().where(Household.id.in_(named_households(subject, metric, on)))


def _of(table: type[Product | IndustryProject | Brand]) -> Select[*tuple[Any, ...]]:
    return select(table.id.label('member_id'), table.village_id.label('village_id'), NOBODY.label('people')).join(
        Village, Village.id == table.village_id
    )


def _households() -> Select[*tuple[Any, ...]]:
    return select(
        Household.id.label('member_id'), Household.village_id.label('village_id'), Household.people.label('people')
    ).join(Village, Village.id == Household.village_id)


_MEMBERS: dict[str, Callable[[date, Subject | None], Select[*tuple[Any, ...]]]] = {
    'villages': _villages,
    'endorsed_products': _endorsed_products,
    'projects': _projects,
    'brands': _brands,
    'covered': _covered,
    'accrued': _accrued,
    'paid': _paid,
}
COUNTED = tuple(_MEMBERS)
HOUSEHOLD_METRICS = ('covered', 'accrued', 'paid')
