"""What search engines ask for: robots.txt and the sitemap."""

from flask import Blueprint, Response, current_app, render_template

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.presentation import public_address
from shop.storefront.addresses import FINDABLE
from shop.storefront.sitemap import Entry, sitemap_entries, sitemap_parts

HOUR = 3600
PAGES = 'pages'
# Pages of one's own, work, machines' doors, and the endless variations of one list.
CLOSED = (
    '/desk', '/office', '/basket', '/checkout', '/orders', '/account', '/sign-in', '/sign-up', '/preferences',
    '/payments', '/api/', '/search', '/products?q=', '/products?*&q=', '/products?*sort=',
)  # fmt: skip

blueprint = Blueprint('reach', __name__)


@blueprint.get('/robots.txt')
@open_to_everyone
def robots() -> Response:
    """Say what is not for search engines, and where the sitemap is."""
    closed = [f'Disallow: {path}' for path in CLOSED]
    lines = ['User-agent: *', *closed, '', f'Sitemap: {public_address("/sitemap.xml")}', '']
    return _answer('\n'.join(lines), 'text/plain')


@blueprint.get('/sitemap.xml')
@open_to_everyone
def index() -> Response:
    """Name the parts of the sitemap."""
    parts = sitemap_parts(on=clock.today())
    return _answer(render_template('storefront/sitemap_index.xml', root=public_address(''), parts=parts))


@blueprint.get(f'/sitemap/{PAGES}.xml')
@open_to_everyone
def pages() -> Response:
    """List the pages that there is one of."""
    paths = (rule.rule for rule in current_app.url_map.iter_rules() if rule.endpoint in FINDABLE and not rule.arguments)
    return _part([Entry(path, None) for path in sorted(paths)])


@blueprint.get('/sitemap/<kind>-<int:number>.xml')
@open_to_everyone
def part(kind: str, number: int) -> Response:
    """List at most 10,000 pages of a kind."""
    return _part(sitemap_entries(kind, number, on=clock.today()))


def _part(entries: list[Entry]) -> Response:
    return _answer(render_template('storefront/sitemap.xml', root=public_address(''), entries=entries))


def _answer(text: str, kind: str = 'application/xml') -> Response:
    response = Response(text, mimetype=kind)
    response.cache_control.public = True
    response.cache_control.max_age = HOUR
    return response
