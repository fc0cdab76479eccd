"""An institution's own page: its orders by state, its figures, its people; and the application to be admitted."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, open_to_signed_in, required_user
from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.procurement.employment import EmploymentStatus
from shop.procurement.employments import credited_sales, decide_employment
from shop.procurement.forms import read_institution
from shop.procurement.institution import Institution
from shop.procurement.institutions import (
    INVITABLE,
    apply_institution,
    invite_member,
    remove_member,
)
from shop.procurement.models import ProcurementStatus
from shop.procurement.queries import (
    applications_of,
    counties,
    employments_at,
    institution_for,
    institutions_of,
    members_of,
    orders_of_institution,
    roles_in,
    spending_of,
)

UNPROCESSABLE = 422
BUYERS = (Role.INSTITUTION_BUYER,)
buyers_only = open_to(*BUYERS)

blueprint = Blueprint('institution', __name__, url_prefix='/institution')


@blueprint.get('')
@open_to_signed_in
def show() -> ResponseReturnValue:
    """Show the institution somebody acts for, or how to have one admitted."""
    return _page()


@blueprint.get('/application')
@open_to_signed_in
def application() -> ResponseReturnValue:
    """Show the form that asks for an institution to be admitted."""
    return _application()


@blueprint.post('/application')
@open_to_signed_in
def apply() -> ResponseReturnValue:
    """Ask for an institution to be admitted; what was typed stays when it cannot be."""
    form = read_institution(request.form, {county.id for county in counties()})
    if form.errors:
        return _application(form.errors, UNPROCESSABLE)
    try:
        with transaction():
            apply_institution(form, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _application({error.field or 'name': error.message}, UNPROCESSABLE)
    except IntegrityError:
        db.session.rollback()  # somebody else has applied for it at the same instant
        return _application({'name': _('这个单位刚刚有人登记了。')}, UNPROCESSABLE)
    flash(_('申请已提交。县委组织部核准后，您就是这家单位的采购人。'))
    return redirect('/institution', 303)


@blueprint.post('/members')
@buyers_only
def invite() -> ResponseReturnValue:
    """Give an account the approver's or the finance role."""
    form = request.form

    def act(institution: Institution, actor: User, at: datetime) -> Any:
        role = Role.find(form.get('role'))
        user = invite_member(institution, clean_text(form.get('login_name', '')), role, at=at)
        return _('%(name)s现在是本单位的%(role)s。', name=user.name, role=role.label if role is not None else '')

    return _act(act)


@blueprint.post('/members/<int:grant_id>/revocation')
@buyers_only
def remove(grant_id: int) -> ResponseReturnValue:
    """Take the approver's or the finance role back."""

    def act(institution: Institution, actor: User, at: datetime) -> Any:
        remove_member(institution, grant_id, INVITABLE, at=at)
        return _('已收回。')

    return _act(act)


@blueprint.post('/employments/<int:employment_id>/decision')
@buyers_only
def decide(employment_id: int) -> ResponseReturnValue:
    """Agree to an employee's asking, decline it, or end the link."""
    to = {'agree': EmploymentStatus.LINKED, 'decline': EmploymentStatus.DECLINED}.get(
        request.form.get('decision', ''), EmploymentStatus.ENDED
    )

    def act(institution: Institution, actor: User, at: datetime) -> Any:
        decide_employment(institution, employment_id, to, actor=actor, at=at)
        return _('已记下。')

    return _act(act)


def _act(act: Callable[[Institution, User, datetime], Any]) -> ResponseReturnValue:
    user = required_user()
    try:
        with transaction():
            told = act(institution_for(user, BUYERS), user, clock.now())
    except BusinessError as error:
        return _page({error.field or 'people': error.message}, request.form, UNPROCESSABLE)
    flash(told)
    return redirect('/institution#people', 303)


def _page(
    errors: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, str] = MappingProxyType({}),
    code: int = 200,
) -> ResponseReturnValue:
    user, at = required_user(), clock.now()
    mine = institutions_of(user)
    if not mine:
        return render_template('procurement/welcome.html', applications=applications_of(user)), code
    institution = mine[0]
    rows = orders_of_institution(institution.id, at=at)
    status = ProcurementStatus.find(request.args.get('status', ''))
    roles = roles_in(user, institution.id)
    page = render_template(
        'procurement/institution.html',
        institution=institution,
        roles=roles,
        is_buyer=Role.INSTITUTION_BUYER in roles,
        orders=[row for row in rows if status is None or row.status is status],
        total=len(rows),
        status=status,
        statuses=ProcurementStatus,
        counts=Counter(row.status for row in rows),
        certificates=[row.order for row in rows if row.order.certificate is not None],
        spending=spending_of(institution.id),
        credited=credited_sales(institution.id),
        members=members_of(institution.id),
        employments=employments_at(institution.id) if Role.INSTITUTION_BUYER in roles else [],
        invitable=[role for role in Role if role in INVITABLE],
        errors=errors,
        typed={name: clean_text(typed.get(name, ''))[:64] for name in ('login_name', 'role')},
    )
    return page, code


def _application(errors: Mapping[str, str] = MappingProxyType({}), code: int = 200) -> ResponseReturnValue:
    page = render_template(
        'procurement/application.html',
        errors=errors,
        typed={name: clean_text(value)[:200] for name, value in request.form.items()},
        counties=[(county.id, county.name) for county in counties()],
    )
    return page, code
