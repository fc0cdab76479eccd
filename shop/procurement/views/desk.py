"""The village's invoices to institutions: what is to be issued, to whom, and the number once it is."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.fields import clean_text
from shop.procurement.views.invoicing import invoices_of_village, try_to_record
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422

blueprint = Blueprint('desk_institution_invoices', __name__, url_prefix='/desk/institution-invoices')
desk_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@desk_only
def index() -> ResponseReturnValue:
    """Show what is to be invoiced, and what was."""
    return _page()


@blueprint.post('/<number>')
@desk_only
def record(number: str) -> ResponseReturnValue:
    """Keep the number and day of an invoice; the sum follows from the order."""
    user = required_user()
    village_id = village_for_desk(user).id
    errors = try_to_record(number, request.form, village_id=village_id, actor=user, at=clock.now())
    if errors:
        return _page(errors, number, UNPROCESSABLE)
    flash(_('发票已登记。'))
    return redirect('/desk/institution-invoices', 303)


def _page(errors: Mapping[str, str] = MappingProxyType({}), number: str = '', code: int = 200) -> ResponseReturnValue:
    village = village_for_desk(required_user())
    rows = invoices_of_village(village.id)
    page = render_template(
        'procurement/desk/invoices.html',
        village=village,
        waiting=[row for row in rows if row[1].invoice is None],
        done=[row for row in rows if row[1].invoice is not None],
        errors=errors,
        number=number,
        typed={name: clean_text(request.form.get(name, '')) for name in ('number', 'issued_on')},
        today=clock.today(),
    )
    return page, code
