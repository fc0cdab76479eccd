"""What a visitor may set for this device, and the answer to load balancers."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from shop.accounts.access import open_to_everyone, safe_target
from shop.kit.database import db
from shop.languages import COOKIE, SOURCE, find_language, language_address
from shop.presentation import TYPE_COOKIE

YEAR = 365 * 24 * 3600

blueprint = Blueprint('preferences', __name__)


@blueprint.post('/preferences/type')
@open_to_everyone
def set_type_size() -> ResponseReturnValue:
    """Switch large type on or off for this device."""
    response = redirect(safe_target(request.form.get('next')), 303)
    size = 'large' if request.form.get('size') == 'large' else 'normal'
    response.set_cookie(TYPE_COOKIE, size, max_age=YEAR, samesite='Lax')
    return response


@blueprint.post('/preferences/language')
@open_to_everyone
def set_language() -> ResponseReturnValue:
    """Choose the language for this device; a language the shop does not speak becomes that of the source."""
    response = redirect(language_address(None, safe_target(request.form.get('next'))), 303)
    chosen = find_language(request.form.get('language')) or SOURCE
    response.set_cookie(COOKIE, chosen.code, max_age=YEAR, samesite='Lax')
    return response


@blueprint.get('/healthz')
@open_to_everyone
def health() -> ResponseReturnValue:
    """Say that the application and its database answer."""
    db.session.execute(text('SELECT 1'))
    return {'status': 'ok'}
