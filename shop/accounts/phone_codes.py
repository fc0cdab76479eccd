"""Signing in with a phone: a code is sent, kept as a digest, tried a few times, and used once."""

import re
import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Update, func, select, update

from shop.accounts.models import User, WebSession
from shop.accounts.sign_in_models import MAX_TRIES, PhoneCode
from shop.accounts.throttling import Caller, TooManyAttemptsError, too_many
from shop.kit import clock
from shop.kit.crypto import is_signature, signature
from shop.kit.database import db
from shop.kit.errors import BusinessError

LIFETIME = timedelta(minutes=5)
BETWEEN = timedelta(minutes=1)
MOST_OF_PHONE = 10
MOST_OF_ADDRESS = 30
DIGITS = 6
_PHONE = re.compile(r'1[3-9]\d{9}', re.ASCII)
_CODE = re.compile(rf'\d{{{DIGITS}}}', re.ASCII)


class PhoneError(BusinessError):
    """This is no mobile number."""


class CodeError(BusinessError):
    """The code is not right, too old, used, or was tried too often; which of them is not said."""


def read_phone(text: str) -> str:
    """Return a mobile number of the mainland in its one form; raises `PhoneError`."""
    number = re.sub(r'[\s-]', '', text).removeprefix('+').removeprefix('0086')
    number = number[2:] if len(number) == 13 and number.startswith('86') else number
    if not _PHONE.fullmatch(number):
        raise PhoneError(_('请填写 11 位手机号，如 138 0000 0000。'), field='phone')
    return number


def issue_code(phone: str, caller: Caller, *, at: datetime) -> str:
    """Make a code for a number and return it, to be sent; raises `TooManyAttemptsError`.

    Known and unknown numbers are treated alike. Two requests in one minute are told apart by the unique key.
    """
    _require_rest(phone, caller, at)
    code = f'{secrets.randbelow(10**DIGITS):0{DIGITS}d}'
    db.session.execute(_open(phone).values(used_at=at))
    row = PhoneCode(
        phone=phone,
        minute=int(at.timestamp()) // 60,
        code_digest='',
        address_digest=caller.address_digest,
        sent_at=at,
        expires_at=at + LIFETIME,
        tries=0,
    )
    row.code_digest = signature(caller.key, _payload(phone, code))
    db.session.add(row)
    db.session.flush()
    return code


def withdraw_code(phone: str, *, at: datetime) -> None:
    """Make a code worthless that could not be sent."""
    db.session.execute(_open(phone).values(used_at=at))


def count_try(phone: str, *, at: datetime) -> PhoneCode | None:
    """Count a try against the number's open code and return it; None when there is none to try."""
    row = db.session.scalar(
        select(PhoneCode)
        .where(
            PhoneCode.phone == phone,
            PhoneCode.used_at.is_(None),
            PhoneCode.expires_at > at,
            PhoneCode.tries < MAX_TRIES,
        )
        .order_by(PhoneCode.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is not None:
        row.tries += 1
    return row


def is_right(row: PhoneCode, code: str, caller: Caller) -> bool:
    """Tell whether this is the code, in constant time."""
    given = re.sub(r'\s', '', code)
    return bool(_CODE.fullmatch(given)) and is_signature(caller.key, _payload(row.phone, given), row.code_digest)


def use_code(row: PhoneCode, *, at: datetime) -> tuple[User, bool]:
    """Use a right code, once: return the account of its number, made now if there is none; raises `CodeError`.

    A password that was set before anybody proved to hold the number may be a stranger's: it ends, with all visits,
    which the second value tells.
    """
    row.used_at = at  # the row is locked since the try was counted
    user = db.session.scalar(select(User).where(User.login_name == row.phone).with_for_update(of=User))
    if user is None:
        user = User(
            login_name=row.phone,
            name=f'{row.phone[:3]}****{row.phone[-4:]}',
            password_hash=None,
            is_active=True,
            is_demo=False,
            created_at=at,
        )
        db.session.add(user)
    if not user.is_active:
        raise wrong_code()
    is_taken_back = user.phone_proven_at is None and user.password_hash is not None
    if is_taken_back:
        user.password_hash = None
        visits = update(WebSession).where(WebSession.user_id == user.id, WebSession.revoked_at.is_(None))
        db.session.execute(visits.values(revoked_at=at).execution_options(synchronize_session=False))
    user.phone_proven_at = user.phone_proven_at or at
    db.session.flush()
    return user, is_taken_back


def wrong_code() -> CodeError:
    """Return the one answer to every code that does not open."""
    return CodeError(_('验证码不对或已失效。请核对短信里的 6 位数字，或重新获取。'), field='code')


def _require_rest(phone: str, caller: Caller, at: datetime) -> None:
    last = db.session.scalar(select(func.max(PhoneCode.sent_at)).where(PhoneCode.phone == phone))
    if last is not None and last > at - BETWEEN:
        until = last + BETWEEN
        seconds = max(1, -int((at - until).total_seconds() // 1))
        raise TooManyAttemptsError(_('一分钟只能发一条，请 %(n)s 秒后再试。', n=seconds), until)
    since = clock.day_start(clock.business_day(at))
    today = select(func.count()).select_from(PhoneCode).where(PhoneCode.sent_at >= since)
    of_phone = db.session.scalar(today.where(PhoneCode.phone == phone)) or 0
    of_address = db.session.scalar(today.where(PhoneCode.address_digest == caller.address_digest)) or 0
    if of_phone >= MOST_OF_PHONE or of_address >= MOST_OF_ADDRESS:
        raise too_many(clock.day_end(clock.business_day(at)), at=at)


def _open(phone: str) -> Update:
    """Return the update of a number's codes that have not been used."""
    return (
        update(PhoneCode)
        .where(PhoneCode.phone == phone, PhoneCode.used_at.is_(None))
        .execution_options(synchronize_session=False)
    )


def _payload(phone: str, code: str) -> bytes:
    return f'code:{phone}:{code}'.encode()
