"""How often a password may be tried: by account and by address, counted in the database all processes share."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, CursorResult, delete, select

from shop.accounts.sign_in_models import PhoneCode, SignInAttempt
from shop.kit.crypto import signature
from shop.kit.database import db
from shop.kit.errors import BusinessError

WINDOW = timedelta(minutes=15)
# An address may be a whole school's; an account is one person's.
MOST_OF_NAME = 10
MOST_OF_ADDRESS = 300
KEPT = timedelta(days=2)


class TooManyAttemptsError(BusinessError):
    """Something was tried too often; `until` says when it may be tried again."""

    def __init__(self, message: str, until: datetime) -> None:
        """Keep the instant."""
        super().__init__(message)
        self.until = until


@dataclass(frozen=True)
class Caller:
    """Who tries: the address a request comes from, known only by a keyed digest."""

    address_digest: str
    key: bytes

    @classmethod
    def of(cls, address: str | None, key: str) -> 'Caller':
        """Return the caller at an address."""
        secret = key.encode()
        return cls(signature(secret, f'address:{address or ""}'.encode()), secret)

    def digest(self, kind: str, text: str) -> str:
        """Return the keyed digest of something of the caller's."""
        return signature(self.key, f'{kind}:{text}'.encode('utf-8', 'replace'))


def begin_attempt(login_name: str, caller: Caller, *, at: datetime) -> int:
    """Note an attempt before the password is looked at, so that many at once are all counted; return its id."""
    attempt = SignInAttempt(name_digest=_name_digest(login_name, caller), address_digest=caller.address_digest, at=at)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def find_wait(login_name: str, caller: Caller, *, at: datetime) -> datetime | None:
    """Return until when an attempt that was begun must wait, or None when it may go on."""
    by_name = _wait(SignInAttempt.name_digest == _name_digest(login_name, caller), MOST_OF_NAME, at)
    by_address = _wait(SignInAttempt.address_digest == caller.address_digest, MOST_OF_ADDRESS, at)
    waits = [until for until in (by_name, by_address) if until is not None]
    return max(waits, default=None)


def forget_attempt(attempt_id: int) -> None:
    """Forget an attempt that does not count: it was refused unheard."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def forget_attempts(login_name: str, caller: Caller) -> None:
    """Forget the attempts on an account whose password was right in the end."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.name_digest == _name_digest(login_name, caller)))


def sweep_attempts(*, at: datetime) -> int:
    """Remove attempts and codes that count for nothing any more; return how many."""
    old = at - KEPT
    done = (
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < old)),
        db.session.execute(delete(PhoneCode).where(PhoneCode.expires_at < old)),
    )
    return sum(cast('CursorResult[Any]', one).rowcount for one in done)


def too_many(until: datetime, *, at: datetime) -> TooManyAttemptsError:
    """Return the refusal in words; the same for every account there is or is not."""
    minutes = max(1, -int((at - until).total_seconds() // 60))
    return TooManyAttemptsError(_('试得太频繁了，请 %(n)s 分钟后再试。', n=minutes), until)


def _wait(where: ColumnElement[bool], most: int, at: datetime) -> datetime | None:
    """Return when the oldest of the last attempts leaves the window, once there are more than may be."""
    recent = (
        select(SignInAttempt.at)
        .where(where, SignInAttempt.at > at - WINDOW)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
    )
    oldest = db.session.scalar(recent.offset(most).limit(1))
    return oldest + WINDOW if oldest is not None else None


def _name_digest(login_name: str, caller: Caller) -> str:
    return caller.digest('name', login_name.strip().lower()[:64])
