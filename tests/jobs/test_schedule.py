"""The scheduled work: it may run at any time, twice, late, or with one of its works failing."""

from datetime import date, timedelta
from threading import Event

import pytest
from sqlalchemy import func, select, text

from shop.benefits.models import VersionStatus
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.jobs import schedule
from shop.jobs.schedule import WORK, long_works_done, run_due_work, worker_of
from shop.kit import clock
from shop.kit.database import Model, db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import DaySeal
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment, PaymentStatus, Refund, RefundStatus
from shop.payments.refunds import refund_whole_order
from shop.payments.sandbox import SandboxGateway
from shop.payments.services import GATEWAYS
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.ledger import pool_of
from tests.factories.orders import RECEIVE_WITHIN, WINDOW, bought, make_payment, place, ship, stock_of
from tests.factories.villages import make_tenure
from tests.support.hands import START

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = OrderStatus
NOTHING = {
    'redeliver': 0, 'redrive': 0, 'ask_providers': 0, 'close_payments': 0, 'expire': 0, 'pass_aftersale_deadlines': 0,
    'send_refunds': 0, 'follow_aftersale_refunds': 0, 'receive': 0, 'follow_procurements': 0, 'list_endorsements': 0,
    'put_changes_in_force': 0, 'follow_supplier_licences': 0, 'publish_reviews': 0, 'end_payout_notices': 0,
    'do_long_works': 0, 'close_days': 0, 'sweep_posters': 0, 'sweep_sign_ins': 0, 'send_letters': 0,
    'forget_registers': 0, 'forget_persons': 0,
}  # fmt: skip


@pytest.fixture
def product() -> Product:
    return make_listed_product(stock=50, rule=600)


def everything() -> dict[str, list[tuple]]:
    """Return every row of the database."""
    db.session.rollback()
    return {
        table.name: sorted((tuple(row) for row in db.session.execute(table.select())), key=repr)
        for table in Model.metadata.sorted_tables
    }


def run_twice() -> dict[str, int]:
    """Do what is due, and see that doing it once more changes nothing at all."""
    done = run_due_work()
    before = everything()
    assert run_due_work() == NOTHING
    assert everything() == before
    return {name: count for name, count in done.items() if count}


def announce_payment(payment: Payment) -> None:
    with transaction():
        SandboxGateway().pay(payment, at=clock.now())


def make_noticed() -> Endorsement:
    """An endorsement on notice for five days, together with its agreement."""
    product = make_product()
    make_version(product, status=VersionStatus.ON_NOTICE)
    return make_endorsement(product, make_tenure(product.village), status=EndorsementStatus.ON_NOTICE)


def test_in_an_empty_shop_nothing_is_due():
    assert run_due_work() == NOTHING
    assert [work.__name__ for work in WORK] == list(NOTHING)


def test_an_event_nobody_answered_is_brought_to_the_inbox(product):
    payment = make_payment(place((product, 2)))
    announce_payment(payment)
    assert run_twice() == {'redeliver': 1}
    assert payment.status is PaymentStatus.SUCCEEDED


def test_an_unpaid_order_is_cancelled_when_its_time_is_over(product):
    order = place((product, 2)).orders[0]
    clock.shift(WINDOW - timedelta(seconds=1))
    assert run_twice() == {}
    clock.shift(timedelta(seconds=1))
    assert run_twice() == {'expire': 1}
    assert (order.status, stock_of(product)) == (S.CANCELLED, 50)


def test_a_payment_that_waits_is_brought_in_before_its_order_would_expire(product):
    """Paid in time, told late: the order must not be cancelled under it."""
    checkout = place((product, 2))
    announce_payment(make_payment(checkout))
    clock.shift(WINDOW + timedelta(hours=1))
    assert run_twice() == {'redeliver': 1}
    assert checkout.orders[0].status is S.AWAITING_SHIPMENT


def test_a_sent_order_is_received_by_itself_and_credits_once(product):
    order = ship(bought((product, 2)))
    clock.shift(RECEIVE_WITHIN)
    assert run_twice() == {'receive': 1, 'close_days': 10}
    assert (order.status, pool_of(product).amount_fen) == (S.COMPLETED, 1200)


def test_an_endorsement_goes_on_sale_when_its_notice_is_over():
    endorsement = make_noticed()
    clock.shift(timedelta(days=4))
    assert run_twice() == {}
    clock.shift(timedelta(days=1))
    assert run_twice() == {'list_endorsements': 1}
    assert endorsement.status is EndorsementStatus.LISTED
    assert endorsement.listed_on == clock.today()


