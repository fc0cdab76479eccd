"""From the order's form to the provider's page and back, in a real browser under our own policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from shop.accounts.sessions import COOKIE
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import place
from tests.support.client import start_session
from tests.support.servers import LiveServer
from tests.support.stripe_double import KEY, SECRET, StripeDouble


@pytest.fixture
def provider() -> Iterator[StripeDouble]:
    double = StripeDouble()
    yield double
    double.stop()


@pytest.fixture
def stripe_server(make_app, database_url, provider) -> Iterator[LiveServer]:
    app = make_app(
        DATABASE_URL=database_url, PAYMENT_GATEWAY='stripe', STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET,
        STRIPE_API_BASE=provider.url, PUBLIC_URL='https://shop.example',
    )  # fmt: skip
    with app.app_context():
        server = LiveServer(app)
        yield server
        server.stop()
        assert not server.failures, '\n'.join(server.failures)


@pytest.mark.parametrize('javascript', [True, False])
@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_form_leads_to_the_providers_page_and_the_buyer_comes_back_to_a_paid_order(
    browser: Browser, stripe_server, provider, javascript, database_kind
):
    buyer = make_user()
    order = place((make_listed_product(price_fen=3990), 2), actor=buyer).orders[0]
    context = browser.new_context(base_url=stripe_server.url, java_script_enabled=javascript, locale='zh-CN')
    context.add_cookies([{'name': COOKIE, 'value': start_session(buyer), 'url': stripe_server.url, 'httpOnly': True}])

    def pays_there(route: Route) -> None:
        number = route.request.url.rsplit('/', 1)[1]
        provider.pay(number)
        reference = provider.sessions[number]['client_reference_id']
        back = f'<a href="{stripe_server.url}/payments/{reference}/return">back</a>'
        route.fulfill(body=back, content_type='text/html')

    context.route('https://checkout.example/**', pays_there)
    page = context.new_page()
    page.goto(f'/orders/{order.number}')
    page.get_by_role('button', name='去付款').click()
    page.wait_for_url('https://checkout.example/**')
    page.get_by_role('link', name='back').click()
    page.wait_for_url(f'**/orders/{order.number}')
    assert page.get_by_text('付款成功').is_visible()
    assert page.get_by_role('heading', name='已付款，村里正在备货').is_visible()
    context.close()
