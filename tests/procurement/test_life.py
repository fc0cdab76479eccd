"""The life of an institution's order: two people, stock held, money, parcels, acceptance, invoice."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.checks import find_faults
from shop.ledger.models import SalesEntry
from shop.orders.changes import PriceChangedError
from shop.orders.models import Channel, OrderStatus
from shop.orders.services import expire_orders
from shop.payments.models import Payment, Refund
from shop.procurement.accepting import Found, accept_delivery
from shop.procurement.approval import OwnDraftError, approve_order, cancel_procurement, return_order
from shop.procurement.following import follow_orders, orders_of, standing
from shop.procurement.institution import InstitutionMoveError, InstitutionStatus
from shop.procurement.institutions import NotAdmittedError, suspend_institution
from shop.procurement.models import ProcurementOrder, ProcurementStatus
from shop.procurement.queries import order_for, shown, spending_of
from shop.procurement.settling import record_invoice
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import make_freight, receive, ship, stock_of
from tests.factories.procurement import (
    WINDOW,
    accept,
    approve,
    deliver,
    fund,
    invoice,
    make_institution,
    make_people,
    parts_of,
    submit,
)

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = ProcurementStatus


@pytest.fixture
def institution(app, clock_hand):
    return make_institution()


@pytest.fixture
def people(institution):
    return make_people(institution)


@pytest.fixture
def honey(app, clock_hand):
    return make_listed_product(name='椴树蜜', price_fen=5000, stock=2000, rule=600)


@pytest.fixture
def rice(app, clock_hand):
    return make_listed_product(name='大米', price_fen=2000, stock=50, rule=100)


def where(order: ProcurementOrder) -> ProcurementStatus:
    """Where the page says it stands."""
    return standing(order, orders_of([order])[order.id], at=clock.now())


def now() -> dict:
    return {'at': clock.now()}


def test_from_the_draft_to_the_last_invoice(institution, people, honey, rice):
    buyer, approver = people
    make_freight(honey.supplier)
    order = submit(institution, buyer, (honey, 1200), (rice, 3))
    assert stock_of(honey) == 2000
    approve(order, approver)
    parts = parts_of(order)
    assert [(part.channel, part.institution_id, part.institution_name) for part in parts] == [
        (Channel.INSTITUTION, institution.id, institution.name)
    ] * 2
    assert stock_of(honey) == 800
    payment = db.session.scalars(select(Payment)).one()
    assert (payment.gateway, payment.amount_fen) == ('transfer', order.checkout.total_fen)
    assert payment.transfer_code.startswith('DY')
    assert {part.payable_until for part in parts} == {clock.now() + WINDOW}
    fund(order)
    assert order.status is S.FUNDED
    ship(parts[0])
    assert where(order) is S.FUNDED
    ship(parts[1])
    assert where(order) is S.SHIPPED
    with transaction():
        assert follow_orders(at=clock.now()) == 1
    deliver_line = parts[0].lines[0]
    with transaction():
        order = db.session.merge(order)
        from_shipped = order.status
        order.move(S.AWAITING_ACCEPTANCE, actor_id=buyer.id, at=clock.now())
    assert from_shipped is S.SHIPPED
    clock.shift(timedelta(hours=1))
    accept(order, buyer, {deliver_line.id: Found(short=10, damaged=2)})
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_fen, refund.order_id, refund.requested_by_id) == (60_000, parts[0].id, buyer.id)
    db.session.expire_all()
    assert {part.status for part in parts_of(order)} == {OrderStatus.COMPLETED}
    with pytest.raises(BusinessError, match='付款日'), transaction():
        record_invoice(order, parts_of(order)[0], '1' * 20, clock.today() + timedelta(days=1), actor=buyer, **now())
    invoice(order, buyer)
    assert order.status is S.SETTLED
    assert order.certificate.amount_fen == 1188 * 5000 + 3 * 2000
    assert (order.certificate.covered, order.certificate.accrued, order.certificate.paid) == (6, 6, 0)
    assert spending_of(institution.id).amount_fen == 1188 * 5000 + 3 * 2000
    assert [step.to_status for step in order.steps] == [
        'draft', 'in_review', 'awaiting_payment', 'funded', 'shipped', 'awaiting_acceptance', 'awaiting_invoice',
        'settled',
    ]  # fmt: skip
    assert find_faults() == []


def test_whoever_had_a_hand_in_the_draft_cannot_approve_it(institution, people, honey):
    buyer, approver = people
    order = submit(institution, buyer, (honey, 1))
    with pytest.raises(OwnDraftError), transaction():
        approve_order(order, window=WINDOW, actor=buyer, **now())
    with transaction():
        return_order(order, '数量再核一下', actor=approver, **now())
    assert order.status is S.RETURNED
    assert order.steps[-1].reason == '数量再核一下'
    with pytest.raises(InstitutionMoveError), transaction():
        approve_order(order, window=WINDOW, actor=approver, **now())
    assert db.session.scalars(select(Payment)).all() == []


def test_a_price_that_has_changed_is_told_and_nothing_is_held(institution, people, honey):
    buyer, approver = people
    order = submit(institution, buyer, (honey, 2))
    with transaction():
        honey.variants[0].price_fen = 5500
    with pytest.raises(PriceChangedError, match=r'¥50\.00 涨到了 ¥55\.00'):
        approve(order, approver)
    db.session.rollback()
    assert (order.status, order.checkout_id, stock_of(honey)) == (S.IN_REVIEW, None, 2000)


def in_parallel(*works: Callable[[], None]) -> list[Exception]:
    """Do all at once, each with a session of its own; return what failed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    faults: list[Exception] = []
    gate = Barrier(len(works))

    def run(work):
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    work()
            except Exception as fault:  # noqa: BLE001
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_two_who_approve_at_once_place_it_once(institution, people, honey):
    buyer, approver = people
    second = make_user(Role.INSTITUTION_APPROVER, institution=institution)
    order_id, ids = submit(institution, buyer, (honey, 7)).id, (approver.id, second.id)
    db.session.rollback()

    def approving(user_id):
        def work():
            order = db.session.get(ProcurementOrder, order_id)
            actor = db.session.get(type(approver), user_id)
            approve_order(order, window=WINDOW, actor=actor, at=clock.now())

        return work

    faults = in_parallel(*(approving(user_id) for user_id in ids))
    assert [type(fault) for fault in faults] == [InstitutionMoveError]
    db.session.rollback()
    assert stock_of(honey) == 1993
    assert db.session.scalars(select(Payment.amount_fen)).all() == [35_000]


