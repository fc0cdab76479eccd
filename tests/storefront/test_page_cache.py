"""Kept pages: as quick as memory, never older than the data, never anybody's own."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.catalogue.models import Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.page_cache import MOST_BYTES, PageCache
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.support.statements import counted_statements


@pytest.fixture
def path(app):
    return f'/products/{make_listed_product().slug}'


def set_price(fen: int) -> None:
    with transaction():
        db.session.query(Variant).update({'price_fen': fen})


def kept(app) -> PageCache:
    found = app.wsgi_app.application.application  # behind the static files and the device's memory
    assert isinstance(found, PageCache)
    return found


@pytest.fixture
def still_data(app, monkeypatch):
    """Data that nobody changes: PostgreSQL counts what other tests commit on the same server."""
    monkeypatch.setattr(kept(app)._version, 'read', lambda: 'unchanged')


def test_a_second_look_asks_nothing_while_nothing_has_changed(app, client, path, still_data):
    first = client.get(path)
    with counted_statements() as seen:
        second = client.get(path)
    assert (second.status_code, second.data, second.headers['ETag']) == (200, first.data, first.headers['ETag'])
    assert seen == []


def test_who_has_the_page_already_gets_304_and_no_body(client, path):
    tag = client.get(path).headers['ETag']
    again = client.get(path, headers={'If-None-Match': tag})
    assert (again.status_code, again.data) == (304, b'')
    assert again.headers['Content-Security-Policy'].startswith("default-src 'none'")
    assert 'Content-Length' not in again.headers
    assert client.get(path, headers={'If-None-Match': '"other"'}).status_code == 200


def test_a_change_in_any_process_is_seen_at_the_next_look(app, client, path, make_app):
    other = make_app(DATABASE_URL=app.config['SQLALCHEMY_DATABASE_URI']).test_client()
    before = client.get(path), other.get(path)
    set_price(12_345)
    after = client.get(path), other.get(path)
    assert ['123<small>.45' in page.text for page in before] == [False, False]
    assert ['123<small>.45' in page.text for page in after] == [True, True]


def test_a_withdrawn_product_is_gone_at_the_next_look(client, path):
    assert client.get(path).status_code == 200
    with transaction():
        db.session.query(Endorsement).update({'status': EndorsementStatus.PAUSED})
    assert client.get(path).status_code == 410


def test_a_look_is_trusted_for_as_long_as_the_setting_says(app, make_app, clock_hand):
    path = f'/products/{make_listed_product().slug}'
    visitor = make_app(DATABASE_URL=app.config['SQLALCHEMY_DATABASE_URI'], PAGES_TRUSTED_MS='1000').test_client()
    visitor.get(path)
    set_price(12_345)
    clock_hand.move(milliseconds=999)
    assert '123<small>.45' not in visitor.get(path).text
    clock_hand.move(milliseconds=1)
    assert '123<small>.45' in visitor.get(path).text


@pytest.mark.parametrize('names', [['shop_session'], ['type_size', 'shop_session'], ['other']])
def test_with_any_other_cookie_the_views_answer(client, path, names):
    client.get(path)
    for name in names:
        client.set_cookie(name, 'x')
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'ETag' not in answer.headers


def test_what_somebody_put_in_and_who_somebody_is_never_reaches_another(app, path):
    buyer, user, visitor = app.test_client(), app.test_client(), app.test_client()
    variant = db.session.query(Variant).first().id
    before = visitor.get(path).text
    buyer.post('/basket/lines', data={'variant': variant, 'quantity': 3})
    user.sign_in(make_user(name='王小明'))
    assert '<span class="dot">3</span>' in buyer.get(path).text
    assert '王小明' in user.get(path).text
    assert visitor.get(path).text == before


def test_the_type_size_chosen_is_part_of_what_is_kept(client, path):
    normal = client.get(path).text
    client.set_cookie('type_size', 'large')
    large = client.get(path)
    assert 'data-type="large"' in large.text
    assert client.get(path).headers['ETag'] == large.headers['ETag']
    client.delete_cookie('type_size')
    assert client.get(path).text == normal


def test_what_the_device_remembers_for_itself_changes_no_page(client, path):
    tag = client.get(path).headers['ETag']
    client.set_cookie('seen', 'a.b.c')
    assert client.get(path).headers['ETag'] == tag
    client.set_cookie('ship_to', '220000')
    assert client.get(path).status_code == 200
    client.set_cookie('seen', 'd')
    assert client.get(path).headers['ETag'] == tag


def test_encodings_languages_hosts_and_queries_are_kept_apart(client, path):
    tags = {
        client.get(path + query, headers=headers).headers['ETag']
        for query, headers in (
            ('', {}),
            ('', {'Accept-Encoding': 'br'}),
            ('', {'Accept-Encoding': 'gzip'}),
            ('', {'Host': 'shop.example'}),
            ('?a=1', {}),
        )
    }
    assert len(tags) == 5
    assert client.get(path, headers={'Accept-Encoding': 'br'}).headers['Content-Encoding'] == 'br'
    assert {'Cookie', 'Accept-Language', 'Accept-Encoding'} <= set(client.get(path).vary.as_set(preserve_casing=True))


def test_a_page_ends_with_its_day_and_after_a_minute(app, client, clock_hand, still_data):
    make_listed_product()
    clock_hand.set(datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC))
    assert '2026年6月15日' in client.get('/').text
    clock_hand.move(seconds=1)
    assert '2026年6月16日' in client.get('/').text
    with counted_statements() as seen:
        client.get('/')
        clock_hand.move(seconds=60)
        quiet = len(seen)
        client.get('/')
    assert (quiet, len(seen) > 3) == (0, True)


@pytest.mark.parametrize('missing', ['/products/none', '/nowhere', '/basket', '/sign-in', '/checkout'])
def test_only_whole_public_pages_are_kept(app, client, missing):
    client.get(missing)
    client.head('/')
    client.get('/', headers={'Authorization': 'Basic eDp5'})
    client.get(f'/?{"x" * 2000}')
    assert not kept(app)._pages


def test_memory_has_an_end(app, client, monkeypatch):
    monkeypatch.setattr('shop.page_cache.MOST_BYTES', 40_000)
    for number in range(6):
        client.get(f'/villages?number={number}')
    cache = kept(app)
    assert 0 < cache._bytes <= 40_000 < MOST_BYTES
    assert cache._bytes == sum(page.size for page in cache._pages.values())


def test_without_a_version_nothing_is_kept(app, client, monkeypatch):
    monkeypatch.setattr(kept(app)._version, 'read', lambda: None)
    assert client.get('/').status_code == 200
    assert not kept(app)._pages


def test_a_page_that_sets_a_cookie_is_not_kept(app, client):
    @app.after_request
    def set_one(response):
        response.set_cookie('a', 'b')
        return response

    assert client.get('/').status_code == 200
    assert not kept(app)._pages


def test_the_default_trust_is_a_second(make_app, monkeypatch):
    app = make_app(PAGES_TRUSTED_MS='')
    assert kept(app)._trusted_for == timedelta(seconds=1)
