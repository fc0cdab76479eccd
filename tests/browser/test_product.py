"""The product page under somebody's hands: pictures by key and zoom, figures that follow the choice."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shop.catalogue.models import Product, ProductPhoto
from shop.kit import clock
from shop.kit.database import transaction
from shop.photos.services import store_photo
from tests.factories.catalogue import make_variant
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_freight
from tests.support.browsers import sideways_scroll

pytestmark = pytest.mark.parametrize('database_kind', ['sqlite'])


def picture(shade: int) -> bytes:
    file = BytesIO()
    Image.new('RGB', (900, 675), (shade, 90, 60)).save(file, 'JPEG')
    return file.getvalue()


@pytest.fixture
def product(app) -> Product:
    product = make_listed_product(price_fen=3990, rule=600, stock=50)
    other = make_variant(product, name='500 g 礼盒', price_fen=7500)
    with transaction():
        product.pictures.clear()
        for position in range(2):
            photo = store_photo(picture(60 + 90 * position), alt='秋木耳', at=clock.now())
            product.pictures.append(ProductPhoto(photo=photo, position=position))
        other.photo_id = photo.id
        make_freight(product.supplier, first=(1, 800), following=(1, 300), free_above_fen=9_900)
    return product


def test_pictures_are_turned_by_key_and_opened_large(phone_page: Page, product, database_kind):
    page = phone_page
    page.goto(f'/products/{product.slug}')
    page.locator('#p1').focus()
    page.keyboard.press('ArrowRight')
    expect(page.locator('.gal__count')).to_have_text('2 / 2')
    page.keyboard.press('Enter')
    expect(page.locator('dialog')).to_be_visible()
    expect(page.locator('[data-zoom-count]')).to_have_text('2 / 2')
    page.keyboard.press('+')
    expect(page.get_by_role('button', name='缩小')).to_have_attribute('aria-pressed', 'true')
    page.keyboard.press('-')
    page.keyboard.press('ArrowRight')
    expect(page.locator('[data-zoom-count]')).to_have_text('1 / 2')
    page.keyboard.press('Escape')
    expect(page.locator('dialog')).to_be_hidden()
    expect(page.locator('#p1')).to_be_focused()
    assert sideways_scroll(page) == 0


def test_price_picture_freight_and_money_follow_the_choice(desk_page: Page, product, database_kind):
    page = desk_page
    page.goto(f'/products/{product.slug}')
    page.get_by_label('500 g 礼盒').check()
    expect(page.locator('[data-part=price] .price')).to_have_text('¥75.00')
    expect(page.locator('.gal__count')).to_have_text('2 / 2')
    expect(page.locator('.flow title')).to_contain_text('供货主体 ¥69.00 · 运费 ¥8.00')
    page.get_by_role('button', name='加一').click()
    expect(page.locator('[data-part=freight]')).to_contain_text('包邮')
    assert [one['name'] for one in page.context.cookies()] == ['seen']
    page.get_by_label('送到').select_option(label='上海市')
    expect(page.locator('[data-part=freight]')).to_contain_text('满 ¥99.00 包邮')
    with page.expect_navigation():
        page.get_by_role('button', name='加入购物车').click()
    page.goto('/basket')
    expect(page.locator('.bline')).to_contain_text('500 g 礼盒')


def test_without_script_a_button_reckons_anew(plain_page: Page, product, database_kind):
    page = plain_page
    page.goto(f'/products/{product.slug}')
    page.get_by_label('500 g 礼盒').check()
    page.get_by_role('button', name='按规格、数量和省份重算').click()
    expect(page.locator('[data-part=price] .price')).to_have_text('¥75.00')
    expect(page.locator('[data-part=freight]')).to_contain_text('再买 ¥24.00')
    assert sorted(one['name'] for one in page.context.cookies()) == ['seen', 'ship_to']
    assert page.locator('#p1').get_attribute('href').endswith('.webp')
