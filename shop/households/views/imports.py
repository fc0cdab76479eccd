"""Importing the national register: upload, the check page, and keeping the good rows."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to, required_user
from shop.households.forms import MAX_PAPER, FormError, plain_text, require_right
from shop.households.importing import check_import, drop_import, keep_import, planned_import
from shop.households.models import NumberKind, RegisterImport
from shop.households.plans import BatchConsent
from shop.households.policies import KEEPERS
from shop.households.reading import MAX_ROWS, read_register
from shop.households.views.sheets import keep_nowhere, number_keys
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader, clean_text
from shop.kit.sheets import MAX_BYTES, too_large_words
from shop.villages.scope import village_for_desk

ROOM_FOR_FORM = 64 * 1024
UNPROCESSABLE = 422
CONFLICT = 409
SHOWN_IMPORTS = 10

blueprint = Blueprint('desk_household_imports', __name__, url_prefix='/desk/households/imports')
blueprint.after_request(keep_nowhere)
keepers_only = open_to(*KEEPERS)


@blueprint.get('')
@keepers_only
def index() -> ResponseReturnValue:
    """Show the form of an upload, and what was imported before."""
    return _page(FieldReader({}))


@blueprint.post('')
@keepers_only
def upload() -> ResponseReturnValue:
    """Read a file and keep it, sealed, until somebody decides."""
    request.max_content_length = MAX_BYTES + ROOM_FOR_FORM
    user, at = required_user(), clock.now()
    try:
        given = request.files.get('file')
    except RequestEntityTooLarge:
        return _page(FieldReader({}), BusinessError(too_large_words(), field='file'), code=413)
    reader = FieldReader(request.form)
    try:
        content, name = (given.read(), given.filename or '') if given is not None else (b'', '')
        batch = _batch(reader)
        reading = read_register(content, on=clock.today())
        with transaction():
            row = check_import(
                village_for_desk(user),
                reading,
                batch,
                file_name=clean_text(name)[-120:],
                keys=number_keys(),
                actor=user,
                at=at,
            )
            import_id = row.id
    except BusinessError as error:
        return _page(reader, error, code=UNPROCESSABLE)
    return redirect(f'/desk/households/imports/{import_id}', 303)


@blueprint.get('/<int:import_id>')
@keepers_only
def show(import_id: int) -> ResponseReturnValue:
    """Show what the file would do now, row by row where something is wrong."""
    row = _own(import_id)
    if row.sealed_rows is None:
        flash(_('这份名册已经处理过，请重新上传。'))
        return redirect('/desk/households/imports', 303)
    plan = planned_import(row, keys=number_keys(), on=clock.today())
    return render_template('households/desk/import.html', village=row.village, row=row, plan=plan)


@blueprint.post('/<int:import_id>/decision')
@keepers_only
def decide(import_id: int) -> ResponseReturnValue:
    """Keep the good rows, or forget the file; deciding twice changes nothing more."""
    user = required_user()
    try:
        with transaction():
            row = _own(import_id)
            if request.form.get('decision') != 'keep':
                drop_import(row)
                told = _('已放弃，没有改动名册。')
            elif row.kept_at is not None:
                told = _('这份名册刚才已经导入。')
            else:
                plan = keep_import(row, keys=number_keys(), actor=user, at=clock.now())
                told = _(
                    '已导入：新增 %(new)s 户，变更 %(changed)s 户，未变 %(same)s 户；%(bad)s 行有误没有导入。',
                    new=len(plan.new),
                    changed=len(plan.changed),
                    same=len(plan.unchanged),
                    bad=len(plan.faults),
                )
    except IntegrityError:
        told = _('刚刚别处登记了同样的户编号或证件号码，请再看一遍检查结果。')
        flash(told)
        return redirect(f'/desk/households/imports/{import_id}', 303)
    except BusinessError as error:
        return _page(FieldReader({}), error, code=CONFLICT)
    flash(told)
    return redirect('/desk/households', 303)


def _own(import_id: int) -> RegisterImport:
    row = db.session.get(RegisterImport, import_id)
    if row is None or row.village_id != village_for_desk(required_user()).id:
        raise NotFoundError
    return row


def _batch(reader: FieldReader) -> BatchConsent:
    """Read the statement for the whole file; raises `FormError`."""
    kinds = tuple(kind.value for kind in NumberKind if reader.raw(f'batch_{kind.value}'))
    if not kinds:
        return BatchConsent()
    day = reader.day('batch_on', _('签署日期'))
    if day is not None and day > clock.today():
        reader.errors['batch_on'] = _('签署日期不能是以后的日期。')
    paper = plain_text(reader, 'batch_paper', _('同意书存放处'), limit=MAX_PAPER)
    require_right(reader)
    assert day is not None
    return BatchConsent(kinds, day.isoformat(), paper)


def _page(reader: FieldReader, error: BusinessError | None = None, *, code: int = 200) -> ResponseReturnValue:
    village = village_for_desk(required_user())
    if error is not None and not isinstance(error, FormError):
        reader.errors[error.field or 'file'] = error.message
    before = db.session.scalars(
        select(RegisterImport)
        .where(RegisterImport.village_id == village.id)
        .order_by(RegisterImport.id.desc())
        .limit(SHOWN_IMPORTS)
    )
    page = render_template(
        'households/desk/imports.html',
        village=village,
        imports=list(before),
        values={name: reader.raw(name) for name in reader.form},
        errors=reader.errors,
        number_kinds=NumberKind,
        most_rows=f'{MAX_ROWS:,}',
    )
    return page, code
