"""The product page: what it costs to send, when it leaves, where the money goes, and what it says to machines."""

import json
import re
from datetime import timedelta

import pytest

from shop.benefits.models import RuleKind
from shop.catalogue.models import ProductKind, ReturnClass
from shop.endorsements.models import EndorsementStatus
from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.basket import FreightRegion
from shop.orders.freight import estimate_freight
from shop.ratings.queries import Rating
from shop.storefront.delivery import PROVINCE_COOKIE, BuyerWish
from shop.storefront.desk_today import desk_today
from shop.storefront.product_page import open_product_page
from shop.storefront.structured_data import data_block, structured_data
from tests.factories.catalogue import make_batch, make_label, make_photo, make_product, make_variant
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.orders import bought, make_freight
from tests.factories.suppliers import make_licence
from tests.factories.villages import make_tenure
from tests.support.statements import counted_statements


@pytest.fixture
def product(app):
    product = make_listed_product(price_fen=3990, rule=600, stock=50)
    tibet = FreightRegion(province_code='540000', is_refused=True, first_fen=0, next_fen=0)
    with transaction():
        make_freight(product.supplier, first=(1, 800), following=(1, 300), free_above_fen=9_900, regions=[tibet])
        product.variants[0].net_content = '250 g'
    return product


def documents(page: str) -> list[dict]:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_freight_is_said_for_the_variant_the_quantity_and_the_province(client, product):
    address = f'/products/{product.slug}'
    page = client.get(address).text
    assert '运费 ¥8.00' in page
    assert '再买 ¥59.10 这家的山货就包邮' in page
    assert '运费 ¥11.00' in client.get(f'{address}?quantity=2').text
    assert '再买 ¥19.20 这家的山货就包邮' in client.get(f'{address}?quantity=2').text
    assert '满 ¥99.00 包邮' in client.get(f'{address}?quantity=3').text
    refused = client.get(f'{address}?to=540000').text
    assert '暂不送这里' in refused
    assert refused.count('(不送)') == 1
    assert '这个省份暂时不送。' in refused


def test_a_province_is_kept_on_the_device_and_stands_in_the_checkout(client, product):
    chosen = client.get(f'/products/{product.slug}?to=310000')
    assert 'ship_to=310000' in chosen.headers['Set-Cookie']
    assert '<option value="310000" selected>' in client.get(f'/products/{product.slug}').text
    client.post('/basket/lines', data={'variant': product.variants[0].id, 'quantity': 1})
    assert '<option value="310000" selected>' in client.get('/checkout').text


@pytest.mark.parametrize('query', ['to=999999', 'to=%27', 'variant=x', 'quantity=0', 'quantity=-1', 'variant=9' * 40])
def test_an_odd_address_shows_the_page_as_it_is(client, product, query):
    answer = client.get(f'/products/{product.slug}?{query}')
    assert answer.status_code == 200
    assert '运费 ¥8.00' in answer.text
    assert client.get_cookie(PROVINCE_COOKIE) is None


def test_what_is_missing_until_freight_is_free_is_never_negative(product):
    def estimate(goods_fen: int):
        load = {'pieces': 1, 'grams': 300, 'goods_fen': goods_fen}
        return estimate_freight(product_template(product), province_code='220000', **load)

    assert (estimate(9_899).fen, estimate(9_899).missing_fen) == (800, 1)
    assert (estimate(9_900).fen, estimate(9_900).missing_fen) == (0, 0)
    assert estimate_freight(None, province_code='540000', pieces=9, grams=1, goods_fen=1).fen == 0


def product_template(product):
    return open_product_page(product.slug, BuyerWish(), at=clock.now()).template


def test_money_follows_the_variant_and_its_parts_make_the_whole(client, product):
    other = make_variant(product, name='500 g 礼盒', price_fen=7500)
    with transaction():
        other.net_content = '500 g'
    page = client.get(f'/products/{product.slug}').text
    assert '的钱去向 · 供货主体 ¥33.90 · 运费 ¥8.00 · 少于 5 户农户 ¥6.00' in page
    assert '¥47.90' in page
    assert '¥159.60/kg' in page
    page = client.get(f'/products/{product.slug}?variant={other.id}').text
    assert '的钱去向 · 供货主体 ¥69.00 · 运费 ¥8.00 · 少于 5 户农户 ¥6.00' in page
    assert '合 ¥150.00/kg' in page


def test_a_rule_by_part_of_the_price_is_said_as_one(client, app):
    product = make_listed_product(price_fen=10_000, rule=1_250, rule_kind=RuleKind.BP_OF_NET)
    page = client.get(f'/products/{product.slug}').text
    assert '从货款里提 12.5% 给农户' in page
    assert '每件 ¥12.50 到农户' in page


def test_a_variant_shows_its_own_picture_first(client, product):
    own = make_photo()
    other = make_variant(product)
    with transaction():
        product.pictures.append(type(product.pictures[0])(photo_id=own.id, position=1))
        other.photo_id = own.id
    pages = [client.get(f'/products/{product.slug}{query}').text for query in ('', f'?variant={other.id}')]
    assert [re.search(r'data-photo="(\d+)"', page)[1] == str(own.id) for page in pages] == [False, True]


def test_what_is_sold_out_cannot_be_bought(client, app):
    product = make_listed_product(stock=0)
    page = client.get(f'/products/{product.slug}').text
    assert 'name="then"' not in page
    assert '<button class="button button--out" type="button" disabled>' in page
    assert documents(page)[0]['offers'][0]['availability'] == 'https://schema.org/OutOfStock'


