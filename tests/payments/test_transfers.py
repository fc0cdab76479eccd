"""Bank transfers: the code, the page, the statement, and lines that are linked, ignored or on hold."""

import io
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.crypto import CODE_ALPHABET
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.models import OrderStatus
from shop.orders.services import cancel_order, expire_orders
from shop.payments import office, reconciler
from shop.payments.bank_models import BankLine, BankLineStatus, BankStatement
from shop.payments.inbox import store_event
from shop.payments.models import Payment, PaymentStatus, PaymentStep, Refund, RefundStatus
from shop.payments.services import GATEWAYS
from shop.payments.transfers import find_code, new_code, received
from shop.payments.worker import redrive_events
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_payment, pay, place
from tests.factories.villages import make_village

P, S, L = PaymentStatus, OrderStatus, BankLineStatus
HEADER = '交易日期,收入金额,对方户名,对方账号,流水号,附言'


@given(st.data())
def test_a_wrong_letter_or_a_swap_of_neighbours_is_not_a_code(data):
    code = new_code()
    assert find_code(f'货款 {code[:4]}-{code[4:].lower()}。') == code
    place = data.draw(st.integers(2, 9))
    wrong = data.draw(st.sampled_from([letter for letter in CODE_ALPHABET if letter != code[place]]))
    assert find_code(code[:place] + wrong + code[place + 1 :]) is None
    if code[place] != code[place + 1] and place < 9:
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        gap = abs(CODE_ALPHABET.index(code[place]) - CODE_ALPHABET.index(code[place + 1]))
        assert (find_code(swapped) is None) == (2 * gap % 32 != 0)
    assert find_code('没有识别码') is None


@pytest.fixture
def village(app, clock_hand):
    return make_village()


@pytest.fixture
def checkout(village):
    return place((make_listed_product(price_fen=3990, village=village), 2))


@pytest.fixture
def payment(client, checkout) -> Payment:
    """A payment that the buyer has chosen to make by transfer."""
    begun = make_payment(checkout)
    location = client.post(f'/payments/{begun.reference}/transfer').location
    reference = location.split('/')[2]
    return db.session.scalars(select(Payment).where(Payment.reference == reference)).one()


@pytest.fixture
def officer(app, client, village):
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=village.county))
    return client


def statement(*rows: str, name: str = '六月.csv') -> dict:
    return {'statement': (io.BytesIO('\n'.join([HEADER, *rows]).encode()), name)}


def row(fen: int, serial: str, memo: str = '', day: str = '2026-06-15 13:00') -> str:
    return f'{day},{fen / 100:.2f},市交通运输局,6222020812345678,{serial},{memo}'


def upload(officer, *rows: str):
    return officer.post('/office/transfers', data=statement(*rows), content_type='multipart/form-data')


def line_ids() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(BankLine.id).order_by(BankLine.id)))


def decide(officer, line_id: int, decision: str, **form: str):
    return officer.post(f'/office/transfers/{line_id}/decision', data={'decision': decision, **form})


def sold() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(SalesEntry.amount_fen), 0))) or 0


def told(officer) -> str:
    return officer.get('/office/transfers').text


def test_choosing_a_transfer_keeps_the_goods_for_days_and_tells_where_to_pay(client, payment, checkout):
    order = checkout.orders[0]
    assert order.payable_until == checkout.payable_until == payment.created_at + timedelta(days=3)
    page = client.get(f'/payments/{payment.reference}/transfer').text
    spaced = re.sub(r'(.{2})(.{3})(.{3})(.{3})', r'\1 \2 \3 \4', payment.transfer_code)
    for words in (spaced, '演示银行', order.number, '2026-06-18 12:00'):
        assert words in page
    clock.shift(timedelta(days=2))
    with transaction():
        assert expire_orders(at=clock.now()) == 0


def test_the_code_stays_the_same_and_leads_on(client, payment):
    code, reference = payment.transfer_code, payment.reference
    again = client.post(f'/payments/{reference}/transfer').location
    assert again == f'/payments/{reference}/transfer'
    assert client.get(f'/payments/{reference}').location == again
    db.session.rollback()
    assert payment.transfer_code == code


