"""The village's orders: what waits to be sent, sending it, and giving money back before it is sent."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessKind
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.pagination import Page, page_number
from shop.orders.models import Courier, Order, OrderStatus
from shop.orders.services import ship_order
from shop.payments.refunds import refund_whole_order, refunds_of
from shop.payments.services import GATEWAYS
from shop.regions.divisions import place_name
from shop.villages.scope import village_for_desk

S = OrderStatus
PAGE_SIZE = 30
MAX_REASON = 200
TABS = {
    'unshipped': (_lazy('待发货'), (S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED)),
    'shipped': (_lazy('已发货'), (S.AWAITING_RECEIPT,)),
    'completed': (_lazy('已完成'), (S.COMPLETED,)),
    'closed': (_lazy('已关闭'), (S.CLOSED,)),
}

blueprint = Blueprint('desk_orders', __name__, url_prefix='/desk/orders')


@blueprint.get('')
@open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
def index() -> str:
    """List the village's paid orders by status, the oldest to send first."""
    village = village_for_desk(required_user())
    tab = request.args.get('tab', 'unshipped')
    tab = tab if tab in TABS else 'unshipped'
    where = (Order.village_id == village.id, Order.status.in_(TABS[tab][1]))
    number = page_number(request.args.get('page'))
    total = db.session.scalar(select(func.count(Order.id)).where(*where)) or 0
    order_by = Order.paid_at if tab == 'unshipped' else Order.paid_at.desc()
    rows = db.session.scalars(
        select(Order)
        .where(*where)
        .options(selectinload(Order.lines))
        .order_by(order_by, Order.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    note_access(AccessKind.ORDERS, village_id=village.id, order_ids=[order.id for order in rows])
    tabs = [(key, name) for key, (name, _statuses) in TABS.items()]
    return render_template(
        'orders/desk/list.html', village=village, tabs=tabs, tab=tab, page=Page(rows, number, PAGE_SIZE, total)
    )


@blueprint.get('/<number>')
@open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
def show(number: str) -> str:
    """Show one order of the village with the form that sends it."""
    return _page(_order(number), {}, {})


@blueprint.post('/<number>/shipments')
@open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
def ship(number: str) -> ResponseReturnValue:
    """Send a parcel; what was typed stays when it cannot be sent."""
    form, user = request.form, required_user()
    courier = Courier.find(form.get('courier')) or Courier.ZTO
    try:
        with transaction():
            order = _order(number)
            ship_order(
                order,
                {line.id: _whole(form.get(f'units-{line.id}', str(line.unshipped))) for line in order.lines},
                courier,
                form.get('tracking_number', ''),
                receive_within=timedelta(days=current_app.config['AUTO_RECEIVE_DAYS']),
                actor=user,
                at=clock.now(),
            )
    except BusinessError as error:
        return _page(_order(number), form.to_dict(), {error.field or 'tracking_number': error.message}), 422
    flash(_('已发货。'))
    return redirect(f'/desk/orders/{number}', 303)


@blueprint.post('/<number>/refunds')
@open_to(Role.FIRST_SECRETARY)
def refund(number: str) -> ResponseReturnValue:
    """Refund an order whole that has not been sent yet; the stock is the village's own decision."""
    reason = request.form.get('reason', '').strip()
    try:
        with transaction():
            order = _order(number)
            _require_refundable(order, reason)
            paid_back = refund_whole_order(order, reason=reason, actor=required_user(), at=clock.now())
            GATEWAYS[paid_back.payment.gateway].request_refund(paid_back, at=clock.now())
    except BusinessError as error:
        return _page(_order(number), request.form.to_dict(), {error.field or 'reason': error.message}), 422
    flash(_('已提交退款，订单关闭；款项原路退回。'))
    return redirect(f'/desk/orders/{number}', 303)


def _order(number: str) -> Order:
    village = village_for_desk(required_user())
    order = db.session.scalar(
        select(Order).where(Order.number == number, Order.village_id == village.id, Order.paid_at.is_not(None))
    )
    if order is None:
        raise NotFoundError
    return order


def _require_refundable(order: Order, reason: str) -> None:
    if order.status is not S.AWAITING_SHIPMENT:
        raise BusinessError(_('已经发货的订单不能在这里退款。'))
    if order.disputed_at is not None:
        raise BusinessError(_('这一单有售后申请，请先在“售后”里处理。'))
    if not 1 <= len(reason) <= MAX_REASON:
        raise BusinessError(_('请写明退款原因，买家会看到，最多 %(most)s 个字。', most=MAX_REASON), field='reason')


def _page(order: Order, values: dict[str, str], errors: dict[str, str]) -> str:
    note_access(AccessKind.ORDER, order.number, village_id=order.village_id)
    return render_template(
        'orders/desk/show.html',
        order=order,
        values=values,
        errors=errors,
        region=place_name(order.province_code, order.city_code, order.county_code),
        couriers=Courier.choices(),
        refunds=refunds_of(order.id),
        may_refund=Role.FIRST_SECRETARY in required_user().roles,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1
