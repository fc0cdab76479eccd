"""The address of a list: whatever is odd is dropped, and equal wishes have one address."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shop.storefront.wishes import Facet, Sort, Wish

NAMES = st.sampled_from(
    ['q', 'exact', 'county', 'category', 'village', 'brand', 'return', 'min', 'max', 'in_stock', 'sort', 'page', 'x']
)
VALUES = st.one_of(
    st.sampled_from(
        [
            '1',
            '0',
            '-1',
            '20',
            '39.90',
            'abc',
            '220524',
            'fruit',
            'seven_days',
            'sold',
            '-price',
            '木耳',
            '"',
            'NEAR(',
            '\x00',
        ]
    ),
    st.text(max_size=30),
)
ADDRESSES = st.lists(st.tuples(NAMES, VALUES), max_size=12)


def read(*pairs: tuple[str, str]) -> Wish:
    return Wish.read(MultiDict(list(pairs)))


def again(address: str) -> Wish:
    return Wish.read(MultiDict(parse_qsl(urlsplit(address).query)))


@pytest.fixture
def context(make_app):
    """Messages need a request's language, and nothing else of it."""
    with make_app().test_request_context('/'):
        yield


@pytest.mark.parametrize(
    ('pairs', 'address'),
    [
        ([], '/products'),
        ([('county', '220524')], '/products?county=220524'),
        ([('category', 'fruit'), ('page', '3')], '/products?category=fruit'),
        ([('county', 'b'), ('category', 'x'), ('county', 'a'), ('county', 'b')],
         '/products?county=a&county=b&category=x'),
        ([('min', '20.00'), ('max', '39.9')], '/products?min=20&max=39.90'),
        ([('min', '60'), ('max', '20')], '/products?min=20&max=60'),
        ([('min', '-5'), ('max', 'viel')], '/products'),
        ([('sort', 'new')], '/products'),
        ([('sort', 'relevance')], '/products'),
        ([('q', ' 木耳\x00 '), ('sort', 'relevance')], '/products?q=%E6%9C%A8%E8%80%B3'),
        ([('q', 'a'), ('sort', 'new'), ('exact', '1')], '/products?q=a&exact=1&sort=new'),
        ([('exact', '1')], '/products'),
        ([('q', 'a'), ('q', 'b')], '/products?q=a'),
        ([('in_stock', '1'), ('in_stock', '0')], '/products?in_stock=1'),
        ([('in_stock', 'yes'), ('return', 'no_such'), ('return', 'seven_days')], '/products?return=seven_days'),
        ([('county', "1' OR 1=1"), ('brand', '../..'), ('village', '')], '/products'),
        ([('utm', 'x'), ('sort', 'rubbish')], '/products'),
    ],
)  # fmt: skip
def test_equal_wishes_have_one_address(context, pairs, address):
    assert read(*pairs).address() == address


def test_a_page_is_part_of_the_address_only_when_asked_for(context):
    wish = read(('q', 'a'), ('page', '7'))
    assert (wish.page, wish.address(), wish.address(page=2)) == (7, '/products?q=a', '/products?q=a&page=2')
    assert [read(('page', text)).page for text in ('-1', 'abc', '', '0', '99999999999', '²')] == [1] * 6


def test_wishes_change_one_thing_and_start_at_page_one(context):
    wish = read(('county', 'a'), ('county', 'b'), ('in_stock', '1'), ('min', '5'), ('page', '4'))
    assert wish.without(Facet.COUNTY, 'a').address() == '/products?county=b&min=5&in_stock=1'
    assert wish.without(Facet.COUNTY).without(Facet.PRICE).without(Facet.STOCK).address() == '/products'
    assert wish.with_value(Facet.VILLAGE, 'v').values(Facet.VILLAGE) == ('v',)
    assert wish.between(3000, None).address() == '/products?county=a&county=b&min=30&in_stock=1'
    assert wish.sorted_by(Sort.SOLD).page == 1
    assert wish.searched('x').sort is Sort.RELEVANCE
    assert wish.searched('x').searched('').sort is Sort.NEW
    assert wish.filters == [Facet.COUNTY, Facet.PRICE, Facet.STOCK]


def test_a_price_that_cannot_be_read_is_kept_as_typed_beside_its_message(context):
    wish = read(('min', '约20'), ('max', '60'))
    assert wish.prices == ('约20', '60')
    assert '39.90' in wish.price_error
    assert (wish.least_fen, wish.most_fen) == (None, 6_000)
    assert read(('min', '9' * 10_000)).least_fen is None


@given(ADDRESSES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reading_an_address_that_was_written_changes_nothing(context, pairs):
    wish = read(*pairs)
    assert again(wish.address(wish.page)) == wish
    assert again(wish.address(wish.page)).address() == wish.address()
