"""What machines find: robots, the sitemap, canonical addresses, the headers of every answer."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.storefront.addresses import FINDABLE
from shop.storefront.seen import SEEN_COOKIE
from shop.villages.models import FirstSecretary
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_brand, make_project
from tests.factories.endorsements import make_listed_product, make_submittable_endorsement
from tests.support.statements import counted_statements

NAMES = {'s': 'http://www.sitemaps.org/schemas/sitemap/0.9'}
ROOT = 'https://shop.example'


@pytest.fixture
def shop(make_app, database_url, clock_hand):
    """The application under its public address."""
    app = make_app(DATABASE_URL=database_url, PUBLIC_URL=ROOT)
    with app.app_context():
        yield app


def found_in(answer, name: str) -> list[str]:
    assert answer.mimetype == 'application/xml'
    return [found.text for found in ET.fromstring(answer.text).iterfind(f'.//s:{name}', NAMES)]


def canonical(answer) -> str | None:
    found = re.search(r'<link rel="canonical" href="([^"]+)"', answer.text)
    return found[1].replace('&amp;', '&') if found else None


def is_unlisted(answer) -> bool:
    return '<meta name="robots" content="noindex">' in answer.text


def test_the_sitemap_names_every_page_once_and_only_open_ones(shop, clock_hand):
    client = shop.test_client()
    product = make_listed_product()
    draft = make_submittable_endorsement().product
    brand, project = make_brand(product.village), make_project(product.village)
    with transaction():
        hidden = db.session.query(FirstSecretary).order_by(FirstSecretary.id).first()
        hidden.is_name_hidden = True
        for thing in (brand, project):
            db.session.merge(thing).approved_on = clock_hand.day
        hidden_slug = hidden.slug
    parts = found_in(client.get('/sitemap.xml'), 'loc')
    assert all(part.startswith(f'{ROOT}/sitemap/') for part in parts)
    pages = [page for part in parts for page in found_in(client.get(part.removeprefix(ROOT)), 'loc')]
    paths = {page.removeprefix(ROOT) for page in pages}
    assert len(paths) == len(pages)
    assert {
        '/',
        '/products',
        f'/products/{product.slug}',
        f'/brands/{brand.slug}',
        f'/projects/{project.slug}',
    } <= paths
    assert paths.isdisjoint({f'/products/{draft.slug}', f'/secretaries/{hidden_slug}', '/basket', '/checkout'})
    assert [client.get(path).status_code for path in sorted(paths)] == [200] * len(paths)


def test_the_last_change_is_the_last_event(shop, clock_hand):
    client = shop.test_client()
    product = make_listed_product()
    assert found_in(client.get('/sitemap/products-1.xml'), 'lastmod') == []
    with transaction():
        at = clock_hand.move(days=2)
        endorsement = db.session.query(Endorsement).filter_by(product_id=product.id).one()
        endorsement.move(EndorsementStatus.PAUSED, actor_id=None, at=at)
        endorsement.move(EndorsementStatus.LISTED, actor_id=None, at=at + timedelta(hours=1))
    make_listed_product()  # has changed nothing since
    assert found_in(client.get('/sitemap/products-1.xml'), 'lastmod') == ['2026-06-17T05:00:00+00:00']
    assert '2026-06-17T05:00:00+00:00' in found_in(client.get('/sitemap.xml'), 'lastmod')


@pytest.mark.parametrize(
    'path', ['products-0', 'products-2', 'orders-1', 'products-99999999999999999999', 'products--1']
)
def test_there_is_no_other_part(shop, path):
    make_listed_product()
    assert shop.test_client().get(f'/sitemap/{path}.xml').status_code == 404


def test_a_large_kind_has_several_parts(shop, monkeypatch):
    monkeypatch.setattr('shop.storefront.sitemap.PART', 2)
    village = make_listed_product().village
    for _number in range(2):
        make_listed_product(village=village)
    client = shop.test_client()
    assert [len(found_in(client.get(f'/sitemap/products-{part}.xml'), 'loc')) for part in (1, 2)] == [2, 1]
    assert f'{ROOT}/sitemap/products-2.xml' in found_in(client.get('/sitemap.xml'), 'loc')


def test_robots_close_what_is_nobodys_business(shop):
    text = shop.test_client().get('/robots.txt').text
    assert f'Sitemap: {ROOT}/sitemap.xml' in text.splitlines()
    assert {'Disallow: /desk', 'Disallow: /office', 'Disallow: /checkout', 'Disallow: /account'} <= set(
        text.splitlines()
    )


@pytest.mark.parametrize(
    ('asked', 'address'),
    [
        ('/', '/'),
        ('/?utm=x&page=3', '/'),
        ('/products?page=1&x=1', '/products'),
        ('/products?in_stock=1&county=220524', '/products?county=220524&in_stock=1'),
        ('/villages?a=1&county=220524', '/villages?county=220524'),
        ('/sunshine?code=T0000001', '/sunshine'),
        ('/sunshine?lang=en', '/sunshine?lang=en'),
        ('/sunshine?lang=xx', '/sunshine'),
    ],
)
def test_one_page_has_one_address(shop, asked, address):
    assert canonical(shop.test_client().get(asked)) == ROOT + address


def test_each_language_has_its_address(shop):
    text = shop.test_client().get('/villages?county=220524').text.replace('&amp;', '&')
    assert re.findall(r'hreflang="([^"]+)" href="([^"]+)"', text) == [
        ('zh-Hans', f'{ROOT}/villages?county=220524&lang=zh'),
        ('en', f'{ROOT}/villages?county=220524&lang=en'),
        ('x-default', f'{ROOT}/villages?county=220524'),
    ]


def test_without_a_public_address_the_request_says_where(client):
    assert canonical(client.get('/brands')) == 'http://localhost/brands'


def test_ones_own_pages_searches_and_errors_are_not_listed(client):
    product = make_listed_product()
    assert [is_unlisted(client.get(path)) for path in ('/', '/products', f'/products/{product.slug}')] == [False] * 3
    hidden = (
        '/basket',
        '/sign-in',
        '/products?q=a',
        '/products?sort=price',
        '/products?county=1&category=b',
        '/nowhere',
    )
    assert [is_unlisted(client.get(path)) for path in hidden] == [True] * len(hidden)
    assert canonical(client.get('/products/none')) is None


def test_every_answer_says_what_a_page_may_do(client):
    headers = client.get('/').headers
    policy = dict(part.strip().split(' ', 1) for part in headers['Content-Security-Policy'].split(';'))
    assert policy['default-src'] == "'none'"
    assert policy['form-action'] == "'self'"
    assert {
        name for name, sources in policy.items() if 'unsafe' in sources or '*' in sources or 'http' in sources
    } == set()
    assert headers['X-Content-Type-Options'] == 'nosniff'
    assert 'Strict-Transport-Security' not in headers
    assert client.get('/nowhere').headers['Content-Security-Policy'] == headers['Content-Security-Policy']


def test_a_site_behind_tls_says_so_and_forms_may_lead_to_the_payment_page(make_app):
    app = make_app(COOKIE_SECURE='1', FORM_TARGETS='https://checkout.stripe.com https://pay.example:8443')
    headers = app.test_client().get('/robots.txt').headers
    assert headers['Strict-Transport-Security'].startswith('max-age=31536000')
    assert (
        "form-action 'self' https://checkout.stripe.com https://pay.example:8443" in headers['Content-Security-Policy']
    )
    with pytest.raises(ValueError, match='FORM_TARGETS'):
        make_app(FORM_TARGETS="https://pay.example/; script-src 'unsafe-inline'")


@pytest.mark.parametrize('encoding', ['br', 'gzip'])
def test_pages_and_static_files_travel_small(client, encoding):
    for path in ('/', '/static/css/base.css', '/static/js/shop.js', '/static/images/icons.svg'):
        plain, small = client.get(path), client.get(path, headers={'Accept-Encoding': encoding})
        assert small.headers['Content-Encoding'] == encoding
        assert len(small.data) < len(plain.data) * 0.8
        assert 'Accept-Encoding' in small.headers['Vary']
        plain.close()
        small.close()
    picture = client.get('/static/images/banner.webp', headers={'Accept-Encoding': encoding})
    assert 'Content-Encoding' not in picture.headers
    picture.close()


def test_a_visit_that_puts_nothing_in_gets_no_cookie_but_what_the_device_keeps_for_itself(client):
    product = make_listed_product()
    for path in ('/', '/products', '/basket', '/sunshine', '/sign-in', '/nowhere'):
        assert 'Set-Cookie' not in client.get(path).headers
    for _again in range(2):  # made afresh, and kept
        client.delete_cookie(SEEN_COOKIE)
        cookies = client.get(f'/products/{product.slug}').headers.getlist('Set-Cookie')
        assert [cookie.partition(';')[0] for cookie in cookies] == [f'{SEEN_COOKIE}={product.slug}']


def test_the_statements_of_a_page_do_not_grow_with_its_rows(app, client):
    """A cookie that no kept page knows has the views make the page afresh."""
    client.set_cookie('afresh', '1')
    first = make_listed_product()
    paths = [
        '/',
        '/products',
        f'/products/{first.slug}',
        '/villages',
        f'/villages/{first.village.slug}',
        '/sunshine',
        '/brands',
    ]

    def counts() -> dict[str, int]:
        found = {}
        for path in paths:
            with counted_statements() as seen:
                assert client.get(path).status_code == 200
            found[path] = len(seen)
        return found

    make_listed_product(village=first.village)
    before = counts()
    for _number in range(4):
        make_brand(make_listed_product(village=first.village).village)
        make_listed_product()
    assert counts() == before


def test_findable_pages_exist_and_are_open(make_app):
    app = make_app()
    assert set(FINDABLE) <= set(app.view_functions)
    assert all(app.view_functions[endpoint].access.is_public for endpoint in FINDABLE)


def test_somebody_signed_in_gets_the_same_addresses(client):
    client.sign_in(make_user())
    assert canonical(client.get('/')) == 'http://localhost/'
