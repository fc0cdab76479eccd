"""The life of an endorsement: drafted, sent in, decided rung by rung, on notice, listed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.benefits.findings import require_answered
from shop.benefits.models import AgreementVersion, VersionStatus
from shop.benefits.queries import hold_newest, newest_version
from shop.benefits.services import notice_version, put_in_force, return_version, submit_version
from shop.catalogue.models import Product
from shop.endorsements.completeness import Gap, find_gaps
from shop.endorsements.licences import require_licences
from shop.endorsements.models import (
    REVIEW_STATUS,
    Endorsement,
    EndorsementEvent,
    EndorsementMoveError,
    EndorsementStatus,
)
from shop.endorsements.policies import authors_of, is_reviewer
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.reviews.ladder import ReviewStep, step_after
from shop.reviews.policies import is_author
from shop.suppliers.licences import expired_licences
from shop.villages.models import Tenure
from shop.villages.queries import comprised_villages

MAX_COMMENT = 500
STILL_SPEAKING = frozenset({EndorsementStatus.LISTED, EndorsementStatus.HANDING_OVER})


class TenureEndedError(BusinessError):
    """The secretary is not in office in the product's village."""


class AlreadyEndorsedError(BusinessError):
    """This tenure speaks for the product already."""


class IncompleteError(BusinessError):
    """The draft lacks something; `gaps` says what and where."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        """Keep the gaps; the message counts them."""
        super().__init__(_('还有 %(count)s 处要补，补好才能提交。', count=len(gaps)))
        self.gaps = list(gaps)


class AlreadyDecidedError(BusinessError):
    """Somebody else decided first, or the endorsement waits elsewhere now."""


class OwnDraftError(BusinessError):
    """Whoever drafted or sent in an endorsement cannot decide on it."""


class ReasonMissingError(BusinessError):
    """A return needs a reason the village can act on."""


class NoticeRunningError(BusinessError):
    """The notice has not ended."""


def draft_endorsement(
    product: Product, tenure: Tenure, *, statement: str = '', actor: User | None, at: datetime
) -> Endorsement:
    """Begin to speak for a product; raises `TenureEndedError`, `AlreadyEndorsedError`."""
    _require_office(tenure, product)
    taken = select(Endorsement.id).where(Endorsement.tenure_id == tenure.id, Endorsement.product_id == product.id)
    if db.session.scalar(taken) is not None:
        raise AlreadyEndorsedError(_('这个产品已经在代言，不用再报一次。'))
    endorsement = Endorsement(
        tenure=tenure,
        product=product,
        statement=statement,
        status=EndorsementStatus.DRAFT,
        drafted_by_id=_id_of(actor),
        created_at=at,
    )
    endorsement.events.append(EndorsementEvent(at=at, actor_id=_id_of(actor), to_status=EndorsementStatus.DRAFT))
    db.session.add(endorsement)
    db.session.flush()
    return endorsement


def save_draft(endorsement: Endorsement, *, statement: str, actor: User | None, at: datetime) -> None:
    """Keep the statement; raises `EndorsementMoveError` unless it is a draft."""
    require_draft(endorsement)
    endorsement.statement = statement


def require_draft(endorsement: Endorsement) -> None:
    """Hold the row; raises `EndorsementMoveError` when it has left the village's hands."""
    lock_row(endorsement)
    if not endorsement.is_editable:
        raise EndorsementMoveError(_('代言%(status)s，现在不能改；退回后才能改。', status=endorsement.status.label))


def submit_endorsement(
    endorsement: Endorsement, *, ladder: Sequence[ReviewStep], actor: User | None, at: datetime
) -> None:
    """Send a complete draft to the first rung, and its draft agreement with it.

    Raises `TenureEndedError`, `IncompleteError` (with every gap), `EndorsementMoveError`.
    """
    require_draft(endorsement)
    _require_office(endorsement.tenure, endorsement.product)
    version = hold_newest(endorsement.product_id)
    gaps = find_gaps(endorsement, today=clock.business_day(at))
    if gaps:
        raise IncompleteError(gaps)
    if version is not None and version.status is VersionStatus.DRAFT:
        submit_version(version, actor=actor, at=at)
    endorsement.submitted_at = at
    endorsement.move(REVIEW_STATUS[ladder[0]], actor_id=_id_of(actor), at=at)


