"""An employee's side of the link to an institution: asking, and ending it."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to_signed_in, required_user
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.procurement.employments import ask_employment, employment_of, end_employment

UNPROCESSABLE = 422
ADDRESS = '/account/institution'

blueprint = Blueprint('employee', __name__, url_prefix=ADDRESS)


@blueprint.get('')
@open_to_signed_in
def show() -> ResponseReturnValue:
    """Show whom one is linked to, or the form that asks."""
    return _page()


@blueprint.post('')
@open_to_signed_in
def ask() -> ResponseReturnValue:
    """Ask an institution to be linked."""
    name = clean_text(request.form.get('institution', ''))
    try:
        with transaction():
            ask_employment(name, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _page({error.field or 'institution': error.message}, name, UNPROCESSABLE)
    except IntegrityError:
        db.session.rollback()  # the same form arrived twice at once
    flash(_('已申请，等单位采购人同意。'))
    return redirect(ADDRESS, 303)


@blueprint.post('/ending')
@open_to_signed_in
def end() -> ResponseReturnValue:
    """End the link, or take the asking back."""
    with transaction():
        end_employment(actor=required_user(), at=clock.now())
    flash(_('已解除。以后的订单不再计入；已计入的不变。'))
    return redirect(ADDRESS, 303)


def _page(errors: Mapping[str, str] = MappingProxyType({}), typed: str = '', code: int = 200) -> ResponseReturnValue:
    employment = employment_of(required_user())
    return render_template('procurement/employment.html', employment=employment, errors=errors, typed=typed[:60]), code
