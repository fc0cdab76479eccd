"""Reviews, the heart and what was seen, by the hands of people at a phone, with script and without."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.models import Order
from shop.photos.services import store_photo
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.ratings import WORDS, make_received, make_review
from tests.journeys.listing import press

pytestmark = pytest.mark.usefixtures('clock_hand')


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new('RGB', (400, 300), colour).save(out, 'PNG')
    return out.getvalue()


def make_shown(name: str) -> Product:
    """A product whose pictures have files, so that no browser asks for one that is not there."""
    product = make_listed_product(name=name, stock=50)
    with transaction():
        product.pictures.clear()
    return product


def make_pictured_review(order: Order) -> None:
    with transaction():
        photos = tuple(store_photo(picture(colour), alt='晒单', at=clock.now()) for colour in ('green', 'red'))
    make_review(order, photos=photos, is_published=True)


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_photos_open_large_and_what_was_seen_stands_at_the_foot(app, phone_page: Page, database_kind):
    first, second = make_shown('秋木耳'), make_shown('榛蘑')
    make_pictured_review(make_received((first, 1)))
    page = phone_page
    page.goto(f'/products/{second.slug}')
    page.goto(f'/products/{first.slug}')
    expect(page.locator('[data-seen-strip] h3')).to_have_text('榛蘑')
    opener = page.locator('[data-large]').first
    opener.focus()
    page.keyboard.press('Enter')
    large = page.locator('dialog img')
    expect(large).to_be_visible()
    before = large.get_attribute('src')
    page.keyboard.press('ArrowRight')
    expect(large).not_to_have_attribute('src', before or '')
    page.keyboard.press('Escape')
    expect(page.locator('dialog')).to_have_count(0)
    expect(page.locator('[data-large]').nth(1)).to_be_focused()


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_buyer_reviews_and_likes_without_script(app, visitors, database_kind):
    product, user = make_shown('秋木耳'), make_user(name='山里来客')
    order = make_received((product, 1), actor=user)
    page = visitors.arrive(width=390, javascript=False, user=user)
    page.goto('/orders?tab=to-review')
    with page.expect_navigation():
        page.get_by_role('link', name='去评价').click()
    page.get_by_label('4 星').check(force=True)
    page.fill('textarea', WORDS)
    page.set_input_files('input[type=file]', [{'name': '1.png', 'mimeType': 'image/png', 'buffer': picture('green')}])
    press(page, '提交评价')
    assert '待审核' in page.inner_text('main')
    assert page.url.endswith(f'/orders/{order.number}/reviews')
    page.goto(f'/products/{product.slug}')
    press(page, '收藏')
    assert '已收藏' in page.inner_text('.heart')
    page.goto('/favourites')
    with page.expect_navigation():
        page.locator('.like__off').click()
    assert '还没有收藏' in page.inner_text('main')
    page.goto('/seen')
    assert '秋木耳' in page.inner_text('main')