def test_the_other_gateways_lead_on_too(client, checkout):
    begun = make_payment(checkout)
    assert client.get(f'/payments/{begun.reference}').location == f'/sandbox/pay/{begun.reference}'
    assert '改用对公转账' in client.get(f'/sandbox/pay/{begun.reference}').text
    assert client.get(f'/payments/{begun.reference}/transfer').status_code == 404
    reference = begun.reference
    pay(checkout)
    assert client.get(f'/payments/{reference}').location == f'/payments/{reference}/return'


def test_without_an_account_no_transfer_is_offered(client, app, checkout):
    begun = make_payment(checkout).reference
    app.config['TRANSFER_ACCOUNT_NUMBER'] = ''
    assert '改用对公转账' not in client.get(f'/sandbox/pay/{begun}').text
    assert client.post(f'/payments/{begun}/transfer').status_code == 404


def test_what_cannot_be_paid_cannot_be_transferred(client, checkout):
    begun = make_payment(checkout).reference
    clock.shift(timedelta(hours=1))
    answer = client.post(f'/payments/{begun}/transfer')
    assert answer.location == f'/payments/{begun}/return'
    assert '已经不能付款' in client.get('/').text


def test_as_the_shops_only_gateway_it_needs_an_account(make_app):
    with pytest.raises(ValueError, match='PAYMENT_GATEWAY transfer needs TRANSFER_ACCOUNT_NAME, TRANSFER_ACCOUNT_BANK'):
        make_app(PAYMENT_GATEWAY='transfer', SHOP_DEMO='0')
    make_app(PAYMENT_GATEWAY='transfer')


def test_nobody_outside_can_say_that_money_has_come(client, payment):
    answer = client.post('/payments/events/transfer', json={'kind': 'transfer.received'})
    assert (answer.status_code, answer.json) == (400, {'error': 'a bank sends no events'})


def test_a_linked_line_pays_the_order_once(officer, payment, checkout):
    clock.shift(timedelta(hours=3))
    assert upload(officer, row(7980, 'N1', f'货款{payment.transfer_code}')).status_code == 303
    page = told(officer)
    assert '导入 1 行收入' in page
    assert '识别码与金额都相符' in page
    line_id = line_ids()[0]
    assert decide(officer, line_id, 'link', code=payment.transfer_code.lower()).status_code == 303
    assert '订单已付款' in told(officer)
    db.session.rollback()
    assert (payment.status, payment.settles_orders, sold()) == (P.SUCCEEDED, True, 7980)
    assert payment.succeeded_at == clock.now() - timedelta(hours=2)
    again = decide(officer, line_id, 'link', code=payment.transfer_code)
    assert again.status_code == 422
    assert '不能改为' in again.text
    assert sold() == 7980
    steps = db.session.scalars(select(PaymentStep).where(PaymentStep.bank_line_id == line_id)).all()
    assert [(step.from_status, step.to_status, step.reason) for step in steps] == [
        ('on_hold', 'linked', payment.transfer_code)
    ]
    assert payment.transfer_code in officer.get('/office/transfers?status=linked').text
    assert '已到账' in officer.get(f'/payments/{payment.reference}/transfer').text


def test_a_bank_that_knows_only_the_day_does_not_pay_before_the_order_was_placed(officer, payment, checkout):
    upload(officer, row(7980, 'N1', day='2026-06-15'))
    decide(officer, line_ids()[0], 'link', code=payment.transfer_code)
    db.session.rollback()
    assert payment.succeeded_at == payment.created_at


def test_the_same_line_in_two_statements_comes_in_once(officer, payment):
    clock.shift(timedelta(hours=3))
    first = row(7980, 'N1', payment.transfer_code)
    upload(officer, first)
    upload(officer, first, row(100, 'N2'))
    assert '导入 1 行收入；1 行以前导入过' in told(officer)
    assert len(line_ids()) == 2
    refused = upload(officer, row(7981, 'N1'))
    assert refused.status_code == 422
    assert '第 2 行“流水号”：同一天的“N1”已导入过，那时是 ¥79.80，现在是 ¥79.81。' in refused.text
    assert db.session.scalar(select(func.count(BankStatement.id))) == 2


