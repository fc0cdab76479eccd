"""An institution's orders: drafted, approved, paid by transfer, arrived, with their certificate."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import INSTITUTION_ROLES, Role, User
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.orders.baskets import Buyer
from shop.procurement.approval import approve_order, cancel_procurement, may_decide, return_order
from shop.procurement.drafting import change_draft, draft_order, submit_order
from shop.procurement.following import confirm_arrival
from shop.procurement.forms import read_order
from shop.procurement.lists import budget_of, fill_list, list_of
from shop.procurement.models import CANCELLABLE, EDITABLE, ProcurementOrder
from shop.procurement.queries import institution_for, order_for, payment_of, roles_in, shown
from shop.procurement.settling import invoices_of, issue_certificate
from shop.procurement.views.order_pages import draft_page, form_of, form_of_list

UNPROCESSABLE = 422
CONFLICT = 409
BUYERS = (Role.INSTITUTION_BUYER,)
APPROVERS = (Role.INSTITUTION_APPROVER,)
Act = Callable[[ProcurementOrder, User, datetime], Any]
buyers_only = open_to(*BUYERS)
members_only = open_to(*INSTITUTION_ROLES)

blueprint = Blueprint('institution_orders', __name__, url_prefix='/institution/orders')


@blueprint.get('/new')
@buyers_only
def new() -> ResponseReturnValue:
    """Show the form that turns the buyer's list into an order."""
    institution = institution_for(required_user(), BUYERS)
    budget = budget_of(list_of(Buyer(user_id=required_user().id)))
    if not budget.total_fen:
        flash(_('清单里还没有能买的商品，先往清单里加。'))
        return redirect('/procurement/list', 303)
    return draft_page(form_of_list(budget, institution), institution, '/institution/orders')


@blueprint.post('')
@buyers_only
def draft() -> ResponseReturnValue:
    """Keep the order as a draft, or send it to the approver at once."""
    user, at = required_user(), clock.now()
    institution = institution_for(user, BUYERS)
    form = read_order(request.form, _variants())
    if request.form.get('reload'):
        return draft_page(form, institution, '/institution/orders', is_reloaded=True)
    if form.errors:
        return draft_page(form, institution, '/institution/orders', UNPROCESSABLE)
    try:
        with transaction():
            order = draft_order(institution, form, actor=user, at=at)
            told = _sent(order, user, at)
            number = order.number
    except BusinessError as error:
        form.errors[error.field or 'lines'] = error.message
        return draft_page(form, institution, '/institution/orders', UNPROCESSABLE)
    flash(told)
    return redirect(f'/institution/orders/{number}', 303)


@blueprint.get('/<number>/draft')
@buyers_only
def edit(number: str) -> ResponseReturnValue:
    """Show the form of an order that nobody reviews."""
    order = order_for(required_user(), number, BUYERS)
    if order.status not in EDITABLE:
        return redirect(f'/institution/orders/{number}', 303)
    return draft_page(form_of(order), order.institution, f'/institution/orders/{number}/draft', order=order)


@blueprint.post('/<number>/draft')
@buyers_only
def change(number: str) -> ResponseReturnValue:
    """Change an order that nobody reviews, or send it to the approver at once."""
    user, at = required_user(), clock.now()
    order = order_for(user, number, BUYERS)
    action = f'/institution/orders/{number}/draft'
    form = read_order(request.form, {line.variant_id for line in order.lines})
    if request.form.get('reload') or form.errors:
        code = UNPROCESSABLE if form.errors and not request.form.get('reload') else 200
        return draft_page(form, order.institution, action, code, order=order, is_reloaded=code == 200)
    try:
        with transaction():
            order = order_for(user, number, BUYERS)
            change_draft(order, form, actor=user, at=at)
            told = _sent(order, user, at)
    except BusinessError as error:
        form.errors[error.field or 'lines'] = error.message
        order = order_for(user, number, BUYERS)
        return draft_page(form, order.institution, action, UNPROCESSABLE, order=order)
    flash(told)
    return redirect(f'/institution/orders/{number}', 303)


@blueprint.get('/<number>')
@members_only
def show(number: str) -> ResponseReturnValue:
    """Show an order, where it stands and what is to be done."""
    return _page(number)


@blueprint.post('/<number>/submission')
@buyers_only
def submit(number: str) -> ResponseReturnValue:
    """Send a draft to the approver."""

    def act(order: ProcurementOrder, user: User, at: datetime) -> Any:
        submit_order(order, actor=user, at=at)
        return _('已送审，等本单位审批人审批。')

    return _act(number, act, BUYERS)


