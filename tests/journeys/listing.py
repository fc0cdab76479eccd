"""How a secretary lists a product and officials review it, by the hands of people at a browser."""

from datetime import date
from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

STATEMENT = '八月底采的秋木耳，林下晾晒，朵小肉厚。您买一袋，就有六元记到五户人家的账上。'


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role('button', name=name, exact=True).click()


def picture() -> FilePayload:
    """A photo as a phone would take it."""
    file = BytesIO()
    Image.new('RGB', (1200, 900), (90, 70, 50)).save(file, 'JPEG')
    return FilePayload(name='木耳.jpg', mimeType='image/jpeg', buffer=file.getvalue())


def list_product(page: Page, *, supplier: str, category: str, meeting_on: date) -> str:
    """Go through the seven steps and send the product to review; return the address of the listing."""
    page.goto('/desk/')
    page.get_by_role('link', name='报新产品').first.click()
    page.fill('[name=name]', '秋木耳')
    page.select_option('[name=supplier_id]', label=supplier)
    page.select_option('[name=category_id]', label=category)
    page.select_option('[name=kind]', label='食用农产品')
    page.select_option('[name=produce_group]', value='other')
    page.fill('[name=summary]', '柞木段种，林下晾，一泡就发')
    page.fill('textarea[name=description]', '柞木段上长的秋木耳，凉水泡两小时，凉拌、清炒都好。')
    press(page, '下一步')
    press(page, '存草稿')
    for name, value in (('number', 'QSG-2606-07'), ('made_on', meeting_on.isoformat()), ('quantity', '260')):
        page.fill(f'[name={name}]', value)
    press(page, '记下这个批次')
    press(page, '下一步')
    page.set_input_files('[name=photo]', picture())
    press(page, '下一步')
    for name, value in (
        ('name', '250 g 袋装'),
        ('price', '39.90'),
        ('stock', '10'),
        ('net', '250 g'),
        ('weight', '300'),
    ):
        page.fill(f'[name={name}-0]', value)
    press(page, '下一步')
    _name_brand_and_project(page)
    _agree(page, meeting_on)
    page.fill('[name=statement]', STATEMENT)
    press(page, '提交审核')
    return page.url


def _name_brand_and_project(page: Page) -> None:
    page.get_by_text('新的品牌，写在下面').click()
    page.get_by_text('新品牌', exact=True).click()
    page.fill('[name=brand_name]', '松岭红')
    page.select_option('[name=brand_status]', label='自有名称')
    values = (
        ('name', '木耳吊袋大棚'),
        ('kind', '种植'),
        ('funding', '50000.00'),
        ('operator', '松岭村股份经济合作社'),
        ('share', '100'),
    )
    for name, value in values:
        page.fill(f'[name=project_{name}]', value)
    press(page, '下一步')


def _agree(page: Page, meeting_on: date) -> None:
    """Six yuan per unit, by household, for everybody on the register."""
    page.fill('[name=rule_value]', '6.00')
    page.fill('[name=meeting_on]', meeting_on.isoformat())
    for box in page.locator('input[name^=pick-]').all():
        box.check()
    page.get_by_role('button', name='10', exact=True).click()
    expect(page.locator('#calculation')).to_contain_text('10 件 × 600 分 = 6,000 分，5 户相加正好 6,000 分')
    press(page, '下一步')


def send_back(page: Page, product: str, reason: str) -> None:
    """Return what waits for this official, with a reason."""
    _open_first(page, product)
    page.fill('[name=reason]', reason)
    press(page, '退回修改')


def approve(page: Page, product: str, step: str) -> None:
    """Let what waits for this official pass."""
    _open_first(page, product)
    press(page, f'{step}通过')


def _open_first(page: Page, product: str) -> None:
    page.goto('/office/endorsements')
    with page.expect_navigation():
        page.get_by_role('link', name=product).first.click()
