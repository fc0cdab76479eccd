"""Paying a batch at the desk: the roster to sign, cash, the bank's file and its result, photos of what was signed."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to, required_user
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader, clean_text
from shop.payouts.bank import make_bank_file, read_result
from shop.payouts.forms import read_payment
from shop.payouts.models import PayoutBatch
from shop.payouts.paying import add_slip, pay_cash
from shop.payouts.policies import MAKERS
from shop.payouts.queries import batch_at_desk, lines_of, slips_of
from shop.payouts.sheets import MAX_BYTES, SheetError, write_text, write_workbook
from shop.payouts.slip_files import keep_slip, read_slip
from shop.payouts.views.batch_page import show_batch
from shop.payouts.views.desk import after_request
from shop.payouts.works import QUICK, request_payment
from shop.photos.pipeline import prepare_picture
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_payments_out', __name__, url_prefix='/desk/payouts')
village_only = open_to(*MAKERS)

CONFLICT = 409
UNPROCESSABLE = 422
ROOM_FOR_FORM = 64 * 1024
ROWS_TO_A_PAGE = 22
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


@blueprint.get('/<int:batch_id>/roster')
@village_only
def roster(batch_id: int) -> str:
    """Show the roster to print and sign; names stand in full, as the village itself reads them."""
    batch = _batch(batch_id)
    lines = [line for line in lines_of(batch) if line.status.value not in {'cancelled', 'frozen'}]
    return render_template(
        'payouts/desk/roster.html',
        batch=batch,
        village=batch.village,
        sheets=[lines[start : start + ROWS_TO_A_PAGE] for start in range(0, len(lines), ROWS_TO_A_PAGE)],
        total_fen=sum(line.amount_fen for line in lines),
        count=len(lines),
        per_page=ROWS_TO_A_PAGE,
    )


@blueprint.post('/<int:batch_id>/payments')
@village_only
def payments(batch_id: int) -> ResponseReturnValue:
    """Write down who has the money in hand; everybody of a large batch is a long work."""
    batch, user, at = _batch(batch_id), required_user(), clock.now()
    chosen = request.form.getlist('line')
    form = read_payment(request.form, chosen)
    if form.errors or form.paid_on is None:
        return show_batch(batch, errors=form.errors, typed=request.form, chosen=chosen, code=UNPROCESSABLE)
    try:
        with transaction():
            if form.line_ids is None:
                work = request_payment(batch, evidence=form.evidence, paid_on=form.paid_on, actor=user, at=at)
                work_id, is_quick = work.id, work.total <= QUICK
            else:
                count = pay_cash(batch, form.line_ids, evidence=form.evidence, paid_on=form.paid_on, actor=user, at=at)
    except BusinessError as error:
        return _refused(batch, error, chosen)
    if form.line_ids is None:
        return after_request(work_id, is_quick=is_quick)
    flash(_('已登记发放 %(n)s 户。', n=count) if count else _('这些户先前已登记过，没有重复登记。'))
    return redirect(f'/desk/payouts/{batch_id}', 303)


@blueprint.post('/<int:batch_id>/bank-file')
@village_only
def bank_file(batch_id: int) -> ResponseReturnValue:
    """Make the file for the bank; who made it, and when, is kept."""
    batch = _batch(batch_id)
    try:
        with transaction():
            file, rows = make_bank_file(batch, actor=required_user(), at=clock.now())
            name = f'{batch.number}-{file.id}'
    except BusinessError as error:
        return _refused(batch, error)
    if request.form.get('kind') == 'csv':
        return _download(write_text(rows), f'{name}.csv', 'text/csv')
    return _download(write_workbook(_('代发'), rows), f'{name}.xlsx', XLSX)


@blueprint.post('/<int:batch_id>/bank-result')
@village_only
def bank_result(batch_id: int) -> ResponseReturnValue:
    """Read the bank's result in, whole or not at all."""
    request.max_content_length = MAX_BYTES + ROOM_FOR_FORM
    batch = _batch(batch_id)
    try:
        reader = FieldReader(request.form)
        paid_on = reader.day('result_on', _('到账日'))
        given = request.files.get('result')
        content = given.read() if given is not None else b''
        if paid_on is None:
            return show_batch(batch, errors=reader.errors, typed=request.form, code=UNPROCESSABLE)
        with transaction():
            count = read_result(
                batch,
                content,
                file_name=clean_text(given.filename or '') if given is not None else '',
                paid_on=paid_on,
                actor=required_user(),
                at=clock.now(),
            )
    except RequestEntityTooLarge:
        return show_batch(batch, faults=(_('文件太大：最多 %(n)s MB。', n=MAX_BYTES // 1024 // 1024),), code=413)
    except SheetError as error:
        return show_batch(batch, faults=error.faults, typed=request.form, code=UNPROCESSABLE)
    except BusinessError as error:
        return _refused(batch, error)
    flash(
        _(
            '银行结果已导入：成功 %(paid)s 户，退回 %(failed)s 户，以前已记 %(known)s 户。',
            paid=count.paid,
            failed=count.failed,
            known=count.known,
        )
    )
    return redirect(f'/desk/payouts/{batch_id}', 303)


@blueprint.post('/<int:batch_id>/slips')
@village_only
def slips(batch_id: int) -> ResponseReturnValue:
    """Keep a photo of the signed roster."""
    batch = _batch(batch_id)
    try:
        given = request.files.get('slip')
        picture = prepare_picture(given.stream.read() if given is not None else b'')
        note = clean_text(request.form.get('note', ''))[:60]
        with transaction():
            add_slip(batch, keep_slip(picture), note=note, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return show_batch(batch, errors={'slip': error.message}, typed=request.form, code=UNPROCESSABLE)
    flash(_('签收照片已存，拍摄地点等信息已去掉。'))
    return redirect(f'/desk/payouts/{batch_id}', 303)


@blueprint.get('/<int:batch_id>/slips/<int:slip_id>')
@village_only
def slip(batch_id: int, slip_id: int) -> Response:
    """Send a photo of the roster to the people of its village."""
    return send_slip(_batch(batch_id), slip_id)


def send_slip(batch: PayoutBatch, slip_id: int) -> Response:
    """Send a photo of a batch's roster; raises `NotFoundError`."""
    found = next((one for one in slips_of(batch) if one.id == slip_id), None)
    content = read_slip(found.digest) if found is not None else None
    if content is None:
        raise NotFoundError
    response = Response(content, mimetype='image/jpeg')
    response.headers['Cache-Control'] = 'no-store'
    return response


def _batch(batch_id: int) -> PayoutBatch:
    return batch_at_desk(batch_id, village_for_desk(required_user()))


def _refused(batch: PayoutBatch, error: BusinessError, chosen: Sequence[str] = ()) -> ResponseReturnValue:
    errors = {error.field: error.message} if error.field else {}
    return show_batch(
        batch, errors=errors, typed=request.form, chosen=chosen, refusal='' if errors else error.message, code=CONFLICT
    )


def _download(content: bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers['Content-Disposition'] = f'attachment; filename="{name}"'
    response.headers['Cache-Control'] = 'no-store'
    return response
