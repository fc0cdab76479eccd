"""The basket: put in, change, take out; nothing is changed silently."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, safe_target
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.baskets import change_line, lines_of, put_in_basket
from shop.orders.quoting import quote
from shop.storefront.buyer import current_buyer

MAX_DIGITS = 9

blueprint = Blueprint('basket', __name__)


@blueprint.get('/basket')
@open_to_everyone
def show() -> str:
    """Show the basket with what has changed since."""
    rows = lines_of(current_buyer())
    costs = quote({line.variant_id: line.quantity for line, is_offered in rows if is_offered}, province_code='')
    return render_template(
        'storefront/basket.html',
        rows=rows,
        total_fen=costs.goods_fen,
        benefit_fen=costs.benefit_fen,
        today=clock.today(),
    )


@blueprint.post('/basket/lines')
@open_to_everyone
def put() -> ResponseReturnValue:
    """Put units of a variant into the basket; `then` says where to go on."""
    try:
        with transaction():
            line = put_in_basket(current_buyer(begins=True), whole('variant'), whole('quantity', 1), at=clock.now())
            address = f'/products/{line.variant.product.slug}?variant={line.variant_id}'
            left = line.variant.stock
            is_short = line.quantity > left
    except BusinessError as error:
        flash(error.message)
        return redirect(safe_target(request.form.get('back'), '/basket'), 303)
    if is_short:
        flash(_('只剩 %(n)s 件，购物车里多出的请减去。', n=left))
    if is_short or request.form.get('then') == 'checkout':
        return redirect('/basket', 303)
    flash(_('已放进购物车。'))
    return redirect(address, 303)


@blueprint.post('/basket/lines/<int:line_id>')
@open_to_everyone
def change(line_id: int) -> ResponseReturnValue:
    """Set the units of a line; 0 or the remove button takes it out."""
    quantity = 0 if request.form.get('remove') else whole('quantity', -1)
    try:
        with transaction():
            change_line(current_buyer(), line_id, quantity, at=clock.now())
    except NotFoundError:
        flash(_('这一行已经不在购物车里了。'))
    except BusinessError as error:
        flash(error.message)
    return redirect('/basket', 303)


def whole(name: str, default: int = 0) -> int:
    """Read a whole number of the form; anything odd is -1, which no quantity is, a missing one `default`."""
    text = request.form.get(name, '').strip()
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else -1
