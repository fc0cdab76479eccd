"""The campaign of the demo: the five figures counted from rows, the book proven, the same plan from the same seed."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import exists, func, select, text

from shop.accounts.models import User, WebSession
from shop.catalogue.models import Category
from shop.demo.accounts import LOGIN_NAMES, PASSWORD
from shop.demo.campaign import plan_campaign
from shop.demo.loading import DatabaseNotEmptyError, is_empty, load_campaign
from shop.households.models import HouseholdNumber, HouseholdReveal, NumberKind, Pairing, PartyMember
from shop.households.numbers import NumberKeys, digest_of, is_right
from shop.households.queries import count_register
from shop.jobs.schedule import run_due_work
from shop.kit import clock
from shop.kit.crypto import unseal_text
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, BenefitPayout, SalesEntry
from shop.orders.addresses import addresses_of
from shop.orders.basket import Basket, FreightMeasure, FreightRegion, FreightTemplate
from shop.orders.invoice import InvoiceRequest, InvoiceStatus
from shop.orders.models import Channel, Order, OrderLine, OrderStatus
from shop.orders.share_link import ShareLink
from shop.orders.tax_numbers import tax_number_kind
from shop.payouts.models import BatchStatus, LineStatus, PayoutBatch, PayoutLine
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionStatus
from shop.photos.models import Photo
from shop.ratings.models import ProductReview, ReviewStatus
from shop.ratings.privacy import has_private_number
from shop.statistics.tallies import headline
from shop.villages.models import TeamMember, Tenure, TenureStatus, Village
from tests.factories.villages import make_village

UNTIL = date(2026, 6, 14)  # the day before the one the tests' clock shows
SMALL = 0.03
ROOT = Path(__file__).parent.parent.parent


def quietly(_what: str, _part: float) -> None:
    """Say nothing."""


def count(model, *where) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def figures(on: date) -> tuple[int, int, int, int, int]:
    found = headline(on)
    return (found.endorsed_products, found.projects, found.brands, found.sales_fen, found.accrued)


@pytest.fixture
def without_pictures(monkeypatch):
    """Drawing takes longer than all the rest of a small campaign."""
    monkeypatch.setattr('shop.demo.loading.hang_pictures', lambda **_: None)


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_campaign_as_reported(app, clock_hand, client, without_pictures, database_kind):
    load_campaign(1, 1.0, UNTIL, tell=quietly)
    assert figures(UNTIL) == (127, 243, 99, 1_294_000_000, 4_017)
    published = client.get(f'/api/v1/tallies?on={UNTIL}').json
    assert (published['sales_fen'], published['households']['accrued']) == (1_294_000_000, 4_017)
    assert count(Village) == 73
    assert count(Tenure, Tenure.status == TenureStatus.IN_OFFICE) == 73
    assert count(TeamMember, TeamMember.left_on.is_(None)) == 157
    register = count_register(select(Village.id), on=UNTIL)
    assert (register.party_members, register.paired, register.paired_out_of_poverty) == (306, 779, 460)
    assert register.households > 4_017
    assert 14_000 <= count(Order) <= 16_000
    buyers = db.session.scalar(select(func.count(Order.user_id.distinct()))) or 0
    assert 5_500 <= buyers <= 6_500
    assert {status for (status,) in db.session.execute(select(Order.status).distinct())} == set(OrderStatus)
    assert {Channel.INSTITUTION, Channel.LIVESTREAM} <= {
        channel for (channel,) in db.session.execute(select(Order.channel).distinct())
    }
    assert published['households']['covered'] > 4_017 > published['households']['paid'] > 2_000
    _require_payouts_of_every_kind()
    assert find_faults() == []
    amount = _delete_one_order()
    assert {'day_sums', 'seals'} <= {fault.rule for fault in find_faults()}
    _forget_the_sums()
    assert figures(UNTIL) == (127, 243, 99, 1_294_000_000 - amount, 4_017)


def _require_payouts_of_every_kind() -> None:
    """Batches and lines in every state, answered and open objections, and a refund after its pool was paid out."""
    assert {status for (status,) in db.session.execute(select(PayoutBatch.status).distinct())} == set(BatchStatus)
    lines = {status for (status,) in db.session.execute(select(PayoutLine.status).distinct())}
    assert lines == set(LineStatus) - {LineStatus.SENT}
    objections = {status for (status,) in db.session.execute(select(PayoutObjection.status).distinct())}
    assert objections == set(PayoutObjectionStatus)
    paid_before = (BenefitPayout.pool_id == BenefitEntry.pool_id, BenefitPayout.booked_on <= BenefitEntry.booked_on)
    assert count(BenefitEntry, BenefitEntry.borne_by_supplier_fen > 0, exists().where(*paid_before)) > 0


def _delete_one_order() -> int:
    """Take the newest order that counts out of the database by hand, past the triggers; return its sales in fen."""
    for name in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(text(f'DROP TRIGGER {name}'))
    db.session.execute(text('PRAGMA defer_foreign_keys = ON'))
    order_id = db.session.scalar(
        select(func.max(OrderLine.order_id)).join(SalesEntry, SalesEntry.order_line_id == OrderLine.id)
    )
    lines = 'SELECT id FROM order_lines WHERE order_id = :order_id'
    refunds = f'SELECT id FROM refund_lines WHERE order_line_id IN ({lines})'
    entries = f'FROM sales_entries WHERE order_line_id IN ({lines}) OR refund_line_id IN ({refunds})'
    amount = db.session.scalar(text(f'SELECT sum(amount_fen) {entries}'), {'order_id': order_id})
    for statement in (
        f'DELETE {entries}',
        'DELETE FROM order_lines WHERE order_id = :order_id',
        'DELETE FROM orders WHERE id = :order_id',
    ):
        db.session.execute(text(statement), {'order_id': order_id})
    assert amount > 0
    return int(amount)


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


def test_what_buyers_said_and_what_links_brought_keep_the_rules(app, clock_hand, without_pictures):
    load_campaign(3, SMALL, UNTIL, tell=quietly)
    said = db.session.execute(
        select(ProductReview, Order)
        .join(OrderLine, OrderLine.id == ProductReview.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
    ).all()
    assert len(said) >= 30
    assert {review.status for review, _order in said} >= {ReviewStatus.AWAITING, ReviewStatus.PUBLISHED}
    for review, order in said:
        assert order.completed_at <= review.written_at < clock.day_end(UNTIL)
        assert not order.is_test
        assert not has_private_number(review.text)
        assert review.events[-1].to_status is review.status
        assert review.published_at is None or review.published_at <= review.publish_by
    sold = db.session.execute(select(ShareLink, Order).join(Order, Order.share_link_id == ShareLink.id)).all()
    assert {link.channel for link, _order in sold} <= {Channel.LIVESTREAM, Channel.EXPO}
    for link, order in sold:
        assert (order.channel, order.village_id) == (link.channel, link.village_id)
        assert link.starts_on <= clock.business_day(order.placed_at) <= link.ends_on
    assert any(link.is_valid(clock.now()) for link in db.session.scalars(select(ShareLink)))


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_freight_and_invoices_are_there_to_be_looked_at(app, clock_hand, without_pictures, database_kind):
    load_campaign(1, SMALL, UNTIL, tell=quietly)
    assert set(db.session.scalars(select(FreightTemplate.measure))) == set(FreightMeasure)
    assert count(FreightRegion, FreightRegion.is_refused) > 0
    asked = db.session.scalars(select(InvoiceRequest)).all()
    assert {one.status for one in asked} == set(InvoiceStatus)
    assert {(one.amount_fen or one.order.total_fen) for one in asked} == {one.order.total_fen for one in asked}
    assert all(tax_number_kind(one.tax_number) for one in asked if one.tax_number)
    guke = db.session.scalars(select(User).where(User.login_name == 'guke')).one()
    assert [one.is_default for one in addresses_of(guke.id)] == [True, False]


def test_every_number_of_the_register_is_sealed_invented_and_agreed_to(app, clock_hand, without_pictures):
    load_campaign(3, SMALL, UNTIL, tell=quietly)
    stored = db.session.scalars(select(HouseholdNumber)).all()
    assert {number.kind for number in stored} == set(NumberKind)
    for number in stored:
        plain = unseal_text('test', number.sealed)
        assert plain.startswith('99')
        assert is_right(number.kind, plain, on=UNTIL)
        assert digest_of(NumberKeys('test', 'test'), number.kind, plain) == number.digest
        assert (number.consent.kind, number.consent.withdrawn_on) == (number.kind.consent, None)
    assert count(HouseholdReveal) > 0
    assert count(Pairing) >= count(PartyMember) > 0


def test_the_work_that_is_due_leaves_the_last_day_as_it_was(app, clock_hand, without_pictures):
    load_campaign(3, SMALL, UNTIL, tell=quietly)
    before = figures(UNTIL)
    run_due_work()
    assert figures(UNTIL) == before
    assert find_faults() == []
    clock_hand.move(days=5)
    done = run_due_work()
    assert done['receive'] > 0
    assert done['close_days'] == 5
    assert figures(UNTIL) == before
    assert find_faults() == []


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_same_numbers_plan_the_same_rows(app, database_kind):
    def plan(seed: int) -> dict[str, list[dict]]:
        planned = plan_campaign(seed, SMALL, UNTIL, tell=lambda _what: None).rows._tables
        for row in planned[User.__table__]:
            row['password_hash'] = None  # salted
        return {table.name: rows for table, rows in planned.items()}

    assert plan(7) == plan(7)
    assert _amounts(plan(7)) != _amounts(plan(8))


def _amounts(plan: dict[str, list[dict]]) -> list[int]:
    return [row['amount_fen'] for row in plan['sales_entries']]


PRINT_PLAN = """
import hashlib
from datetime import date
from shop.accounts.models import User
from shop.application import create_app
from shop.demo.campaign import plan_campaign
with create_app({'TESTING': '1', 'SHOP_DATA': '.', 'SELF_CHECK_KEY': 'test'}).app_context():
    rows = plan_campaign(7, 0.01, date(2026, 6, 14), tell=lambda what: None).rows
    for row in rows.of(User):
        row['password_hash'] = None
    print(hashlib.sha256(repr([(table.name, rows) for table, rows in rows._tables.items()]).encode()).hexdigest())
