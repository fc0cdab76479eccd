"""Every page: nothing wider than the screen, nothing an assistive reader would stumble over."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import func, select

from shop.accounts.access import Access
from shop.accounts.models import User
from shop.aftersales.models import AftersaleCase
from shop.aftersales.states import AftersaleStatus
from shop.benefits.models import AgreementVersion, BenefitAgreement
from shop.demo.loading import load_campaign
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.orders.models import Order
from shop.payouts.models import PayoutBatch, PayoutLine
from shop.presentation import TYPE_COOKIE
from shop.procurement.models import ProcurementOrder, ProcurementStatus
from shop.suppliers.models import Supplier
from shop.villages.models import Household
from shop.villages.scope import villages_in_scope
from tests.browser.addresses import BUYER_PAGES, DONE_PAGES, NO_PAGES, VISITOR_PAGES, find_places
from tests.support.browsers import DESK, PHONE, sideways_scroll

UNTIL = date(2026, 6, 14)
# The smallest campaign that has a notice and an objection to it.
SCALE = 0.12
RULES = {
    'runOnly': {'type': 'tag', 'values': ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}
}
# The desk and the office are their users' tools: the loud rules.
LOUD = frozenset({'serious', 'critical'})


@pytest.fixture
def users(app, clock_hand) -> dict[str, User]:
    """The people of a small campaign, by login name."""
    load_campaign(3, SCALE, UNTIL, tell=lambda _what, _part: None)
    return {user.login_name: user for user in db.session.scalars(select(User))}


def test_every_page_without_a_role_has_an_address_here(make_app):
    app = make_app()
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if 'GET' in (rule.methods or ()) and _opens_without_role(app.view_functions[rule.endpoint])
    }
    known = set(VISITOR_PAGES) | set(BUYER_PAGES) | DONE_PAGES | set(NO_PAGES)
    assert public ^ known == set()


def _opens_without_role(view) -> bool:
    access: Access = view.access
    return access.is_public or not access.roles


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_public_pages_break_no_rule_of_accessibility(app, users, visitors, database_kind):
    places = find_places(users['guke'].id)
    faults = []
    for width, size in product((PHONE, DESK), ('normal', 'large')):
        for user, pages in ((None, VISITOR_PAGES), (users['guke'], BUYER_PAGES)):
            page = visitors.arrive(width=width, user=user)
            page.context.add_cookies([{'name': TYPE_COOKIE, 'value': size, 'url': visitors.site}])
            for path in places.fill(pages):
                page.goto(path)
                faults += _faults(page, f'{width} {size} {path}')
            for what in visit_states(page, places) if user is None else ():
                faults += _faults(page, f'{width} {size} {what}')
    if faults:
        pytest.fail('\n'.join(faults))


def visit_states(page, places) -> Iterator[str]:
    """Bring the page into the states that only doing something shows; yield what each is."""
    page.goto('/sign-in')
    page.fill('[name=login_name]', 'nobody')
    _press(page, 'main form button:not(.link)')
    yield 'sign-in refused'
    page.goto('/sign-up')
    _press(page, 'main form button:not(.link)')
    yield 'sign-up refused'
    page.goto('/sign-in/phone')
    _press(page, 'main form button:not(.link)')
    yield 'phone refused'
    page.fill('[name=phone]', '13800000000')
    _press(page, 'main form button:not(.link)')
    yield 'phone, code asked for or told to wait'
    page.goto(f'/products/{places.values["product"]}')
    _press(page, 'button[value=stay]:visible')
    yield 'product, put in the basket'
    page.goto('/basket')
    yield 'basket'
    page.goto('/checkout')
    yield 'checkout'
    _press(page, 'button.button--buy:visible')
    yield 'checkout refused'


def _press(page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_desk_and_the_office_fit_the_screen_and_can_be_read_aloud(app, users, visitors, database_kind):
    reviewed = select(Endorsement.id).where(Endorsement.status == EndorsementStatus.COUNTY_REVIEW).limit(1)
    home = users['shuji'].current_grants[0].village_id
    freight = db.session.scalars(select(Supplier.id).where(Supplier.village_id == home).limit(1)).one()
    own = db.session.scalars(select(Household.id).where(Household.village_id == home).limit(1)).one()
    in_scope = select(AftersaleCase.number).join(AftersaleCase.order).order_by(AftersaleCase.id.desc())
    at_home = in_scope.where(Order.village_id.in_(villages_in_scope(users['shuji']))).limit(4)
    at_platform = in_scope.where(
        AftersaleCase.status == AftersaleStatus.AT_PLATFORM,
        Order.village_id.in_(villages_in_scope(users['xian'])),
    )
    changing = _changing(home)
    addresses = {
        'shuji': [
            *('/desk/', '/desk/endorsements', '/desk/endorsements/new'),
            *('/desk/orders', '/desk/shipments', '/desk/stock', '/desk/licences', '/desk/reviews', '/desk/share-links'),
            *('/desk/freight', f'/desk/freight/{freight}', '/desk/invoices', '/desk/invoices?tab=issued'),
            *('/desk/aftersales', *(f'/desk/aftersales/{number}' for number in db.session.scalars(at_home))),
            *('/desk/households', '/desk/households/new', '/desk/households/imports', '/desk/institution-invoices'),
            *(f'/desk/households/{own}', f'/desk/households/{own}/entry', '/desk/earnings', '/desk/earnings/new'),
            *('/desk/payouts', '/desk/payouts/ageing', *batch_pages('/desk/payouts', users['shuji'])),
            *('/desk/agreements', *(f'/desk/agreements/{number}' for number in changing)),
        ],
        'xian': [
            *('/office/', '/office/endorsements', f'/office/endorsements/{db.session.scalars(reviewed).one()}'),
            *('/office/objections', '/office/reviews', '/office/aftersales', '/office/aftersales?tab=ruled'),
            *(f'/office/aftersales/{number}' for number in db.session.scalars(at_platform)),
            *('/office/households', f'/office/households/{own}', '/office/earnings'),
            *('/office/agreements', *(f'/office/agreements/{number}' for number in changing.values())),
        ],
        'xiangzhen': batch_pages('/office/payouts', users['shuji']),
        'shi': [
            *('/office/transfers', '/office/transfers?status=linked', '/office/payments/held', '/office/synonyms'),
            *('/office/coupons', '/office/coupons/4', '/office/coupons/4/uses', '/office/coupons/new'),
            *('/office/letters', '/office/letters?status=sent', '/office/books', '/office/institutions/1'),
            *('/office/institutions', '/office/payouts', '/office/payouts/ageing'),
            *('/office/household-statuses', '/office/reveals', '/office/access-log'),
        ],
        'caigou': ['/institution', '/institution/orders/new', '/procurement/list', *_orders_of_institution()],
    }
    faults = []
    for login_name, paths in addresses.items():
        for width in (PHONE, DESK):
            page = visitors.arrive(width=width, user=users[login_name])
            for path in paths:
                page.goto(path)
                faults += _faults(page, f'{width} {path}', LOUD)
        page = visitors.arrive(width=PHONE, user=users[login_name], locale='en-GB')
        for path in paths:
            page.goto(path)
            if wider := sideways_scroll(page):
                faults.append(f'English {path}: {wider} px wider than the screen')
    if faults:
        pytest.fail('\n'.join(faults))


def _orders_of_institution() -> list[str]:
    """Return the page of one order of the first institution in every state, and its acceptance sheet."""
    rows = db.session.execute(
        select(ProcurementOrder.status, func.min(ProcurementOrder.number))
        .where(ProcurementOrder.institution_id == 1)
        .group_by(ProcurementOrder.status)
    ).all()
    received = {ProcurementStatus.AWAITING_ACCEPTANCE, ProcurementStatus.SETTLED}
    return [
        *(f'/institution/orders/{number}' for _status, number in rows),
        *(f'/institution/orders/{number}/acceptance' for status, number in rows if status in received),
    ]


def batch_pages(folder: str, secretary: User) -> list[str]:
    """The pages of every batch of the secretary's village, and at the desk of a roster and a household."""
    mine = select(PayoutBatch.id).where(PayoutBatch.village_id == secretary.current_grants[0].village_id)
    ids = db.session.scalars(mine.order_by(PayoutBatch.id)).all()
    household = select(PayoutLine.household_id).where(PayoutLine.batch_id == ids[0]).limit(1)
    more = [f'/desk/payouts/households/{db.session.scalars(household).one()}'] if folder == '/desk/payouts' else []
    return [*(f'{folder}/{batch_id}' for batch_id in ids), *more]


