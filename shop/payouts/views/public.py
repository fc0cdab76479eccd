"""Payouts in public: batches on notice, what was paid, objections, and a household's own confirmation."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.pagination import page_number
from shop.payouts.forms import ObjectionForm, ReceiptForm, empty_objection, read_objection, read_receipt
from shop.payouts.objections import TooManyError, receive_objection
from shop.payouts.queries import (
    NOTHING,
    batches_on_notice,
    lines_of,
    objection_by_number,
    page_of_paid,
    public_batch,
    sums_of,
)
from shop.payouts.receipts import confirm_receipt

blueprint = Blueprint('payouts', __name__, url_prefix='/sunshine')

VISIT_KEY = 'visit'
UNPROCESSABLE = 422
TOO_MANY = 429
NO_STORE = {'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex'}


@blueprint.get('/payouts')
@open_to_everyone
def index() -> str:
    """List the batches on notice and those that were paid."""
    notices = batches_on_notice(on=clock.today())
    page = page_of_paid(page_number(request.args.get('page')))
    return render_template(
        'payouts/index.html',
        notices=notices,
        page=page,
        sums=sums_of([batch.id for batch in (*notices, *page.rows)]),
        today=clock.today(),
    )


@blueprint.get('/payouts/<number>')
@open_to_everyone
def show(number: str) -> ResponseReturnValue:
    """Show a batch: masked names with codes and sums while its notice stands, afterwards only counts and sums."""
    return _show(number, empty_objection())


@blueprint.post('/payouts/<number>/objections')
@open_to_everyone
def objections(number: str) -> ResponseReturnValue:
    """Keep an objection to one household's line."""
    batch = public_batch(number)
    form = read_objection(request.form)
    if form.errors:
        return _show(number, form, UNPROCESSABLE)
    visit = session.get(VISIT_KEY) or new_token()
    try:
        with transaction():
            found = receive_objection(
                batch,
                form,
                visit_digest=token_digest(visit),
                keys=current_app.config['DATA_KEYS'],
                at=clock.now(),
            ).number
    except BusinessError as error:
        code = TOO_MANY if isinstance(error, TooManyError) else UNPROCESSABLE
        if error.field:
            form = ObjectionForm(
                form.code, form.codes, form.text, form.phone, form.form_token, {error.field: error.message}
            )
        return _show(number, form, code, refusal='' if error.field else error.message)
    session[VISIT_KEY] = visit
    return redirect(f'/sunshine/payout-objections/{found}', 303)


@blueprint.get('/payout-objections/<number>')
@open_to_everyone
def objection(number: str) -> ResponseReturnValue:
    """Show what became of an objection to whoever holds its number; no household is on it."""
    return render_template('payouts/objection.html', objection=objection_by_number(number)), 200, NO_STORE


@blueprint.get('/payout-receipts')
@open_to_everyone
def receipt() -> ResponseReturnValue:
    """Show the form by which a household says that its money came."""
    return _receipt(ReceiptForm('', (), '', {}))


@blueprint.post('/payout-receipts')
@open_to_everyone
def receipts() -> ResponseReturnValue:
    """Take the word of a household; the answer is the same whatever was typed."""
    form = read_receipt(request.form)
    if form.errors:
        return _receipt(form, UNPROCESSABLE)
    visit = session.get(VISIT_KEY) or new_token()
    try:
        with transaction():
            confirm_receipt(form.codes, form.name, visit_digest=token_digest(visit), at=clock.now())
    except BusinessError as error:
        return _receipt(form, TOO_MANY, refusal=error.message)
    session[VISIT_KEY] = visit
    flash(_('收到了，谢谢。自查码和姓名对得上的，已经记下。'))
    return redirect('/sunshine/payout-receipts', 303)


def _receipt(form: ReceiptForm, code: int = 200, *, refusal: str = '') -> ResponseReturnValue:
    return render_template('payouts/receipt.html', form=form, refusal=refusal), code, NO_STORE


def _show(number: str, form: ObjectionForm, code: int = 200, *, refusal: str = '') -> ResponseReturnValue:
    batch = public_batch(number)
    is_on_notice = batch.is_on_notice(clock.today())
    page = render_template(
        'payouts/show.html',
        batch=batch,
        sums=sums_of([batch.id]).get(batch.id, NOTHING),
        lines=lines_of(batch) if is_on_notice else (),
        is_on_notice=is_on_notice,
        form=form,
        refusal=refusal,
        today=clock.today(),
    )
    return page, code, NO_STORE
