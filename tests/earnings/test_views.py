"""The desk writes a batch down, the township signs it; nobody else finds it."""

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.earnings.models import EarningsBatch, EarningsStatus
from shop.kit.database import db
from tests.factories.accounts import make_user
from tests.factories.earnings import make_batch
from tests.factories.villages import make_households, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

TYPED = {
    'form_token': 'once', 'kind': 'wages', 'title': '采摘务工', 'payer': '合作社', 'happened_on': '2026-06-14',
    'rate': '120', 'evidence': '回单 7',
}  # fmt: skip


@pytest.fixture
def village(app, clock_hand):
    return make_village()


def test_a_batch_is_typed_reckoned_kept_submitted_and_verified(app, client, village):
    households = make_households(village, 2)
    typed = {**TYPED, f'quantity-{households[0].id}': '12.5'}
    client.sign_in(make_user(Role.FIRST_SECRETARY, village=village))
    reckoned = client.post('/desk/earnings/new', data={**typed, 'do': 'reckon'})
    assert '¥1,500.00' in reckoned.text
    assert db.session.scalars(select(EarningsBatch)).all() == []
    for _ in range(2):
        kept = client.post('/desk/earnings/new', data={**typed, 'do': 'keep'})
        assert kept.status_code == 303
    batch = db.session.scalars(select(EarningsBatch)).one()
    page = client.get(f'/desk/earnings/{batch.number}')
    assert households[0].head_name in page.text
    client.post(f'/desk/earnings/{batch.number}/submission')
    township = app.test_client()
    township.sign_in(make_user(Role.TOWNSHIP_REVIEWER, region=village.township))
    assert batch.title in township.get('/office/earnings').text
    shown = township.get(f'/office/earnings/{batch.number}').text
    assert (households[0].head_name in shown, households[0].masked_name in shown) == (False, True)
    assert township.post(f'/office/earnings/{batch.number}/verification').status_code == 303
    again = township.post(f'/office/earnings/{batch.number}/verification')
    assert (again.status_code, '已入账' in again.text) == (409, True)
    assert '¥1,500.00' in client.get('/desk/earnings').text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(client, village):
    household = make_households(village, 1)[0]
    client.sign_in(make_user(Role.TEAM_MEMBER, village=village))
    page = client.post(
        '/desk/earnings/new',
        data={**TYPED, 'kind': 'purchase', 'rate': 'zwölf', 'payer': '', f'quantity-{household.id}': '1.234'},
    )
    assert page.status_code == 422
    for said in (
        '收购价填金额',
        '每单位给农户的金额填金额',
        '填写支付单位',
        '最多一位小数',
        'value="zwölf"',
        'value="1.234"',
    ):
        assert said in page.text
    refused = client.post(
        '/desk/earnings/new', data={**TYPED, 'happened_on': '2026-07-01', f'quantity-{household.id}': '1'}
    )
    assert (refused.status_code, '发生日不能晚于今天' in refused.text) == (422, True)


def test_a_draft_is_changed_and_given_up_and_the_team_does_not_submit(client, village):
    household = make_households(village, 1)[0]
    batch = make_batch(village, [(household, 10)], submitted=False)
    client.sign_in(make_user(Role.TEAM_MEMBER, village=village))
    assert 'value="1"' in client.get(f'/desk/earnings/{batch.number}/change').text
    for do, code in (('reckon', 200), ('keep', 303)):
        typed = {**TYPED, 'do': do, f'quantity-{household.id}': '3'}
        assert client.post(f'/desk/earnings/{batch.number}/change', data=typed).status_code == code
    wrong = client.post(f'/desk/earnings/{batch.number}/change', data={**TYPED, 'happened_on': '2026-07-01'})
    assert wrong.status_code == 422
    db.session.expire_all()
    assert batch.amount_fen == 36_000
    assert client.post(f'/desk/earnings/{batch.number}/submission').status_code == 404
    assert client.post(f'/desk/earnings/{batch.number}/cancellation').status_code == 303
    assert client.post(f'/desk/earnings/{batch.number}/cancellation').status_code == 409
    db.session.expire_all()
    assert batch.status is EarningsStatus.CANCELLED
    assert client.get(f'/desk/earnings/{batch.number}/change').status_code == 303


def test_an_empty_batch_is_not_submitted(client, village):
    batch = make_batch(village, [], submitted=False)
    client.sign_in(make_user(Role.FIRST_SECRETARY, village=village))
    page = client.post(f'/desk/earnings/{batch.number}/submission')
    assert (page.status_code, '还没有填任何一户' in page.text) == (409, True)


def test_the_township_returns_with_a_reason(client, village):
    batch = make_batch(village, [(make_households(village, 1)[0], 10)])
    client.sign_in(make_user(Role.TOWNSHIP_REVIEWER, region=village.township))
    assert '写明退回的理由' in client.post(f'/office/earnings/{batch.number}/return', data={'reason': ' '}).text
    assert client.post(f'/office/earnings/{batch.number}/return', data={'reason': '凭证不清'}).status_code == 303
    db.session.expire_all()
    assert batch.status is EarningsStatus.DRAFT
    assert client.get(f'/office/earnings/{batch.number}').status_code == 404, 'a draft is the village’s'


def test_another_village_township_or_the_county_cannot_touch_it(client, village):
    batch = make_batch(village, [(make_households(village, 1)[0], 10)])
    elsewhere = make_village('石门村')
    client.sign_in(make_user(Role.FIRST_SECRETARY, village=elsewhere))
    assert client.get(f'/desk/earnings/{batch.number}').status_code == 404
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=village.county))
    assert client.get('/office/earnings?status=submitted').status_code == 200
    assert client.get(f'/office/earnings/{batch.number}').status_code == 200
    assert client.post(f'/office/earnings/{batch.number}/verification').status_code == 404
