"""The village's payouts: computing a batch, confirming it, putting it on notice, and how far a long work is."""

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader
from shop.longworks.models import LongWork
from shop.longworks.runner import run_work
from shop.longworks.services import stop_work
from shop.payouts.ageing import AgeGroup, ageing_of, rows_of_cell
from shop.payouts.forms import MOST_REASON, read_token
from shop.payouts.models import UNFINISHED
from shop.payouts.policies import MAKERS, may_confirm
from shop.payouts.queries import batch_at_desk, batches_of, sums_of
from shop.payouts.services import cancel_batch, confirm_batch, put_on_notice
from shop.payouts.sources import open_account
from shop.payouts.views.batch_page import show_batch
from shop.payouts.works import QUICK, batch_of, request_computation
from shop.villages.models import Village
from shop.villages.scope import village_for_desk, villages_in_scope

blueprint = Blueprint('desk_payouts', __name__, url_prefix='/desk/payouts')
village_only = open_to(*MAKERS)

CONFLICT = 409
UNPROCESSABLE = 422


@blueprint.get('')
@village_only
def index() -> ResponseReturnValue:
    """Show what waits to be paid, and the batches of the village."""
    return _index()


@blueprint.post('')
@village_only
def compute() -> ResponseReturnValue:
    """Compute the next batch; a large village does it as a long work."""
    user = required_user()
    village = village_for_desk(user)
    try:
        with transaction():
            work = request_computation(village, form_token=read_token(request.form), actor=user, at=clock.now())
            work_id, is_quick = work.id, work.total <= QUICK
    except BusinessError as error:
        return _index(refusal=error.message, code=CONFLICT)
    return after_request(work_id, is_quick=is_quick)


@blueprint.get('/<int:batch_id>')
@village_only
def show(batch_id: int) -> ResponseReturnValue:
    """Show one batch with its lines and what can be done now."""
    return show_batch(batch_at_desk(batch_id, _village()))


@blueprint.post('/<int:batch_id>/confirmation')
@village_only
def confirmation(batch_id: int) -> ResponseReturnValue:
    """Sign for the village."""
    return _act(
        batch_id, lambda batch, user, at: confirm_batch(batch, actor=user, at=at), _('已确认，签上了您的姓名。')
    )


@blueprint.post('/<int:batch_id>/notice')
@village_only
def notice(batch_id: int) -> ResponseReturnValue:
    """Put it on notice."""
    days = current_app.config['PAYOUT_NOTICE_DAYS']
    return _act(
        batch_id,
        lambda batch, user, at: put_on_notice(batch, days=days, actor=user, at=at),
        _('已开始公示，%(n)s 天后自动送乡镇审核。', n=days),
    )


@blueprint.post('/<int:batch_id>/cancellation')
@village_only
def cancellation(batch_id: int) -> ResponseReturnValue:
    """Give it up."""
    reader = FieldReader(request.form)
    reason = reader.text('reason', _('撤销原因'), limit=MOST_REASON)
    if reader.errors:
        batch = batch_at_desk(batch_id, _village())
        return show_batch(batch, errors=reader.errors, typed=request.form, code=UNPROCESSABLE)
    return _act(
        batch_id,
        lambda batch, user, at: cancel_batch(batch, reason=reason, actor=user, at=at),
        _('已撤销，占用的钱退回池中，下一批再测算。'),
    )


@blueprint.get('/ageing')
@village_only
def ageing() -> str:
    """Show what is accrued and not paid, by pool and age; a cell opens to its entries."""
    village = _village()
    groups = _ageing(village)
    pool_id, bucket = request.args.get('pool', type=int), request.args.get('bucket', 0, type=int)
    line = next((one for group in groups for one in group.lines if one.pool.id == pool_id), None)
    return render_template(
        'payouts/desk/ageing.html',
        village=village,
        groups=groups,
        line=line,
        bucket=bucket,
        rows=rows_of_cell(line, bucket) if line is not None else (),
        today=clock.today(),
    )


@blueprint.get('/households/<int:household_id>')
@village_only
def household(household_id: int) -> str:
    """Show a household of the village with everything it gets, and from what."""
    village = _village()
    return render_template(
        'payouts/desk/household.html', village=village, account=open_account(household_id, village.id)
    )


@blueprint.get('/works/<int:work_id>')
@village_only
def work(work_id: int) -> ResponseReturnValue:
    """Show how far a long work is, or lead to what it made."""
    found = _work(work_id)
    batch = batch_of(found) if not found.is_open else None
    if batch is not None and not found.message:
        return redirect(f'/desk/payouts/{batch.id}', 303)
    return render_template('payouts/desk/work.html', village=_village(), work=found, batch=batch)


@blueprint.get('/works/<int:work_id>/progress')
@village_only
def progress(work_id: int) -> ResponseReturnValue:
    """Return how far it is, for the page that follows it."""
    found = _work(work_id)
    answer = jsonify(
        done=found.done, total=found.total, percent=found.percent, is_open=found.is_open, status=found.status.label
    )
    answer.headers['Cache-Control'] = 'no-store'
    return answer


@blueprint.post('/works/<int:work_id>/stop')
@village_only
def stop(work_id: int) -> ResponseReturnValue:
    """Let it end after its present step."""
    with transaction():
        stop_work(_work(work_id), actor=required_user(), at=clock.now())
    return redirect(f'/desk/payouts/works/{work_id}', 303)


def after_request(work_id: int, *, is_quick: bool) -> ResponseReturnValue:
    """Do a small work at once; lead to the page that follows a large one."""
    if is_quick:
        run_work(work_id)
        db.session.rollback()
        found = db.session.get_one(LongWork, work_id)
        if found.message:
            return _index(refusal=found.message, code=CONFLICT)
    return redirect(f'/desk/payouts/works/{work_id}', 303)


def _act(batch_id: int, act, done: str) -> ResponseReturnValue:  # type: ignore[no-untyped-def]
    batch = batch_at_desk(batch_id, _village())
    try:
        with transaction():
            act(batch, required_user(), clock.now())
    except BusinessError as error:
        return show_batch(batch, refusal=error.message, code=CONFLICT)
    flash(done)
    return redirect(f'/desk/payouts/{batch_id}', 303)


def _index(*, refusal: str = '', code: int = 200) -> ResponseReturnValue:
    user = required_user()
    village = village_for_desk(user)
    batches = batches_of(village.id)
    groups = _ageing(village)
    page = render_template(
        'payouts/desk/list.html',
        village=village,
        batches=batches,
        sums=sums_of([batch.id for batch in batches]),
        group=groups[0] if groups else None,
        unfinished=next((batch for batch in batches if batch.status in UNFINISHED), None),
        form_token=new_token(),
        is_secretary=may_confirm(user, village),
        refusal=refusal,
    )
    return page, code


def _ageing(village: Village) -> list[AgeGroup]:
    mine = villages_in_scope(required_user(), MAKERS).where(Village.id == village.id)
    return ageing_of(mine, on=clock.today())


def _work(work_id: int) -> LongWork:
    """Return a work that somebody of this village asked for; raises `NotFoundError`."""
    found = db.session.get(LongWork, work_id)
    village = _village()
    if found is None:
        raise NotFoundError
    batch = batch_of(found)
    village_id = batch.village_id if batch is not None else found.values.get('village_id')
    if village_id != village.id:
        raise NotFoundError
    return found


def _village() -> Village:
    return village_for_desk(required_user())
