"""What was looked at on this device: a cookie of the device's own, which no row of the shop knows."""

import re
from collections.abc import Sequence

from sqlalchemy import select

from shop.catalogue.models import Product
from shop.kit.database import db
from shop.storefront.cards import ProductCard, cards_of

SEEN_COOKIE = 'seen'
SEEN_FOR = 90 * 24 * 3600
MOST = 20
MAX_LENGTH = 1_600
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
