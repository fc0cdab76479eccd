"""Fixtures for every test: the application on both databases, clients, the clock, servers and browsers."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page

from shop.application import create_app
from shop.kit import clock
from shop.kit.database import db
from tests.support.browsers import DESK, PHONE, Visitors, running_browser
from tests.support.client import ShopClient
from tests.support.databases import Postgresql, RunMark, Sqlite
from tests.support.hands import START, ClockHand
from tests.support.servers import LiveServer, ServerProcesses, running_processes

# A developer's own settings must not reach a test.
OWN_SETTINGS = (
    'DATABASE_URL', 'SHOP_DATA', 'SECRET_KEY', 'SELF_CHECK_KEY', 'SANDBOX_SIGNING_KEY', 'PUBLIC_URL', 'SHOP_NAME',
    'DATA_KEYS',
    'COOKIE_SECURE', 'PAYMENT_GATEWAY', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_API_BASE',
    'TRANSFER_ACCOUNT_NAME', 'TRANSFER_ACCOUNT_BANK', 'TRANSFER_ACCOUNT_NUMBER', 'TRANSFER_WINDOW_DAYS',
    'REVIEW_LADDER', 'NOTICE_DAYS', 'PAYOUT_NOTICE_DAYS', 'PAYMENT_WINDOW_MINUTES',
    'AFTERSALE_CLAIM_DAYS', 'AFTERSALE_SPOILED_HOURS', 'AFTERSALE_ANSWER_HOURS', 'AFTERSALE_RETURN_DAYS',
    'AFTERSALE_ARRIVAL_DAYS', 'AFTERSALE_APPEAL_DAYS',
    'AUTO_RECEIVE_DAYS', 'FORM_TARGETS', 'PAGES_TRUSTED_MS', 'SHOP_TAGLINE', 'CITY_NAME', 'PROVINCE_NAME',
    'OPERATOR_NAME', 'BUSINESS_LICENCE', 'SERVICE_PHONE', 'ICP_NUMBER', 'POLICE_RECORD_NUMBER', 'SHOP_DEMO',
    'FLASK_DEBUG', 'SMTP_HOST', 'SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD', 'SMTP_TLS', 'MAIL_FROM', 'SMS_DRIVER',
    'ALIYUN_KEY_ID', 'ALIYUN_KEY_SECRET', 'ALIYUN_SMS_SIGN', 'ALIYUN_SMS_TEMPLATE', 'ALIYUN_SMS_URL', 'TRUSTED_PROXIES',
    'PORT',
)  # fmt: skip
TEST_SETTINGS = {
    'TESTING': '1', 'SECRET_KEY': 'test', 'SELF_CHECK_KEY': 'test', 'SANDBOX_SIGNING_KEY': 'test', 'DATA_KEYS': 'test',
    'PAGES_TRUSTED_MS': '0',  # a kept page is held against the data each time
}  # fmt: skip
RUN_MARK = pytest.StashKey[RunMark]()

settings.register_profile(
    'shop', deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)
settings.register_profile('thorough', parent=settings.get_profile('shop'), max_examples=5_000)
settings.load_profile(os.environ.get('HYPOTHESIS_PROFILE', 'shop'))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the long form of the tests that come in two lengths, and the seed that repeats a run."""
    parser.addoption('--long', action='store_true', help='the long form of load tests and random operations')
    parser.addoption('--seed', type=int, help='repeat the load tests and random operations of this seed')


def pytest_configure(config: pytest.Config) -> None:
    """Forget the developer's settings; the run (not each of its workers) keeps the shared server alive."""
    for name in OWN_SETTINGS:
        os.environ.pop(name, None)
    if not hasattr(config, 'workerinput'):
        config.stash[RUN_MARK] = RunMark()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared server after the last run."""
    mark = config.stash.get(RUN_MARK, None)
    if mark is not None:
        mark.leave()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that it can be chosen or left out."""
    for item in items:
        if 'browser' in getattr(item, 'fixturenames', ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope='session')
