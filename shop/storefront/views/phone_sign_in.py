"""Signing in with a phone: a number, then the code that was sent to it; works without script and tells nothing."""

from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to_everyone
from shop.accounts.models import User
from shop.accounts.phone_codes import (
    BETWEEN,
    CodeError,
    PhoneError,
    count_try,
    is_right,
    issue_code,
    read_phone,
    use_code,
    withdraw_code,
    wrong_code,
)
from shop.accounts.sms import SmsDownError, driver_of
from shop.accounts.throttling import TooManyAttemptsError
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.storefront.views.account import current_caller, enter, seconds_until

PHONE_KEY = 'phone'
UNPROCESSABLE = 422
TOO_MANY = 429
UNAVAILABLE = 503

blueprint = Blueprint('phone_sign_in', __name__)


@blueprint.get('/sign-in/phone')
@open_to_everyone
def show() -> str:
    """Ask for the number."""
    return _ask_number('', request.args.get('next', ''), {})


@blueprint.post('/sign-in/phone')
@open_to_everyone
def send() -> ResponseReturnValue:
    """Send a code, whether the number is known here or not, and go on to where it is typed in."""
    typed, target, at = request.form.get('phone', ''), request.form.get('next', ''), clock.now()
    try:
        phone = read_phone(typed)
        with transaction():
            code = issue_code(phone, current_caller(), at=at)
    except PhoneError as error:
        return _ask_number(typed, target, {'phone': error.message}), UNPROCESSABLE
    except TooManyAttemptsError as error:
        page = _ask_number(typed, target, {'phone': error.message})
        return page, TOO_MANY, {'Retry-After': str(seconds_until(error.until))}
    except IntegrityError:
        # Asked for twice at once; the other one has sent it.
        db.session.rollback()
        page = _ask_number(typed, target, {'phone': _('一分钟只能发一条，请稍后再试。')})
        return page, TOO_MANY, {'Retry-After': str(int(BETWEEN.total_seconds()))}
    try:
        driver_of(current_app.config).send_code(phone, code, at=at)
    except SmsDownError as error:
        current_app.logger.warning('a sign-in code could not be sent: %s', error)
        with transaction():
            withdraw_code(phone, at=at)
        sorry = _('短信暂时发不出去，请过一分钟再试，或用口令登录。')
        return _ask_number(typed, target, {'phone': sorry}), UNAVAILABLE
    session[PHONE_KEY] = phone
    return redirect(f'/sign-in/phone/code{_onward(target)}', 303)


@blueprint.get('/sign-in/phone/code')
@open_to_everyone
def show_code() -> ResponseReturnValue:
    """Ask for the code that was sent from this device."""
    if PHONE_KEY not in session:
        return redirect(f'/sign-in/phone{_onward(request.args.get("next", ""))}', 303)
    return _ask_code('', request.args.get('next', ''), {})


@blueprint.post('/sign-in/phone/code')
@open_to_everyone
def start_visit() -> ResponseReturnValue:
    """Sign in with a right code; a number that is new here gets an account."""
    phone, target = session.get(PHONE_KEY), request.form.get('next', '')
    if phone is None:
        return redirect(f'/sign-in/phone{_onward(target)}', 303)
    typed = request.form.get('code', '')
    try:
        user, is_taken_back = _entered(phone, typed)
    except CodeError as error:
        return _ask_code(typed[:10], target, {'code': error.message}), UNPROCESSABLE
    session.pop(PHONE_KEY)
    if is_taken_back:
        flash(_('您第一次用短信证实了这个手机号。为了安全，之前设的口令已停用，可在这里重设。'))
        target = '/account'
    return enter(user, target)


def _entered(phone: str, typed: str) -> tuple[User, bool]:
    """Return whose visit begins; a wrong code counts as a try, so the unit of work ends before it is refused."""
    try:
        return _tried(phone, typed)
    except IntegrityError:
        # Somebody has registered this number at the same instant; the code was not used.
        db.session.rollback()
        return _tried(phone, typed)


def _tried(phone: str, typed: str) -> tuple[User, bool]:
    at = clock.now()
    with transaction():
        row = count_try(phone, at=at)
        entered = use_code(row, at=at) if row is not None and is_right(row, typed, current_caller()) else None
    if entered is None:
        raise wrong_code()
    return entered


def _onward(target: str) -> str:
    return f'?{urlencode({"next": target})}' if target else ''


def _ask_number(phone: str, target: str, errors: dict[str, str]) -> str:
    return render_template('accounts/phone.html', phone=phone[:20], target=target, errors=errors)


def _ask_code(code: str, target: str, errors: dict[str, str]) -> str:
    return render_template(
        'accounts/phone_code.html', phone=session[PHONE_KEY], code=code, target=target, errors=errors
    )
