"""Accounts: registering, signing in, giving and taking back roles."""

import re
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.consents import give_user_consent, withdraw_user_consent
from shop.accounts.models import Role, RoleGrant, User, WebSession
from shop.accounts.privacy_models import ConsentKind, ConsentPlace
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text, read_email

MIN_PASSWORD = 8
MAX_PASSWORD = 128
MAX_NAME = 40
_LOGIN_NAME = re.compile(r'^[A-Za-z0-9_.@-]{3,64}$')
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when there is no such account, so that the answer takes as long either way.
_NOBODY = _hasher.hash('nobody has this password')


class LoginNameError(BusinessError):
    """The login name cannot be used."""


class PasswordError(BusinessError):
    """The password is too short or too long."""


class CalledError(BusinessError):
    """Nobody can be called this."""


class EmailError(BusinessError):
    """This is no e-mail address."""


class LoginNameTakenError(BusinessError):
    """Somebody has this login name already."""


def register_user(login_name: str, name: str, password: str, *, at: datetime, is_demo: bool = False) -> User:
    """Open an account; raises `LoginNameError`, `PasswordError`, `LoginNameTakenError`."""
    login_name = login_name.strip().lower()
    if not _LOGIN_NAME.match(login_name):
        raise LoginNameError(_('登录名用手机号，或 3–64 位字母、数字、点、横线。'), field='login_name')
    _require_password(password, 'password')
    if db.session.scalar(select(User.id).where(User.login_name == login_name)) is not None:
        raise LoginNameTakenError(_('这个登录名已经注册，请直接登录，或换一个。'), field='login_name')
    user = User(
        login_name=login_name,
        name=name.strip()[:40] or login_name,
        password_hash=_hasher.hash(password),
        is_active=True,
        is_demo=is_demo,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    return user


def authenticate(login_name: str, password: str) -> User | None:
    """Return the user whose password this is, or None; takes equally long when there is no such user."""
    user = db.session.scalar(select(User).where(User.login_name == login_name.strip().lower()[:64]))
    stored = user.password_hash if user is not None and user.password_hash else _NOBODY
    try:
        _hasher.verify(stored, password[: MAX_PASSWORD + 1])
    except VerificationError:
        return None
    return user if user is not None and user.password_hash and user.is_active else None


def change_name(user: User, text: str) -> None:
    """Correct what somebody is called; raises `CalledError`."""
    name = clean_text(text)
    if not 1 <= len(name) <= MAX_NAME:
        raise CalledError(_('称呼写 1 到 %(most)s 个字。', most=MAX_NAME), field='name')
    user.name = name


def change_email(user: User, text: str, *, at: datetime) -> None:
    """Keep the address for letters and the consent to them, or neither; raises `EmailError`."""
    email = read_email(text)
    if text.strip() and email is None:
        raise EmailError(_('邮箱应像 name@example.com；不想收邮件就留空。'), field='email')
    user.email = email
    if email is None:
        withdraw_user_consent(user, ConsentKind.LETTERS, at=at)
    else:
        give_user_consent(user, ConsentKind.LETTERS, ConsentPlace.ACCOUNT, at=at)


def change_password(user: User, current: str, new: str, *, keep: str | None, at: datetime) -> None:
    """Set a password, after the one there is; all visits but the one of the token digest `keep` end.

    Raises `PasswordError`.
    """
    if user.password_hash is not None and authenticate(user.login_name, current) is None:
        raise PasswordError(_('现在的口令不对。'), field='current')
    _require_password(new, 'new')
    user.password_hash = _hasher.hash(new)
    revoke_other_sessions(user, keep=keep, at=at)


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password."""
    return _hasher.hash(password)


def grant_role(
    user: User,
    role: Role,
    *,
    at: datetime,
    village_id: int | None = None,
    region_id: int | None = None,
    institution_id: int | None = None,
) -> RoleGrant:
    """Give a role for one scope; the database refuses a scope that does not fit the role."""
    grant = RoleGrant(
        role=role, village_id=village_id, region_id=region_id, institution_id=institution_id, granted_at=at
    )
    user.grants.append(grant)
    db.session.flush()
    return grant


def revoke_role(grant: RoleGrant, *, at: datetime) -> None:
    """Take a role back; it ends with the next request."""
    if grant.revoked_at is None:
        grant.revoked_at = at


def live_sessions(user: User, *, at: datetime) -> list[WebSession]:
    """Return the visits of a user that are still open, newest first."""
    return list(
        db.session.scalars(
            select(WebSession)
            .where(WebSession.user_id == user.id, WebSession.revoked_at.is_(None), WebSession.expires_at > at)
            .order_by(WebSession.id.desc())
        )
    )


def revoke_session(user: User, session_id: int, *, at: datetime) -> bool:
    """End one of the user's own visits; tell whether there was one."""
    for visit in live_sessions(user, at=at):
        if visit.id == session_id:
            visit.revoked_at = at
            return True
    return False


def revoke_other_sessions(user: User, *, keep: str | None, at: datetime) -> int:
    """End all of a user's visits but the one of the token digest `keep`; return how many."""
    others = [visit for visit in live_sessions(user, at=at) if visit.token_digest != keep]
    for visit in others:
        visit.revoked_at = at
    return len(others)


def _require_password(password: str, field: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise PasswordError(
            _('口令至少 %(least)s 位，至多 %(most)s 位。', least=MIN_PASSWORD, most=MAX_PASSWORD), field=field
        )