def test_two_who_upload_the_same_at_once_import_it_once(officer, payment, monkeypatch):
    clock.shift(timedelta(hours=3))
    upload(officer, row(7980, 'N1'))
    monkeypatch.setattr('shop.payments.matching._known', lambda _keys: {})
    answer = upload(officer, row(7980, 'N1'), row(100, 'N2'))
    assert answer.status_code == 409
    assert '请再传一次' in answer.text
    assert len(line_ids()) == 1


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (None, '选择一个文件'),
        (b'', '选择一个文件'),
        (f'{HEADER}\n2026-06-14,=1+1,市局,,N1,'.encode(), '第 2 行“收入金额”现为“=1+1”。这是公式或错误值'),
    ],
    ids=['no file', 'empty file', 'formula'],
)
def test_what_cannot_be_imported_gets_words_and_leaves_nothing(officer, content, message):
    sent = {'statement': (io.BytesIO(content), 'a.csv')} if content is not None else {}
    answer = officer.post('/office/transfers', data=sent, content_type='multipart/form-data')
    assert answer.status_code == 422
    assert message in answer.text
    assert line_ids() == []


def test_a_huge_file_is_not_even_read(officer, monkeypatch):
    monkeypatch.setattr(office, 'MAX_BYTES', 100)
    monkeypatch.setattr(office, 'ROOM_FOR_FORM', 0)
    answer = upload(officer, row(7980, 'N1', day='2026-06-15'))
    assert answer.status_code == 413
    assert '文件太大' in answer.text
    assert line_ids() == []


def test_a_line_is_ignored_or_on_hold_with_a_reason_and_can_be_opened_again(officer, payment):
    upload(officer, row(100, 'N1', day='2026-06-15'))
    line_id = line_ids()[0]
    refused = decide(officer, line_id, 'ignore', reason=' ')
    assert refused.status_code == 422
    assert '写明原因' in refused.text
    for decision, status, reason in (
        ('hold', L.ON_HOLD, '等财务确认'), ('ignore', L.IGNORED, '利息'), ('hold', L.ON_HOLD, '看错了'),
    ):  # fmt: skip
        assert decide(officer, line_id, decision, reason=reason).status_code == 303
        db.session.rollback()
        line = db.session.get(BankLine, line_id)
        assert (line.status, line.reason) == (status, reason)
    decide(officer, line_id, 'ignore', reason='利息')
    assert '利息' in officer.get('/office/transfers?status=ignored').text


@pytest.mark.parametrize(
    ('code', 'message'), [('', '识别码是 DY 开头'), ('DY222222223', '识别码是 DY 开头'), ('new', '没有识别码为')]
)
def test_a_code_nobody_has_is_told_beside_the_line_and_kept(officer, payment, code, message):
    upload(officer, row(100, 'N1', day='2026-06-15'))
    code = new_code() if code == 'new' else code
    answer = decide(officer, line_ids()[0], 'link', code=code)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{code}"' in answer.text
    assert sold() == 0


def test_another_amount_is_held_and_given_back_by_hand(officer, payment, checkout):
    upload(officer, row(7000, 'N1', payment.transfer_code, day='2026-06-15'))
    assert '识别码相符，应付是 ¥79.80' in told(officer)
    decide(officer, line_ids()[0], 'link', code=payment.transfer_code)
    assert '金额与应付不符' in told(officer)
    db.session.rollback()
    assert (payment.status, payment.captured_fen) == (P.HELD, 7000)
    held = officer.get('/office/payments/held').text
    assert '¥70.00' in held
    assert checkout.orders[0].number in held
    accepted = officer.post(f'/office/payments/{payment.id}/decision', data={'decision': 'accept'})
    assert accepted.status_code == 422
    assert '收到 ¥70.00，应付 ¥79.80，不相等' in accepted.text
    officer.post(f'/office/payments/{payment.id}/decision', data={'decision': 'refund', 'reason': '金额不符'})
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_fen, refund.status, refund.requested_by_id is not None) == (
        7000, RefundStatus.REQUESTED, True,
    )  # fmt: skip
    assert '¥70.00' in told(officer)
    short = officer.post(f'/office/refunds/{refund.id}/transfer', data={'slip': '1'})
    assert short.status_code == 422
    assert '流水号，4 到 60' in short.text
    assert officer.post(f'/office/refunds/{refund.id}/transfer', data={'slip': 'R-2026'}).status_code == 303
    db.session.rollback()
    assert (refund.status, refund.provider_reference) == (RefundStatus.SUCCEEDED, 'R-2026')
    again = officer.post(f'/office/refunds/{refund.id}/transfer', data={'slip': 'R-2027'})
    assert again.status_code == 422
    assert '不等待转账' in again.text
    assert find_faults() == []


