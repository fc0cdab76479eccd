"""The village desk writes down what households earned that does not hang on a sale."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.earnings.forms import EarningsForm, read_batch, shown_batch
from shop.earnings.models import EarningsBatch, EarningsKind, EarningsStatus
from shop.earnings.queries import batch_of_village, batches_of_village, register_of, sums_by_kind
from shop.earnings.reckoning import UNITS, quantity_text, reckon
from shop.earnings.services import cancel_batch, change_batch, draft_batch, submit_batch
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.pagination import page_number
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
CONFLICT = 409

blueprint = Blueprint('desk_earnings', __name__, url_prefix='/desk/earnings')
desk_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
secretary_only = open_to(Role.FIRST_SECRETARY)


@blueprint.get('')
@desk_only
def batches() -> str:
    """List the village's batches and what they come to."""
    village = village_for_desk(required_user())
    return render_template(
        'earnings/desk/list.html',
        village=village,
        page=batches_of_village(village.id, page_number(request.args.get('page'))),
        sums=sums_by_kind([village.id]),
    )


@blueprint.get('/new')
@desk_only
def new() -> ResponseReturnValue:
    """Show an empty batch."""
    return _form(village_for_desk(required_user()), shown_batch(None), token=new_token())


@blueprint.post('/new')
@desk_only
def draft() -> ResponseReturnValue:
    """Keep a new batch as a draft, once per form."""
    user = required_user()
    village = village_for_desk(user)
    form = read_batch(request.form, register=register_of(village.id))
    token = request.form.get('form_token', '')[:64] or new_token()
    if form.facts is None or request.form.get('do') == 'reckon':
        return _form(village, form, token=token, code=UNPROCESSABLE if form.errors else 200)
    try:
        with transaction():
            batch = draft_batch(village, form.facts, form.quantities, form_token=token, actor=user, at=clock.now())
            number = batch.number
    except BusinessError as error:
        form.errors[error.field or 'lines'] = error.message
        return _form(village, form, token=token, code=UNPROCESSABLE)
    except IntegrityError:
        # The same form arrived twice at once; the other one has kept it.
        db.session.rollback()
        return redirect('/desk/earnings', 303)
    flash(_('草稿已存。核对无误后请第一书记提交。'))
    return redirect(f'/desk/earnings/{number}', 303)


@blueprint.get('/<number>')
@desk_only
def batch(number: str) -> str:
    """Show a batch with its lines and what happened to it."""
    return _page(_own(number))


@blueprint.get('/<number>/change')
@desk_only
def change(number: str) -> ResponseReturnValue:
    """Show a draft to be changed."""
    own = _own(number)
    if own.status is not EarningsStatus.DRAFT:
        return redirect(f'/desk/earnings/{own.number}', 303)
    return _form(own.village, shown_batch(own), batch=own)


@blueprint.post('/<number>/change')
@desk_only
def keep(number: str) -> ResponseReturnValue:
    """Keep a changed draft."""
    own = _own(number)
    form = read_batch(request.form, register=register_of(own.village_id))
    if form.facts is None or request.form.get('do') == 'reckon':
        return _form(own.village, form, batch=own, code=UNPROCESSABLE if form.errors else 200)
    try:
        with transaction():
            change_batch(_own(number), form.facts, form.quantities, at=clock.now())
    except BusinessError as error:
        form.errors[error.field or 'lines'] = error.message
        return _form(own.village, form, batch=_own(number), code=UNPROCESSABLE)
    flash(_('草稿已存。核对无误后请第一书记提交。'))
    return redirect(f'/desk/earnings/{number}', 303)


@blueprint.post('/<number>/submission')
@secretary_only
def submission(number: str) -> ResponseReturnValue:
    """The secretary sends the batch to the township."""
    try:
        with transaction():
            submit_batch(_own(number), actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _page(_own(number), error=error.message), CONFLICT
    flash(_('已提交，等乡镇核实。'))
    return redirect(f'/desk/earnings/{number}', 303)


@blueprint.post('/<number>/cancellation')
@desk_only
def cancellation(number: str) -> ResponseReturnValue:
    """Give a draft up."""
    try:
        with transaction():
            cancel_batch(_own(number), actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _page(_own(number), error=error.message), CONFLICT
    flash(_('这一批已作废。'))
    return redirect('/desk/earnings', 303)


def _own(number: str) -> EarningsBatch:
    return batch_of_village(number, village_for_desk(required_user()).id)


def _page(own: EarningsBatch, *, error: str = '') -> str:
    may_submit = Role.FIRST_SECRETARY in required_user().roles and own.status is EarningsStatus.DRAFT
    return render_template(
        'earnings/desk/show.html',
        batch=own,
        error=error,
        unit=UNITS[own.kind],
        may_submit=may_submit,
        quantity_text=quantity_text,
        is_named=Role.FIRST_SECRETARY in required_user().roles,
    )


def _form(
    village: Village, form: EarningsForm, *, batch: EarningsBatch | None = None, token: str = '', code: int = 200
) -> ResponseReturnValue:
    facts = form.facts
    earned = (
        {one: reckon(tenths, facts.rate_fen, facts.gross_rate_fen) for one, tenths in form.quantities} if facts else {}
    )
    page = render_template(
        'earnings/desk/form.html',
        village=village,
        form=form,
        errors=form.errors,
        batch=batch,
        form_token=token,
        register=register_of(village.id),
        kinds=EarningsKind,
        units=UNITS,
        earned=earned,
    )
    return page, code
