"""Requests for invoices: one per order, as it was typed, answered over what was paid less what was given back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.invoice import InvoiceFacts, InvoiceMoveError, InvoiceRequest, InvoiceStatus, InvoiceTitle
from shop.orders.invoices import (
    InvoiceError,
    IssuedInvoice,
    issue_invoice,
    new_request,
    request_invoice,
    request_of,
)
from shop.orders.models import Order
from shop.orders.placing import place_order
from shop.orders.services import cancel_order
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import WINDOW, bought, make_guest, place, purchase_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')
PERSON = InvoiceFacts(InvoiceTitle.PERSON, '李红', None, 'li@example.com')
UNIT = InvoiceFacts(InvoiceTitle.UNIT, '通化市食堂', '91220501MA0Y0001XW', 'unit@example.com')
NUMBER = '26222000000000000001'


def ask(order: Order, facts: InvoiceFacts = PERSON) -> InvoiceRequest:
    with transaction():
        return request_invoice(order, facts, actor=None, at=clock.now())


def issue(request: InvoiceRequest, amount_fen: int = 3990, **changes) -> None:
    issued = replace(IssuedInvoice(NUMBER, clock.today()), **changes)
    with transaction():
        issue_invoice(request, issued, amount_fen, actor=make_user(), at=clock.now())


def test_every_order_of_a_checkout_has_the_request(clock_hand):
    village = make_village()
    goods = [make_listed_product(supplier=make_supplier(village)) for _each in range(2)]
    purchase = replace(purchase_of(*((one, 1) for one in goods)), invoice=UNIT)
    with transaction():
        checkout = place_order(purchase, make_guest(), actor=None, window=WINDOW, at=clock.now())
    asked = [request_of(order.id) for order in checkout.orders]
    assert [(one.title, one.tax_number, one.email, one.status) for one in asked] == [
        ('通化市食堂', '91220501MA0Y0001XW', 'unit@example.com', InvoiceStatus.REQUESTED)
    ] * 2
    assert [(step.from_status, step.to_status) for step in asked[0].steps] == [(None, InvoiceStatus.REQUESTED)]


def test_it_may_be_asked_for_otherwise_until_it_is_made_out():
    order = bought((make_listed_product(), 1))
    first = ask(order)
    again = ask(order, UNIT)
    assert (again.id, again.title_kind, again.tax_number) == (first.id, InvoiceTitle.UNIT, UNIT.tax_number)
    issue(again)
    with pytest.raises(InvoiceMoveError, match='已经开出'):
        ask(order)
    assert db.session.scalar(select(func.count(InvoiceRequest.id))) == 1
    assert request_of(order.id).title == UNIT.title


def test_an_order_has_one_request_even_for_two_at_once():
    order = bought((make_listed_product(), 1))
    ask(order)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(new_request(order, UNIT, actor=None, at=clock.now()))


def test_a_cancelled_order_has_nothing_to_ask_for():
    order = place((make_listed_product(), 1)).orders[0]
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='')
    with pytest.raises(InvoiceError, match='已取消'):
        ask(order)
    assert request_of(order.id) is None


def test_an_invoice_is_written_down_and_made_out_anew_with_both_steps_kept():
    request = ask(bought((make_listed_product(), 1)))
    issue(request, link='https://invoice.example.com/a?b=1')
    assert (request.status, request.number, request.amount_fen) == (InvoiceStatus.ISSUED, NUMBER, 3990)
    issue(request, 1000, number='12345678')
    assert (request.number, request.amount_fen, request.link) == ('12345678', 1000, '')
    assert [step.reason for step in request.steps] == ['', f'{NUMBER} · ¥39.90', '12345678 · ¥10.00']


@pytest.mark.parametrize(
    ('amount', 'changes', 'words'),
    [
        (0, {}, '没有可开票的金额'),
        (1, {'number': '123'}, '20 位数字'),
        (1, {'number': '１' * 20}, '20 位数字'),
        (1, {'days': 1}, '付款日和今天之间'),
        (1, {'days': -1}, '付款日和今天之间'),
        (1, {'link': 'http://a.example'}, 'https://'),
        (1, {'link': 'javascript:alert(1)'}, 'https://'),
        (1, {'link': 'https://a.example/' + 'x' * 300}, 'https://'),
    ],
)
def test_a_wrong_invoice_is_refused(amount, changes, words):
    request = ask(bought((make_listed_product(), 1)))
    if days := changes.pop('days', 0):
        changes['issued_on'] = clock.today() + timedelta(days=days)
    with pytest.raises(InvoiceError, match=words):
        issue(request, amount, **changes)
    assert request_of(request.order_id).status is InvoiceStatus.REQUESTED


def test_an_order_that_is_not_paid_has_no_invoice_yet():
    request = ask(place((make_listed_product(), 1)).orders[0])
    with pytest.raises(InvoiceError, match='没有可开票的金额'):
        issue(request)
