"""What a buyer, a guest too, can do about the data of one order: see who looked, take it along, stop letters."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.models import Order
from shop.privacy.letting_go import forget_order_email
from shop.privacy.looks import looks_at_order
from shop.privacy.records import order_record
from shop.storefront.buyer import current_buyer, order_of_buyer

blueprint = Blueprint('privacy_orders', __name__, url_prefix='/orders/<number>/privacy')


@blueprint.get('')
@open_to_everyone
def show(number: str) -> str:
    """Show what is held with an order and who of the staff has looked at it."""
    order = _own(number)
    return render_template('privacy/order.html', order=order, looks=looks_at_order(order))


@blueprint.get('/data.json')
@open_to_everyone
def export(number: str) -> Response:
    """Answer with the order as a file."""
    order = _own(number)
    response = jsonify(order_record(order))
    response.headers['Content-Disposition'] = f'attachment; filename="order-{order.number}.json"'
    response.headers['Cache-Control'] = 'private, no-store'
    return response


@blueprint.post('/letters')
@open_to_everyone
def stop_letters(number: str) -> ResponseReturnValue:
    """Forget the e-mail address of the order's checkout."""
    with transaction():
        forget_order_email(_own(number), at=clock.now())
    flash(_('已删去邮箱，不再写信。'))
    return redirect(f'/orders/{number}/privacy', 303)


def _own(number: str) -> Order:
    return order_of_buyer(number, current_buyer())
