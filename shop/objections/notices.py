"""Public notices as anybody reads them: what stands, until when, and, only while it stands, for which households."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.models import Product
from shop.endorsements.inquiry import is_notice_running, is_notice_suspended
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.objections.models import Objection
from shop.villages.models import Tenure, Village


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in a list, with how many objections to it were raised."""

    endorsement: Endorsement
    days_left: int
    is_suspended: bool
    objections: int


@dataclass(frozen=True, slots=True)
class NamedHousehold:
    """A household as a notice names it: masked, with its group and its part of the weights."""

    name: str
    group: str
    weight: int


@dataclass(frozen=True)
class Notice:
    """A notice; `households` is empty unless the notice stands."""

    endorsement: Endorsement
    version: AgreementVersion | None
    household_count: int
    households: Sequence[NamedHousehold]
    is_running: bool
    is_suspended: bool
    days_left: int
    objections: int

    @property
    def takes_objections(self) -> bool:
        """Whether somebody may object now."""
        return self.is_running or self.is_suspended


_WITH_PLACE = (
    joinedload(Endorsement.product)
    .joinedload(Product.village)
    .options(joinedload(Village.county), joinedload(Village.township))
)


def notices_in_force(*, on: date, village_id: int | None = None) -> list[NoticeLine]:
    """Return the notices that stand or are suspended, of one village or all, the first to end first."""
    statement = (
        select(Endorsement, _objections_of(Endorsement.id).correlate(Endorsement).scalar_subquery())
        .where(
            Endorsement.notice_ends_on.is_not(None),
            (Endorsement.status == EndorsementStatus.ON_NOTICE)
            | ((Endorsement.status == EndorsementStatus.UNDER_INQUIRY) & Endorsement.listed_on.is_(None)),
        )
        .order_by(Endorsement.notice_ends_on, Endorsement.id)
        .options(_WITH_PLACE, joinedload(Endorsement.tenure).joinedload(Tenure.secretary))
    )
    if village_id is not None:
        statement = statement.join(Endorsement.product).where(Product.village_id == village_id)
    return [
        NoticeLine(endorsement, _days_left(endorsement, on), is_notice_suspended(endorsement), count)
        for endorsement, count in db.session.execute(statement)
        if is_notice_running(endorsement, on=on) or is_notice_suspended(endorsement)
    ]


def open_notice(endorsement_id: int, *, on: date) -> Notice:
    """Return the notice of an endorsement; raises `NotFoundError` for one that was never on notice."""
    endorsement = db.session.scalar(
        select(Endorsement)
        .where(Endorsement.id == endorsement_id, Endorsement.notice_ends_on.is_not(None))
        .options(
            _WITH_PLACE,
            joinedload(Endorsement.tenure).options(joinedload(Tenure.secretary), joinedload(Tenure.sponsor_unit)),
        )
    )
    if endorsement is None or endorsement.status is EndorsementStatus.DRAFT:
        raise NotFoundError
    is_running = is_notice_running(endorsement, on=on)
    version = _version_on_notice(endorsement.product_id)
    count = select(func.count()).where(AgreementShare.version_id == (version.id if version is not None else None))
    return Notice(
        endorsement=endorsement,
        version=version,
        household_count=db.session.scalar(count) or 0,
        households=_named(version) if version is not None and is_running else (),
        is_running=is_running,
        is_suspended=is_notice_suspended(endorsement),
        days_left=_days_left(endorsement, on),
        objections=db.session.scalar(_objections_of(endorsement.id)) or 0,
    )


def _version_on_notice(product_id: int) -> AgreementVersion | None:
    """Return the version on notice with the endorsement, else the one in force: never what the village still writes."""
    return db.session.scalar(
        select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .where(
            BenefitAgreement.product_id == product_id,
            (AgreementVersion.status == VersionStatus.IN_FORCE)
            | (AgreementVersion.status == VersionStatus.ON_NOTICE) & AgreementVersion.sent_at.is_(None),
        )
        .order_by((AgreementVersion.status == VersionStatus.ON_NOTICE).desc())
        .limit(1)
    )


def _named(version: AgreementVersion) -> list[NamedHousehold]:
    shares = db.session.scalars(
        select(AgreementShare)
        .where(AgreementShare.version_id == version.id)
        .order_by(AgreementShare.position)
        .options(selectinload(AgreementShare.household))
    )
    return [NamedHousehold(one.household.masked_name, one.household.group_name, one.weight) for one in shares]


def _days_left(endorsement: Endorsement, on: date) -> int:
    assert endorsement.notice_ends_on is not None
    return max(0, (endorsement.notice_ends_on - on).days)


def _objections_of(endorsement_id: int | InstrumentedAttribute[int]) -> Select[int]:
    return select(func.count(Objection.id)).where(Objection.endorsement_id == endorsement_id)
