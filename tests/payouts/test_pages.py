"""The pages of a batch, from the desk to the public and back, and what they never show."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.longworks.models import LongWork
from shop.payouts.evidence_models import PayoutReceipt, PayoutSlip
from shop.payouts.models import BatchStatus, PayoutBatch
from shop.payouts.objection_models import PayoutObjection
from shop.payouts.services import confirm_batch, end_due_notices, put_on_notice
from tests.factories.payouts import bring, compute, lines, make_paying_village, pay

B = BatchStatus


@pytest.fixture
def paying(app, clock_hand):
    return make_paying_village()


def photo() -> io.BytesIO:
    """A photo that says where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = 'TAKEN AT HOME'
    Image.new('RGB', (700, 900), '#fdfaf3').save(out, 'JPEG', exif=exif)
    return io.BytesIO(out.getvalue())


def test_a_batch_goes_its_whole_way_by_hand(client, paying):
    client.sign_in(paying.member)
    assert '16.02' in client.get('/desk/payouts').text
    answer = client.post('/desk/payouts', data={'form_token': 'x' * 30}, follow_redirects=True)
    batch = db.session.scalars(select(PayoutBatch)).one()
    desk, office = f'/desk/payouts/{batch.id}', f'/office/payouts/{batch.id}'
    assert (answer.request.path, '等第一书记确认' in answer.text) == (desk, True)
    assert client.post(f'{desk}/confirmation').status_code == 404
    client.sign_in(paying.secretary)
    assert client.post(f'{desk}/confirmation').status_code == 303
    assert '10 天后自动送乡镇审核' in client.post(f'{desk}/notice', follow_redirects=True).text
    assert client.post(f'{desk}/notice').status_code == 409
    clock.shift(timedelta(days=10))
    with transaction():
        end_due_notices(at=clock.now())
    client.sign_in(paying.township)
    assert '签名并提交' in client.get(office).text
    assert client.post(f'{office}/decision', data={'decision': 'no'}).status_code == 422
    assert '您的姓名和时间' in client.post(f'{office}/decision', data={'decision': 'yes'}, follow_redirects=True).text
    client.sign_in(paying.member)
    roster = client.get(f'{desk}/roster').text
    assert (roster.count('农户1'), '第 1 页，共 1 页' in roster, '全批合计 3 户' in roster) == (1, True, True)
    wrong = client.post(f'{desk}/payments', data={'paid_on': '昨天', 'evidence': '', 'scope': 'chosen'})
    assert (wrong.status_code, wrong.text.count('class="field__error"')) == (422, 3)
    form = {'paid_on': clock.today().isoformat(), 'evidence': '签领第 1 页'}
    one = lines(batch)[0].id
    assert '已登记发放 1 户' in client.post(
        f'{desk}/payments', data={**form, 'scope': 'chosen', 'line': one}, follow_redirects=True
    ).text  # fmt: skip
    assert '没有重复登记' in client.post(
        f'{desk}/payments', data={**form, 'scope': 'chosen', 'line': one}, follow_redirects=True
    ).text  # fmt: skip
    client.post(f'{desk}/payments', data={**form, 'scope': 'all'}, follow_redirects=True)
    assert '还有 3 户签领没有凭证' in client.get(desk).text
    client.post(f'{desk}/slips', data={'slip': (photo(), 'IMG.jpg')})
    slip = db.session.scalars(select(PayoutSlip)).one()
    stored = client.get(f'{desk}/slips/{slip.id}')
    assert (stored.mimetype, b'TAKEN AT HOME' in stored.data) == ('image/jpeg', False)
    assert client.get(f'/media/{slip.digest}-640.jpg').status_code == 404
    client.sign_in(paying.township)
    assert client.get(f'{office}/slips/{slip.id}').status_code == 200
    assert client.post(f'{office}/archive').status_code == 303
    assert db.session.get_one(PayoutBatch, batch.id).status is B.ARCHIVED


def test_names_stand_masked_in_public_while_the_notice_does_and_never_after(client, paying):
    batch = compute(paying)
    number, code = batch.number, paying.households[0].self_check_code
    assert client.get(f'/sunshine/payouts/{number}').status_code == 404
    bring_to_notice(paying, batch)
    page = client.get(f'/sunshine/payouts/{number}').text
    assert ('农*1' in page, code in page, '6.34' in page, '12317' in page, '农户1' in page) == (
        True, True, True, True, False,
    )  # fmt: skip
    clock.shift(clock.day_end(batch.notice_ends_on) - clock.now())
    with transaction():
        end_due_notices(at=clock.now())
    page = client.get(f'/sunshine/payouts/{number}').text
    assert ('农*1' in page, code in page, '6.34' in page, '16.02' in page) == (False, False, False, True)
    assert '16.02' not in client.get('/sunshine/payouts').text