def test_the_label_the_batch_and_the_licences_are_shown(client, product, clock_hand):
    make_label(product, standard_number='GB/T 6192')
    make_batch(product, number='QSG-2605-01', made_on=clock_hand.day - timedelta(days=20))
    make_batch(product, number='QSG-2606-07', certificate_number='HGZ-0607')
    make_licence(product.supplier, expires_on=clock_hand.day)
    page = client.get(f'/products/{product.slug}').text
    for words in ('GB/T 6192', '批次 QSG-2606-07', '承诺达标合格证', 'HGZ-0607', 'QSG-2605-01', '有效至 2026年6月15日'):
        assert words in page, words


def test_a_season_is_a_strip_of_months(client, product, clock_hand):
    with transaction():
        product.season_months = 0b0000_0111_0000
    page = client.get(f'/products/{product.slug}').text
    assert '正应季 · 5–7 月' in page
    assert page.count('is-in') == 3


def test_goods_sold_ahead_say_so_until_they_are_sent(client, product, clock_hand):
    with transaction():
        product.presale_ships_on = clock_hand.day + timedelta(days=30)
    page = client.get(f'/products/{product.slug}').text
    assert '预售，2026年7月15日起发货' in page
    assert documents(page)[0]['offers'][0]['availability'] == 'https://schema.org/PreOrder'
    client.post('/basket/lines', data={'variant': product.variants[0].id, 'quantity': 1})
    assert '预售，2026年7月15日起发货' in client.get('/basket').text
    assert '预售，2026年7月15日起发货' in client.get('/checkout').text
    order = bought((product, 1))
    assert order.lines[0].ships_on == clock_hand.day + timedelta(days=30)
    due = desk_today(product.village, at=clock.now()).to_ship.first_due
    assert due == clock.day_start(clock_hand.day + timedelta(days=30)) + timedelta(hours=48)
    clock_hand.move(days=30)
    assert '预售，' not in client.get(f'/products/{product.slug}').text
    assert bought((product, 1)).lines[0].ships_on is None


def test_a_service_is_used_at_the_place_and_nothing_is_sent(client, product):
    with transaction():
        product.kind, product.redemption = ProductKind.SERVICE, '凭订单号入园'
        product.return_class = ReturnClass.AFTER_CONFIRMATION
    page = client.get(f'/products/{product.slug}').text
    assert '凭订单号入园' in page
    for words in ('name="to"', '运费 ¥', '不适用七天无理由退货', '小时发货'):
        assert words not in page, words
    order = bought((product, 2))
    assert (order.goods_fen, order.freight_fen) == (7980, 0)


def test_machines_read_what_people_read_to_the_fen(client, product):
    page = client.get(f'/products/{product.slug}').text
    described, way = documents(page)
    offer = described['offers'][0]
    assert (described['@type'], described['name'], described['sku']) == ('Product', '秋木耳', product.slug)
    assert (offer['price'], offer['priceCurrency'], offer['seller']['name']) == ('39.90', 'CNY', product.supplier.name)
    assert f'<i>¥</i>{offer["price"].split(".")[0]}<small>.{offer["price"].split(".")[1]}' in page
    assert offer['availability'] == 'https://schema.org/InStock'
    assert offer['shippingDetails']['deliveryTime']['handlingTime']['maxValue'] == 2
    assert [step['name'] for step in way['itemListElement']] == ['首页', product.category.name, '秋木耳']
    assert 'aggregateRating' not in described


def test_a_rating_is_told_only_where_there_are_reviews(product, app):
    with app.test_request_context():
        page = open_product_page(product.slug, BuyerWish(), at=clock.now())
        rating = structured_data(page, 'http://shop.test', Rating(213, 1_022))[0]['aggregateRating']
    assert (rating['ratingValue'], rating['reviewCount']) == ('4.8', 213)


def test_no_text_can_leave_the_data_block(client, product):
    with transaction():
        product.summary = '</script><b>&\u2028'
    described = documents(client.get(f'/products/{product.slug}').text)[0]
    assert described['description'] == '</script><b>&\u2028'
    assert '<' not in data_block([{'name': '</script>'}])


def test_a_page_takes_six_statements_however_much_there_is(client, product):
    address = f'/products/{product.slug}'

    def statements() -> int:
        client.set_cookie('visit', 'of-somebody')  # whose pages are not kept
        with counted_statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = statements()
    make_label(product)
    for number in range(4):
        make_batch(product)
        make_variant(product)
        make_licence(product.supplier, kind=f'许可证{number}')
        make_listed_product(village=product.village, name=f'别的{number}')
    assert few == statements() <= 6


@pytest.mark.parametrize('status', [EndorsementStatus.PAUSED, EndorsementStatus.DELISTED])
def test_goods_that_were_withdrawn_are_gone_and_others_offered(client, status):
    tenure = make_tenure()
    product = make_product(tenure.village, name='旧木耳')
    endorsement = make_endorsement(product, tenure, status=EndorsementStatus.LISTED)
    other = make_listed_product(tenure=tenure, name='新木耳')
    with transaction():
        endorsement.status = status
    answer = client.get(f'/products/{product.slug}')
    assert answer.status_code == 410
    for words in ('“旧木耳”已经下架', '新木耳', f'/products/{other.slug}', f'/villages/{product.village.slug}'):
        assert words in answer.text, words
    assert 'name="robots" content="noindex"' in answer.text


def test_goods_that_never_were_on_sale_are_not_found(client, app):
    tenure = make_tenure()
    product = make_product(tenure.village)
    make_endorsement(product, tenure, status=EndorsementStatus.CITY_REVIEW)
    assert client.get(f'/products/{product.slug}').status_code == 404
    assert client.get('/products/no-such-thing').status_code == 404
