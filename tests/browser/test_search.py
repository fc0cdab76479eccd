"""Searching with the keyboard, and narrowing the list on a phone, in a real browser."""

from playwright.sync_api import expect

from shop.catalogue.search import search_tokens
from shop.endorsements.models import EndorsementStatus
from shop.kit.database import transaction
from tests.factories.catalogue import make_category, make_product
from tests.factories.endorsements import make_endorsement
from tests.factories.villages import make_tenure


def goods_on_sale() -> None:
    with transaction():
        tenure = make_tenure(with_account=False)
        for name, shelf in (('沟口黑木耳', '菌菇'), ('秋木耳', '菌菇'), ('鲜蓝莓', '鲜果')):
            product = make_product(
                tenure.village, name=name, category=make_category(shelf), with_photo=False, with_project=False
            )
            product.search_tokens = search_tokens(name, shelf)
            make_endorsement(product, tenure, status=EndorsementStatus.LISTED)


def test_suggestions_by_keyboard(app, desk_page):
    goods_on_sale()
    desk_page.goto('/products')
    field = desk_page.get_by_role('combobox')
    field.press_sequentially('muer')
    options = desk_page.get_by_role('option')
    expect(options).to_have_count(2)
    field.press('ArrowDown')
    field.press('ArrowDown')
    expect(options.nth(1)).to_have_attribute('aria-selected', 'true')
    field.press('Escape')
    expect(options).to_have_count(0)
    expect(field).to_have_value('muer')
    field.press('Enter')
    expect(desk_page.get_by_role('heading', level=1)).to_have_text('“muer”')


def test_the_sheet_of_choices_counts_while_one_ticks(app, phone_page):
    goods_on_sale()
    phone_page.goto('/products')
    phone_page.get_by_role('link', name='筛选', exact=True).click()
    phone_page.get_by_role('checkbox', name='鲜果').check()
    show = phone_page.get_by_role('button', name='查看')
    expect(show).to_have_text('查看 1 件山货')
    show.click()
    expect(phone_page.get_by_role('link', name='鲜蓝莓')).to_be_visible()
    expect(phone_page.locator('.pcard')).to_have_count(1)


def test_the_sheet_works_without_script(app, plain_page):
    goods_on_sale()
    plain_page.goto('/products')
    plain_page.get_by_role('link', name='筛选', exact=True).click()
    plain_page.get_by_role('checkbox', name='菌菇').check()
    plain_page.get_by_role('button', name='查看').click()
    expect(plain_page.locator('.pcard')).to_have_count(2)
