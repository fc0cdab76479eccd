"""Signing in and out, opening an account, and one's own visits."""

from collections.abc import Callable, Mapping
from datetime import datetime
from math import ceil
from typing import Any, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from shop.accounts.access import open_to_everyone, open_to_signed_in, required_user, safe_target, signed_in_user
from shop.accounts.consents import give_user_consent
from shop.accounts.models import INSTITUTION_ROLES, VILLAGE_ROLES, Role, User
from shop.accounts.privacy_models import ConsentKind, ConsentPlace
from shop.accounts.services import (
    authenticate,
    change_email,
    change_password,
    live_sessions,
    register_user,
    revoke_session,
)
from shop.accounts.sessions import ServerSession
from shop.accounts.throttling import (
    Caller,
    TooManyAttemptsError,
    begin_attempt,
    find_wait,
    forget_attempt,
    forget_attempts,
    too_many,
)
from shop.kit import clock
from shop.kit.crypto import token_digest
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.baskets import merge_baskets
from shop.orders.favourites import merge_favourites
from shop.procurement.lists import merge_lists

GUEST_KEY = 'guest'

blueprint = Blueprint('account', __name__)


@blueprint.get('/sign-in')
@open_to_everyone
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; somebody already signed in goes on."""
    user = signed_in_user()
    if user is not None:
        return redirect(safe_target(request.args.get('next'), _first_page(user)), 303)
    return render_template('accounts/sign_in.html', target=request.args.get('next', ''), login_name='', error='')


@blueprint.post('/sign-in')
@open_to_everyone
def start_visit() -> ResponseReturnValue:
    """Sign in with a password."""
    login_name, target = request.form.get('login_name', ''), request.form.get('next', '')
    caller, at = current_caller(), clock.now()
    with transaction():
        attempt_id = begin_attempt(login_name, caller, at=at)
    with transaction():
        until = find_wait(login_name, caller, at=at)
        if until is not None:
            forget_attempt(attempt_id)
    if until is not None:
        return slow_down(too_many(until, at=at))
    user = authenticate(login_name, request.form.get('password', ''))
    if user is None:
        error = _('登录名或口令不对。请检查大小写，或先注册账号。')
        page = render_template('accounts/sign_in.html', target=target, login_name=login_name[:64], error=error)
        return page, 422
    with transaction():
        forget_attempts(login_name, caller)
    return enter(user, target)


@blueprint.get('/sign-up')
@open_to_everyone
def sign_up() -> str:
    """Show the form of a new account."""
    return render_template('accounts/sign_up.html', target=request.args.get('next', ''), values={}, errors={})


@blueprint.post('/sign-up')
@open_to_everyone
def open_account() -> ResponseReturnValue:
    """Open an account and sign in."""
    form, at = request.form, clock.now()
    try:
        _require_agreement(form.get('agree'))
        with transaction():
            user = register_user(form.get('login_name', ''), form.get('name', ''), form.get('password', ''), at=at)
            give_user_consent(user, ConsentKind.NOTICE, ConsentPlace.SIGN_UP, at=at)
    except BusinessError as error:
        page = render_template(
            'accounts/sign_up.html',
            target=form.get('next', ''),
            values=form,
            errors={error.field or 'login_name': error.message},
        )
        return page, 422
    return enter(user, form.get('next', ''))


@blueprint.post('/sign-out')
@open_to_everyone
def end_visit() -> ResponseReturnValue:
    """Sign out; the visit's token ends at once."""
    logout_user()
    session.clear()
    _rotate()
    return redirect('/', 303)


@blueprint.get('/account')
@open_to_signed_in
def show() -> str:
    """Show one's account and the devices that are signed in."""
    return _page({}, {})


@blueprint.post('/account/email')
@open_to_signed_in
def set_email() -> ResponseReturnValue:
    """Say where letters about orders go; nothing typed means no letters."""
    return _changed(lambda user: change_email(user, request.form.get('email', ''), at=clock.now()), _('邮箱已保存。'))


@blueprint.post('/account/password')
@open_to_signed_in
def set_password() -> ResponseReturnValue:
    """Set a password; the other devices are signed out."""
    current, new = request.form.get('current', ''), request.form.get('new', '')
    return _changed(
        lambda user: change_password(user, current, new, keep=own_digest(), at=clock.now()),
        _('口令已改，其他设备已退出登录。'),
    )


@blueprint.post('/account/sessions/<int:session_id>/revocation')
@open_to_signed_in
def end_other_visit(session_id: int) -> ResponseReturnValue:
    """End one of one's own visits on another device."""
    with transaction():
        if not revoke_session(required_user(), session_id, at=clock.now()):
            raise NotFoundError
    flash(_('这台设备已退出登录。'))
    return redirect('/account', 303)


def enter(user: User, target: str) -> ResponseReturnValue:
    """Sign the user in with a new token; the guest's basket, orders and favourites come along."""
    guest = session.pop(GUEST_KEY, None)
    if guest:
        with transaction():
            owner = db.session.merge(user)
            merge_baskets(token_digest(guest), owner, at=clock.now())
            merge_favourites(token_digest(guest), owner)
            merge_lists(token_digest(guest), owner, at=clock.now())
    login_user(user)
    _rotate()
    return redirect(safe_target(target, _first_page(user)), 303)


def current_caller() -> Caller:
    """Return who sends this request, as far as limits need to know."""
    return Caller.of(request.remote_addr, current_app.config['SECRET_KEY'])


def slow_down(error: TooManyAttemptsError) -> ResponseReturnValue:
    """Answer what was tried too often: the page says when to try again, and so does the header."""
    page = render_template(
        'errors/429.html', message=error.message, code=429, layout='layouts/shop.html', is_error=True
    )
    return page, 429, {'Retry-After': str(seconds_until(error.until))}


def seconds_until(until: datetime) -> int:
    """Return how many whole seconds there are until an instant, at least one."""
    return max(1, ceil((until - clock.now()).total_seconds()))


def _changed(change: Callable[[User], None], done: str) -> ResponseReturnValue:
    try:
        with transaction():
            change(db.session.merge(required_user()))
    except BusinessError as error:
        return _page(request.form.to_dict(), {error.field or 'email': error.message}), 422
    flash(done)
    return redirect('/account', 303)


def _page(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    user = required_user()
    return render_template(
        'accounts/account.html',
        user=user,
        visits=live_sessions(user, at=clock.now()),
        current_digest=own_digest() or '',
        first_page=_first_page(user),
        email=values.get('email', user.email or ''),
        errors=errors,
    )


def own_digest() -> str | None:
    """Return the digest of this visit's token, if it has one."""
    current = session.token if isinstance(session, ServerSession) else None
    return token_digest(current) if current else None


def _require_agreement(ticked: str | None) -> None:
    if ticked != '1':
        raise BusinessError(_('请先看隐私说明，同意后勾选这一项；不注册也能下单。'), field='agree')


def _rotate() -> None:
    visit = cast(Any, session)._get_current_object()
    if isinstance(visit, ServerSession):
        visit.rotate()


def _first_page(user: User) -> str:
    """Return where somebody with these roles starts work."""
    if user.roles & VILLAGE_ROLES:
        return '/desk/'
    if user.roles - {Role.ADMINISTRATOR} - INSTITUTION_ROLES:
        return '/office/'
    return '/institution' if user.roles & INSTITUTION_ROLES else '/'
