"""How a shopper buys and a secretary sends, by the hands of people at a browser."""

from playwright.sync_api import Page

from tests.journeys.listing import press


def put_in_basket(page: Page, words: str, units: int) -> None:
    """Search, open the product and go to the basket with so many units, as a visitor."""
    page.goto('/')
    page.fill('header [name=q]', words)
    with page.expect_navigation():
        page.press('header [name=q]', 'Enter')
    with page.expect_navigation():
        page.locator('.pcard h3 a').first.click()
    page.fill('form.buyform [name=quantity]', str(units))
    with page.expect_navigation():
        page.locator('button[value=checkout]:visible').first.click()


def sign_in(page: Page, login_name: str, password: str, *, then: str) -> None:
    """Sign in on the way to somewhere."""
    page.goto(f'/sign-in?next={then}')
    page.fill('[name=login_name]', login_name)
    page.fill('[name=password]', password)
    press(page, '登录')


def check_out(page: Page, *, has_script: bool, email: str = '') -> str:
    """Fill in the address, place the order and pay it in the sandbox; return the order's number."""
    page.goto('/checkout')
    page.fill('[name=email]', email)
    page.fill('[name=recipient]', '李晓')
    page.fill('[name=phone]', '13800138000')
    page.fill('[name=street]', '人民大街 1 号')
    for name, label in (('province', '吉林省'), ('city', '长春市'), ('county', '南关区')):
        option = page.locator(f'[name={name}] option', has_text=label)
        option.wait_for(state='attached')
        page.select_option(f'[name={name}]', label=label)
        if not has_script and name != 'county':
            press(page, '选好后点这里，列出下一级并算运费')
    press(page, '提交订单')
    assert '演示支付' in page.inner_text('h1')
    press(page, '付款')
    assert '付款成功' in page.inner_text('main')
    return page.url.rsplit('/', 1)[1]


def ship(page: Page, number: str) -> None:
    """Type in the tracking number of an order that waits to be sent."""
    page.goto('/desk/orders')
    with page.expect_navigation():
        page.get_by_role('link', name=number).click()
    page.select_option('[name=courier]', label='中通快递')
    page.fill('[name=tracking_number]', '7563 0218 8344 71')
    press(page, '发货')


def confirm_receipt(page: Page, number: str) -> None:
    """Say that the goods have arrived."""
    page.goto(f'/orders/{number}')
    press(page, '确认收货')


def ask_to_return(page: Page, number: str, product: str, units: int) -> None:
    """Ask for one's money back for pieces of a line that are sent back."""
    page.goto(f'/orders/{number}/aftersales')
    line = page.locator('.as-line', has_text=product)
    with page.expect_navigation():
        line.get_by_role('link', name='退货退款').click()
    page.select_option('[name=units]', value=str(units))
    page.select_option('[name=reason]', label='不想要了')
    page.fill('[name=text]', '买多了，没有拆封。')
    press(page, '提交申请')


def agree_to_return(page: Page, freight: str) -> None:
    """Open the case that waits first at the desk and agree, with some freight beside the goods."""
    page.goto('/desk/aftersales')
    with page.expect_navigation():
        page.get_by_role('link', name='退货退款').first.click()
    page.fill('[name=agree-freight]', freight)
    press(page, '同意，请买家寄回')


def send_back(page: Page) -> None:
    """Type in with which parcel the pieces come back, on the page of the case."""
    page.reload()
    page.select_option('[name=courier]', label='顺丰速运')
    page.fill('[name=tracking_number]', 'SF 1234 5678 90123')
    press(page, '我已寄出')


def take_back(page: Page, restocked: int, money: str) -> None:
    """Say at the desk that the pieces have come, and how many of them can be sold again."""
    page.reload()
    page.fill('[name=arrive-restocked]', str(restocked))
    page.fill('[name=arrive-damaged]', '0')
    press(page, f'收到了，退 {money}')
