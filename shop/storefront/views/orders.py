"""One's own orders: tabs, the order page with what the purchase did, paying, cancelling, receiving."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.accounts.models import User
from shop.aftersales.queries import orders_with_cases
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.ledger.receipts import confirm_receipt
from shop.orders.models import Order, OrderStatus
from shop.orders.reordering import reorder
from shop.orders.services import CANCELLED_BY_BUYER, cancel_order
from shop.payments.services import GATEWAYS, start_payment
from shop.ratings.queries import orders_to_review
from shop.storefront.buyer import current_buyer, order_of_buyer, orders_of_buyer
from shop.storefront.order_page import order_page
from shop.storefront.reordered import reordered_words

S = OrderStatus
Action = Callable[[Order, User | None, datetime], None]
TO_REVIEW = 'to-review'
AFTERSALES = 'aftersales'
TABS: dict[str, tuple[Any, frozenset[OrderStatus] | None]] = {
    'all': (_lazy('全部'), None),
    'unpaid': (_lazy('待付款'), frozenset({S.PENDING_PAYMENT})),
    'unshipped': (_lazy('待发货'), frozenset({S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED})),
    'shipped': (_lazy('待收货'), frozenset({S.AWAITING_RECEIPT})),
    TO_REVIEW: (_lazy('待评价'), frozenset({S.COMPLETED})),
    AFTERSALES: (_lazy('退款/售后'), None),
    'completed': (_lazy('已完成'), frozenset({S.COMPLETED})),
    'ended': (_lazy('已取消/关闭'), frozenset({S.CANCELLED, S.CLOSED})),
}

blueprint = Blueprint('orders', __name__)


@blueprint.get('/orders')
@open_to_everyone
def index() -> ResponseReturnValue:
    """List one's orders; a visitor without any is led to sign in."""
    buyer = current_buyer()
    tab = request.args.get('tab', 'all')
    orders = orders_of_buyer(buyer)
    if not orders and signed_in_user() is None:
        return redirect('/sign-in?next=/orders', 303)
    ids = [order.id for order in orders]
    to_review = orders_to_review(ids)
    chosen = {TO_REVIEW: to_review, AFTERSALES: orders_with_cases(ids)}
    rows = {key: _under(key, orders, chosen) for key in TABS}
    tab = tab if tab in TABS else 'all'
    tabs = [(key, name, len(rows[key])) for key, (name, _statuses) in TABS.items()]
    return render_template(
        'storefront/orders/list.html',
        orders=rows[tab],
        tabs=tabs,
        tab=tab,
        to_review=to_review,
        with_cases=chosen[AFTERSALES],
    )


def _under(tab: str, orders: list[Order], chosen: dict[str, set[int]]) -> list[Order]:
    """Return the orders that stand under a tab."""
    if tab in chosen:
        return [order for order in orders if order.id in chosen[tab]]
    _name, statuses = TABS[tab]
    return [order for order in orders if statuses is None or order.status in statuses]


@blueprint.get('/orders/<number>')
@open_to_everyone
def show(number: str) -> str:
    """Show an order, and what it did."""
    page = order_page(order_of_buyer(number, current_buyer()), at=clock.now())
    return render_template('storefront/orders/show.html', page=page)


@blueprint.post('/orders/<number>/payment')
@open_to_everyone
def pay(number: str) -> ResponseReturnValue:
    """Go on to the payment of an order."""
    gateway = current_app.config['PAYMENT_GATEWAY']
    try:
        with transaction():
            order = order_of_buyer(number, current_buyer())
            target = GATEWAYS[gateway].start(start_payment(order.checkout, gateway, at=clock.now()))
    except BusinessError as error:
        flash(error.message)
        target = f'/orders/{number}'
    return redirect(target, 303)


@blueprint.post('/orders/<number>/basket')
@open_to_everyone
def reorder_all(number: str) -> ResponseReturnValue:
    """Fill the basket with what was bought and is still on sale; what has changed is said."""
    with transaction():
        buyer = current_buyer(begins=True)
        done = reorder(order_of_buyer(number, buyer), buyer, at=clock.now())
        said = list(reordered_words(done))
    for sentence in said:
        flash(sentence)
    return redirect('/basket' if done.kinds or done.already else f'/orders/{number}', 303)


@blueprint.post('/orders/<number>/cancellation')
@open_to_everyone
def cancel(number: str) -> ResponseReturnValue:
    """Cancel an unpaid order."""
    return _act(
        number,
        lambda order, actor, at: cancel_order(order, actor=actor, at=at, reason=CANCELLED_BY_BUYER),
        _('订单已取消。'),
    )


@blueprint.post('/orders/<number>/receipt')
@open_to_everyone
def receive(number: str) -> ResponseReturnValue:
    """Say that the goods have arrived; the households are credited."""
    return _act(
        number, lambda order, actor, at: confirm_receipt(order, actor=actor, at=at), _('已确认收货，农户的收益已入账。')
    )


def _act(number: str, action: Action, done: str) -> ResponseReturnValue:
    try:
        with transaction():
            action(order_of_buyer(number, current_buyer()), signed_in_user(), clock.now())
        flash(done)
    except BusinessError as error:
        flash(error.message)
    return redirect(f'/orders/{number}', 303)
