"""`flask ledger close-day`: a day that is over, in order, or everything that is due."""

from datetime import date, timedelta

import pytest
from click.testing import Result
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db
from shop.ledger import cli
from shop.ledger.checks import find_faults
from shop.ledger.closing import close_due_month
from shop.ledger.models import DaySeal
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought, receive, ship

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

DAY = timedelta(days=1)
FIRST = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _sale(app, clock_hand) -> None:
    """One order was paid and received on 15 June; it is now the 18th."""
    receive(ship(bought((make_listed_product(households=3, rule=600), 2))))
    clock.shift(3 * DAY)


@pytest.fixture
def close_day(app):
    def run(*args: str) -> Result:
        return app.test_cli_runner().invoke(args=['ledger', 'close-day', *args])

    return run


def sealed() -> list[date]:
    db.session.rollback()
    return list(db.session.scalars(select(DaySeal.day).order_by(DaySeal.day)))


def test_a_day_is_closed_and_its_figures_and_seal_are_told(close_day):
    result = close_day('--day', '2026-06-15')
    seal = db.session.scalars(select(DaySeal)).one()
    assert result.exit_code == 0
    assert result.stdout == f'2026-06-15 已封账：销售 1 笔，惠农 1 笔，新增受益 3 户，封签 {seal.root}\n'
    assert (seal.sealed_at, seal.sales_fen, seal.benefit_fen) == (clock.now(), 7980, 1200)
    assert find_faults() == []


def test_without_a_day_it_is_yesterday(close_day):
    clock.shift(-2 * DAY)
    assert close_day().exit_code == 0
    assert sealed() == [FIRST]


@pytest.mark.parametrize(
    ('day', 'words'),
    [
        ('2026-06-18', '2026-06-18 还没有过完（今天是 2026-06-18）'),
        ('2026-06-19', '还没有过完'),
        ('9999-12-31', '还没有过完'),
        ('2026-06-16', '2026-06-15 还没有封账，请按日期先后逐日封账'),
    ],
)
def test_a_day_that_cannot_be_closed_is_refused_with_the_reason(close_day, day, words):
    result = close_day('--day', day)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ''
    assert sealed() == []


def test_a_day_is_not_closed_twice(close_day):
    close_day('--day', '2026-06-15')
    result = close_day('--day', '2026-06-15')
    assert (result.exit_code, sealed()) == (1, [FIRST])
    assert '2026-06-15 已封账，不能再封' in result.stderr


@pytest.mark.parametrize('day', ['2026-02-30', '15.6.2026', 'yesterday', '', '2026-6-15T00:00', "2026-06-15' --"])
def test_what_is_no_day_is_refused(close_day, day):
    result = close_day('--day', day)
    assert result.exit_code == 2
    assert '--day' in result.stderr
    assert sealed() == []


def test_an_option_nobody_knows_is_refused(close_day):
    assert close_day('--all').exit_code == 2
    assert close_day('2026-06-15').exit_code == 2
    assert sealed() == []


def test_everything_due_is_closed_month_by_month(close_day):
    clock.shift(30 * DAY)
    result = close_day('--all-due')
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        '已封 16/33 天，至 2026-06-30',
        '已封 33/33 天，至 2026-07-17',
        '共封账 33 天。',
    ]
    assert sealed() == [FIRST + n * DAY for n in range(33)]
    assert close_day('--all-due').stdout == '没有到期未封的日子。\n'
    assert find_faults() == []


def test_before_a_person_one_line_tells_how_far_it_is(close_day, monkeypatch):
    monkeypatch.setattr(cli, '_is_terminal', lambda: True)
    result = close_day('--all-due')
    assert result.stdout == '\r已封 3/3 天，至 2026-06-17\r共封账 3 天。\n'


def test_a_stop_between_two_months_loses_nothing(close_day, monkeypatch):
    clock.shift(30 * DAY)
    close, calls = close_due_month, []

    def stops_at_the_second(*, at):
        calls.append(at)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return close(at=at)

    monkeypatch.setattr(cli, 'close_due_month', stops_at_the_second)
    assert close_day('--all-due').exit_code == 1
    assert sealed()[-1] == date(2026, 6, 30)
    monkeypatch.setattr(cli, 'close_due_month', close)
    assert close_day('--all-due').exit_code == 0
    assert len(sealed()) == 33
    assert find_faults() == []


def test_output_into_a_file_is_no_terminal():
    assert cli._is_terminal() is False
