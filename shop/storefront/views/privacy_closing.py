"""Closing one's account: asked once, with the password or a fresh code, done at once and for good."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to_signed_in, required_user
from shop.accounts.models import User
from shop.accounts.phone_codes import count_try, is_right, issue_code, withdraw_code, wrong_code
from shop.accounts.services import authenticate
from shop.accounts.sms import SmsDownError, driver_of
from shop.accounts.throttling import (
    TooManyAttemptsError,
    begin_attempt,
    find_wait,
    forget_attempt,
    forget_attempts,
    too_many,
)
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.privacy.closing import close_account, hindrances
from shop.storefront.views.account import current_caller

UNPROCESSABLE = 422
CONFLICT = 409

blueprint = Blueprint('privacy_closing', __name__, url_prefix='/account/closure')


@blueprint.get('')
@open_to_signed_in
def show() -> str:
    """Say what is deleted, what is kept and why, and ask."""
    return _page({})


@blueprint.post('/code')
@open_to_signed_in
def send_code() -> ResponseReturnValue:
    """Send a fresh code to the phone of an account without a password."""
    user, at = required_user(), clock.now()
    if user.password_hash is not None or user.phone_proven_at is None:
        return redirect('/account/closure', 303)
    phone = user.login_name
    try:
        with transaction():
            code = issue_code(phone, current_caller(), at=at)
        driver_of(current_app.config).send_code(phone, code, at=at)
    except TooManyAttemptsError as error:
        return _page({'code': error.message}), UNPROCESSABLE
    except IntegrityError:
        db.session.rollback()
        return _page({'code': _('一分钟只能发一条，请稍后再试。')}), UNPROCESSABLE
    except SmsDownError:
        with transaction():
            withdraw_code(phone, at=at)
        return _page({'code': _('短信暂时发不出去，请过一分钟再试。')}), UNPROCESSABLE
    flash(_('验证码已发到您的手机，5 分钟内有效。'))
    return redirect('/account/closure', 303)


@blueprint.post('')
@open_to_signed_in
def close() -> ResponseReturnValue:
    """Close the account in one unit of work and end this visit."""
    if request.form.get('sure') != '1':
        return _page({'sure': _('注销后不能恢复。确定的话，请勾选这一项。')}), UNPROCESSABLE
    user = required_user()
    user_id, field = user.id, 'password' if user.password_hash is not None else 'code'
    try:
        _prove(user)
        with transaction():
            close_account(db.session.get_one(User, user_id), at=clock.now())
    except BusinessError as error:
        return _page({error.field or field: error.message}), UNPROCESSABLE
    logout_user()
    session.clear()
    flash(_('账号已注销。感谢您买过村里的东西。'))
    return redirect('/', 303)


def _prove(user: User) -> None:
    """Raise `BusinessError` unless the form holds the account's password, or the code sent to its phone."""
    if user.password_hash is None:
        _prove_by_code(user.login_name)
        return
    login_name, caller, at = user.login_name, current_caller(), clock.now()
    with transaction():
        attempt_id = begin_attempt(login_name, caller, at=at)
    with transaction():
        until = find_wait(login_name, caller, at=at)
        if until is not None:
            forget_attempt(attempt_id)
    if until is not None:
        raise too_many(until, at=at)
    if authenticate(login_name, request.form.get('password', '')) is None:
        raise BusinessError(_('口令不对。'), field='password')
    with transaction():
        forget_attempts(login_name, caller)


def _prove_by_code(phone: str) -> None:
    at = clock.now()
    with transaction():
        row = count_try(phone, at=at)
        is_proven = row is not None and is_right(row, request.form.get('code', ''), current_caller())
        if row is not None and is_proven:
            row.used_at = at
    if not is_proven:
        raise wrong_code()


def _page(errors: dict[str, str]) -> str:
    user = required_user()
    return render_template('privacy/closing.html', user=user, hindrances=hindrances(user), errors=errors)
