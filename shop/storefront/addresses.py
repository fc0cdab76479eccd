"""What machines are told of a page's address: the canonical one, the one in each language, whether to list it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from flask import Flask, request
from werkzeug.datastructures import MultiDict

from shop.languages import LANGUAGES, PARAMETER, find_language
from shop.presentation import public_address
from shop.storefront.wishes import Wish

# With more than one filter the same goods come again and again.
MOST_FILTERS = 1
UNLISTED = frozenset({'q', 'sort'})

Query = Callable[['MultiDict[str, str]'], str]


def no_query(_args: 'MultiDict[str, str]') -> str:
    """For pages that no query string changes."""
    return ''


def _kept(*names: str) -> Query:
    """For pages that these parameters change, in this order."""

    def query(args: 'MultiDict[str, str]') -> str:
        return urlencode([(name, value) for name in names if (value := args.get(name, '')[:40])])

    return query


def _wish(args: 'MultiDict[str, str]') -> str:
    wish = Wish.read(args)
    page = {'page': wish.page} if wish.page > 1 else {}
    return wish.address(**page).partition('?')[2]


# The pages a search engine should know, each with what of its query string means something. They are the same for
# everybody who has no cookie. Any other page says noindex.
FINDABLE: dict[str, Query] = {
    'home.show': no_query,
    'products.index': _wish,
    'products.show': no_query,
    'reviews.of_product': _kept('stars', 'photos', 'page'),
    'places.counties': no_query,
    'places.county': no_query,
    'places.villages': _kept('county'),
    'places.village': no_query,
    'places.secretary': no_query,
    'brands.brands': _kept('county'),
    'brands.brand': no_query,
    'brands.projects': _kept('county'),
    'brands.project': no_query,
    'sunshine.show': no_query,
    'notices.notices': no_query,
    'payouts.index': _kept('page'),
    'privacy.notice': no_query,
    'seals.seals': _kept('page'),
    'seals.seal': no_query,
    'seals.proofs': no_query,
    'help.show': no_query,
    'help.complaints': no_query,
    'help.about': no_query,
}


@dataclass(frozen=True)
class PageAddress:
    """The address of the page of a request; absolute."""

    canonical: str
    in_languages: tuple[tuple[str, str], ...]
    is_listed: bool


def page_address() -> PageAddress | None:
    """Return the address of the request's page, or None for a page no search engine should know."""
    if request.endpoint not in FINDABLE:
        return None
    query = parse_qsl(FINDABLE[request.endpoint](request.args))
    names = [name for name, _value in query if name != 'page']
    base = public_address(quote(request.path))
    asked = find_language(request.args.get(PARAMETER))
    spoken = [(PARAMETER, asked.code)] if asked is not None else []
    return PageAddress(
        canonical=_with_query(base, [*query, *spoken]),
        in_languages=(
            *((one.tag, _with_query(base, [*query, (PARAMETER, one.code)])) for one in LANGUAGES),
            ('x-default', _with_query(base, query)),
        ),
        is_listed=len(names) <= MOST_FILTERS and UNLISTED.isdisjoint(names),
    )


def know_addresses(app: Flask) -> None:
    """Let every template ask for the address of its page."""

    @app.context_processor
    def address() -> dict[str, Any]:
        return {'page_address': page_address}


def _with_query(base: str, pairs: list[tuple[str, str]]) -> str:
    return f'{base}?{urlencode(pairs)}' if pairs else base
