"""What a device asks for by itself: its icon, and how the shop is put on a home screen."""

import json

from flask import Blueprint, Response, current_app, redirect
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.presentation import static_url, tagline

PAPER = '#faf6ee'
DAY = 24 * 3600
ICONS = (('icon-192.png', 192, 'any'), ('icon-512.png', 512, 'any'), ('icon-maskable-512.png', 512, 'maskable'))

blueprint = Blueprint('device', __name__)


@blueprint.get('/manifest.webmanifest')
@open_to_everyone
def manifest() -> Response:
    """Describe the shop as an application (W3C, Web Application Manifest)."""
    name = current_app.config['SHOP_NAME']
    content = {
        'id': '/',
        'name': name,
        'short_name': name[:12],
        'description': tagline(),
        'lang': 'zh-Hans',
        'start_url': '/',
        'scope': '/',
        'display': 'standalone',
        'background_color': PAPER,
        'theme_color': PAPER,
        'icons': [
            {'src': static_url(f'images/{file}'), 'sizes': f'{side}x{side}', 'type': 'image/png', 'purpose': purpose}
            for file, side, purpose in ICONS
        ],
    }
    response = Response(json.dumps(content, ensure_ascii=False), mimetype='application/manifest+json')
    response.cache_control.max_age = DAY
    return response


@blueprint.get('/favicon.ico')
@open_to_everyone
def favicon() -> ResponseReturnValue:
    """Lead those who ask at the old place to the icon."""
    response = redirect(static_url('images/favicon.ico'), 302)
    response.cache_control.max_age = DAY
    return response
