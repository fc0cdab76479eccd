"""The licences of a village's suppliers: which run out, and writing down the renewed ones."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import required_user
from shop.endorsements.licences import follow_licences
from shop.endorsements.views.wizard import UNPROCESSABLE, desk_only
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.suppliers.licences import WARNING_DAYS, expired_licences, expiring_licences
from shop.suppliers.queries import licence_of, suppliers_of
from shop.suppliers.services import renew_licence
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_licences', __name__, url_prefix='/desk/licences')


@blueprint.get('')
@desk_only
def licences() -> ResponseReturnValue:
    """Show every licence with its end."""
    return _show(village_for_desk(required_user()), {}, {})


@blueprint.post('/<int:licence_id>')
@desk_only
def renew(licence_id: int) -> ResponseReturnValue:
    """Write down the renewed licence; what was off sale for it comes back."""
    village = village_for_desk(required_user())
    licence = licence_of(licence_id, village.id)
    reader = FieldReader(request.form)
    number = reader.text(f'number-{licence_id}', _('证照编号'), limit=40)
    expires_on = reader.day(f'expires_on-{licence_id}', _('有效期至'), is_required=licence.expires_on is not None)
    errors = reader.errors
    if not errors:
        try:
            with transaction():
                renew_licence(licence, number=number, expires_on=expires_on, on=clock.today())
                resumed = follow_licences(at=clock.now())
        except BusinessError as error:
            errors = {error.field or f'number-{licence_id}': error.message}
    if errors:
        return _show(village, errors, request.form.to_dict())
    flash(_('证照已更新，%(n)s 件商品恢复销售。', n=resumed) if resumed else _('证照已更新。'))
    return redirect('/desk/licences', 303)


def _show(village: Village, errors: dict[str, str], typed: dict[str, str]) -> ResponseReturnValue:
    today = clock.today()
    suppliers = suppliers_of(village.id)
    every = [licence for supplier in suppliers for licence in supplier.licences]
    html = render_template(
        'endorsements/desk/licences.html',
        village=village,
        suppliers=suppliers,
        ended={licence.id for supplier in suppliers for licence in expired_licences(supplier.licences, today)},
        ending={licence.id for supplier in suppliers for licence in expiring_licences(supplier.licences, today)},
        total=len(every),
        warning_days=WARNING_DAYS,
        errors=errors,
        typed=typed,
    )
    return html, UNPROCESSABLE if errors else 200
