"""What an objection does to an endorsement: its notice stops, and starts again or ends as the inquiry finds."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from shop.accounts.models import User
from shop.benefits.models import VersionStatus
from shop.benefits.queries import newest_version
from shop.benefits.services import return_version
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import lock_row

S = EndorsementStatus
MAX_REASON = 300


def is_notice_running(endorsement: Endorsement, *, on: date) -> bool:
    """Tell whether the notice stands on a day: households' masked names are shown only while it does."""
    ends_on = endorsement.notice_ends_on
    return endorsement.status is S.ON_NOTICE and ends_on is not None and on < ends_on


def is_notice_suspended(endorsement: Endorsement) -> bool:
    """Tell whether the notice was stopped by an objection that is not decided; it was never on sale."""
    return endorsement.status is S.UNDER_INQUIRY and endorsement.listed_on is None


def suspend_notice(endorsement: Endorsement, *, at: datetime) -> None:
    """Stop the notice because of an objection; two at once stop it once. Raises `EndorsementMoveError`."""
    lock_row(endorsement)
    if endorsement.status is not S.UNDER_INQUIRY:
        endorsement.move(S.UNDER_INQUIRY, actor_id=None, at=at, reason=_('收到异议，公示暂停，等候核查'))


def resume_notice(endorsement: Endorsement, *, reason: str, actor: User | None, at: datetime) -> None:
    """Let the notice go on for at least the days it had left; raises `EndorsementMoveError`."""
    lock_row(endorsement)
    left = _days_left(endorsement)
    endorsement.move(S.ON_NOTICE, actor_id=_id_of(actor), at=at, reason=reason[:MAX_REASON])
    assert endorsement.notice_ends_on is not None
    endorsement.notice_ends_on = max(endorsement.notice_ends_on, clock.business_day(at) + timedelta(days=left))


def end_after_inquiry(endorsement: Endorsement, *, reason: str, actor: User | None, at: datetime) -> None:
    """Take the endorsement down and give its agreement back to the village; raises `EndorsementMoveError`."""
    lock_row(endorsement)
    endorsement.move(S.DELISTED, actor_id=_id_of(actor), at=at, reason=reason[:MAX_REASON])
    version = newest_version(endorsement.product_id)
    if version is not None and version.status is VersionStatus.ON_NOTICE:
        return_version(version, reason=reason[:MAX_REASON], actor=actor, at=at)


def _days_left(endorsement: Endorsement) -> int:
    """Return how many days of the notice were left when it was stopped, at least one."""
    stopped = next(event for event in reversed(endorsement.events) if event.to_status is S.UNDER_INQUIRY)
    assert endorsement.notice_ends_on is not None
    return max(1, (endorsement.notice_ends_on - clock.business_day(stopped.at)).days)


def _id_of(actor: User | None) -> int | None:
    return actor.id if actor is not None else None
