"""The acceptance sheet of an institution's order: filled in, signed, shown."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import INSTITUTION_ROLES, Role
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text
from shop.procurement.accepting import Found, accept_delivery, lines_due
from shop.procurement.models import ProcurementStatus
from shop.procurement.queries import order_for, roles_in, shown

UNPROCESSABLE = 422
BUYERS = (Role.INSTITUTION_BUYER,)

blueprint = Blueprint('institution_acceptance', __name__, url_prefix='/institution/orders')


@blueprint.get('/<number>/acceptance')
@open_to(*INSTITUTION_ROLES)
def acceptance(number: str) -> ResponseReturnValue:
    """Show the acceptance sheet: to be filled in, or signed."""
    return _page(number)


@blueprint.post('/<number>/acceptance')
@open_to(*BUYERS)
def accept(number: str) -> ResponseReturnValue:
    """Sign for what arrived; what is short or damaged is refunded."""
    user, at, form = required_user(), clock.now(), request.form
    found, errors = _found(form)
    if errors:
        return _page(number, errors, UNPROCESSABLE)
    note = clean_text(form.get('note', ''))[:200]
    name = clean_text(form.get('signed_name', ''))
    try:
        with transaction():
            accept_delivery(order_for(user, number, BUYERS), found, signed_name=name, note=note, actor=user, at=at)
    except BusinessError as error:
        return _page(number, {error.field or 'signed_name': error.message}, UNPROCESSABLE)
    flash(_('已验收，农户的收益已入账；短缺和损坏的货款会退回。'))
    return redirect(f'/institution/orders/{number}', 303)


def _found(form: Mapping[str, str]) -> tuple[dict[int, Found], dict[str, str]]:
    counts: dict[int, dict[str, int]] = {}
    errors = {}
    for name, text in form.items():
        kind, _dash, line = name.partition('-')
        if kind not in {'short', 'damaged'} or not (line.isascii() and line.isdigit() and len(line) < 19):
            continue
        typed = text.strip() or '0'
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
            errors[name] = _('填 0 或件数。')
            continue
        counts.setdefault(int(line), {})[kind] = int(typed)
    return {line: Found(**wrong) for line, wrong in counts.items()}, errors


def _page(number: str, errors: Mapping[str, str] = MappingProxyType({}), code: int = 200) -> ResponseReturnValue:
    user = required_user()
    order = order_for(user, number)
    row = shown([order], at=clock.now())[0]
    if order.acceptance is None and row.status is not ProcurementStatus.AWAITING_ACCEPTANCE:
        raise NotFoundError
    page = render_template(
        'procurement/acceptance.html',
        order=order,
        row=row,
        due=lines_due(row.orders) if order.acceptance is None else [],
        may_sign=Role.INSTITUTION_BUYER in roles_in(user, order.institution_id),
        signer=user.name,
        errors=errors,
        typed=request.form,
    )
    return page, code
