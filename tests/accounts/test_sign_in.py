"""Signing in, out, and ending visits."""

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Role, User, WebSession
from shop.accounts.services import authenticate, register_user
from shop.accounts.sessions import COOKIE
from shop.kit import clock
from shop.kit.database import db, transaction

PASSWORD = '长白山货直达餐桌'
AGREED = {'name': '赵一', 'agree': '1'}


@pytest.fixture
def shopper(app) -> User:
    with transaction():
        return register_user('13800000001', '李晓', PASSWORD, at=clock.now())


def sign_in(client, password: str = PASSWORD, **more: str):
    return client.post('/sign-in', data={'login_name': '13800000001', 'password': password, **more})


def test_the_right_password_opens_a_visit_that_leads_where_one_wanted_to_go(client, shopper):
    answer = sign_in(client, next='/orders?tab=paid')
    assert (answer.status_code, answer.headers['Location']) == (303, '/orders?tab=paid')
    assert '李晓' in client.get('/account').text


def test_a_wrong_password_says_so_and_keeps_the_name(client, shopper):
    answer = sign_in(client, 'something else')
    assert answer.status_code == 422
    assert '登录名或口令不对' in answer.text
    assert '13800000001' in answer.text
    assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


def test_an_unknown_name_gets_the_same_answer(client, shopper):
    known = sign_in(client, 'wrong password').text.replace('13800000001', '')
    unknown = client.post('/sign-in', data={'login_name': '13900000002', 'password': 'wrong password'}).text
    assert known == unknown.replace('13900000002', '')


@pytest.mark.parametrize(
    'target', ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', '\\/evil.example', '']
)
def test_nobody_is_led_to_another_site(client, shopper, target):
    assert sign_in(client, next=target).headers['Location'] == '/'


def test_signing_in_changes_the_token_and_signing_out_ends_it(client, shopper):
    sign_in(client)
    first = client.get_cookie(COOKIE)
    assert first is not None
    sign_in_again = client.post('/sign-out')
    assert sign_in_again.status_code == 303
    client.set_cookie(COOKIE, first.value)
    assert client.get('/account').status_code == 303
    rows = db.session.scalars(select(WebSession).order_by(WebSession.id)).all()
    assert [row.revoked_at is None for row in rows] == [False]


def test_a_visit_can_be_ended_from_another_device(app, client, shopper):
    sign_in(client)
    other = app.test_client()
    sign_in(other)
    visits = db.session.scalars(select(WebSession.id).order_by(WebSession.id)).all()
    assert client.post(f'/account/sessions/{visits[1]}/revocation').status_code == 303
    assert other.get('/account').status_code == 303
    assert client.get('/account').status_code == 200


def test_nobody_ends_the_visit_of_somebody_else(app, client, shopper):
    sign_in(client)
    with transaction():
        register_user('13800000002', '王珊', PASSWORD, at=clock.now())
    other = app.test_client()
    other.post('/sign-in', data={'login_name': '13800000002', 'password': PASSWORD})
    first = db.session.scalars(select(WebSession.id).order_by(WebSession.id)).first()
    assert other.post(f'/account/sessions/{first}/revocation').status_code == 404
    assert client.get('/account').status_code == 200


def test_a_visit_ends_by_itself(client, shopper, clock_hand):
    sign_in(client)
    clock_hand.move(days=29)
    assert client.get('/account').status_code == 200
    clock_hand.move(days=2)
    assert client.get('/account').status_code == 303


def test_an_account_that_is_switched_off_is_out_at_the_next_request(client, shopper):
    sign_in(client)
    with transaction():
        db.session.get_one(User, shopper.id).is_active = False
    assert client.get('/account').status_code == 303
    assert authenticate('13800000001', PASSWORD) is None


def test_a_visitor_who_writes_nothing_leaves_no_row_and_gets_no_cookie(client):
    assert client.get('/sign-in').status_code == 200
    assert client.get_cookie(COOKIE) is None
    assert db.session.scalar(select(func.count()).select_from(WebSession)) == 0


@pytest.mark.parametrize(
    ('login_name', 'password', 'field'),
    [('ab', PASSWORD, 'login_name'), ('有空格 的', PASSWORD, 'login_name'), ('13800000009', 'short', 'password')],
)
def test_a_poor_registration_is_refused_beside_its_field(client, login_name, password, field):
    answer = client.post('/sign-up', data={'login_name': login_name, 'password': password, **AGREED})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert '赵一' in answer.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_a_login_name_is_given_once(client, shopper):
    answer = client.post('/sign-up', data={'login_name': '13800000001', 'password': PASSWORD, **AGREED})
    assert answer.status_code == 422
    assert '已经注册' in answer.text


def test_a_new_account_is_signed_in_and_holds_no_role(client, app):
    answer = client.post('/sign-up', data={'login_name': 'Xiao.Li', 'name': '小李', 'password': PASSWORD, 'agree': '1'})
    assert answer.status_code == 303
    user = db.session.scalars(select(User)).one()
    assert (user.login_name, user.roles) == ('xiao.li', frozenset[Role]())
    assert client.get('/account').status_code == 200


@pytest.mark.parametrize(
    ('headers', 'status'),
    [
        ({}, 303),
        ({'Origin': 'http://localhost'}, 303),
        ({'Sec-Fetch-Site': 'same-origin', 'Origin': 'http://localhost'}, 303),
        ({'Sec-Fetch-Site': 'cross-site'}, 400),
        ({'Sec-Fetch-Site': 'same-site'}, 400),
        ({'Origin': 'http://evil.example'}, 400),
        ({'Origin': 'null'}, 400),
    ],
)
def test_a_write_that_another_site_started_is_refused(client, headers, status):
    assert client.post('/sign-out', headers=headers).status_code == status
