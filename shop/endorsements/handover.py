"""What a change of secretary does to the goods: they wait for the successor, and credit stays where it was."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import Role, User
from shop.accounts.services import revoke_role
from shop.benefits.models import VersionStatus
from shop.benefits.queries import newest_version
from shop.benefits.services import return_version
from shop.endorsements.models import STEP_OF_STATUS, Endorsement, EndorsementMoveError, EndorsementStatus
from shop.endorsements.services import draft_endorsement
from shop.kit.database import db, lock_row
from shop.villages.models import Tenure, TenureStatus
from shop.villages.services import end_tenure

WAITING_FOR_SUCCESSOR = frozenset(
    {
        EndorsementStatus.LISTED,
        EndorsementStatus.ON_NOTICE,
        EndorsementStatus.PAUSED,
        EndorsementStatus.RECTIFYING,
        EndorsementStatus.RENEWAL_DUE,
    }
)
_UNDECIDED = frozenset({VersionStatus.IN_REVIEW, VersionStatus.ON_NOTICE})


def hand_over_tenure(tenure: Tenure, how: TenureStatus, *, reason: str, actor: User | None, at: datetime) -> int:
    """End a tenure; its goods go to 代言交接中, what was under review goes back, its account leaves the village.

    Returns how many endorsements wait for the successor. Raises `TenureMoveError`.
    """
    end_tenure(tenure, how, reason=reason, actor=actor, at=at)
    actor_id = actor.id if actor is not None else None
    waiting = 0
    endorsements = db.session.scalars(
        select(Endorsement).where(Endorsement.tenure_id == tenure.id).order_by(Endorsement.id)
    ).all()
    for endorsement in endorsements:
        lock_row(endorsement)
        if endorsement.status in WAITING_FOR_SUCCESSOR:
            endorsement.move(EndorsementStatus.HANDING_OVER, actor_id=actor_id, at=at, reason=reason)
            waiting += 1
        elif endorsement.status in STEP_OF_STATUS:
            endorsement.move(EndorsementStatus.DRAFT, actor_id=actor_id, at=at, reason=reason)
        else:
            continue
        version = newest_version(endorsement.product_id)
        if version is not None and version.status in _UNDECIDED:
            return_version(version, reason=reason, actor=actor, at=at)
    _take_back_role(tenure, at=at)
    db.session.flush()
    return waiting


def take_over_endorsement(former: Endorsement, tenure: Tenure, *, actor: User | None, at: datetime) -> Endorsement:
    """Let the successor begin to speak for a product that waits, with words of their own.

    Raises `TenureEndedError`, `AlreadyEndorsedError`, `EndorsementMoveError`.
    """
    if former.status is not EndorsementStatus.HANDING_OVER and former.tenure.is_in_office:
        raise EndorsementMoveError(_('代言%(status)s，不需要接手。', status=former.status.label))
    return draft_endorsement(former.product, tenure, actor=actor, at=at)


def _take_back_role(tenure: Tenure, *, at: datetime) -> None:
    user = db.session.get(User, tenure.secretary.user_id) if tenure.secretary.user_id is not None else None
    for grant in user.current_grants if user is not None else ():
        if grant.role is Role.FIRST_SECRETARY and grant.village_id == tenure.village_id:
            revoke_role(grant, at=at)