def databases() -> Iterator[Callable[[str], Sqlite | Postgresql]]:
    """Start each kind of database when the first test asks for it."""
    started: dict[str, Sqlite | Postgresql] = {}

    def kind(name: str) -> Sqlite | Postgresql:
        if name not in started:
            started[name] = Sqlite() if name == 'sqlite' else Postgresql()
        return started[name]

    yield kind
    server = started.get('postgresql')
    if isinstance(server, Postgresql):
        server.close()


@pytest.fixture(params=['sqlite', 'postgresql'])
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: a test that uses the database runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, databases: Callable[[str], Sqlite | Postgresql], tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database that only this test knows."""
    with databases(database_kind).copy(tmp_path) as url:
        yield url


@pytest.fixture
def bare_database_url(
    database_kind: str, databases: Callable[[str], Sqlite | Postgresql], tmp_path: Path
) -> Iterator[str]:
    """The address of a database without any table."""
    with databases(database_kind).copy(tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build applications: ``make_app(DATABASE_URL=…, REVIEW_LADDER='county')``."""
    with ExitStack() as stack:

        def make(**given: str) -> Flask:
            app = create_app({**TEST_SETTINGS, 'SHOP_DATA': str(tmp_path), **given})
            app.test_client_class = ShopClient
            stack.callback(_let_go, app)
            return app

        yield make


@pytest.fixture
def app(make_app: Callable[..., Flask], database_url: str) -> Iterator[Flask]:
    """The application on a fresh database, inside its context: `db.session` and services work in the test."""
    app = make_app(DATABASE_URL=database_url)
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> ShopClient:
    """A visitor without a browser: ``client.get('/')``, ``client.sign_in(user)``."""
    visitor = app.test_client()
    assert isinstance(visitor, ShopClient)
    return visitor


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """No test hands a stopped or shifted clock on."""
    yield
    clock.reset()


@pytest.fixture
def clock_hand() -> Iterator[ClockHand]:
    """The clock, stopped at noon of 15 June 2026 in Shanghai until the hand moves it."""
    with clock.frozen(START):
        yield ClockHand()


@pytest.fixture
def live_server(app: Flask) -> Iterator[LiveServer]:
    """The test's application behind a real port; a request that it could not answer fails the test."""
    server = LiveServer(app)
    yield server
    server.stop()
    assert not server.failures, '\n'.join(server.failures)


@pytest.fixture
def server_settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment in which a process of its own works on the test's database."""
    return {**TEST_SETTINGS, 'TESTING': '0', 'SHOP_DATA': str(tmp_path), 'DATABASE_URL': database_url}


@pytest.fixture
def server_processes(server_settings: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., ServerProcesses]]:
    """Run the shop in several processes on the test's database: ``server_processes(3).url``."""
    with ExitStack() as stack:

        def start(count: int, *, target: str = 'app:app', threads: int = 1, **environ: str) -> ServerProcesses:
            running: AbstractContextManager[ServerProcesses] = running_processes(
                count, {**server_settings, **environ}, tmp_path, target=target, threads=threads
            )
            return stack.enter_context(running)

        yield start


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for."""
    return bool(request.config.getoption('--long'))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What everything random in this test follows from; printed, so that a run can be repeated."""
    given: int | None = request.config.getoption('--seed')
    chosen = given if given is not None else secrets.randbelow(10**6)
    sys.stdout.write(f'seed {chosen}\n')
    return chosen


@pytest.fixture(scope='session')
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def visitors(browser: Browser, live_server: LiveServer) -> Iterator[Visitors]:
    """Several people with a browser each: ``visitors.arrive(width=390, javascript=False, user=…)``.

    A script error, a missing file, an answer 5xx or a request to another site on any page fails the test.
    """
    people = Visitors(browser, live_server.url)
    yield people
    people.leave()
    assert not people.faults, '\n'.join(people.faults)


@pytest.fixture
def phone_page(visitors: Visitors) -> Page:
    """A page on a phone, 390 px wide."""
    return visitors.arrive(width=PHONE)


@pytest.fixture
def desk_page(visitors: Visitors) -> Page:
    """A page on a desk, 1280 px wide."""
    return visitors.arrive(width=DESK)


@pytest.fixture
def plain_page(visitors: Visitors) -> Page:
    """A page on a phone without JavaScript."""
    return visitors.arrive(width=PHONE, javascript=False)


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
