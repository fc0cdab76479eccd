"""The basket: put in, change, take out; nothing is changed silently."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, safe_target, signed_in_user
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import read_id
from shop.orders.addresses import addresses_of
from shop.orders.baskets import accept_changes, change_line, lines_of, put_in_basket, take_what_is_left
from shop.orders.quoting import quote
from shop.regions.divisions import division_name
from shop.storefront.buyer import current_buyer
from shop.storefront.delivery import PROVINCE_COOKIE, known_province
from shop.storefront.shown import Shown, notes_of

MAX_DIGITS = 9

blueprint = Blueprint('basket', __name__)


@blueprint.get('/basket')
@open_to_everyone
def show() -> str:
    """Show the basket with what has changed since; the freight is that to the buyer's province, where it is known."""
    rows, today = lines_of(current_buyer()), clock.today()
    province = _province()
    quantities = {line.variant_id: line.quantity for line, is_offered in rows if is_offered}
    costs = quote(quantities, province_code=province)
    notes = notes_of([line for line, _is_offered in rows], costs, today)
    return render_template(
        'storefront/basket.html',
        rows=rows,
        costs=costs,
        notes=notes,
        has_changes=any(not key.startswith('stock-') for key in notes),
        province=division_name(province) if province else '',
        today=today,
    )


@blueprint.post('/basket/lines')
@open_to_everyone
def put() -> ResponseReturnValue:
    """Put units of a variant into the basket; `then` says where to go on."""
    try:
        with transaction():
            variant_id, shown = whole('variant'), Shown.read(request.form)
            _units, shown_fen = shown.wanted.get(variant_id, (0, None))
            line = put_in_basket(
                current_buyer(begins=True), variant_id, whole('quantity', 1), at=clock.now(), shown_fen=shown_fen
            )
            is_changed = line.seen_price_fen != line.variant.price_fen
            address = f'/products/{line.variant.product.slug}?variant={line.variant_id}'
            left = line.variant.stock
            is_short = line.quantity > left
    except BusinessError as error:
        flash(error.message)
        return redirect(safe_target(request.form.get('back'), '/basket'), 303)
    if is_short:
        flash(_('只剩 %(n)s 件，购物车里多出的请减去。', n=left))
    if is_changed:
        flash(_('价格和您刚才看到的不一样了，请看一眼。'))
    if is_short or is_changed or request.form.get('then') == 'checkout':
        return redirect('/basket', 303)
    flash(_('已放进购物车。'))
    return redirect(address, 303)


@blueprint.post('/basket/lines/<int:line_id>')
@open_to_everyone
def change(line_id: int) -> ResponseReturnValue:
    """Set the units of a line; 0 or the remove button takes it out, another button sets it to what is left."""
    left_of = read_id(request.form.get('take_left'))
    quantity = 0 if request.form.get('remove') else whole('quantity', -1)
    try:
        with transaction():
            if left_of is not None:
                take_what_is_left(current_buyer(), left_of, at=clock.now())
            else:
                change_line(current_buyer(), line_id, quantity, at=clock.now())
    except NotFoundError:
        flash(_('这一行已经不在购物车里了。'))
    except BusinessError as error:
        flash(error.message)
    return redirect('/basket', 303)


@blueprint.post('/basket/changes')
@open_to_everyone
def accept() -> ResponseReturnValue:
    """Note that the buyer has seen what has changed."""
    try:
        with transaction():
            accept_changes(current_buyer(), Shown.read(request.form).facts, at=clock.now())
    except NotFoundError:
        flash(_('购物车还是空的'))
    return redirect('/basket', 303)


def _province() -> str:
    """Return where things go as far as it is known: by the default address, else by the device."""
    user = signed_in_user()
    book = addresses_of(user.id) if user is not None else ()
    return book[0].province_code if book else known_province(request.cookies.get(PROVINCE_COOKIE))


def whole(name: str, default: int = 0) -> int:
    """Read a whole number of the form; anything odd is -1, which no quantity is, a missing one `default`."""
    text = request.form.get(name, '').strip()
    if not text:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else -1