def _changing(village_id: int) -> dict[int, int]:
    """Return the agreements of a village that are changing, each with the version that was sent in by itself."""
    rows = db.session.execute(
        select(AgreementVersion.agreement_id, AgreementVersion.id)
        .join(AgreementVersion.agreement)
        .where(BenefitAgreement.village_id == village_id, AgreementVersion.sent_at.is_not(None))
    )
    found = {agreement_id: version_id for agreement_id, version_id in rows}  # noqa: C416  a row is no pair to mypy
    assert found
    return found


def _faults(page, what: str, impacts: frozenset[str] | None = None) -> list[str]:
    found = Axe().run(page, options={} if impacts else RULES).response['violations']
    faults = [
        f'{what}: {rule["id"]}: {rule["nodes"][0]["html"][:160]}'
        for rule in found
        if impacts is None or rule['impact'] in impacts
    ]
    wider = sideways_scroll(page)
    return [*faults, *([f'{what}: {wider} px wider than the screen'] if wider else [])]


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_large_type_is_large(users, phone_page, database_kind):
    page = phone_page
    page.goto('/products')
    before = _sizes(page)
    page.get_by_role('button', name='大字版').first.click()
    assert page.url.endswith('/products')
    assert page.locator('html').get_attribute('data-type') == 'large'
    assert [round(after / size, 2) for after, size in zip(_sizes(page), before, strict=True)] == [1.25] * len(before)
    page.get_by_role('button', name='标准字号').first.click()
    page.goto('/products')
    assert _sizes(page) == before
    page.emulate_media(media='print')
    shown = {
        name: page.locator(name).first.is_visible() for name in ('.tabbar', '.foot', '.search', '.head .brand', 'h1')
    }
    assert shown == {'.tabbar': False, '.foot': False, '.search': False, '.head .brand': True, 'h1': True}


def _sizes(page) -> list[float]:
    """Return computed sizes of letters in px: of running text, a headline, a price, the bottom bar."""
    names = ['body', 'h1', '.price', '.tabbar span']
    script = 'names => names.map(name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize))'
    return page.evaluate(script, names)
