"""Stock and prices of a village, counted and changed only if nothing moved meanwhile."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import required_user
from shop.benefits.services import RuleError, reprice_variant
from shop.catalogue.forms import MAX_STOCK
from shop.catalogue.queries import variant_of, variants_of
from shop.catalogue.services import StockMovedError, count_stock
from shop.catalogue.stock import LOW_STOCK
from shop.endorsements.queries import newest_by_product
from shop.endorsements.views.wizard import UNPROCESSABLE, desk_only
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.fields import FieldReader, read_id
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_stock', __name__, url_prefix='/desk/stock')


@blueprint.get('')
@desk_only
def stock() -> ResponseReturnValue:
    """Show what is left of every variant."""
    return _show(village_for_desk(required_user()), {}, {})


@blueprint.post('/<int:variant_id>')
@desk_only
def save(variant_id: int) -> ResponseReturnValue:
    """Keep a count and a price; refused with the newest figures when the stock was sold meanwhile."""
    village = village_for_desk(required_user())
    variant = variant_of(variant_id, village.id)
    reader = FieldReader(request.form)
    counted = reader.whole('stock', _('库存'), most=MAX_STOCK)
    price = reader.money('price', _('单价'))
    seen = read_id(request.form.get('seen', '')) or 0
    errors = {f'{name}-{variant_id}': message for name, message in reader.errors.items()}
    if not errors:
        try:
            with transaction():
                if counted != seen:
                    count_stock(variant_id, counted=counted, seen=seen)
                if price != variant.price_fen:
                    reprice_variant(variant, price, at=clock.now())
        except StockMovedError as error:
            errors = {f'stock-{variant_id}': error.message}
        except RuleError as error:
            errors = {f'price-{variant_id}': error.message}
    if errors:
        return _show(village, errors, {variant_id: dict(request.form)})
    flash(_('%(name)s已存。', name=f'{variant.product.name} {variant.name}'))
    return redirect(f'/desk/stock#v{variant_id}', 303)


def _show(village: Village, errors: dict[str, str], typed: dict[int, dict[str, str]]) -> ResponseReturnValue:
    rows = variants_of(village.id)
    html = render_template(
        'endorsements/desk/stock.html',
        village=village,
        rows=rows,
        endorsements=newest_by_product({row.product_id for row in rows}),
        errors=errors,
        typed=typed,
        low=LOW_STOCK,
    )
    return html, UNPROCESSABLE if errors else 200
