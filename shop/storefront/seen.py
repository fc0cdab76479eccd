"""What was looked at on this device: a cookie of the device's own, which no row of the shop knows."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import select
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Request

from shop.catalogue.models import Product
from shop.kit.database import db
from shop.storefront.cards import ProductCard, cards_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SEEN_COOKIE = 'seen'
SEEN_FOR = 90 * 24 * 3600
MOST = 20
MAX_LENGTH = 1_600
SHOWN = ('200', '304')
_PRODUCT_PAGE = re.compile(r'/products/([^/]+)')
_SLUG = re.compile(r'[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?')


def read_seen(cookie: str | None) -> list[str]:
    """Return the slugs of a cookie, the latest first; an odd cookie is as good as none."""
    if not cookie or len(cookie) > MAX_LENGTH:
        return []
    slugs = cookie.split('.')
    if len(slugs) > MOST or not all(_SLUG.fullmatch(slug) for slug in slugs):
        return []
    return list(dict.fromkeys(slugs))


def with_seen(cookie: str | None, slug: str) -> str | None:
    """Return the cookie after a product was looked at, or None for a slug that no cookie can hold."""
    if not _SLUG.fullmatch(slug):
        return None
    slugs = [slug, *(one for one in read_seen(cookie) if one != slug)][:MOST]
    while len('.'.join(slugs)) > MAX_LENGTH:
        slugs.pop()
    return '.'.join(slugs)


def seen_cards(slugs: Sequence[str]) -> list[ProductCard]:
    """Return the cards of these goods in this order; what is off sale is left out."""
    if not slugs:
        return []
    rows = db.session.execute(select(Product.slug, Product.id).where(Product.slug.in_(slugs)))
    ids = dict(rows.all())
    return cards_of([ids[slug] for slug in slugs if slug in ids])


class SeenMemory:
    """Writes the product whose page was shown first into the cookie.

    Stands before the kept pages: the page itself is the same for everybody, only the cookie is the device's own.
    """

    def __init__(self, application: 'WSGIApplication', *, is_secure: bool) -> None:
        """Stand before an application; `is_secure` keeps the cookie to HTTPS."""
        self.application = application
        self._is_secure = is_secure

    def __call__(self, environ: 'WSGIEnvironment', start_response: 'StartResponse') -> Iterable[bytes]:
        """Answer as the application does, with the cookie."""
        page = _PRODUCT_PAGE.fullmatch(environ.get('PATH_INFO', ''))
        if page is None or environ['REQUEST_METHOD'] != 'GET':
            return self.application(environ, start_response)
        before = Request(environ).cookies.get(SEEN_COOKIE)
        after = with_seen(before, page[1])
        if after is None or after == before:
            return self.application(environ, start_response)
        cookie = dump_cookie(
            SEEN_COOKIE, after, max_age=SEEN_FOR, secure=self._is_secure, samesite='Lax', httponly=False
        )

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            shown = [*headers, ('Set-Cookie', cookie)] if status.startswith(SHOWN) else headers
            return start_response(status, shown, *rest)

        return self.application(environ, start)


def remember_seen(app: Flask) -> None:
    """Let every device remember which goods it has looked at."""
    app.wsgi_app = SeenMemory(app.wsgi_app, is_secure=app.config['COOKIE_SECURE'])  # type: ignore[method-assign]
