"""Payouts at the township and above: what waits for review, objections, ageing; the township decides, others read."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.crypto import unseal_text
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.pagination import page_number
from shop.payouts.ageing import ageing_of, rows_of_cell, totals
from shop.payouts.forms import DecisionForm, read_decision
from shop.payouts.lines import missing_evidence
from shop.payouts.models import BatchStatus, PayoutBatch
from shop.payouts.objections import decide_objection
from shop.payouts.policies import READERS, holds_review, may_review
from shop.payouts.queries import (
    NOTHING,
    batch_in_scope,
    lines_of,
    objection_in_scope,
    objections_of,
    page_of_batches,
    slips_of,
    sums_of,
)
from shop.payouts.services import approve_batch, archive_batch, return_batch
from shop.payouts.views.batch_page import WAY, place_on_way
from shop.payouts.views.paying import send_slip
from shop.villages.scope import villages_in_scope

blueprint = Blueprint('office_payouts', __name__, url_prefix='/office/payouts')
readers_only = open_to(*READERS)
township_only = open_to(Role.TOWNSHIP_REVIEWER)

CONFLICT = 409
UNPROCESSABLE = 422
NO_FORM = DecisionForm(None, '', {})


@blueprint.get('')
@readers_only
def index() -> str:
    """List the batches of the reader's scope, those to review first."""
    user = required_user()
    status = BatchStatus.find(request.args.get('status', ''))
    page = page_of_batches(user, status, page_number(request.args.get('page')))
    return render_template(
        'payouts/office/list.html',
        page=page,
        sums=sums_of([batch.id for batch in page.rows]),
        status=status,
        statuses=BatchStatus,
    )


@blueprint.get('/<int:batch_id>')
@readers_only
def show(batch_id: int) -> ResponseReturnValue:
    """Show one batch: its figures, its objections, its evidence."""
    user = required_user()
    return _show(batch_in_scope(batch_id, user), user)


@blueprint.post('/<int:batch_id>/decision')
@township_only
def decision(batch_id: int) -> ResponseReturnValue:
    """Approve it or send it back."""
    user = required_user()
    batch = batch_in_scope(batch_id, user)
    form = read_decision(request.form, always_reason=False)
    if form.errors:
        return _show(batch, user, form=form, code=UNPROCESSABLE)
    try:
        with transaction():
            if form.is_yes:
                approve_batch(batch, actor=user, at=clock.now())
            else:
                return_batch(batch, reason=form.reason, actor=user, at=clock.now())
    except BusinessError as error:
        return _show(batch, user, form=form, refusal=error.message, code=CONFLICT)
    flash(_('已通过，签上了您的姓名和时间，村里可以发放。') if form.is_yes else _('已退回村里。'))
    return redirect(f'/office/payouts/{batch_id}', 303)


@blueprint.post('/<int:batch_id>/archive')
@township_only
def archive(batch_id: int) -> ResponseReturnValue:
    """Close the file."""
    user = required_user()
    batch = batch_in_scope(batch_id, user)
    try:
        with transaction():
            archive_batch(batch, actor=user, at=clock.now())
    except BusinessError as error:
        return _show(batch, user, refusal=error.message, code=CONFLICT)
    flash(_('已归档。'))
    return redirect(f'/office/payouts/{batch_id}', 303)


@blueprint.post('/objections/<int:objection_id>/decision')
@township_only
def objection_decision(objection_id: int) -> ResponseReturnValue:
    """Say what was found about a frozen line."""
    user = required_user()
    objection = objection_in_scope(objection_id, user)
    batch = objection.line.batch
    form = read_decision(request.form, always_reason=True)
    if form.errors or form.is_yes is None:
        return _show(batch, user, objection_form=(objection_id, form), code=UNPROCESSABLE)
    try:
        with transaction():
            decide_objection(objection, is_upheld=form.is_yes, answer=form.reason, actor=user, at=clock.now())
    except BusinessError as error:
        return _show(batch, user, objection_form=(objection_id, form), refusal=error.message, code=CONFLICT)
    flash(_('已答复，提出人凭编号看得到。'))
    return redirect(f'/office/payouts/{batch.id}#objections', 303)


@blueprint.get('/<int:batch_id>/slips/<int:slip_id>')
@readers_only
def slip(batch_id: int, slip_id: int) -> Response:
    """Send a photo of the signed roster."""
    return send_slip(batch_in_scope(batch_id, required_user()), slip_id)


@blueprint.get('/ageing')
@readers_only
def ageing() -> str:
    """Show what is accrued and not paid: villages, their pools, and the entries behind a cell."""
    user = required_user()
    groups = ageing_of(villages_in_scope(user, READERS), on=clock.today())
    village_id, pool_id = request.args.get('village', type=int), request.args.get('pool', type=int)
    bucket = request.args.get('bucket', 0, type=int)
    group = next((one for one in groups if one.village.id == village_id), None)
    line = next((one for one in group.lines if one.pool.id == pool_id), None) if group is not None else None
    return render_template(
        'payouts/office/ageing.html',
        groups=groups,
        totals=list(totals(groups)),
        group=group,
        line=line,
        bucket=bucket,
        rows=rows_of_cell(line, bucket) if line is not None else (),
        today=clock.today(),
    )


def _show(
    batch: PayoutBatch,
    user: User,
    *,
    form: DecisionForm = NO_FORM,
    objection_form: tuple[int, DecisionForm] = (0, NO_FORM),
    refusal: str = '',
    code: int = 200,
) -> ResponseReturnValue:
    keys = current_app.config['DATA_KEYS']
    is_decider = holds_review(user, batch)
    objections = objections_of(batch)
    page = render_template(
        'payouts/office/show.html',
        batch=batch,
        village=batch.village,
        lines=lines_of(batch),
        sums=sums_of([batch.id]).get(batch.id, NOTHING),
        objections=objections,
        phones={one.id: unseal_text(keys, one.sealed_phone) for one in objections if is_decider and one.sealed_phone},
        slips=slips_of(batch),
        missing=missing_evidence(batch),
        way=WAY,
        place=place_on_way(batch),
        is_decider=is_decider,
        is_author=is_decider and not may_review(user, batch),
        form=form,
        objection_id=objection_form[0],
        objection_form=objection_form[1],
        refusal=refusal,
    )
    return page, code
