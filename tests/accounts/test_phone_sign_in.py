"""Signing in with a code sent to a phone: once, soon, a few tries, and the same answer for everybody."""

import threading

import pytest
from sqlalchemy import func, select, update

from shop.accounts.models import User
from shop.accounts.phone_codes import PhoneError, read_phone
from shop.accounts.services import register_user
from shop.accounts.sign_in_models import PhoneCode
from shop.accounts.sms import SmsDownError
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.basket import Basket
from tests.factories.endorsements import make_listed_product

pytestmark = pytest.mark.usefixtures('clock_hand')

PHONE = '13812345678'


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, str]]:
    """What was sent to whom."""
    messages: list[tuple[str, str]] = []

    class Driver:
        def send_code(self, phone, code, *, at):
            messages.append((phone, code))

    monkeypatch.setattr('shop.storefront.views.phone_sign_in.driver_of', lambda _settings: Driver())
    return messages


def ask(client, phone: str = PHONE, **more: str):
    return client.post('/sign-in/phone', data={'phone': phone, **more})


def enter(client, code: str, **more: str):
    return client.post('/sign-in/phone/code', data={'code': code, **more})


def wrong(code: str) -> str:
    return f'{(int(code) + 1) % 1_000_000:06d}'


def test_a_new_number_gets_an_account_and_the_guests_basket(app, client, sent):
    product = make_listed_product()
    client.post('/basket/lines', data={'variant': product.variants[0].id, 'quantity': 2})
    answer = ask(client, '138 1234-5678', next='/orders?tab=all')
    assert answer.headers['Location'] == '/sign-in/phone/code?next=%2Forders%3Ftab%3Dall'
    assert '138****5678' in client.get(answer.headers['Location']).text
    ((phone, code),) = sent
    assert (phone, len(code)) == (PHONE, 6)
    assert enter(client, f' {code[:3]} {code[3:]} ', next='/orders?tab=all').headers['Location'] == '/orders?tab=all'
    user = db.session.scalars(select(User).where(User.login_name == PHONE)).one()
    assert (user.name, user.password_hash) == ('138****5678', None)
    assert user.phone_proven_at == clock.now()
    assert db.session.scalars(select(Basket.user_id)).one() == user.id
    assert client.get('/account').status_code == 200
    stored = db.session.scalars(select(PhoneCode.code_digest)).one()
    assert code not in stored
    assert enter(client, code).headers['Location'] == '/sign-in/phone', 'a code is used once'


def test_the_account_of_the_number_is_used_and_a_password_nobody_has_proven_ends(app, client, sent, clock_hand):
    with transaction():
        user_id = register_user(PHONE, '李晓', 'set by a stranger', at=clock.now()).id
    stranger = app.test_client()
    stranger.post('/sign-in', data={'login_name': PHONE, 'password': 'set by a stranger'})
    assert stranger.get('/account').status_code == 200
    ask(client)
    assert enter(client, sent[-1][1]).headers['Location'] == '/account'
    assert '之前设的口令已停用' in client.get('/account').text
    assert stranger.get('/account').status_code == 303
    assert db.session.scalar(select(func.count()).select_from(User)) == 1
    short = client.post('/account/password', data={'new': 'short'})
    assert 'id="new-error"' in short.text
    assert client.post('/account/password', data={'new': 'now it is mine'}).status_code == 303
    assert client.post('/account/password', data={'new': 'another one', 'current': 'no'}).status_code == 422
    assert client.get('/account').status_code == 200, 'this device stays'
    clock_hand.move(minutes=2)
    client.post('/sign-out')
    ask(client)
    assert enter(client, sent[-1][1]).headers['Location'] == '/'
    assert db.session.get_one(User, user_id).password_hash is not None


def test_known_and_unknown_numbers_get_the_same_answers(app, client, sent):
    with transaction():
        register_user(PHONE, '李晓', 'a good password', at=clock.now())
    pages = []
    for phone in (PHONE, '13900000009'):
        client.sign_out()
        pages.append([ask(client, phone).text, enter(client, wrong(sent[-1][1])).text.replace(wrong(sent[-1][1]), '')])
    assert pages[0][1].replace('138****5678', '').replace(PHONE, '') == pages[1][1].replace('139****0009', '').replace(
        '13900000009', ''
    )
    assert '验证码不对或已失效' in pages[0][1]


