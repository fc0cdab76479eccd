"""What was looked at on this device: remembered in the device's own cookie, shown, and forgotten at a touch."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone
from shop.storefront.seen import SEEN_COOKIE, read_seen, seen_cards

STRIP = 6

blueprint = Blueprint('seen', __name__)


@blueprint.get('/seen')
@open_to_everyone
def index() -> str:
    """Show the goods looked at, the latest first."""
    return render_template('storefront/seen.html', cards=seen_cards(read_seen(request.cookies.get(SEEN_COOKIE))))


@blueprint.get('/seen/strip')
@open_to_everyone
def strip() -> Response:
    """Answer with the strip at the foot of a product's page, without that product; empty when there is nothing."""
    slugs = [slug for slug in read_seen(request.cookies.get(SEEN_COOKIE)) if slug != request.args.get('except')]
    cards = seen_cards(slugs[:STRIP])
    response = Response(render_template('storefront/seen_strip.html', cards=cards) if cards else '')
    response.status_code = 200 if cards else 204
    response.headers['Cache-Control'] = 'no-store'
    return response


@blueprint.post('/seen/clearance')
@open_to_everyone
def clearance() -> ResponseReturnValue:
    """Forget everything that was looked at on this device."""
    response = redirect('/seen', 303)
    response.delete_cookie(SEEN_COOKIE, samesite='Lax')
    flash(_('这台设备上的浏览记录已清空。'))
    return response
