"""Coupons at the department: series with their figures and rows, drafting, releasing, pausing, ending."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, required_user
from shop.accounts.models import User
from shop.coupons.forms import SeriesForm, empty_series, form_of, read_series, subjects_of
from shop.coupons.models import CouponScope, CouponSeries, SeriesStatus
from shop.coupons.policies import DEPARTMENTS, READERS, may_manage, may_release
from shop.coupons.queries import page_of_series, series_in_scope
from shop.coupons.services import (
    change_draft,
    department_region,
    draft_series,
    end_series,
    pause_series,
    release_series,
)
from shop.coupons.terms import terms_of
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text, read_id
from shop.kit.pagination import page_number
from shop.statistics.coupons import PartState, by_village, figures_of, page_of_parts, people_of
from shop.storefront.coupon_pages import goods_words

UNPROCESSABLE = 422
CONFLICT = 409
MAX_REASON = 200

blueprint = Blueprint('office_coupons', __name__, url_prefix='/office/coupons')
readers_only = open_to(*READERS)
departments_only = open_to(*DEPARTMENTS)


@blueprint.get('')
@readers_only
def index() -> str:
    """List the series of the reader's scope with their figures."""
    user = required_user()
    status = SeriesStatus.find(request.args.get('status', ''))
    page = page_of_series(user, status, page_number(request.args.get('page')))
    return render_template(
        'storefront/office/coupons.html',
        page=page,
        figures=figures_of([series.id for series in page.rows]),
        status=status,
        statuses=SeriesStatus,
        terms_of=terms_of,
        today=clock.today(),
        may_draft=bool(user.roles & set(DEPARTMENTS)),
    )


@blueprint.get('/new')
@departments_only
def new() -> ResponseReturnValue:
    """Show the form of a new series."""
    return _form(empty_series(clock.today()), department_region(required_user()))


@blueprint.post('')
@departments_only
def draft() -> ResponseReturnValue:
    """Draft a series; what was typed stays when it cannot be."""
    user = required_user()
    region_id = department_region(user)
    form = read_series(request.form, subjects_of(region_id), today=clock.today())
    if form.plan is None:
        return _form(form, region_id, code=UNPROCESSABLE)
    try:
        with transaction():
            series_id = draft_series(form.plan, form.form_token, actor=user, at=clock.now()).id
    except BusinessError as error:
        form.errors[error.field or 'name'] = error.message
        return _form(form, region_id, code=CONFLICT)
    except IntegrityError:
        # Two were drafted at once with one code, or one form was sent twice.
        db.session.rollback()
        form.errors['code'] = _('刚刚有人用了同样的口令，或这张表已经提交过，请看过列表再试。')
        return _form(form, region_id, code=CONFLICT)
    flash(_('已存为草稿，请另一位同事核对后发放。'))
    return redirect(f'/office/coupons/{series_id}', 303)


@blueprint.get('/<int:series_id>')
@readers_only
def show(series_id: int) -> ResponseReturnValue:
    """Show a series: terms, figures with their definitions, by village, what happened."""
    return _show(series_in_scope(series_id, required_user()))


@blueprint.get('/<int:series_id>/uses')
@readers_only
def uses(series_id: int) -> str:
    """Open a figure down to its rows."""
    series = series_in_scope(series_id, required_user())
    state = PartState.find(request.args.get('state', ''))
    village_id = read_id(request.args.get('village'))
    page, sums = page_of_parts(series, state=state, village_id=village_id, number=page_number(request.args.get('page')))
    return render_template(
        'storefront/office/coupon_uses.html',
        series=series,
        page=page,
        sums=sums,
        state=state,
        states=PartState,
        village_id=village_id,
        villages=by_village(series),
    )


@blueprint.get('/<int:series_id>/draft')
@departments_only
def edit(series_id: int) -> ResponseReturnValue:
    """Show the form of a draft."""
    series = _managed(series_id)
    return _form(form_of(series), series.region_id, series=series)


@blueprint.post('/<int:series_id>/draft')
@departments_only
def change(series_id: int) -> ResponseReturnValue:
    """Write a draft anew."""
    series = _managed(series_id)
    region_id = series.region_id
    form = read_series(request.form, subjects_of(region_id), today=clock.today())
    if form.plan is None:
        return _form(form, region_id, series=series, code=UNPROCESSABLE)
    try:
        with transaction():
            change_draft(series, form.plan, actor=required_user(), at=clock.now())
    except BusinessError as error:
        form.errors[error.field or 'name'] = error.message
        return _form(form, region_id, series=series, code=CONFLICT)
    flash(_('草稿已改。改过的人不能发放。'))
    return redirect(f'/office/coupons/{series_id}', 303)


@blueprint.post('/<int:series_id>/release')
@departments_only
def release(series_id: int) -> ResponseReturnValue:
    """Let people claim it, or go on after a pause."""
    return _act(series_id, lambda series, actor, at: release_series(series, actor=actor, at=at), _('已发放。'))


@blueprint.post('/<int:series_id>/pause')
@departments_only
def pause(series_id: int) -> ResponseReturnValue:
    """Pause it, with a reason."""
    return _act_with_reason(series_id, pause_series, _('已暂停：暂时不能领、不能用，已下的订单不受影响。'))


@blueprint.post('/<int:series_id>/end')
@departments_only
def end(series_id: int) -> ResponseReturnValue:
    """End it for good, with a reason."""
    return _act_with_reason(series_id, end_series, _('已结束。'))


def _act(series_id: int, act: Callable[[CouponSeries, User, datetime], None], done: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(_managed(series_id), required_user(), clock.now())
    except BusinessError as error:
        db.session.rollback()
        return _show(_managed(series_id), refusal=error.message, code=CONFLICT)
    flash(done)
    return redirect(f'/office/coupons/{series_id}', 303)


def _act_with_reason(series_id: int, act: Callable[..., None], done: str) -> ResponseReturnValue:
    reason = clean_text(request.form.get('reason', ''))
    if not 1 <= len(reason) <= MAX_REASON:
        told = _('写一句原因，1 到 %(most)s 字，记入经过。', most=MAX_REASON)
        return _show(_managed(series_id), refusal=told, code=UNPROCESSABLE)
    return _act(series_id, lambda series, actor, at: act(series, reason, actor=actor, at=at), done)


def _managed(series_id: int) -> CouponSeries:
    user = required_user()
    series = series_in_scope(series_id, user)
    if not may_manage(user, series):
        raise NotFoundError
    return series


def _show(series: CouponSeries, *, refusal: str = '', code: int = 200) -> ResponseReturnValue:
    user = required_user()
    page = render_template(
        'storefront/office/coupon.html',
        series=series,
        terms=terms_of(series),
        goods=goods_words([series])[series.id],
        figures=figures_of([series.id])[series.id],
        people=people_of(series),
        villages=by_village(series),
        may_manage=may_manage(user, series),
        may_release=may_release(user, series),
        today=clock.today(),
        refusal=refusal,
        reason=clean_text(request.form.get('reason', ''))[:MAX_REASON],
    )
    return page, code


def _form(
    form: SeriesForm, region_id: int, *, series: CouponSeries | None = None, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        'storefront/office/coupon_form.html',
        form=form,
        series=series,
        subjects=subjects_of(region_id),
        scope_choices=[(value, label, '') for value, label in CouponScope.choices()],
    )
    return page, code
