"""What pages ask about the agreements of products, always through a village or a scope."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from shop.accounts.models import REGION_ROLES, Role, User
from shop.benefits.models import AgreementEvent, AgreementShare, AgreementVersion, BenefitAgreement, VersionStatus
from shop.benefits.services import OPEN_STATUSES
from shop.catalogue.models import Product
from shop.endorsements.changes import Change, changes_between
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.villages.models import Village
from shop.villages.scope import has_role_over, villages_in_scope

PAGE_SIZE = 30
WAITING = frozenset({VersionStatus.IN_REVIEW, VersionStatus.ON_NOTICE})


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list: what counts now for how many households, and what is on its way."""

    agreement: BenefitAgreement
    in_force: AgreementVersion | None
    coming: AgreementVersion | None
    households: int

    @property
    def returned(self) -> AgreementEvent | None:
        """The event that sent back what is drafted, if one did."""
        return last_return(self.coming) if self.coming is not None else None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history of its agreement, with what it changed against the one before."""

    version: AgreementVersion
    changes: list[Change]


def agreements_of_village(village_id: int) -> list[AgreementLine]:
    """Return the agreements of a village's products, those with something on its way first."""
    agreements = db.session.scalars(
        select(BenefitAgreement)
        .where(BenefitAgreement.village_id == village_id, BenefitAgreement.product_id.is_not(None))
        .options(
            joinedload(BenefitAgreement.product),
            selectinload(BenefitAgreement.versions).selectinload(AgreementVersion.events),
        )
        .order_by(BenefitAgreement.id)
    ).all()
    lines = [(agreement, agreement.in_force, coming_of(agreement)) for agreement in agreements]
    shown = {version.id for _agreement, *versions in lines for version in versions if version is not None}
    counted = db.session.execute(
        select(AgreementShare.version_id, func.count())
        .where(AgreementShare.version_id.in_(shown))
        .group_by(AgreementShare.version_id)
    )
    counts = {version_id: count for version_id, count in counted}  # noqa: C416  a row is no pair to mypy
    found = [
        AgreementLine(agreement, now, coming, counts.get(shown_of.id, 0) if (shown_of := now or coming) else 0)
        for agreement, now, coming in lines
    ]
    return sorted(found, key=lambda line: line.coming is None)


def agreement_of_village(agreement_id: int, village_id: int) -> BenefitAgreement:
    """Return the agreement of a product of this village; raises `NotFoundError`."""
    found = db.session.scalar(
        select(BenefitAgreement).where(
            BenefitAgreement.id == agreement_id,
            BenefitAgreement.village_id == village_id,
            BenefitAgreement.product_id.is_not(None),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def coming_of(agreement: BenefitAgreement) -> AgreementVersion | None:
    """Return the version that is drafted, under review or on notice."""
    return next((version for version in agreement.versions if version.status in OPEN_STATUSES), None)


def last_return(version: AgreementVersion) -> AgreementEvent | None:
    """Return the event that sent a draft back, if that is how it became one again."""
    last = version.events[-1] if version.events else None
    is_return = last is not None and last.to_status is VersionStatus.DRAFT and last.from_status is not None
    return last if is_return else None


def history_of_agreement(agreement: BenefitAgreement) -> list[VersionLine]:
    """Return the versions, the latest first, each against the one it followed; withdrawn ones are followed by none."""
    lines, before = [], None
    for version in agreement.versions:
        lines.append(VersionLine(version, changes_between(before, version) if before is not None else []))
        before = before if version.status is VersionStatus.WITHDRAWN else version
    return lines[::-1]


def returned_changes(village_id: int) -> list[AgreementLine]:
    """Return the agreements of a village whose change was sent back."""
    return [
        line for line in agreements_of_village(village_id) if line.in_force is not None and line.returned is not None
    ]


def version_in_scope(version_id: int, user: User) -> AgreementVersion:
    """Return a version that was sent in by itself, for an official of its place; raises `NotFoundError`."""
    found = db.session.get(AgreementVersion, version_id)
    product = found.agreement.product if found is not None else None
    if found is None or product is None or not any(has_role_over(user, role, product.village) for role in REGION_ROLES):
        raise NotFoundError
    if found.sent_at is None and (found.agreement.in_force is None or last_return(found) is None):
        raise NotFoundError  # what the village still writes, or what goes with an endorsement
    return found


def waiting_changes(user: User) -> list[AgreementVersion]:
    """Return what waits for the county or stands on notice in the user's scope, the longest waiting first."""
    return list(
        db.session.scalars(
            _in_scope(user)
            .where(AgreementVersion.status.in_(WAITING))
            .order_by(AgreementVersion.status, AgreementVersion.sent_at, AgreementVersion.id)
        )
    )


def page_of_decided(user: User, number: int) -> Page[AgreementVersion]:
    """Return a page of the changes of the user's scope that came into force or were withdrawn, the latest first."""
    statement = _in_scope(user).where(AgreementVersion.status.not_in(OPEN_STATUSES))
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.scalars(
        statement.order_by(AgreementVersion.sent_at.desc(), AgreementVersion.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def changes_on_notice(*, on: date, village_id: int | None = None) -> list[AgreementVersion]:
    """Return the changes whose own notice stands on a day, of one village or all, the first to end first."""
    statement = (
        _placed()
        .where(AgreementVersion.status == VersionStatus.ON_NOTICE, AgreementVersion.notice_ends_on > on)
        .order_by(AgreementVersion.notice_ends_on, AgreementVersion.id)
    )
    if village_id is not None:
        statement = statement.where(Product.village_id == village_id)
    return list(db.session.scalars(statement))


def noticed_change(version_id: int) -> AgreementVersion:
    """Return a change that is or was on a notice of its own; raises `NotFoundError`."""
    found = db.session.scalar(
        _placed().where(AgreementVersion.id == version_id, AgreementVersion.notice_ends_on.is_not(None))
    )
    if found is None:
        raise NotFoundError
    return found


def is_change_on_notice(version: AgreementVersion, *, on: date) -> bool:
    """Tell whether the notice stands on a day: households' masked names are shown only while it does."""
    ends_on = version.notice_ends_on
    return version.status is VersionStatus.ON_NOTICE and ends_on is not None and on < ends_on


def notice_began(version: AgreementVersion) -> date | None:
    """Return the day on which a version was last put on notice."""
    began = [event.at for event in version.events if event.to_status is VersionStatus.ON_NOTICE]
    return clock.business_day(began[-1]) if began else None


def changes_due(user: User) -> int:
    """Count what waits for this user's decision; one statement, none for those who do not decide."""
    if Role.COUNTY_DEPARTMENT not in user.roles:
        return 0
    waiting = _in_scope(user, Role.COUNTY_DEPARTMENT).where(AgreementVersion.status == VersionStatus.IN_REVIEW)
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def _in_scope(user: User, *roles: Role) -> Select[AgreementVersion]:
    return (
        _placed()
        .where(AgreementVersion.sent_at.is_not(None), Village.id.in_(villages_in_scope(user, roles or REGION_ROLES)))
        .options(selectinload(AgreementVersion.shares))
    )


def _placed() -> Select[AgreementVersion]:
    return (
        select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .join(BenefitAgreement.product)
        .join(Product.village)
        .options(
            contains_eager(AgreementVersion.agreement)
            .contains_eager(BenefitAgreement.product)
            .contains_eager(Product.village)
            .options(joinedload(Village.township), joinedload(Village.county)),
        )
    )
