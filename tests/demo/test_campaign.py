"""The campaign of the demo: the five figures counted from rows, the book proven, the same plan from the same seed."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from shop.accounts.models import User
from shop.demo.accounts import LOGIN_NAMES, PASSWORD
from shop.demo.campaign import plan_campaign
from shop.demo.loading import DatabaseNotEmptyError, load_campaign
from shop.jobs.schedule import run_due_work
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.models import Channel, Order, OrderLine, OrderStatus
from shop.photos.models import Photo
from shop.statistics.tallies import headline
from shop.villages.models import TeamMember, Tenure, TenureStatus, Village
from tests.factories.villages import make_village

UNTIL = date(2026, 6, 14)  # the day before the one the tests' clock shows
SMALL = 0.03


def quietly(_what: str, _part: float) -> None:
    """Say nothing."""


def count(model, *where) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def figures(on: date) -> tuple[int, int, int, int, int]:
    found = headline(on)
    return (found.endorsed_products, found.projects, found.brands, found.sales_fen, found.accrued)


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_campaign_as_reported(app, clock_hand, monkeypatch, database_kind):
    monkeypatch.setattr('shop.demo.loading.hang_pictures', lambda **_: None)
    load_campaign(1, 1.0, UNTIL, tell=quietly)
    assert figures(UNTIL) == (127, 243, 99, 1_294_000_000, 4_017)
    assert count(Village) == 73
    assert count(Tenure, Tenure.status == TenureStatus.IN_OFFICE) == 73
    assert count(TeamMember, TeamMember.left_on.is_(None)) == 157
    assert 14_000 <= count(Order) <= 16_000
    buyers = db.session.scalar(select(func.count(Order.user_id.distinct()))) or 0
    assert 5_500 <= buyers <= 6_500
    assert {status for (status,) in db.session.execute(select(Order.status).distinct())} == set(OrderStatus)
    assert {Channel.INSTITUTION, Channel.LIVESTREAM} <= {
        channel for (channel,) in db.session.execute(select(Order.channel).distinct())
    }
    assert find_faults() == []
    amount = _delete_one_order()
    assert {'day_sums', 'seals'} <= {fault.rule for fault in find_faults()}
    _forget_the_sums()
    assert figures(UNTIL) == (127, 243, 99, 1_294_000_000 - amount, 4_017)


def _delete_one_order() -> int:
    """Take the newest sale out of the book by hand, past the triggers; return its amount in fen."""
    entry = db.session.scalars(
        select(SalesEntry).where(SalesEntry.order_line_id.is_not(None)).order_by(SalesEntry.id.desc()).limit(1)
    ).one()
    amount, entry_id = entry.amount_fen, entry.id
    for name in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(text(f'DROP TRIGGER {name}'))
    db.session.execute(text('DELETE FROM sales_entries WHERE id = :id'), {'id': entry_id})
    return amount


def _forget_the_sums() -> None:
    """Leave nothing but the entries, so that the figures must be counted from them."""
    for table in ('day_seals', 'sales_days', 'sales_months'):
        db.session.execute(text(f'DELETE FROM {table}'))


def test_a_small_campaign_holds_the_rules_on_both_databases(app, clock_hand):
    load_campaign(3, SMALL, UNTIL, tell=quietly)
    assert find_faults() == []
    assert count(Photo) > 20
    assert db.session.scalars(select(User.login_name).where(User.login_name.in_(LOGIN_NAMES))).all()
    products, _, brands, sales_fen, accrued = figures(UNTIL)
    assert products > 0
    assert brands > 0
    assert sales_fen > 0
    assert accrued > 0


def test_the_work_that_is_due_leaves_the_last_day_as_it_was(app, clock_hand):
    load_campaign(3, SMALL, UNTIL, tell=quietly)
    before = figures(UNTIL)
    run_due_work()
    assert figures(UNTIL) == before
    assert find_faults() == []


def test_the_same_numbers_plan_the_same_rows(app):
    def plan(seed: int) -> list[tuple[str, list[dict]]]:
        rows = plan_campaign(seed, SMALL, UNTIL, tell=lambda _what: None).rows
        return [
            (table, [{key: value for key, value in row.items() if key != 'password_hash'} for row in rows.of(model)])
            for table, model in (('orders', Order), ('lines', OrderLine), ('users', User), ('entries', SalesEntry))
        ]

    assert plan(7) == plan(7)
    assert plan(7) != plan(8)


def test_only_an_empty_database_is_filled(app, clock_hand):
    with transaction():
        make_village()
    with pytest.raises(DatabaseNotEmptyError, match='只能装入空库'):
        load_campaign(1, SMALL, UNTIL, tell=quietly)
    assert count(Village) == 1


def test_a_failure_leaves_nothing_behind(app, clock_hand, monkeypatch):
    def fail(**_):
        raise RuntimeError('the power is gone')

    monkeypatch.setattr('shop.demo.loading.close_due_days', fail)
    with pytest.raises(RuntimeError):
        load_campaign(1, SMALL, UNTIL, tell=quietly)
    db.session.rollback()
    assert (count(User), count(Village), count(Order)) == (0, 0, 0)


def test_the_commands(app, clock_hand, client):
    runner = app.test_cli_runner()
    until = UNTIL.isoformat()
    loaded = runner.invoke(args=['demo', 'load', '--scale', str(SMALL), '--until', until])
    assert loaded.exit_code == 0
    assert '已装入' in loaded.output
    again = runner.invoke(args=['demo', 'load', '--until', until])
    assert again.exit_code == 1
    assert '只能装入空库' in again.output
    kept = runner.invoke(args=['demo', 'load', '--if-empty'])
    assert (kept.exit_code, kept.output) == (0, '数据库里已有数据，保持原样。\n')
    accounts = runner.invoke(args=['demo', 'accounts']).output
    assert [name for name in LOGIN_NAMES if name not in accounts] == []
    answer = client.post('/sign-in', data={'login_name': 'shi', 'password': PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize('wrong', [['--scale', '0'], ['--scale', 'x'], ['--until', 'soon'], ['--until', '2026-06-15']])
def test_a_wrong_option_is_refused(app, clock_hand, wrong):
    answer = app.test_cli_runner().invoke(args=['demo', 'load', *wrong])
    assert answer.exit_code == 2
    assert wrong[0] in answer.output
    assert count(Village) == 0


def test_without_accounts_it_says_so(app):
    assert '没有演示账号' in app.test_cli_runner().invoke(args=['demo', 'accounts']).output
