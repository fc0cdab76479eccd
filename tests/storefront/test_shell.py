"""The frame of every public page: what it says to messengers and devices, its links, its settings, its errors."""

import io
import json
import re
from html import unescape

import pytest
from PIL import Image
from werkzeug.exceptions import TooManyRequests

from shop.accounts.sessions import COOKIE
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.villages.models import FirstSecretary
from tests.architecture.sources import ROOT
from tests.factories.endorsements import make_listed_product
from tests.factories.villages import make_secretary

TAG = re.compile(r'<meta (?:property|name|itemprop)="([^"]+)" content="([^"]*)">')


def tags(page) -> dict[str, str]:
    return {name: unescape(value) for name, value in TAG.findall(page.text)}


def test_every_public_page_says_how_it_looks_beside_a_link(client):
    product = make_listed_product(name='秋木耳 "大朵" <特>')
    pages = {
        '/': '/card.jpg',
        '/products': '/card.jpg',
        '/help': '/card.jpg',
        f'/products/{product.slug}': f'/products/{product.slug}/card.jpg',
        f'/villages/{product.village.slug}': f'/villages/{product.village.slug}/card.jpg',
        f'/secretaries/{db.session.query(FirstSecretary).one().slug}': None,
    }
    for path, card in pages.items():
        found = tags(client.get(path))
        image = f'http://localhost{card or path + "/card.jpg"}'
        assert (found['og:image'], found['image']) == (image, image)
        assert found['og:url'] == f'http://localhost{path}'
        assert found['og:site_name'] == '第一书记代言'
        assert found['og:title']
        assert found['og:description']
        assert client.get(image.removeprefix('http://localhost')).status_code == 200
    found = tags(client.get(f'/products/{product.slug}'))
    assert found['og:title'].startswith('秋木耳 "大朵" <特>')
    assert (found['og:type'], found['twitter:card']) == ('product', 'summary_large_image')


def test_addresses_are_those_people_use(make_app, database_url):
    app = make_app(DATABASE_URL=database_url, PUBLIC_URL='https://shop.example/')
    found = tags(app.test_client().get('/help'))
    assert (found['og:url'], found['og:image']) == ('https://shop.example/help', 'https://shop.example/card.jpg')


def test_pages_of_goods_villages_and_secretaries_lead_to_their_poster(client):
    product = make_listed_product()
    secretary = db.session.query(FirstSecretary).one()
    for page in (f'/products/{product.slug}', f'/villages/{product.village.slug}', f'/secretaries/{secretary.slug}'):
        assert f'href="{page}/poster"' in client.get(page).text
        shown = client.get(f'{page}/poster')
        assert f'href="{page}"' in shown.text
        assert re.search(rf'src="{page}/poster\.jpg\?v=[0-9a-f]{{10}}"', shown.text)


def test_a_secretary_who_has_not_begun_has_a_page_without_a_poster(client):
    with transaction():
        slug = make_secretary('何未到').slug
    page = client.get(f'/secretaries/{slug}')
    assert '/poster"' not in page.text
    assert tags(page)['og:image'] == 'http://localhost/card.jpg'


def test_the_manifest_names_icons_of_the_sizes_it_says(client):
    answer = client.get('/manifest.webmanifest')
    assert answer.mimetype == 'application/manifest+json'
    content = json.loads(answer.text)
    assert (content['name'], content['start_url'], content['display']) == ('第一书记代言', '/', 'standalone')
    assert {icon['purpose'] for icon in content['icons']} == {'any', 'maskable'}
    for icon in content['icons']:
        file = client.get(icon['src'])
        assert file.mimetype == icon['type']
        side = Image.open(io.BytesIO(file.data)).size[0]
        assert f'{side}x{side}' == icon['sizes']
        file.close()


def test_the_icons_are_there_for_browsers_and_home_screens(client):
    page = client.get('/help').text
    for name in ('favicon.ico', 'brand.svg', 'apple-touch-icon.png'):
        assert f'href="/static/images/{name}?v=' in page
    with Image.open(ROOT / 'static/images/apple-touch-icon.png') as icon:
        assert icon.size == (180, 180)
    assert client.get('/favicon.ico').headers['Location'].startswith('/static/images/favicon.ico?v=')


def test_record_numbers_and_licences_stand_in_the_footer_only_when_there_are_any(make_app, database_url, client):
    bare = client.get('/help').text
    assert 'beian' not in bare
    app = make_app(
        DATABASE_URL=database_url,
        OPERATOR_NAME='通化市供销社',
        BUSINESS_LICENCE='91220501MA00000000',
        ICP_NUMBER='吉ICP备00000000号',
        POLICE_RECORD_NUMBER='吉公网安备 00000000000000号',
        SERVICE_PHONE='0435-0000000',
    )
    page = app.test_client().get('/help').text
    assert '<a href="https://beian.miit.gov.cn/" rel="noreferrer">吉ICP备00000000号</a>' in page
    assert '<a href="https://beian.mps.gov.cn/" rel="noreferrer">吉公网安备 00000000000000号</a>' in page
    assert 'href="tel:0435-0000000"' in page
    about = app.test_client().get('/about').text
    assert '通化市供销社' in about
    assert '91220501MA00000000' in about


def test_another_city_needs_no_other_template(make_app, database_url):
    app = make_app(DATABASE_URL=database_url, CITY_NAME='延边州', SHOP_NAME='乡味')
    page = app.test_client().get('/').text
    assert '延边州 · 长白山货直达餐桌' in page
    assert '通化' not in page


def test_help_says_the_terms_this_shop_is_set_to(make_app, database_url):
    app = make_app(DATABASE_URL=database_url, PAYMENT_WINDOW_MINUTES='45', AUTO_RECEIVE_DAYS='7')
    text = app.test_client().get('/help').text
    assert '下单后 45 分钟内没有付款' in text
    assert '7 天没有操作的' in text
    complaints = app.test_client().get('/help/complaints').text
    assert {'tel:12315', 'tel:12317'} <= set(re.findall(r'href="(tel:\d+)"', complaints))


@pytest.mark.parametrize(
    ('path', 'has_shell'), [('/nothing', True), ('/desk/nothing', False), ('/office/nothing', False)]
)
def test_a_page_that_is_not_there_offers_a_search_and_ways_on(client, path, has_shell):
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'action="/products" role="search"' in answer.text
    assert ('class="tabbar"' in answer.text) is has_shell


def test_every_error_has_a_page_of_its_own(make_app, database_url):
    app = make_app(DATABASE_URL=database_url)
    app.config['TESTING'] = False

    def fail(name: str):
        faults = {'refused': BusinessError('库存不够。'), 'often': TooManyRequests(), 'broken': RuntimeError('secret')}
        raise faults[name]

    app.add_url_rule('/fail/<name>', view_func=fail)
    answers = {name: app.test_client().get(f'/fail/{name}') for name in ('refused', 'often', 'broken')}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        'refused': 409,
        'often': 429,
        'broken': 500,
    }
    assert '库存不够。' in answers['refused'].text
    assert '操作太频繁' in answers['often'].text
    assert '12317' in answers['broken'].text
    assert 'secret' not in answers['broken'].text


def test_the_page_of_a_fault_needs_no_database(make_app, bare_database_url):
    app = make_app(DATABASE_URL=bare_database_url)
    app.config['TESTING'] = False
    visitor = app.test_client()
    visitor.set_cookie(COOKIE, 'a-session-that-cannot-be-read')
    answer = visitor.get('/basket')
    assert answer.status_code == 500
    assert '服务器出了点问题' in answer.text
    assert 'class="brand__name">第一书记代言' in answer.text