def test_a_transfer_that_never_comes_gives_the_stock_back_and_keeps_the_list(institution, people, honey):
    buyer, approver = people
    order = approve(submit(institution, buyer, (honey, 5)), approver)
    clock.shift(WINDOW)
    assert where(order) is S.CANCELLED, 'judged by the clock'
    with transaction():
        assert follow_orders(at=clock.now()) == 0
        assert expire_orders(at=clock.now()) == 1
        assert follow_orders(at=clock.now()) == 1
    db.session.expire_all()
    assert (order.status, stock_of(honey), len(order.lines)) == (S.CANCELLED, 2000, 1)
    assert shown([order], at=clock.now())[0].status is S.CANCELLED


def test_it_can_be_given_up_until_the_money_has_come(institution, people, honey):
    buyer, approver = people
    order = approve(submit(institution, buyer, (honey, 5)), approver)
    with transaction():
        cancel_procurement(order, actor=buyer, **now())
    assert (order.status, stock_of(honey)) == (S.CANCELLED, 2000)
    order = fund(approve(submit(institution, buyer, (honey, 5)), approver))
    with pytest.raises(BusinessError, match='到账已核'), transaction():
        cancel_procurement(order, actor=buyer, **now())
    assert stock_of(honey) == 1995


def test_what_is_received_by_itself_still_waits_to_be_accepted(institution, people, honey):
    buyer, approver = people
    order = fund(approve(submit(institution, buyer, (honey, 4)), approver))
    with pytest.raises(BusinessError, match='到账已核'), transaction():
        accept_delivery(order, {}, signed_name='孙', note='', actor=buyer, **now())
    receive(ship(parts_of(order)[0]))
    assert where(order) is S.AWAITING_ACCEPTANCE
    line = parts_of(order)[0].lines[0]
    for found, field in ((Found(short=5), f'short-{line.id}'), (Found(damaged=-1), f'short-{line.id}')):
        with pytest.raises(BusinessError) as error, transaction():
            accept_delivery(order, {line.id: found}, signed_name='孙', note='', actor=buyer, **now())
        assert error.value.field == field
    clock.shift(timedelta(hours=1))
    accept(order, buyer, {line.id: Found(short=4)})
    assert order.status is S.SETTLED, 'nothing is left to invoice'
    assert sum(db.session.scalars(select(SalesEntry.amount_fen))) == 0
    assert (order.certificate.amount_fen, order.certificate.covered) == (0, 0)
    assert find_faults() == []


def test_an_order_refused_whole_at_the_door_goes_back_with_its_freight(institution, people, honey):
    buyer, approver = people
    make_freight(honey.supplier)
    order = deliver(fund(approve(submit(institution, buyer, (honey, 2)), approver)), buyer)
    clock.shift(timedelta(hours=1))
    accept(order, buyer, {parts_of(order)[0].lines[0].id: Found(damaged=2)})
    assert db.session.scalars(select(Refund.amount_fen)).one() == order.checkout.total_fen
    assert parts_of(order)[0].status is OrderStatus.CLOSED
    assert find_faults() == []


def test_a_suspended_institution_buys_nothing_more(institution, people, honey):
    buyer, approver = people
    order = submit(institution, buyer, (honey, 1))
    with transaction():
        suspend_institution(institution, '信息待核', actor=make_user(), **now())
    assert institution.status is InstitutionStatus.SUSPENDED
    with pytest.raises(NotAdmittedError):
        approve(order, approver)
    assert stock_of(honey) == 2000


def test_another_institution_does_not_see_it(institution, people, honey):
    order = submit(institution, people[0], (honey, 1))
    stranger, _ = make_people(make_institution())
    with pytest.raises(NotFoundError):
        order_for(stranger, order.number)
