"""Changes of agreements for the department: what waits, what is on notice, one with all that decides."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.benefits.findings import examine
from shop.benefits.models import AgreementVersion, VersionStatus
from shop.benefits.queries import version_before
from shop.benefits.weights import UNITS, weight_text
from shop.endorsements.agreement_changes import (
    approve_change,
    change_authors,
    is_county_of,
    product_of,
    return_change,
)
from shop.endorsements.agreement_queries import page_of_decided, version_in_scope, waiting_changes
from shop.endorsements.calculator import calculate_version, weight_label
from shop.endorsements.changes import changes_between
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.kit.pagination import page_number

blueprint = Blueprint('office_agreements', __name__, url_prefix='/office/agreements')
officials_only = open_to(Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
county_only = open_to(Role.COUNTY_DEPARTMENT)

CONFLICT = 409
UNPROCESSABLE = 422


@blueprint.get('')
@officials_only
def agreements() -> str:
    """List the changes that wait or stand on notice, and those that are decided."""
    user = required_user()
    return render_template(
        'endorsements/office/agreements.html',
        waiting=waiting_changes(user),
        page=page_of_decided(user, page_number(request.args.get('page'))),
    )


@blueprint.get('/<int:version_id>')
@officials_only
def agreement(version_id: int) -> ResponseReturnValue:
    """Show one change with all that decides."""
    user = required_user()
    return _show(version_in_scope(version_id, user), user)


@blueprint.post('/<int:version_id>/approval')
@county_only
def approval(version_id: int) -> ResponseReturnValue:
    """Put it on public notice."""
    user = required_user()
    found = version_in_scope(version_id, user)
    comment = clean_text(request.form.get('comment', ''))
    try:
        with transaction():
            days = current_app.config['NOTICE_DAYS']
            approve_change(found, notice_days=days, actor=user, at=clock.now(), comment=comment)
    except BusinessError as error:
        return _show(found, user, refusal=error, code=CONFLICT)
    flash(_('%(name)s的协议变更已通过，开始公示。', name=product_of(found.agreement).name))
    return redirect('/office/agreements', 303)


@blueprint.post('/<int:version_id>/return')
@county_only
def send_back(version_id: int) -> ResponseReturnValue:
    """Give it back to the village with a reason."""
    user = required_user()
    found = version_in_scope(version_id, user)
    reason = clean_text(request.form.get('reason', ''))
    try:
        with transaction():
            return_change(found, reason=reason, actor=user, at=clock.now())
    except BusinessError as error:
        code = UNPROCESSABLE if error.field == 'reason' else CONFLICT
        return _show(found, user, refusal=error, code=code)
    flash(_('%(name)s的协议变更已退回，理由已转给村里。', name=product_of(found.agreement).name))
    return redirect('/office/agreements', 303)


def _show(
    found: AgreementVersion, user: User, *, refusal: BusinessError | None = None, code: int = 200
) -> ResponseReturnValue:
    product = product_of(found.agreement)
    before = version_before(found)
    price = min((variant.price_fen for variant in product.variants if variant.is_offered), default=0)
    html = render_template(
        'endorsements/office/agreement.html',
        version=found,
        product=product,
        village=product.village,
        calculation=calculate_version(found, price),
        weight_label=weight_label(found.weight_kind),
        weight_unit=UNITS[found.weight_kind],
        weight_text=weight_text,
        before=before,
        changes=changes_between(before, found) if before is not None else [],
        examined=examine(found, on=clock.today()),
        is_county=is_county_of(user, product.village),
        is_author=user.id in change_authors(found),
        is_waiting=found.sent_at is not None and found.status is VersionStatus.IN_REVIEW,
        is_on_notice=found.sent_at is not None and found.status is VersionStatus.ON_NOTICE,
        refusal=refusal,
        comment=clean_text(request.form.get('comment', '')),
        reason=clean_text(request.form.get('reason', '')),
    )
    return html, code
