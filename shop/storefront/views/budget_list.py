"""The budget list for institutions, open without signing in: fill it, count it per head, take it along and back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to_everyone, safe_target, signed_in_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text, read_id
from shop.kit.sheets import XLSX, SheetError, too_large_words
from shop.orders.basket import MOST_FOR_INSTITUTIONS
from shop.procurement.budget_list import MAX_LINES
from shop.procurement.forms import read_list as read_list_form
from shop.procurement.lists import Wanted, budget_of, change_list, list_of, put_on_list
from shop.procurement.picking import Row, look_up, pick_rows, read_pasted
from shop.procurement.sheets import MAX_BYTES, read_list, write_list, write_template
from shop.storefront.buyer import current_buyer

UNPROCESSABLE = 422
ROOM_FOR_FORM = 64 * 1024
MAX_TEXT = 20_000
ADDRESS = '/procurement/list'

blueprint = Blueprint('budget_list', __name__, url_prefix='/procurement')


@blueprint.get('/list')
@open_to_everyone
def show() -> ResponseReturnValue:
    """Show the list with what it comes to, and what was searched for to add."""
    return _page()


@blueprint.post('/list')
@open_to_everyone
def change() -> ResponseReturnValue:
    """Set heads, budget and units; the remove button of a line takes it out."""
    buyer = current_buyer(begins=True)
    found = list_of(buyer)
    form = read_list_form(request.form, [line.id for line in found.lines] if found is not None else [])
    removed = read_id(request.form.get('remove'))
    if removed in form.lines:
        form.lines[removed] = (0, False)
        form.errors.pop(f'quantity-{removed}', None)
    if form.errors:
        return _page(errors=form.errors, typed=request.form, code=UNPROCESSABLE)
    with transaction():
        change_list(buyer, form, at=clock.now())
    flash(_('清单已更新，价格按现在的算。'))
    return redirect(ADDRESS, 303)


@blueprint.post('/list/lines')
@open_to_everyone
def put() -> ResponseReturnValue:
    """Put units of a variant on the list; `back` says where to go on."""
    text = request.form.get('quantity', '').strip() or '1'
    wanted = Wanted(
        read_id(request.form.get('variant')) or 0,
        int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1,
        is_per_head=request.form.get('mode') == 'per_head',
    )
    try:
        with transaction():
            found = put_on_list(current_buyer(begins=True), [wanted], at=clock.now())
            count = len(found.lines)
    except BusinessError as error:
        flash(error.message)
    else:
        flash(_('已加入采购清单，现有 %(n)s 种。', n=count))
    return redirect(safe_target(request.form.get('back'), ADDRESS), 303)


@blueprint.post('/list/rows')
@open_to_everyone
def put_rows() -> ResponseReturnValue:
    """Put on the list what a sheet or pasted lines name; with faults nothing yet, the good rows can be kept."""
    request.max_content_length = MAX_BYTES + ROOM_FOR_FORM
    try:
        kept = request.form.getlist('row')
        if kept:
            return _keep(_read_kept(kept))
        given = request.files.get('sheet')
        text = clean_text(request.form.get('pasted', '').replace('\t', '  '))[:MAX_TEXT]
        rows: list[Row] = read_list(given.read()) if given is not None and given.filename else read_pasted(text)
    except RequestEntityTooLarge:
        return _page(errors={'sheet': too_large_words(MAX_BYTES)}, code=413)
    except SheetError as error:
        return _page(errors={'sheet': error.message}, code=UNPROCESSABLE)
    if not rows:
        message = _('粘贴几行“品名 规格 数量”，或选择一个 .xlsx 文件。')
        return _page(errors={'pasted': message}, code=UNPROCESSABLE)
    picked = pick_rows(rows)
    if picked.faults:
        return _page(faults=picked.faults, kept=picked.wanted, typed=request.form, code=UNPROCESSABLE)
    return _keep(picked.wanted)


@blueprint.get('/list.xlsx')
@open_to_everyone
def export() -> Response:
    """Send the list as a workbook that can be read back."""
    budget = budget_of(list_of(current_buyer()))
    return _workbook(write_list(budget), budget.title or _('采购清单'))


@blueprint.get('/template.xlsx')
@open_to_everyone
def template() -> Response:
    """Send the empty workbook."""
    return _workbook(write_template(), _('采购清单模板'))


def _keep(wanted: Sequence[Wanted]) -> ResponseReturnValue:
    try:
        with transaction():
            put_on_list(current_buyer(begins=True), wanted, at=clock.now())
    except (BusinessError, NotFoundError) as error:
        message = error.message if isinstance(error, BusinessError) else _('有商品刚刚下架，请重新导入。')
        return _page(errors={'sheet': message}, code=UNPROCESSABLE)
    flash(_('已加入 %(n)s 种商品。', n=len(wanted)))
    return redirect(ADDRESS, 303)


def _read_kept(rows: Sequence[str]) -> list[Wanted]:
    """Read ``variant:quantity:mode`` as the page had shown them; odd ones are left out."""
    wanted = []
    for row in rows[:MAX_LINES]:
        variant, _colon, rest = row.partition(':')
        quantity, _colon, mode = rest.partition(':')
        variant_id, units = read_id(variant), read_id(quantity)
        if variant_id is not None and units is not None and units <= MOST_FOR_INSTITUTIONS:
            wanted.append(Wanted(variant_id, units, is_per_head=mode == 'per_head'))
    return wanted


def _page(
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    faults: Sequence[str] = (),
    kept: Sequence[Wanted] = (),
    typed: Mapping[str, str] = MappingProxyType({}),
    code: int = 200,
) -> ResponseReturnValue:
    user = signed_in_user()
    query = clean_text(request.args.get('q', ''))[:60]
    page = render_template(
        'storefront/budget_list.html',
        budget=budget_of(list_of(current_buyer())),
        errors=errors,
        faults=faults,
        kept=kept,
        typed=typed,
        sought=query,
        found=look_up(query),
        may_order=user is not None and Role.INSTITUTION_BUYER in user.roles,
    )
    return page, code


def _workbook(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=XLSX)
    answer.headers['Content-Disposition'] = f"attachment; filename=list.xlsx; filename*=UTF-8''{quote(name)}.xlsx"
    answer.headers['Cache-Control'] = 'no-store'
    return answer