def approve_endorsement(
    endorsement: Endorsement,
    *,
    ladder: Sequence[ReviewStep],
    notice_days: int,
    actor: User | None,
    at: datetime,
    comment: str = '',
    step: ReviewStep | None = None,
) -> None:
    """Let it pass the rung it waits at; after the last one it goes on notice, and its brand and projects count.

    `step` is the rung the reviewer saw, so that a decision made meanwhile is noticed. With no notice days it is
    listed at once. Raises `AlreadyDecidedError`, `OwnDraftError`, `UnansweredError`.
    """
    passed = _require_decidable(endorsement, actor, step)
    following = _next_step(ladder, passed)
    if following is not None:
        endorsement.move(REVIEW_STATUS[following], actor_id=_id_of(actor), at=at, reason=comment[:MAX_COMMENT])
        return
    today = clock.business_day(at)
    version = _going_along(endorsement)
    if version is not None and version.status is VersionStatus.IN_REVIEW:
        require_answered(version, on=today)
    endorsement.approved_on = today
    endorsement.notice_ends_on = today + timedelta(days=notice_days)
    endorsement.move(EndorsementStatus.ON_NOTICE, actor_id=_id_of(actor), at=at, reason=comment[:MAX_COMMENT])
    _recognise(endorsement.product, endorsement)
    if version is not None and version.status is VersionStatus.IN_REVIEW:
        notice_version(version, actor=actor, at=at)
    if notice_days == 0:
        list_endorsement(endorsement, actor=None, at=at)


