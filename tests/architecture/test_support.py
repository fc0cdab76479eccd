"""The test support keeps its promises: separate requests, caught faults, real processes."""

import urllib.request

import pytest
from flask import Flask, g
from flask_login import current_user

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, transaction
from tests.support.hands import START


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with views that tell what they see."""

    @app.get('/who')
    def who() -> str:
        return current_user.name if current_user.is_authenticated else 'nobody'

    @app.get('/counted')
    def seen() -> str:
        g.count = g.get('count', 0) + 1
        return str(g.count)

    @app.get('/fault')
    def fault() -> str:
        raise RuntimeError('planted')

    @app.get('/page')
    def page() -> str:
        return '<!doctype html><link rel="icon" href="data:,"><title>t</title><img src="/gone.png" alt="">'

    return app


@pytest.fixture
def user(app: Flask) -> User:
    with transaction() as session:
        user = User(login_name='wang', name='王芳', created_at=clock.now())
        session.add(user)
    return user


def test_a_client_signs_in_and_out(client, user):
    assert client.get('/who').text == 'nobody'
    assert client.sign_in(user).get('/who').text == '王芳'
    assert client.sign_out().get('/who').text == 'nobody'


def test_requests_share_nothing_with_each_other_or_the_test(client):
    assert [client.get('/counted').text for _ in range(2)] == ['1', '1']
    assert 'count' not in g


def test_the_test_sees_what_a_request_committed(client, user, app):
    @app.post('/rename')
    def rename() -> str:
        with transaction() as session:
            session.get_one(User, 1).name = '李强'
        return ''

    assert user.name == '王芳'
    client.post('/rename')
    assert user.name == '李强'


def test_uncommitted_set_up_is_pointed_out(client):
    db.session.add(User(login_name='a', name='a', created_at=clock.now()))
    with pytest.raises(AssertionError, match='commit what the test made'):
        client.get('/who')
    db.session.rollback()


def test_the_clock_stands_still_until_moved(clock_hand):
    assert clock.now() == clock_hand.at == START
    clock_hand.move(days=1, hours=-1)
    assert clock.now() - START == clock_hand.at - START
    assert str(clock_hand.day) == '2026-06-16'
    assert clock_hand.set(START) == clock.now() == START


def test_a_live_server_notes_what_it_could_not_answer(live_server):
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f'{live_server.url}/fault')
    answer.value.close()
    assert 'planted' in live_server.failures.pop()


def test_several_processes_serve_one_database(server_processes):
    servers = server_processes(2)
    assert len(servers.workers()) == 2
    servers.kill_worker()
    with pytest.raises(urllib.error.HTTPError, match='404') as answer:
        urllib.request.urlopen(f'{servers.url}/no-such-page')
    answer.value.close()


def test_a_browser_notes_missing_files_and_other_sites(desk_page, visitors):
    desk_page.goto('/page')
    desk_page.evaluate("console.error('planted')")
    assert sorted(fault.partition(':')[0] for fault in visitors.faults) == ['404', 'console']
    visitors.faults.clear()


def test_a_signed_in_visitor_is_known(visitors, user):
    page = visitors.arrive(user=user, javascript=False)
    page.goto('/who')
    assert page.inner_text('body') == '王芳'