def test_a_second_transfer_for_a_paid_order_is_to_be_sent_back(officer, payment):
    upload(officer, row(7980, 'N1', day='2026-06-15'), row(7980, 'N2', day='2026-06-15'))
    first, second = line_ids()
    decide(officer, first, 'link', code=payment.transfer_code)
    decide(officer, second, 'link', code=payment.transfer_code)
    assert '这笔订单早已付清' in told(officer)
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_fen, refund.payment_id != payment.id, sold()) == (7980, True, 7980)


def test_a_transfer_for_a_cancelled_order_is_to_be_sent_back(officer, payment, checkout):
    with transaction():
        cancel_order(checkout.orders[0], actor=None, at=clock.now(), reason='买家取消')
    assert reconciler.close_payments(at=clock.now()) == 1
    assert '这笔转账现在的状态：已失效' in officer.get(f'/payments/{payment.reference}/transfer').text
    upload(officer, row(7980, 'N1', day='2026-06-15'))
    decide(officer, line_ids()[0], 'link', code=payment.transfer_code)
    assert '订单已经取消' in told(officer)
    assert sold() == 0


def test_a_link_that_was_stored_and_not_acted_on_is_acted_on_later(officer, payment, monkeypatch):
    upload(officer, row(7980, 'N1', day='2026-06-15'))
    monkeypatch.setattr(office, 'act_within', lambda _event_id, at: None)
    decide(officer, line_ids()[0], 'link', code=payment.transfer_code)
    assert '一分钟内处理' in told(officer)
    assert sold() == 0
    assert redrive_events(at=clock.now()) == 1
    assert sold() == 7980


def test_a_department_sees_only_what_is_its_own(client, officer, payment, village):
    upload(officer, row(7980, 'N1', payment.transfer_code, day='2026-06-15'))
    line_id = line_ids()[0]
    township, county = village.township, village.county
    city = make_user(Role.CITY_DEPARTMENT, region=county.parent)
    auditor = make_user(Role.AUDITOR, region=county)
    other = make_user(Role.COUNTY_DEPARTMENT, region=township)
    client.sign_in(other)
    assert '市交通运输局' not in client.get('/office/transfers').text
    assert decide(client, line_id, 'link', code=payment.transfer_code).status_code == 404
    assert client.post(f'/office/payments/{payment.id}/decision', data={'decision': 'accept'}).status_code == 404
    upload(client, row(7980, 'N2', payment.transfer_code, day='2026-06-15'))
    own = line_ids()[1]
    assert '识别码与金额都相符' not in told(client)
    assert '没有识别码为' in decide(client, own, 'link', code=payment.transfer_code).text
    client.sign_in(auditor)
    page = client.get('/office/transfers').text
    assert '市交通运输局' in page
    assert '/decision' not in page
    assert decide(client, line_id, 'link', code=payment.transfer_code).status_code == 404
    client.sign_in(city)
    assert decide(client, line_id, 'link', code=payment.transfer_code).status_code == 303
    assert sold() == 7980


def test_what_does_not_exist_is_not_found(officer):
    assert decide(officer, 999, 'hold', reason='无').status_code == 404
    assert officer.post('/office/refunds/999/transfer', data={'slip': 'R-2026'}).status_code == 404


def test_a_line_whose_event_is_stored_twice_is_one_event(officer, payment):
    upload(officer, row(7980, 'N1', day='2026-06-15'))
    decide(officer, line_ids()[0], 'link', code=payment.transfer_code)
    with transaction():
        event = GATEWAYS['transfer'].read_event(
            received(f'line-{line_ids()[0]}', payment, 7980, clock.now(), '20260615:N1')
        )
        assert store_event('transfer', event, at=clock.now()).outcome.value == 'settled'
