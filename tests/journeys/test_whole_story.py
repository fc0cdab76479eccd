"""One product from the village's desk to the households' account, played by people at browsers."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from shop.accounts.models import User
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.jobs.schedule import run_due_work
from shop.kit.database import db
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.orders.models import Order, OrderStatus
from shop.villages.models import Tenure, Village
from tests.factories.accounts import PASSWORD, make_reviewers, make_user
from tests.factories.catalogue import make_category
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_households, make_tenure, make_village
from tests.journeys import buying, listing
from tests.support.browsers import DESK, PHONE

PRICE_FEN = 3990
UNITS = 2
PART_FEN = 240  # 2 units at 600 fen, shared by 5 households
HOUSEHOLDS = 5


@pytest.fixture
def tenure(app, clock_hand) -> Tenure:
    village = make_village()
    make_households(village, HOUSEHOLDS)
    make_supplier(village, name='松岭村黑木耳专业合作社')
    make_category('菌菇山货')
    return make_tenure(village)


@pytest.fixture
def shopper(app, clock_hand) -> User:
    return make_user(name='李晓', login_name='13800138000')


@pytest.mark.parametrize('has_script', [True, False], ids=['script', 'plain'])
def test_a_sale_reaches_the_households_and_the_tally(app, client, visitors, clock_hand, tenure, shopper, has_script):
    village, secretary = tenure.village, desk_user(tenure)
    desk = visitors.arrive(width=PHONE, javascript=has_script, user=secretary)
    offices = [visitors.arrive(width=DESK, javascript=has_script, user=one) for one in make_reviewers(village)]
    phone = visitors.arrive(width=PHONE, javascript=has_script)

    _list_and_review(desk, offices, clock_hand)
    before = _tally(client, clock_hand)
    assert (before['endorsed_products'], before['projects'], before['brands']) == (1, 1, 1)
    assert (before['sales_fen'], before['households']) == (0, {'covered': HOUSEHOLDS, 'accrued': 0, 'paid': 0})

    buying.put_in_basket(phone, '木耳', UNITS)
    buying.sign_in(phone, shopper.login_name, PASSWORD, then='/basket')
    assert '秋木耳' in phone.inner_text('main')
    number = buying.check_out(phone, has_script=has_script)
    assert f'预计有 ¥12.00 记到 {HOUSEHOLDS} 户农户名下' in phone.inner_text('.ostat')
    buying.ship(desk, number)
    buying.confirm_receipt(phone, number)

    _assert_credited(phone, number)
    after = _tally(client, clock_hand)
    assert after['sales_fen'] - before['sales_fen'] == PRICE_FEN * UNITS
    assert after['households'] == {'covered': HOUSEHOLDS, 'accrued': HOUSEHOLDS, 'paid': 0}
    _assert_office_sees_it(offices[2], village)
    clock_hand.move(days=1)
    run_due_work()
    assert find_faults() == []


def _list_and_review(desk, offices, clock_hand) -> None:
    """List it; the township returns it once; all three rungs pass it; the notice runs out."""
    meeting_on = clock_hand.day - timedelta(days=3)
    address = listing.list_product(desk, supplier='松岭村黑木耳专业合作社', category='菌菇山货', meeting_on=meeting_on)
    assert '待乡镇初审' in desk.inner_text('main, header')
    listing.send_back(offices[0], '秋木耳', '请补一句怎么吃。')
    desk.goto('/desk/')
    assert '请补一句怎么吃。' in desk.inner_text('main')
    desk.goto(f'{address}/statement')
    assert '请补一句怎么吃。' in desk.inner_text('main')
    desk.fill('[name=statement]', f'{listing.STATEMENT}凉拌最省事。'.replace('最省事', '很省事'))
    listing.press(desk, '提交审核')
    for office, step in zip(offices, ('乡镇初审', '县级复审', '市级审定'), strict=True):
        listing.approve(office, '秋木耳', step)
    assert db.session.scalar(select(Endorsement.status)) is EndorsementStatus.ON_NOTICE
    db.session.rollback()
    run_due_work()
    assert db.session.scalar(select(Endorsement.status)) is EndorsementStatus.ON_NOTICE
    db.session.rollback()
    clock_hand.move(days=int(current_app.config['NOTICE_DAYS']) + 1)
    run_due_work()
    assert db.session.scalar(select(Endorsement.status)) is EndorsementStatus.LISTED
    db.session.rollback()


def _tally(client, clock_hand) -> dict:
    return client.get('/api/v1/tallies', query_string={'on': clock_hand.day.isoformat()}).json


def _assert_credited(phone, number: str) -> None:
    db.session.rollback()
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    assert order.status is OrderStatus.COMPLETED
    assert db.session.scalars(select(SalesEntry.amount_fen)).all() == [PRICE_FEN * UNITS]
    assert db.session.scalars(select(BenefitEntry.amount_fen)).all() == [PART_FEN * HOUSEHOLDS]
    assert '已完成，谢谢您' in phone.inner_text('.ostat')
    assert phone.locator('.codes li').count() == HOUSEHOLDS
    assert {part.inner_text() for part in phone.locator('.codes b').all()} == {'+¥2.40'}
    for household in order.village.county.name, '农户1':
        assert household not in phone.inner_text('.codes')
    db.session.rollback()


def _assert_office_sees_it(office, village: Village) -> None:
    office.goto('/office/')
    assert '79.80' in office.inner_text('main')