def test_days_are_closed_each_once_after_they_are_over(product):
    bought((product, 1))
    assert run_twice() == {}
    clock.shift(clock.day_end(START.date()) - START - timedelta(seconds=1))
    assert run_twice() == {}
    clock.shift(timedelta(seconds=1))
    assert run_twice() == {'close_days': 1}
    clock.shift(timedelta(days=40))
    assert run_twice() == {'close_days': 40}
    days = db.session.scalars(select(DaySeal.day).order_by(DaySeal.day)).all()
    assert days == [date(2026, 6, 15) + timedelta(days=n) for n in range(41)]


def test_a_refund_is_confirmed_by_its_event(product):
    order = bought((product, 2))
    with transaction():
        refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())
    assert run_twice() == {'redeliver': 1}
    assert db.session.scalars(select(Refund.status)).one() is RefundStatus.SUCCEEDED


def test_after_a_long_stop_everything_is_made_up_for_and_the_book_is_proved(product):
    ship(bought((product, 2)))
    place((product, 1))
    announce_payment(make_payment(place((product, 4))))
    endorsement = make_noticed()
    clock.shift(timedelta(days=100))
    assert run_twice() == {
        'redeliver': 1, 'expire': 1, 'receive': 1, 'list_endorsements': 1, 'close_days': 100, 'forget_persons': 1,
    }  # fmt: skip
    assert endorsement.status is EndorsementStatus.LISTED
    assert sorted(order.status.value for order in db.session.scalars(select(Order))) == [
        'awaiting_shipment', 'cancelled', 'completed',
    ]  # fmt: skip
    assert stock_of(product) == 50 - 2 - 4
    assert find_faults() == []


@pytest.mark.parametrize('days', [-1, -40])
def test_a_clock_set_back_does_nothing_early_and_nothing_again(product, days):
    ship(bought((product, 2)))
    place((product, 1))
    clock.shift(timedelta(days=12))
    run_due_work()
    before = everything()
    clock.shift(timedelta(days=days))
    assert run_due_work() == NOTHING
    assert everything() == before


def test_one_work_that_fails_keeps_none_of_the_others(product, monkeypatch):
    def broken() -> int:
        raise OSError('planted')

    order = place((product, 2)).orders[0]
    bought((product, 1))
    clock.shift(timedelta(days=1))
    monkeypatch.setattr(schedule, 'WORK', (broken, *WORK[1:]))
    with pytest.raises(ExceptionGroup) as failed:
        run_due_work()
    assert [str(fault) for fault in failed.value.exceptions] == ['planted']
    assert order.status is S.CANCELLED
    assert db.session.scalar(select(func.count()).select_from(DaySeal)) == 1


def test_a_work_that_fails_half_way_leaves_nothing(product, monkeypatch):
    place((product, 2))
    clock.shift(WINDOW)

    def put_back_and_fail(*, at) -> int:
        db.session.execute(text('UPDATE variants SET stock = stock + 1000'))
        raise OSError('planted')

    monkeypatch.setattr(schedule, 'expire_orders', put_back_and_fail)
    with pytest.raises(ExceptionGroup):
        run_due_work()
    assert stock_of(product) == 48


def test_run_once_says_how_much_was_done(app, product):
    place((product, 2))
    clock.shift(WINDOW)
    result = app.test_cli_runner().invoke(args=['jobs', 'run-once'])
    assert result.exit_code == 0
    assert result.output.splitlines() == [f'{name}: {int(name == "expire")}' for name in NOTHING]


def test_the_worker_does_what_is_due_each_minute_on_its_application(app, product, tmp_path):
    order_id = place((product, 2)).orders[0].id
    clock.shift(WINDOW)
    huey = worker_of(app)
    try:
        (task,) = huey._registry.periodic_tasks
        assert all(task.validate_datetime(START + timedelta(minutes=n)) for n in range(3))
        task.execute()
    finally:
        huey.storage.close()
    assert (tmp_path / 'jobs.db').exists()
    db.session.rollback()
    assert db.session.get_one(Order, order_id).status is S.CANCELLED


def test_work_runs_the_worker_of_this_application(app, monkeypatch):
    started: list[object] = []

    class Worker:
        def create_consumer(self, *, workers: int) -> 'Worker':
            started.append(workers)
            return self

        def run(self) -> None:
            started.append('run')

    def worker_of(given) -> Worker:
        started.append(given is app)
        return Worker()

    monkeypatch.setattr('shop.jobs.cli.worker_of', worker_of)
    assert app.test_cli_runner().invoke(args=['jobs', 'work']).exit_code == 0
    assert started == [True, 1, 'run']


def test_beside_the_scheduled_work_long_works_begin_at_once(app, monkeypatch):
    begun = Event()

    def begin() -> int:
        begun.set()
        return 0

    monkeypatch.setattr(schedule, 'LOOK_SECONDS', 0.01)
    monkeypatch.setattr(schedule, 'run_waiting_works', begin)
    with long_works_done(app):
        assert begun.wait(30)
