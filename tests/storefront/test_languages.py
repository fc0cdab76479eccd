"""Which language a page speaks, and what it says about it."""

from datetime import date

import pytest

from shop.languages import COOKIE, asked_language, language_address
from shop.presentation import day, month

ENGLISH = {'Accept-Language': 'en-US,en;q=0.9'}


@pytest.fixture
def app_of_no_database(make_app):
    return make_app()


@pytest.mark.parametrize(
    ('asked', 'spoken'),
    [
        ('', 'zh'),
        ('zh-CN,zh;q=0.9,en;q=0.8', 'zh'),
        ('zh-TW', 'zh'),
        ('zh-Hant-HK,en;q=0.5', 'zh'),
        ('en', 'en'),
        ('en-US,en;q=0.9,zh-CN;q=0.8', 'en'),
        ('en;q=0.2, zh;q=0.1', 'en'),
        ('en-US, zh;q=0.5', 'en'),
        ('fr-FR, en;q=0.3', 'en'),
        ('fr, de;q=0.7', 'zh'),
        ('*', 'zh'),
        ('en;q=0, *;q=0.1', 'zh'),
        ('en;q=zz', 'zh'),
        (';;;,,,=q', 'zh'),
        ('zh_CN', 'zh'),
        ('\xff\xfe', 'zh'),
        ('e' * 20_000, 'zh'),
        ('en,' * 5_000, 'en'),
    ],
)
def test_a_browser_is_answered_in_the_best_language_it_asks_for(app_of_no_database, asked, spoken):
    with app_of_no_database.test_request_context(headers={'Accept-Language': asked}):
        assert asked_language().code == spoken


@pytest.mark.parametrize(
    ('address', 'cookie', 'spoken'),
    [
        ('/', 'zh', 'zh'),
        ('/?lang=en', 'zh', 'en'),
        ('/?lang=zh', 'en', 'zh'),
        ('/?lang=fr', 'zh', 'zh'),
        ('/?lang=', 'zh', 'zh'),
        ('/?lang=en&lang=zh', '', 'en'),
        ('/', 'fr', 'en'),
        ('/', '', 'en'),
    ],
)
def test_the_address_goes_before_the_choice_and_the_choice_before_the_browser(
    app_of_no_database, address, cookie, spoken
):
    with app_of_no_database.test_request_context(address, headers={**ENGLISH, 'Cookie': f'{COOKIE}={cookie}'}):
        assert asked_language().code == spoken


def test_an_address_names_a_language_beside_what_else_it_says(app_of_no_database):
    with app_of_no_database.test_request_context('/products?q=木耳&lang=zh&page=2'):
        assert language_address('en') == '/products?q=%E6%9C%A8%E8%80%B3&page=2&lang=en'
        assert language_address(None) == '/products?q=%E6%9C%A8%E8%80%B3&page=2'
        assert language_address('en', '/villages') == '/villages?lang=en'
    with app_of_no_database.test_request_context('/'):
        assert (language_address('en'), language_address(None)) == ('/?lang=en', '/')


def test_days_and_months_are_written_in_the_readers_way(app_of_no_database):
    with app_of_no_database.test_request_context():
        assert (day(date(2026, 11, 3)), month(date(2026, 11, 3))) == ('2026年11月3日', '2026年11月')
    with app_of_no_database.test_request_context(headers=ENGLISH):
        assert (day(date(2026, 11, 3)), month(date(2026, 11, 3))) == ('3 November 2026', 'November 2026')


def test_a_page_says_its_language_to_readers_and_caches(client):
    chinese, english = client.get('/sign-in'), client.get('/sign-in', headers=ENGLISH)
    assert '<html lang="zh-Hans"' in chinese.text
    assert '<h1>登录</h1>' in chinese.text
    assert '<html lang="en"' in english.text
    assert '<h1>Sign in</h1>' in english.text
    assert (chinese.headers['Content-Language'], english.headers['Content-Language']) == ('zh-Hans', 'en')
    assert {'Accept-Language', 'Cookie'} <= set(english.vary)
    assert english.headers.getlist('Set-Cookie') == []


def test_the_switch_keeps_the_choice_and_leads_back_to_the_page(client):
    page = client.get('/products?q=mu&lang=zh', headers=ENGLISH).text
    assert '<button name="language" value="en" lang="en">English</button>' in page
    answer = client.post('/preferences/language', data={'language': 'en', 'next': '/products?q=mu&lang=zh'})
    assert (answer.status_code, answer.headers['Location']) == (303, '/products?q=mu')
    assert '<html lang="en"' in client.get('/sign-in').text
    assert client.post('/preferences/language', data={'language': 'zh', 'next': '/'}).headers['Location'] == '/'
    assert '<html lang="zh-Hans"' in client.get('/sign-in', headers=ENGLISH).text


@pytest.mark.parametrize('chosen', ['fr', '', 'EN', '../en'])
def test_a_language_the_shop_does_not_speak_becomes_chinese(client, chosen):
    answer = client.post('/preferences/language', data={'language': chosen, 'next': 'https://other.example/'})
    assert (answer.status_code, answer.headers['Location']) == (303, '/')
    assert '<html lang="zh-Hans"' in client.get('/sign-in', headers=ENGLISH).text


def test_refusals_are_told_in_the_readers_language(client):
    answer = client.post('/sign-up', data={'login_name': 'x', 'password': 'short', 'agree': '1'}, headers=ENGLISH)
    assert 'Login name: your mobile number, or 3–64 letters, digits, dots and dashes.' in answer.text
    assert client.get('/api/v1/tallies?on=never', headers=ENGLISH).json == {
        'error': '“never” is not a date; please write year-month-day, like 2026-10-31.'
    }
    assert 'We cannot find this page' in client.get('/no-such', headers=ENGLISH).text
