"""What a shopper asked of the product list: the one place that reads and writes its address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.catalogue.models import ReturnClass
from shop.kit.enums import Labelled
from shop.kit.fields import clean_text
from shop.kit.money import FEN_PER_YUAN, Money, MoneyFormatError
from shop.kit.pagination import page_number

MAX_QUERY = 60
MAX_VALUES = 20
MAX_PRICE_FEN = 100_000_000
LIST = '/products'

_NAME = re.compile(r'[a-z0-9][a-z0-9_-]{0,79}', re.ASCII)


class Sort(Labelled):
    """The orders a shopper may choose."""

    RELEVANCE = 'relevance', '综合'
    NEW = 'new', '新上架'
    SOLD = 'sold', '销量'
    PRICE_UP = 'price', '价格从低到高'
    PRICE_DOWN = '-price', '价格从高到低'


class Facet(Enum):
    """What the list can be narrowed by; the values are the names in the address."""

    COUNTY = 'county'
    CATEGORY = 'category'
    PRICE = 'price'
    STOCK = 'in_stock'
    RETURN = 'return'
    VILLAGE = 'village'
    BRAND = 'brand'


MANY = (Facet.COUNTY, Facet.CATEGORY, Facet.RETURN, Facet.VILLAGE, Facet.BRAND)
Chosen = tuple[tuple[Facet, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Wish:
    """What a shopper asked for, in canonical form: equal wishes are equal and have one address.

    Everything odd in the address has been dropped; a price that could not be read is kept as typed, beside
    its message. An exact query is taken letter by letter.
    """

    query: str = ''
    is_exact: bool = False
    chosen: Chosen = ()
    least_fen: int | None = None
    most_fen: int | None = None
    is_in_stock: bool = False
    sort: Sort = Sort.NEW
    page: int = 1
    typed_prices: tuple[str, str] = field(default=('', ''), compare=False)
    price_error: str = field(default='', compare=False)

    @classmethod
    def read(cls, args: 'MultiDict[str, str]') -> 'Wish':
        """Read the query string; never fails. What is given twice counts once, except the facets."""
        query = ' '.join(clean_text(args.get('q', '')[:1_000]).split())[:MAX_QUERY].strip()
        chosen = ((facet, _values(facet, args.getlist(facet.value))) for facet in MANY)
        typed = (clean_text(args.get('min', '')[:20]), clean_text(args.get('max', '')[:20]))
        least, most = (_fen(text) for text in typed)
        if least is not None and most is not None and least > most:
            least, most = most, least
        return cls(
            query=query,
            is_exact=bool(query) and args.get('exact') == '1',
            chosen=tuple((facet, values) for facet, values in chosen if values),
            least_fen=least,
            most_fen=most,
            is_in_stock=args.get('in_stock') == '1',
            sort=_sort(args.get('sort'), has_query=bool(query)),
            page=page_number(args.get('page')),
            typed_prices=typed,
            price_error=_price_error(typed),
        )

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Return what was chosen of a facet."""
        return dict(self.chosen).get(facet, ())

    def is_chosen(self, facet: Facet, value: str) -> bool:
        """Tell whether a value of a facet was chosen."""
        return value in self.values(facet)

    @property
    def has_price(self) -> bool:
        """Whether a price was asked for."""
        return self.least_fen is not None or self.most_fen is not None

    @property
    def filters(self) -> list[Facet]:
        """The facets the list is narrowed by, in their order."""
        chosen = dict(self.chosen)
        active = {Facet.PRICE: self.has_price, Facet.STOCK: self.is_in_stock}
        return [facet for facet in Facet if facet in chosen or active.get(facet)]

    @property
    def sorts(self) -> list[Sort]:
        """The orders that make sense; relevance only for a query."""
        return [sort for sort in Sort if self.query or sort is not Sort.RELEVANCE]

    @property
    def prices(self) -> tuple[str, str]:
        """The price fields: in canonical form, or as typed where that could not be read."""
        known = (_yuan(self.least_fen), _yuan(self.most_fen))
        return self.typed_prices if self.price_error else known

    def with_value(self, facet: Facet, value: str) -> 'Wish':
        """Choose one value more."""
        return self._choose(facet, (*self.values(facet), value))

    def without(self, facet: Facet, value: str = '') -> 'Wish':
        """Let one value go, or the whole facet."""
        if facet is Facet.PRICE:
            return replace(self, least_fen=None, most_fen=None, page=1)
        if facet is Facet.STOCK:
            return self.with_stock(is_in_stock=False)
        return self._choose(facet, [one for one in self.values(facet) if value and one != value])

    def between(self, least_fen: int | None, most_fen: int | None) -> 'Wish':
        """Ask for another price."""
        return replace(self, least_fen=least_fen, most_fen=most_fen, page=1)

    def with_stock(self, *, is_in_stock: bool) -> 'Wish':
        """Ask for goods in stock alone, or for all."""
        return replace(self, is_in_stock=is_in_stock, page=1)

    def searched(self, query: str, *, is_exact: bool = False) -> 'Wish':
        """Search something else, or nothing, under the same filters."""
        sort = _sort(str(self.sort.value) if self.sort is not self._default_sort else None, has_query=bool(query))
        return replace(self, query=query, is_exact=is_exact, sort=sort, page=1)

    def sorted_by(self, sort: Sort) -> 'Wish':
        """Ask for another order."""
        return replace(self, sort=sort, page=1)

    def unfiltered(self) -> 'Wish':
        """Keep the query alone."""
        return Wish(query=self.query, is_exact=self.is_exact, sort=self.sort)

    def fields(self, *without: str) -> list[tuple[str, str]]:
        """Return the names and values of the address, in canonical order; the page apart."""
        pairs = [('q', self.query), ('exact', '1' if self.is_exact else '')]
        pairs += [(facet.value, value) for facet, values in self.chosen for value in values]
        pairs += [('min', _yuan(self.least_fen)), ('max', _yuan(self.most_fen))]
        pairs += [('in_stock', '1' if self.is_in_stock else '')]
        pairs += [('sort', '' if self.sort is self._default_sort else str(self.sort.value))]
        return [(name, value) for name, value in pairs if value and name not in without]

    def address(self, page: int = 1) -> str:
        """Return the address of a page of this list."""
        pairs = self.fields() + ([('page', str(page))] if page > 1 else [])
        return LIST + (f'?{urlencode(pairs)}' if pairs else '')

    @property
    def _default_sort(self) -> Sort:
        return Sort.RELEVANCE if self.query else Sort.NEW

    def _choose(self, facet: Facet, values: Iterable[str]) -> 'Wish':
        chosen = {**dict(self.chosen), facet: _values(facet, values)}
        return replace(self, chosen=tuple((one, chosen[one]) for one in MANY if chosen.get(one)), page=1)


def _values(facet: Facet, given: Iterable[str]) -> tuple[str, ...]:
    if facet is Facet.RETURN:
        return tuple(sorted({text for text in given if ReturnClass.find(text)}))
    return tuple(sorted({text for text in given if _NAME.fullmatch(text)})[:MAX_VALUES])


def _sort(text: str | None, *, has_query: bool) -> Sort:
    found = Sort.find(text)
    if found is None or (found is Sort.RELEVANCE and not has_query):
        return Sort.RELEVANCE if has_query else Sort.NEW
    return found


def _fen(text: str) -> int | None:
    """Read a price; None for anything that is none."""
    try:
        fen = Money.parse(text).fen
    except MoneyFormatError:
        return None
    return fen if 0 <= fen <= MAX_PRICE_FEN else None


def _yuan(fen: int | None) -> str:
    """Write a price as short as it can be: ``20``, ``39.90``."""
    if fen is None:
        return ''
    return str(fen // FEN_PER_YUAN) if fen % FEN_PER_YUAN == 0 else Money(fen).yuan


def _price_error(typed: tuple[str, str]) -> str:
    if all(not text or _fen(text) is not None for text in typed):
        return ''
    return str(_('价格填 0 到 1,000,000 元之间的数，如 20 或 39.90。'))