"""


def test_the_plan_hangs_on_no_order_of_a_set(tmp_path):
    # Python orders the texts of a set differently in each process.
    def printed(hash_seed: str) -> str:
        given = {**os.environ, 'PYTHONHASHSEED': hash_seed, 'PYTHONPATH': str(ROOT)}
        return subprocess.run(
            [sys.executable, '-c', PRINT_PLAN], cwd=tmp_path, env=given, capture_output=True, check=True, text=True
        ).stdout

    first = printed('1')
    assert len(first.strip()) == 64
    assert first == printed('2')


def test_only_an_empty_database_is_filled(app, clock_hand):
    with transaction():
        make_village()
    with pytest.raises(DatabaseNotEmptyError, match='只能装入空库'):
        load_campaign(1, SMALL, UNTIL, tell=quietly)
    assert count(Village) == 1


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_anything_somebody_put_in_counts_as_data(app, clock_hand, database_kind):
    assert is_empty()
    db.session.add(Category(slug='fruit', name='水果', icon='berry', position=1))
    assert not is_empty()


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_visit_to_the_empty_shop_is_no_data(app, clock_hand, without_pictures, database_kind):
    with transaction() as session:
        session.add(Basket(guest_digest='a' * 64, updated_at=clock_hand.at))
        session.add(
            WebSession(
                token_digest='a' * 64,
                values={},
                user_agent='',
                created_at=clock_hand.at,
                expires_at=clock_hand.at + timedelta(days=1),
            )
        )
    assert is_empty()
    load_campaign(1, 0.01, UNTIL, tell=quietly)
    assert not is_empty()


def test_a_database_without_tables_is_refused(make_app, clock_hand, bare_database_url):
    answer = make_app(DATABASE_URL=bare_database_url).test_cli_runner().invoke(args=['demo', 'load'])
    assert answer.exit_code == 1
    assert 'db upgrade' in answer.output


def test_a_failure_leaves_nothing_behind(app, clock_hand, monkeypatch, without_pictures):
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
    assert [loaded.output.splitlines().count(step) for step in ('写入', '画图', '封账')] == [1, 1, 1]
    orders = count(Order)
    again = runner.invoke(args=['demo', 'load', '--until', until])
    assert again.exit_code == 1
    assert '只能装入空库' in again.output
    kept = runner.invoke(args=['demo', 'load', '--if-empty'])
    assert (kept.exit_code, kept.output) == (0, '数据库里已有数据，保持原样。\n')
    assert count(Order) == orders
    accounts = runner.invoke(args=['demo', 'accounts']).output
    assert [name for name in LOGIN_NAMES if name not in accounts] == []
    answer = client.post('/sign-in', data={'login_name': 'shi', 'password': PASSWORD})
    assert answer.status_code == 303


WRONG_OPTIONS = (
    ('--scale', '0', '0.01<=x<=20'),
    ('--scale', 'x', 'not a valid float'),
    ('--scale', 'nan', '要一个数'),
    ('--until', 'soon', '%Y-%m-%d'),
    ('--until', '2026-06-15', '最晚 2026-06-14'),
    ('--until', '0001-01-01', '最早到 2000-01-01'),
)


@pytest.mark.parametrize('database_kind', ['sqlite'])
@pytest.mark.parametrize(('option', 'value', 'says'), WRONG_OPTIONS)
def test_a_wrong_option_is_refused(app, clock_hand, option, value, says, database_kind):
    answer = app.test_cli_runner().invoke(args=['demo', 'load', option, value])
    assert answer.exit_code == 2
    assert option in answer.output
    assert says in answer.output
    assert count(Village) == 0


def test_without_accounts_it_says_so(app):
    assert '没有演示账号' in app.test_cli_runner().invoke(args=['demo', 'accounts']).output
