"""How often a password may be tried, counted in the database that all processes share."""

import pytest
from sqlalchemy import func, select

from shop.accounts.services import register_user
from shop.accounts.sign_in_models import SignInAttempt
from shop.accounts.throttling import MOST_OF_ADDRESS, MOST_OF_NAME, WINDOW, Caller, begin_attempt, find_wait
from shop.jobs.schedule import sweep_sign_ins
from shop.kit import clock
from shop.kit.database import db, transaction

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

PASSWORD = '长白山货直达餐桌'


@pytest.fixture
def shopper():
    with transaction():
        return register_user('13800000001', '李晓', PASSWORD, at=clock.now())


def sign_in(client, password: str, name: str = '13800000001', address: str = '127.0.0.1'):
    data = {'login_name': name, 'password': password}
    return client.post('/sign-in', data=data, environ_base={'REMOTE_ADDR': address})


def attempts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SignInAttempt)) or 0


def test_an_account_is_shut_for_a_while_after_too_many_wrong_passwords(client, shopper, clock_hand):
    for _ in range(MOST_OF_NAME):
        assert sign_in(client, 'wrong').status_code == 422
        clock_hand.move(seconds=6)
    answer = sign_in(client, PASSWORD, address='10.0.0.9')
    assert (answer.status_code, answer.headers['Retry-After']) == (429, '840')
    assert '请 14 分钟后再试' in answer.text
    assert attempts() == MOST_OF_NAME, 'what is refused unheard does not make it longer'
    clock_hand.move(minutes=14)
    assert sign_in(client, PASSWORD).status_code == 303
    assert attempts() == 0, 'a right password forgets the wrong ones'


def test_an_account_that_does_not_exist_is_shut_the_same_way(client):
    answers = [sign_in(client, 'wrong', name='nobody').status_code for _ in range(MOST_OF_NAME + 1)]
    assert answers == [422] * MOST_OF_NAME + [429]


def test_an_address_that_tries_many_accounts_waits_too():
    caller, other = Caller.of('10.0.0.1', 'key'), Caller.of('10.0.0.2', 'key')
    with transaction():
        for number in range(MOST_OF_ADDRESS):
            begin_attempt(f'user{number}', caller, at=clock.now())
    assert find_wait('new', caller, at=clock.now()) is None
    with transaction():
        begin_attempt('new', caller, at=clock.now())
    assert find_wait('new', caller, at=clock.now()) == clock.now() + WINDOW
    assert find_wait('new', other, at=clock.now()) is None


def test_old_attempts_are_swept(client, shopper, clock_hand):
    sign_in(client, 'wrong')
    client.post('/sign-in/phone', data={'phone': '13812345678'})
    clock_hand.move(days=1)
    assert sweep_sign_ins() == 0
    clock_hand.move(days=2)
    assert sweep_sign_ins() == 2


def test_the_address_is_that_before_the_proxies_one_trusts(make_app, database_url):
    app = make_app(DATABASE_URL=database_url, TRUSTED_PROXIES='1')
    client = app.test_client()
    with app.app_context():
        for forwarded in ('1.1.1.1', '2.2.2.2'):
            client.post('/sign-in', data={'login_name': 'a'}, headers={'X-Forwarded-For': f'9.9.9.9, {forwarded}'})
        addresses = set(db.session.scalars(select(SignInAttempt.address_digest)))
    assert addresses == {Caller.of(one, 'test').address_digest for one in ('1.1.1.1', '2.2.2.2')}
