"""The department's institutions: admitting them, their people, their orders and invoices."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import INSTITUTION_ROLES, Role, User
from shop.accounts.privacy_models import AccessKind
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.kit.pagination import Page, page_number
from shop.procurement.institution import Institution, InstitutionStatus
from shop.procurement.institutions import (
    admit_institution,
    appoint_member,
    refuse_institution,
    remove_member,
    suspend_institution,
)
from shop.procurement.queries import (
    OFFICIALS,
    institution_in_scope,
    institutions_in_scope,
    members_of,
    orders_of_institution,
    spending_of,
)
from shop.procurement.settling import invoices_of
from shop.procurement.views.invoicing import try_to_record

UNPROCESSABLE = 422
PAGE_SIZE = 30
DEPARTMENTS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)
Act = Callable[[Institution, User, datetime], Any]

blueprint = Blueprint('office_institutions', __name__, url_prefix='/office/institutions')
departments_only = open_to(*DEPARTMENTS)
officials_only = open_to(*OFFICIALS)


@blueprint.get('')
@officials_only
def index() -> str:
    """List the institutions in scope, those that wait first."""
    user = required_user()
    wanted = InstitutionStatus.find(request.args.get('status', ''))
    every = institutions_in_scope(user)
    counts = Counter(db.session.scalars(every.with_only_columns(Institution.status)).all())
    chosen = every.where(Institution.status == wanted) if wanted is not None else every
    number = page_number(request.args.get('page'))
    rows = db.session.scalars(
        chosen.order_by(Institution.status != InstitutionStatus.APPLIED, Institution.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    total = db.session.scalar(chosen.with_only_columns(func.count(Institution.id))) or 0
    return render_template(
        'procurement/office/institutions.html',
        page=Page(rows, number, PAGE_SIZE, total),
        status=wanted,
        statuses=InstitutionStatus,
        counts=counts,
    )


@blueprint.get('/<int:institution_id>')
@officials_only
def show(institution_id: int) -> ResponseReturnValue:
    """Show an institution with its people, orders and invoices."""
    return _page(institution_id)


@blueprint.post('/<int:institution_id>/decision')
@departments_only
def decide(institution_id: int) -> ResponseReturnValue:
    """Admit, refuse or suspend an institution."""
    decision, reason = request.form.get('decision', ''), clean_text(request.form.get('reason', ''))

    def act(institution: Institution, user: User, at: datetime) -> Any:
        if decision == 'admit':
            admit_institution(institution, actor=user, at=at)
            return _('已核准。')
        refuse = refuse_institution if decision == 'refuse' else suspend_institution
        refuse(institution, reason, actor=user, at=at)
        return _('已记下。')

    return _act(institution_id, act)


@blueprint.post('/<int:institution_id>/members')
@departments_only
def appoint(institution_id: int) -> ResponseReturnValue:
    """Give an account a role in an institution."""

    def act(institution: Institution, user: User, at: datetime) -> Any:
        role = Role.find(request.form.get('role'))
        added = appoint_member(institution, clean_text(request.form.get('login_name', '')), role, at=at)
        return _('已任命%(name)s。', name=added.name)

    return _act(institution_id, act)


@blueprint.post('/<int:institution_id>/members/<int:grant_id>/revocation')
@departments_only
def remove(institution_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role in an institution back."""

    def act(institution: Institution, user: User, at: datetime) -> Any:
        remove_member(institution, grant_id, INSTITUTION_ROLES, at=at)
        return _('已收回。')

    return _act(institution_id, act)


@blueprint.post('/<int:institution_id>/invoices/<number>')
@departments_only
def record(institution_id: int, number: str) -> ResponseReturnValue:
    """Keep the number and day of an invoice for a village that cannot."""
    user = required_user()
    institution = institution_in_scope(institution_id, user)
    errors = try_to_record(number, request.form, institution_id=institution.id, actor=user, at=clock.now())
    if errors:
        return _page(institution_id, errors, UNPROCESSABLE, number=number)
    flash(_('发票已登记。'))
    return redirect(f'/office/institutions/{institution_id}', 303)


def _act(institution_id: int, act: Act) -> ResponseReturnValue:
    user = required_user()
    try:
        with transaction():
            told = act(institution_in_scope(institution_id, user), user, clock.now())
    except BusinessError as error:
        return _page(institution_id, {error.field or 'reason': error.message}, UNPROCESSABLE)
    flash(told)
    return redirect(f'/office/institutions/{institution_id}', 303)


def _page(
    institution_id: int,
    errors: Mapping[str, str] = MappingProxyType({}),
    code: int = 200,
    *,
    number: str = '',
) -> ResponseReturnValue:
    user = required_user()
    institution = institution_in_scope(institution_id, user)
    rows = orders_of_institution(institution_id, at=clock.now())
    note_access(AccessKind.INSTITUTION, institution.id)
    page = render_template(
        'procurement/office/institution.html',
        institution=institution,
        members=members_of(institution_id),
        rows=[(row, invoices_of(row.orders)) for row in rows],
        spending=spending_of(institution_id),
        roles=[role for role in Role if role in INSTITUTION_ROLES],
        may_decide=bool(user.roles & set(DEPARTMENTS)),
        errors=errors,
        number=number,
        typed={
            name: clean_text(request.form.get(name, ''))[:300]
            for name in ('reason', 'login_name', 'role', 'number', 'issued_on')
        },
    )
    return page, code
