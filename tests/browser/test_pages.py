"""The pages people meet first: nothing wider than the screen, nothing an assistive reader would stumble over."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from shop.accounts.models import User
from shop.demo.loading import load_campaign
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from tests.support.browsers import DESK, PHONE, sideways_scroll

UNTIL = date(2026, 6, 14)
LOUD = frozenset({'serious', 'critical'})


@pytest.fixture
def addresses(app, clock_hand) -> dict[str, list[str]]:
    """Pages by the login name of who opens them; '' is a visitor."""
    load_campaign(3, 0.03, UNTIL, tell=lambda _what, _part: None)
    listed = select(Endorsement).where(Endorsement.status == EndorsementStatus.LISTED).limit(1)
    product = db.session.scalars(listed).one().product
    buyer = select(User.id).where(User.login_name == 'guke').scalar_subquery()
    bought = select(Order.number).where(Order.user_id == buyer, Order.status == OrderStatus.COMPLETED).limit(1)
    reviewed = select(Endorsement.id).where(Endorsement.status == EndorsementStatus.COUNTY_REVIEW).limit(1)
    transfer = db.session.scalars(select(Payment.reference).where(Payment.transfer_code.is_not(None)).limit(1)).one()
    return {
        '': [
            f'/payments/{transfer}/transfer',
            '/',
            '/products',
            f'/products/{product.slug}',
            '/villages',
            '/sunshine',
            '/basket',
            '/sign-in',
        ],
        'guke': ['/orders', f'/orders/{db.session.scalars(bought).one()}', '/account'],
        'shuji': ['/desk/', '/desk/endorsements', '/desk/endorsements/new', '/desk/orders', '/desk/stock'],
        'xian': ['/office/', '/office/endorsements', f'/office/endorsements/{db.session.scalars(reviewed).one()}'],
        'shi': ['/office/transfers', '/office/transfers?status=linked', '/office/payments/held'],
    }


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_pages_fit_the_screen_and_can_be_read_aloud(app, addresses, visitors, database_kind):
    users = {user.login_name: user for user in db.session.scalars(select(User))}
    faults = []
    for login_name, paths in addresses.items():
        for width in (PHONE, DESK):
            page = visitors.arrive(width=width, user=users.get(login_name))
            for path in paths:
                page.goto(path)
                faults += [f'{width} {path}: {fault}' for fault in _faults(page)]
    assert faults == []


def _faults(page) -> list[str]:
    found = Axe().run(page).response['violations']
    loud = [f'{rule["id"]}: {rule["nodes"][0]["html"][:120]}' for rule in found if rule['impact'] in LOUD]
    wider = sideways_scroll(page)
    return [*loud, *([f'{wider} px wider than the screen'] if wider else [])]