def return_endorsement(
    endorsement: Endorsement, *, reason: str, actor: User | None, at: datetime, step: ReviewStep | None = None
) -> None:
    """Give it back to the village with a reason, its agreement version too.

    Raises `ReasonMissingError`, `AlreadyDecidedError`, `OwnDraftError`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissingError(_('写明退回的理由，村里才知道改什么。'), field='reason')
    if len(reason) > MAX_COMMENT:
        raise ReasonMissingError(_('理由最多 %(most)s 字。', most=MAX_COMMENT), field='reason')
    _require_decidable(endorsement, actor, step)
    endorsement.move(EndorsementStatus.DRAFT, actor_id=_id_of(actor), at=at, reason=reason)
    version = _going_along(endorsement)
    if version is not None and version.status is VersionStatus.IN_REVIEW:
        return_version(version, reason=reason[:300], actor=actor, at=at)


def list_endorsement(endorsement: Endorsement, *, actor: User | None, at: datetime) -> None:
    """Put the product on sale after its notice: the agreement goes into force, a former secretary's word ends.

    Raises `NoticeRunningError`, `TenureEndedError`, `LicenceExpiredError`, `EndorsementMoveError`.
    """
    lock_row(endorsement)
    today = clock.business_day(at)
    if endorsement.status is EndorsementStatus.ON_NOTICE:
        assert endorsement.notice_ends_on is not None
        if endorsement.notice_ends_on > today:
            raise NoticeRunningError(_('公示到 %(day)s，期满才能上架。', day=endorsement.notice_ends_on))
    _require_office(endorsement.tenure, endorsement.product)
    require_licences(endorsement.product, today)
    _end_former_word(endorsement, actor=actor, at=at)
    version = _going_along(endorsement)
    if version is not None and version.status is VersionStatus.ON_NOTICE:
        put_in_force(version, actor=actor, at=at)
    endorsement.listed_on = endorsement.listed_on or today
    endorsement.move(EndorsementStatus.LISTED, actor_id=_id_of(actor), at=at)
    db.session.flush()


def list_due_endorsements(*, at: datetime) -> int:
    """List everything whose notice has ended; returns how many.

    One whose secretary left waits for the successor, one whose supplier's licence ran out for a new licence.
    """
    due = db.session.scalars(
        select(Endorsement)
        .where(Endorsement.status == EndorsementStatus.ON_NOTICE, Endorsement.notice_ends_on <= clock.business_day(at))
        .order_by(Endorsement.id)
    ).all()
    listed = 0
    for endorsement in due:
        is_licensed = not expired_licences(endorsement.product.supplier.licences, clock.business_day(at))
        if endorsement.tenure.is_in_office and is_licensed:
            list_endorsement(endorsement, actor=None, at=at)
            listed += 1
    return listed


def pause_endorsement(endorsement: Endorsement, *, reason: str, actor: User | None, at: datetime) -> None:
    """Take a product off sale for a while."""
    lock_row(endorsement)
    endorsement.move(EndorsementStatus.PAUSED, actor_id=_id_of(actor), at=at, reason=reason[:MAX_COMMENT])


def resume_endorsement(endorsement: Endorsement, *, actor: User | None, at: datetime) -> None:
    """Put a paused product back on sale; raises `TenureEndedError`, `LicenceExpiredError`, `EndorsementMoveError`."""
    lock_row(endorsement)
    if endorsement.status is not EndorsementStatus.PAUSED:
        raise EndorsementMoveError(_('代言%(status)s，不是暂停。', status=endorsement.status.label))
    _require_office(endorsement.tenure, endorsement.product)
    require_licences(endorsement.product, clock.business_day(at))
    endorsement.move(EndorsementStatus.LISTED, actor_id=_id_of(actor), at=at)


def _going_along(endorsement: Endorsement) -> AgreementVersion | None:
    """Return the newest version unless it has a review and a notice of its own."""
    version = newest_version(endorsement.product_id)
    return version if version is not None and version.sent_at is None else None


def _require_decidable(endorsement: Endorsement, actor: User | None, step: ReviewStep | None) -> ReviewStep:
    """Hold the row and return the rung it waits at, if the actor may decide there now."""
    lock_row(endorsement)
    waiting = endorsement.review_step
    if waiting is None or (step is not None and waiting is not step):
        raise AlreadyDecidedError(_('已有人先处理了这一件，现在是“%(status)s”。', status=endorsement.status.label))
    if actor is not None:
        if not is_reviewer(actor, endorsement):
            raise NotFoundError
        if is_author(actor, authors_of(endorsement, newest_version(endorsement.product_id))):
            raise OwnDraftError(_('您起草或提交了这一件，不能由您审核。'))
    return waiting


def _next_step(ladder: Sequence[ReviewStep], passed: ReviewStep) -> ReviewStep | None:
    """Return the rung after `passed`; one that has left the ladder since is followed by what stands above it."""
    if passed in ladder:
        return step_after(ladder, passed)
    order = list(ReviewStep)
    return next((step for step in ladder if order.index(step) > order.index(passed)), None)


def _require_office(tenure: Tenure, product: Product) -> None:
    if not tenure.is_in_office or product.village_id not in comprised_villages(tenure.village_id):
        raise TenureEndedError(_('第一书记不在本村任上，不能代言。'), field='tenure')


def _recognise(product: Product, endorsement: Endorsement) -> None:
    """Let the brand and the projects count from the day of approval, once."""
    if product.brand is not None and product.brand.approved_on is None:
        product.brand.approved_on = endorsement.approved_on
    for share in product.project_shares:
        share.project.approved_on = share.project.approved_on or endorsement.approved_on


def _end_former_word(endorsement: Endorsement, *, actor: User | None, at: datetime) -> None:
    """Delist what a former tenure still says for the product."""
    former = db.session.scalars(
        select(Endorsement)
        .where(
            Endorsement.product_id == endorsement.product_id,
            Endorsement.id != endorsement.id,
            Endorsement.status.in_(STILL_SPEAKING),
        )
        .order_by(Endorsement.id)
    )
    for other in former:
        other.move(EndorsementStatus.DELISTED, actor_id=_id_of(actor), at=at, reason=_('由接任书记代言'))
    db.session.flush()


def _id_of(actor: User | None) -> int | None:
    return actor.id if actor is not None else None
