"""What users agree to: given, replaced by a newer version, withdrawn; every step stays with its date."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from shop.accounts.models import User
from shop.accounts.privacy_models import ConsentKind, ConsentPlace, UserConsent
from shop.kit.database import db

# The day the privacy notice last changed in what it says; who agreed to an older one is asked anew.
NOTICE_VERSION = '2026-06-01'


def give_user_consent(user: User, kind: ConsentKind, place: ConsentPlace, *, at: datetime) -> None:
    """Keep a consent to the notice as it is now; the same one is kept once, an older version ends."""
    standing = _standing(user.id, kind, is_locked=True)
    if standing is not None:
        if standing.version == NOTICE_VERSION:
            return
        standing.withdrawn_at = at
        db.session.flush()
    db.session.add(UserConsent(user_id=user.id, kind=kind, version=NOTICE_VERSION, place=place, given_at=at))
    db.session.flush()


def withdraw_user_consent(user: User, kind: ConsentKind, *, at: datetime) -> bool:
    """End a consent; tell whether there was one."""
    standing = _standing(user.id, kind, is_locked=True)
    if standing is None:
        return False
    standing.withdrawn_at = at
    return True


def has_agreed(user_id: int, kind: ConsentKind) -> bool:
    """Tell whether somebody agrees to the notice as it is now."""
    standing = _standing(user_id, kind, is_locked=False)
    return standing is not None and standing.version == NOTICE_VERSION


def user_consents_of(user_id: int) -> Sequence[UserConsent]:
    """Return all consents of a user, the newest first."""
    of_user = select(UserConsent).where(UserConsent.user_id == user_id)
    return db.session.scalars(of_user.order_by(UserConsent.id.desc())).all()


def _standing(user_id: int, kind: ConsentKind, *, is_locked: bool) -> UserConsent | None:
    if is_locked:
        # Two consents at once wait for each other at the account.
        db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return db.session.scalar(
        select(UserConsent).where(
            UserConsent.user_id == user_id, UserConsent.kind == kind, UserConsent.withdrawn_at.is_(None)
        )
    )
