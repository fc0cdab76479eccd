"""Whatever stands in the address, the list answers with a page that helps, and suggestions with names."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalogue.models import Product
from shop.catalogue.search import search_tokens
from shop.catalogue.synonyms import add_synonyms
from shop.endorsements.models import EndorsementStatus
from shop.kit import clock
from shop.kit.database import transaction
from tests.factories.catalogue import make_brand, make_category, make_product
from tests.factories.endorsements import make_endorsement
from tests.factories.villages import make_tenure, make_village

ODD = (
    'q=%', 'q=%ff%fe', 'q=%00', 'q=%ED%A0%80', 'q=' + 'a' * 10_000, 'q=' + quote('木') * 3_000, 'q=%F0%9F%8D%84',
    'q=' + quote('木耳 muer 🍄 ｍｕｅｒ'), 'q=%22', 'q=OR', 'q=NEAR(', 'q=*', 'q=%27', 'q=%5C',
    'q=a%22+OR+*', 'q=%3A*&exact=1',
    'page=-1', 'page=abc', 'page=99999', 'page=1&page=2', 'min=60&max=20', 'min=abc', 'max=-1', 'min=1e9',
    'min=' + '9' * 6_000,
    'county=1&county=2&county=%27', 'return=x', 'sort=x', 'in_stock=true', 'x=1&y=%', '&&==&', 'q[]=1',
    'brand=' + 'b' * 5_000,
)  # fmt: skip
NAMES = st.sampled_from([
    'q', 'q', 'exact', 'county', 'category', 'village', 'brand', 'return', 'min', 'max', 'in_stock', 'sort', 'page',
    '', 'ü',
])  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(['" OR *', 'NEAR(', "'", '\\', '-', 'AND', '木耳" NOT', ':*',
                     '()', '1', 'sold', 'lanmai', '0x10', '𠀀', '\u202e']),
    st.binary(max_size=8),
)  # fmt: skip


@pytest.fixture
def goods(app, clock_hand) -> list[Product]:
    """Three goods of one village on sale."""
    with transaction():
        village = make_village('木耳岭村')
        tenure, brand = make_tenure(village, with_account=False), make_brand(village, name='岭上木耳')
        made = []
        for name, shelf in (('黑木耳', '木耳菌菇'), ('秋木耳', '木耳菌菇'), ('鲜蓝莓', '鲜果')):
            product = make_product(
                village, name=name, category=make_category(shelf), brand=brand, with_photo=False, with_project=False
            )
            product.search_tokens = search_tokens(name, shelf, village.name, brand.name)
            make_endorsement(product, tenure, status=EndorsementStatus.LISTED)
            made.append(product)
    return made


@pytest.mark.parametrize('path', ['/products', '/search/suggestions'])
def test_odd_addresses_get_an_answer(goods, client, path):
    for query in ODD:
        answer = client.get(f'{path}?{query}')
        assert answer.status_code == 200, query
        if path == '/products':
            assert 'class="pcard"' in answer.text, query


def test_no_query_string_breaks_the_list(goods, client):
    @given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.text('%&=abc"*木', max_size=20))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(pairs, rubbish):
        answer = client.get(
            '/products', query_string=f'{urlencode(pairs, errors="replace")}&{quote(rubbish, safe="%&=")}'
        )
        assert answer.status_code == 200
        assert 'class="pcard"' in answer.text

    check()


def test_a_price_that_cannot_be_read_gets_its_message_beside_the_field(goods, client):
    page = client.get('/products?min=about&max=60').text
    assert 'value="about"' in page
    assert 'id="price-error"' in page
    assert 'value="60"' in client.get('/products?min=60&max=20').text


def test_the_page_says_what_was_searched_instead_and_links_to_the_original(goods, client):
    page = client.get('/products?q=lanmai').text
    assert '没有“lanmai”，按“lanmei”找到 1 件。' in page
    assert '/products?q=lanmai&amp;exact=1' in page
    exact = client.get('/products?q=lanmai&exact=1').text
    assert '没有找到“lanmai”' in exact
    assert '大家常买的' in exact


def test_without_script_the_page_names_what_the_query_may_mean(goods, client):
    page = client.get('/products?q=muer').text
    assert '您是不是在找' in page
    assert f'href="/villages/{goods[0].village.slug}"' in page
    assert f'href="/brands/{goods[0].brand.slug}"' in page


def test_suggestions_are_names_with_their_pages(goods, client):
    answer = client.get('/search/suggestions?q=muer')
    assert answer.headers['Cache-Control'] == 'public, max-age=60'
    assert 'Set-Cookie' not in answer.headers
    first = goods[0]
    assert [(one['kind'], one['name'], one['href']) for one in answer.json['suggestions']] == [
        ('category', '木耳菌菇', f'/products?category={first.category.slug}'),
        ('village', '木耳岭村', f'/villages/{first.village.slug}'),
        ('brand', '岭上木耳', f'/brands/{first.brand.slug}'),
        ('product', '黑木耳', f'/products/{first.slug}'),
        ('product', '秋木耳', f'/products/{goods[1].slug}'),
    ]
    assert [one['name'] for one in client.get('/search/suggestions?q=蓝').json['suggestions']] == ['鲜蓝莓']
    assert client.get('/search/suggestions?q=周明远').json == {'suggestions': []}
    assert client.get('/search/suggestions').json == {'suggestions': []}


def test_suggestions_know_synonyms(goods, client):
    with transaction():
        add_synonyms(['蓝莓', '都柿'], actor=None, at=clock.now())
    assert [one['name'] for one in client.get('/search/suggestions?q=都柿').json['suggestions']] == ['鲜蓝莓']


def test_the_search_address_leads_to_the_list(goods, client):
    answer = client.get('/search?q=木耳&sort=sold&page=2&x=1')
    assert (answer.status_code, answer.headers['Location']) == (302, '/products?q=%E6%9C%A8%E8%80%B3&sort=sold&page=2')