def bring_to_notice(paying, batch) -> None:
    with transaction():
        confirm_batch(batch, actor=paying.secretary, at=clock.now())
        put_on_notice(batch, days=10, actor=paying.secretary, at=clock.now())


def test_an_objection_is_followed_by_its_number_and_decided_by_the_township(client, paying):
    batch = bring(paying, B.ON_NOTICE)
    address = f'/sunshine/payouts/{batch.number}/objections'
    wrong = client.post(address, data={'code': '??', 'text': '少', 'phone': 'x'})
    assert (wrong.status_code, wrong.text.count('class="field__error"'), '少</textarea>' in wrong.text) == (
        422,
        3,
        True,
    )
    unknown = client.post(address, data={'code': 'ZZZZ999', 'text': '应当是三户共分'})
    assert (unknown.status_code, '没有这个自查码' in unknown.text) == (422, True)
    form = {'code': paying.households[0].self_check_code.lower(), 'text': '应当是三户共分', 'phone': '13800000000'}
    answer = client.post(address, data=form, follow_redirects=True)
    objection = db.session.scalars(select(PayoutObjection)).one()
    assert (answer.request.path, '乡镇正在核查' in answer.text) == (
        f'/sunshine/payout-objections/{objection.number}',
        True,
    )
    client.sign_in(paying.township)
    office = f'/office/payouts/{batch.id}'
    assert '13800000000' in client.get(office).text
    decision = f'/office/payouts/objections/{objection.id}/decision'
    assert client.post(decision, data={'decision': 'no'}).status_code == 422
    assert client.post(decision, data={'decision': 'no', 'reason': '查过秤单'}).status_code == 303
    client.sign_out()
    assert '查过秤单' in client.get(f'/sunshine/payout-objections/{objection.number}').text


def test_a_household_confirms_by_code_and_name_and_learns_nothing(client, paying):
    batch = bring(paying, B.DUE)
    pay(paying, batch)
    household = paying.households[0]
    said = [
        client.post('/sunshine/payout-receipts', data={'code': code, 'name': name}, follow_redirects=True).text
        for code, name in (
            (household.self_check_code, '别人'), ('ZZZZ999', '农户1'), (household.self_check_code, '农户1'),
        )
    ]  # fmt: skip
    assert len(set(said)) == 1
    assert [line.confirmed_at is not None for line in lines(batch)] == [True, False, False]
    assert client.post('/sunshine/payout-receipts', data={'code': '1', 'name': ''}).status_code == 422
    for _ in range(8):
        answer = client.post('/sunshine/payout-receipts', data={'code': household.self_check_code, 'name': '猜'})
    assert answer.status_code == 429
    assert db.session.query(PayoutReceipt).count() == 10


def test_when_every_household_has_confirmed_the_evidence_is_complete(client, paying):
    batch = bring(paying, B.DUE)
    pay(paying, batch)
    for number, household in enumerate(paying.households, 1):
        client.post('/sunshine/payout-receipts', data={'code': household.self_check_code, 'name': f'农户{number}'})
    assert db.session.get_one(PayoutBatch, batch.id).status is B.EVIDENCED


def test_ageing_opens_to_its_entries_and_a_household_to_its_sources(client, paying):
    clock.shift(clock.day_end(clock.today()) - clock.now())
    bring(paying, B.ON_NOTICE)
    client.sign_in(paying.member)
    page = client.get('/desk/payouts/ageing?pool=1&bucket=0').text
    assert ('10.02' in page, '合计 1 笔' in page) == (True, True)
    page = client.get(f'/desk/payouts/households/{paying.households[0].id}').text
    assert [fen in page for fen in ('6.34', '3.34', '3.00')] == [True] * 3
    client.sign_in(paying.township)
    page = client.get(f'/office/payouts/ageing?village={paying.village.id}&pool=1&bucket=0').text
    assert page.count('16.02') >= 2
    other = make_paying_village()
    client.sign_in(other.member)
    assert client.get(f'/desk/payouts/households/{paying.households[0].id}').status_code == 404


def test_a_long_work_is_followed_and_stopped_by_its_village_alone(client, paying, monkeypatch):
    monkeypatch.setattr('shop.payouts.views.desk.QUICK', 0)
    client.sign_in(paying.member)
    address = client.post('/desk/payouts', data={'form_token': 'x' * 30}).headers['Location']
    assert '可以离开这一页' in client.get(address).text
    assert client.get(f'{address}/progress').json == {
        'done': 0, 'total': 3, 'percent': 0, 'is_open': True, 'status': '排队中',
    }  # fmt: skip
    assert client.post(f'{address}/stop').status_code == 303
    assert '已停止' in client.get(address).text
    assert db.session.scalars(select(PayoutBatch)).all() == []
    other = make_paying_village()
    client.sign_in(other.member)
    assert client.get(address).status_code == 404
    assert db.session.query(LongWork).count() == 1