def test_a_code_is_tried_five_times_and_lives_five_minutes(app, client, sent, clock_hand):
    ask(client)
    code = sent[-1][1]
    for _ in range(5):
        assert enter(client, wrong(code)).status_code == 422
    assert enter(client, code).status_code == 422, 'the sixth try is one too many, right or not'
    clock_hand.move(minutes=1)
    ask(client)
    clock_hand.move(minutes=5)
    assert enter(client, sent[-1][1]).status_code == 422
    ask(client)
    clock_hand.move(minutes=4, seconds=59)
    ask(client)
    older, newer = sent[-2][1], sent[-1][1]
    if older != newer:
        assert enter(client, older).status_code == 422, 'a new code ends the one before'
    assert enter(client, newer).status_code == 303


def test_a_number_gets_one_code_a_minute_and_ten_a_day(app, client, sent, clock_hand):
    ask(client)
    clock_hand.move(seconds=30)
    again = ask(client)
    assert (again.status_code, again.headers['Retry-After']) == (429, '30')
    assert '请 30 秒后再试' in again.text
    for _ in range(9):
        clock_hand.move(minutes=1)
        assert ask(client).status_code == 303
    clock_hand.move(minutes=1)
    assert ask(client).status_code == 429
    assert len(sent) == 10
    clock_hand.move(days=1)
    assert ask(client).status_code == 303


def test_an_address_gets_thirty_codes_a_day(app, client, sent):
    for number in range(30):
        assert ask(client, f'139000000{number:02d}').status_code == 303
    assert ask(client, '13900000099').status_code == 429
    assert (
        client.post('/sign-in/phone', data={'phone': PHONE}, environ_base={'REMOTE_ADDR': '10.1.1.1'}).status_code
        == 303
    )


def test_asked_for_twice_at_once_one_code_is_sent(app, client, sent):
    together = threading.Barrier(2)
    answers = []

    def ask_too() -> None:
        together.wait()
        answers.append(ask(app.test_client()).status_code)

    threads = [threading.Thread(target=ask_too) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 429]
    assert len(sent) == 1


def test_a_code_used_twice_at_once_opens_once(app, client, sent):
    ask(client)
    other = app.test_client()
    other.set_cookie('shop_session', client.get_cookie('shop_session').value)
    together = threading.Barrier(2)
    answers = []

    def enter_too(visitor) -> None:
        together.wait()
        answers.append(enter(visitor, sent[-1][1]).headers.get('Location'))

    threads = [threading.Thread(target=enter_too, args=(visitor,)) for visitor in (client, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count('/') == 1
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_what_is_no_number_is_said_and_kept(client, sent):
    for typed in ('', '123', '1381234567', '03712345678', '１３８'):
        answer = ask(client, typed)
        assert answer.status_code == 422
        assert 'id="phone-error"' in answer.text
    assert 'value="１３８"' in answer.text
    assert client.get('/sign-in/phone/code?next=/orders').headers['Location'] == '/sign-in/phone?next=%2Forders'
    assert sent == []


def test_an_outage_of_the_sender_is_told_and_the_code_is_worth_nothing(app, client, monkeypatch):
    class Down:
        def send_code(self, phone, code, *, at):
            raise SmsDownError('isv.BUSINESS_LIMIT_CONTROL')

    monkeypatch.setattr('shop.storefront.views.phone_sign_in.driver_of', lambda _settings: Down())
    answer = ask(client)
    assert answer.status_code == 503
    assert '短信暂时发不出去' in answer.text
    assert 'BUSINESS_LIMIT' not in answer.text
    assert db.session.scalars(select(PhoneCode.used_at)).one() is not None


def test_an_account_that_is_switched_off_stays_shut(app, client, sent):
    with transaction():
        register_user(PHONE, '李晓', 'a good password', at=clock.now())
        db.session.execute(update(User).values(is_active=False))
    ask(client)
    assert enter(client, sent[-1][1]).status_code == 422
    assert client.get('/account').status_code == 303


@pytest.mark.parametrize('typed', ['13812345678', '+86 138 1234 5678', '0086-13812345678', '86 13812345678'])
def test_a_number_has_one_form(typed):
    assert read_phone(typed) == PHONE


def test_a_number_that_is_none_is_refused(make_app):
    with make_app().app_context(), pytest.raises(PhoneError):
        read_phone('23812345678')
