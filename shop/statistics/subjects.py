"""Whom or what figures are counted for inside a place: the tenures of a secretary, a brand, a project or a product."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, literal, or_, select

from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement
from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.villages.models import Tenure


class SubjectKind(Enum):
    """The things a figure may be counted for."""

    TENURES = 'tenures'
    BRAND = 'brand'
    PROJECT = 'project'
    PRODUCT = 'product'


K = SubjectKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What figures are counted for, by kind and ids."""

    kind: SubjectKind
    ids: tuple[int, ...]

    def products(self, on: date) -> Select[int]:
        """Select the ids of the subject's products at the end of a day.

        A tenure has the products that were listed under it; they stay its own when it ends.
        """
        if self.kind is K.TENURES:
            return select(Endorsement.product_id).where(
                Endorsement.tenure_id.in_(self.ids), Endorsement.listed_on <= on
            )
        if self.kind is K.PROJECT:
            return select(ProjectShare.product_id).where(ProjectShare.project_id.in_(self.ids))
        return select(Product.id).where((Product.brand_id if self.kind is K.BRAND else Product.id).in_(self.ids))

    def condition(self, metric: str, on: date) -> ColumnElement[bool]:
        """Return what a member of `metric` must meet beside the metric's own rule and the place."""
        found: ColumnElement[bool] = _CONDITIONS[metric](self, on)
        return found


def tenures_of(*tenure_ids: int) -> Subject:
    """Return the subject of these tenures together."""
    return Subject(K.TENURES, tenure_ids)


def _villages(subject: Subject, on: date) -> ColumnElement[bool]:
    if subject.kind is K.TENURES:
        return Tenure.id.in_(subject.ids)
    return Tenure.village_id.in_(select(Product.village_id).where(Product.id.in_(subject.products(on))))


def _endorsed_products(subject: Subject, on: date) -> ColumnElement[bool]:
    return Product.id.in_(subject.products(on))


def _projects(subject: Subject, on: date) -> ColumnElement[bool]:
    """A project is the subject itself, or driven by an approved product of the subject."""
    if subject.kind is K.PROJECT:
        return IndustryProject.id.in_(subject.ids)
    driven = (
        select(ProjectShare.project_id)
        .join(Endorsement, Endorsement.product_id == ProjectShare.product_id)
        .where(Endorsement.approved_on <= on)
    )
    if subject.kind is K.TENURES:
        return IndustryProject.id.in_(driven.where(Endorsement.tenure_id.in_(subject.ids)))
    return IndustryProject.id.in_(driven.where(ProjectShare.product_id.in_(subject.products(on))))


def _brands(subject: Subject, on: date) -> ColumnElement[bool]:
    """A brand is the subject itself, or that of its products; a tenure's are those approved with its endorsement."""
    if subject.kind is K.BRAND:
        return Brand.id.in_(subject.ids)
    if subject.kind is K.TENURES:
        approved = (
            select(Endorsement.id)
            .join(Product, Product.id == Endorsement.product_id)
            .where(
                Product.brand_id == Brand.id,
                Endorsement.tenure_id.in_(subject.ids),
                Endorsement.approved_on == Brand.approved_on,
            )
        )
        return approved.exists()
    return Brand.id.in_(select(Product.brand_id).where(Product.id.in_(subject.products(on))))


def _covered(subject: Subject, on: date) -> ColumnElement[bool]:
    """A tenure that has ended keeps what it had on its last day."""
    day = _last_day(on) if subject.kind is K.TENURES else literal(on, Date())
    return and_(
        AgreementVersion.in_force_on <= day,
        or_(AgreementVersion.ended_on.is_(None), AgreementVersion.ended_on > day),
        _of_its_products(subject, on),
    )


def _accrued(subject: Subject, on: date) -> ColumnElement[bool]:
    """For a tenure: credited by its last day, on a version that was in force while it lasted."""
    return and_(AgreementShare.accrued_on <= on, _of_its_products(subject, on), _during_tenure(subject, on))


def _paid(subject: Subject, on: date) -> ColumnElement[bool]:
    """Money may arrive after a tenure has ended; it is still the money of that tenure."""
    paid = (
        select(BenefitPayout.id)
        .join(BenefitPool, BenefitPool.id == BenefitPayout.pool_id)
        .where(
            BenefitPool.version_id == AgreementShare.version_id,
            BenefitPayout.household_id == AgreementShare.household_id,
            BenefitPayout.booked_on <= on,
        )
    )
    return and_(paid.exists(), _of_its_products(subject, on), _during_tenure(subject, on))


def _of_its_products(subject: Subject, on: date) -> ColumnElement[bool]:
    if subject.kind is K.TENURES:
        return and_(
            Endorsement.product_id == BenefitAgreement.product_id,
            Endorsement.tenure_id.in_(subject.ids),
            Endorsement.listed_on <= on,
        )
    return BenefitAgreement.product_id.in_(subject.products(on))


def _during_tenure(subject: Subject, on: date) -> ColumnElement[bool]:
    if subject.kind is not K.TENURES:
        return literal(value=True)
    return and_(
        AgreementVersion.in_force_on <= _last_day(on),
        or_(AgreementVersion.ended_on.is_(None), AgreementVersion.ended_on > Tenure.starts_on),
        AgreementShare.accrued_on <= _last_day(on),
    )


def _last_day(on: date) -> ColumnElement[date]:
    """Return the day asked for, or the last day of a tenure that ended before."""
    return case((Tenure.ends_on < on, Tenure.ends_on), else_=literal(on, Date()))


def named_households(subject: Subject, metric: str, on: date) -> Select[int]:
    """Select the ids of the households that the subject's agreements name and `metric` counts."""
    statement = (
        select(AgreementShare.household_id)
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
    )
    if subject.kind is K.TENURES:
        statement = statement.join(Endorsement, Endorsement.product_id == BenefitAgreement.product_id).join(
            Tenure, Tenure.id == Endorsement.tenure_id
        )
    return statement.where(subject.condition(metric, on))


def sales_condition(subject: Subject, table: Any, on: date) -> ColumnElement[bool]:
    """Return which rows of a table of sales are the subject's: what held when the sale was made decides."""
    if subject.kind is K.TENURES:
        return table.tenure_id.in_(subject.ids)  # type: ignore[no-any-return]
    if subject.kind is K.BRAND:
        return table.brand_id.in_(subject.ids)  # type: ignore[no-any-return]
    return table.product_id.in_(subject.products(on))  # type: ignore[no-any-return]


_CONDITIONS: dict[str, Any] = {
    'villages': _villages,
    'endorsed_products': _endorsed_products,
    'projects': _projects,
    'brands': _brands,
    'covered': _covered,
    'accrued': _accrued,
    'paid': _paid,
}
