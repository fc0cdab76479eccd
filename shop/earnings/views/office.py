"""The township verifies batches of earnings; the departments and the auditor read them."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.earnings.models import EarningsBatch, EarningsStatus
from shop.earnings.queries import batch_in_scope, batches_in_scope, sums_by_kind
from shop.earnings.reckoning import UNITS, quantity_text
from shop.earnings.services import return_batch, verify_batch
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text
from shop.kit.pagination import page_number
from shop.villages.scope import has_role_over, villages_in_scope

CONFLICT = 409

blueprint = Blueprint('office_earnings', __name__, url_prefix='/office/earnings')
officials_only = open_to(Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
township_only = open_to(Role.TOWNSHIP_REVIEWER)


@blueprint.get('')
@officials_only
def batches() -> str:
    """List the batches within the reader's scope, and what the booked ones come to."""
    user = required_user()
    status = EarningsStatus.find(request.args.get('status'))
    return render_template(
        'earnings/office/list.html',
        page=batches_in_scope(user, page_number(request.args.get('page')), status=status),
        status=status,
        sums=sums_by_kind(villages_in_scope(user)),
        address=_address(status),
    )


@blueprint.get('/<number>')
@officials_only
def batch(number: str) -> str:
    """Show one batch."""
    return _page(batch_in_scope(number, required_user()))


@blueprint.post('/<number>/verification')
@township_only
def verification(number: str) -> ResponseReturnValue:
    """Sign that the batch was paid as written; it is booked at once."""
    try:
        with transaction():
            own = _of_township(number)
            verify_batch(own, actor=required_user(), at=clock.now())
            told = _('已核实入账。') if own.kind.is_benefit else _('已登记：捐赠不计惠农。')
    except BusinessError as error:
        return _page(_of_township(number), error=error.message), CONFLICT
    flash(told)
    return redirect(f'/office/earnings/{number}', 303)


@blueprint.post('/<number>/return')
@township_only
def give_back(number: str) -> ResponseReturnValue:
    """Give the batch back to the village with a reason."""
    reason = clean_text(request.form.get('reason', ''))
    try:
        with transaction():
            return_batch(_of_township(number), reason=reason, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _page(_of_township(number), error=error.message, reason=reason), CONFLICT
    flash(_('已退回村里。'))
    return redirect('/office/earnings', 303)


def _of_township(number: str) -> EarningsBatch:
    """Return a batch of a village of the reviewer's own township; raises `NotFoundError`."""
    user = required_user()
    own = batch_in_scope(number, user)
    if not has_role_over(user, Role.TOWNSHIP_REVIEWER, own.village):
        raise NotFoundError
    return own


def _page(own: EarningsBatch, *, error: str = '', reason: str = '') -> str:
    user = required_user()
    may_verify = own.status is EarningsStatus.SUBMITTED and has_role_over(user, Role.TOWNSHIP_REVIEWER, own.village)
    return render_template(
        'earnings/office/show.html',
        batch=own,
        error=error,
        reason=reason,
        may_verify=may_verify,
        unit=UNITS[own.kind],
        quantity_text=quantity_text,
        is_named=Role.AUDITOR in user.roles,
    )


def _address(status: EarningsStatus | None) -> Callable[[int], str]:
    def address(page: int) -> str:
        known = {'status': status.value} if status is not None else {}
        return '/office/earnings?' + urlencode({**known, 'page': page})

    return address