@blueprint.post('/<number>/approval')
@open_to(*APPROVERS)
def approve(number: str) -> ResponseReturnValue:
    """Agree to an order: its stock is held and the transfer is asked for."""

    def act(order: ProcurementOrder, user: User, at: datetime) -> Any:
        window = timedelta(days=current_app.config['TRANSFER_WINDOW_DAYS'])
        approve_order(order, window=window, actor=user, at=at)
        return _('已通过，库存已为本单位留好。请财务按识别码转账。')

    return _act(number, act, APPROVERS)


@blueprint.post('/<number>/return')
@open_to(*APPROVERS)
def send_back(number: str) -> ResponseReturnValue:
    """Send an order back to its buyer with a reason."""

    def act(order: ProcurementOrder, user: User, at: datetime) -> Any:
        return_order(order, clean_text(request.form.get('reason', '')), actor=user, at=at)
        return _('已退回采购人修改。')

    return _act(number, act, APPROVERS)


@blueprint.post('/<number>/cancellation')
@buyers_only
def cancel(number: str) -> ResponseReturnValue:
    """Give an order up before its money has come."""

    def act(order: ProcurementOrder, user: User, at: datetime) -> Any:
        cancel_procurement(order, actor=user, at=at)
        return _('采购单已取消，留着的库存已放回。')

    return _act(number, act, BUYERS)


@blueprint.post('/<number>/arrival')
@buyers_only
def arrive(number: str) -> ResponseReturnValue:
    """Say that every parcel is there."""

    def act(order: ProcurementOrder, user: User, at: datetime) -> Any:
        confirm_arrival(order, actor=user, at=at)
        return _('已登记到货，请逐行验收。')

    return _act(number, act, BUYERS, f'/institution/orders/{number}/acceptance')


@blueprint.post('/<number>/certificate')
@members_only
def certify(number: str) -> ResponseReturnValue:
    """Have the certificate issued, and show it."""
    user = required_user()
    with transaction():
        code = issue_certificate(order_for(user, number), actor=user, at=clock.now()).code
    return redirect(f'/procurement/certificates/{code}', 303)


@blueprint.post('/<number>/list')
@buyers_only
def refill(number: str) -> ResponseReturnValue:
    """Put the goods of an order back on the buyer's list."""
    user = required_user()
    with transaction():
        order = order_for(user, number, BUYERS)
        gone = fill_list(
            Buyer(user_id=user.id),
            {line.variant_id: line.quantity for line in order.lines},
            title=order.title,
            heads=order.heads,
            budget_fen=order.budget_per_head_fen,
            at=clock.now(),
        )
    flash(_('已放回采购清单。') if not gone else _('已放回采购清单，其中 %(n)s 种已下架。', n=gone))
    return redirect('/procurement/list', 303)


def _sent(order: ProcurementOrder, user: User, at: datetime) -> Any:
    if request.form.get('then') != 'submit':
        return _('草稿已保存。')
    submit_order(order, actor=user, at=at)
    return _('已送审，等本单位审批人审批。')


def _variants() -> set[int]:
    """Return the variants the form is about: what it names, and what stands on the buyer's list."""
    found = list_of(Buyer(user_id=required_user().id))
    return {line.variant_id for line in found.lines} if found is not None else set()


def _act(number: str, act: Act, roles: tuple[Role, ...], target: str = '') -> ResponseReturnValue:
    user = required_user()
    try:
        with transaction():
            told = act(order_for(user, number, roles), user, clock.now())
    except BusinessError as error:
        return _page(number, {error.field or 'order': error.message}, CONFLICT)
    flash(told)
    return redirect(target or f'/institution/orders/{number}', 303)


def _page(number: str, errors: Mapping[str, str] = MappingProxyType({}), code: int = 200) -> ResponseReturnValue:
    user, at = required_user(), clock.now()
    order = order_for(user, number)
    row = shown([order], at=at)[0]
    roles = roles_in(user, order.institution_id)
    page = render_template(
        'procurement/order.html',
        row=row,
        order=order,
        status=row.status,
        is_buyer=Role.INSTITUTION_BUYER in roles,
        may_approve=Role.INSTITUTION_APPROVER in roles and may_decide(order, user),
        is_approver=Role.INSTITUTION_APPROVER in roles,
        is_editable=row.status in EDITABLE,
        is_cancellable=row.status in CANCELLABLE,
        payment=payment_of(order) if order.checkout_id is not None else None,
        account=current_app.config,
        invoices=invoices_of(row.orders),
        errors=errors,
        reason=clean_text(request.form.get('reason', '')),
    )
    return page, code
