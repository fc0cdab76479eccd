"""Changing the agreement of a product that is on sale: drafted, sent in, decided by the county, on notice, in force."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import Role, User
from shop.benefits.findings import require_answered
from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.benefits.queries import version_before
from shop.benefits.services import (
    OPEN_STATUSES,
    notice_version,
    put_in_force,
    return_version,
    submit_version,
    withdraw_version,
)
from shop.catalogue.models import Product
from shop.endorsements.completeness import Gap, ListingStep, agreement_gaps
from shop.endorsements.models import REVIEW_STATUS, Endorsement, EndorsementStatus
from shop.endorsements.services import AlreadyDecidedError, IncompleteError, OwnDraftError, ReasonMissingError
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.reviews.policies import is_author
from shop.villages.models import Village
from shop.villages.scope import has_role_over

MAX_REASON = 300
# While an endorsement is on this way its agreement goes with it.
_ON_THE_WAY = frozenset({*REVIEW_STATUS.values(), EndorsementStatus.ON_NOTICE})
V = VersionStatus


class EndorsementOnItsWayError(BusinessError):
    """The product's endorsement is under review or on notice; its agreement goes with it."""


class NothingInForceError(BusinessError):
    """There is no version in force that could change."""


def find_change_gaps(version: AgreementVersion, *, today: date) -> list[Gap]:
    """Return what a change still lacks, in the order of its form; empty when it may be sent in."""
    gaps = list(agreement_gaps(product_of(version.agreement), version, today=today))
    before = version_before(version)
    last_meeting = before.meeting_on if before is not None else None
    if version.meeting_on is not None and last_meeting is not None and version.meeting_on < last_meeting:
        text = _('变更要由新的会议通过，日期不能早于上一版的 %(day)s。', day=last_meeting)
        gaps.append(Gap(ListingStep.AGREEMENT, 'meeting_on', text))
    if version.minutes is None:
        text = _('补上村民代表会议记录：应到、实到、同意人数和决议。')
        gaps.append(Gap(ListingStep.AGREEMENT, 'eligible', text))
    return gaps


def submit_change(version: AgreementVersion, *, actor: User | None, at: datetime) -> None:
    """Send a complete draft to the county.

    Raises `IncompleteError` (with every gap), `NothingInForceError`, `EndorsementOnItsWayError`, `VersionMoveError`.
    """
    _hold(version)
    _require_in_force(version.agreement)
    _require_alone(version.agreement)
    if version.status is V.DRAFT:
        gaps = find_change_gaps(version, today=clock.business_day(at))
        if gaps:
            raise IncompleteError(gaps)
    submit_version(version, actor=actor, at=at)
    version.sent_at = at
    db.session.flush()


def withdraw_change(version: AgreementVersion, *, reason: str, actor: User | None, at: datetime) -> None:
    """End a change that is not approved; the version in force stays.

    Raises `NothingInForceError` for the first version of a listing, `EndorsementOnItsWayError`, `VersionMoveError`.
    """
    _hold(version)
    _require_in_force(version.agreement)
    _require_alone(version.agreement)
    withdraw_version(version, reason=reason[:MAX_REASON], actor=actor, at=at)
    db.session.flush()


def approve_change(
    version: AgreementVersion, *, notice_days: int, actor: User, at: datetime, comment: str = ''
) -> None:
    """Put a change on public notice; with no notice days it is in force at once.

    Raises `AlreadyDecidedError`, `NotFoundError`, `OwnDraftError`, `UnansweredError`.
    """
    _require_decidable(version, actor, frozenset({V.IN_REVIEW}))
    require_answered(version, on=clock.business_day(at))
    version.notice_ends_on = clock.business_day(at) + timedelta(days=notice_days)
    notice_version(version, actor=actor, at=at, reason=comment[:MAX_REASON])
    db.session.flush()
    if notice_days == 0:
        put_in_force(version, actor=None, at=at)


def return_change(version: AgreementVersion, *, reason: str, actor: User, at: datetime) -> None:
    """Give a change back to the village with a reason, from its review or out of its notice.

    Raises `ReasonMissingError`, `AlreadyDecidedError`, `NotFoundError`, `OwnDraftError`.
    """
    if not reason:
        raise ReasonMissingError(_('写明退回的理由，村里才知道改什么。'), field='reason')
    if len(reason) > MAX_REASON:
        raise ReasonMissingError(_('理由最多 %(most)s 字。', most=MAX_REASON), field='reason')
    _require_decidable(version, actor, frozenset({V.IN_REVIEW, V.ON_NOTICE}))
    return_version(version, reason=reason, actor=actor, at=at)
    db.session.flush()


def put_due_changes_in_force(*, at: datetime) -> int:
    """Put in force every change whose notice has ended; returns how many. Late or twice, it comes to the same."""
    due: Sequence[AgreementVersion] = db.session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.status == V.ON_NOTICE, AgreementVersion.notice_ends_on <= clock.business_day(at))
        .order_by(AgreementVersion.id)
    ).all()
    done = 0
    for version in due:
        _hold(version)
        if version.status is V.ON_NOTICE:  # a county may have stopped it a moment ago
            put_in_force(version, actor=None, at=at)
            done += 1
    return done


def product_of(agreement: BenefitAgreement) -> Product:
    """Return the product; raises `NotFoundError` for what one batch of other earnings says, which never changes."""
    if agreement.product is None:
        raise NotFoundError
    return agreement.product


def change_authors(version: AgreementVersion) -> frozenset[int]:
    """Return the ids of everybody who drafted or sent in a version."""
    ids = {version.drafted_by_id, *(event.actor_id for event in version.events if event.to_status is V.IN_REVIEW)}
    return frozenset(author for author in ids if author is not None)


def is_county_of(actor: User, village: Village) -> bool:
    """Tell whether the actor decides about changes of this village's agreements."""
    return has_role_over(actor, Role.COUNTY_DEPARTMENT, village)


def is_changeable(agreement: BenefitAgreement) -> bool:
    """Tell whether a change may be drafted or gone on with: something is in force and nothing waits for a decision."""
    newest = agreement.versions[-1]
    return agreement.in_force is not None and (newest.status is V.DRAFT or newest.status not in OPEN_STATUSES)


def _hold(version: AgreementVersion) -> None:
    """Hold the agreement, and see the newest state of the version."""
    lock_row(version.agreement)
    db.session.refresh(version)


def _require_in_force(agreement: BenefitAgreement) -> None:
    if agreement.in_force is None:
        raise NothingInForceError(_('这个产品还没有生效的协议，随产品代言一起报审。'))


def _require_alone(agreement: BenefitAgreement) -> None:
    on_the_way = select(Endorsement.id).where(
        Endorsement.product_id == agreement.product_id, Endorsement.status.in_(_ON_THE_WAY)
    )
    if db.session.scalar(on_the_way.limit(1)) is not None:
        raise EndorsementOnItsWayError(_('这个产品的代言正在审核或公示，等它有结果再变更协议。'))


def _require_decidable(version: AgreementVersion, actor: User, wanted: frozenset[VersionStatus]) -> None:
    _hold(version)
    if not is_county_of(actor, product_of(version.agreement).village):
        raise NotFoundError
    if version.sent_at is None or version.status not in wanted:
        raise AlreadyDecidedError(_('已有人先处理了这一件，现在是“%(status)s”。', status=version.status.label))
    if is_author(actor, change_authors(version)):
        raise OwnDraftError(_('您起草或提交了这一件，不能由您审核。'))
