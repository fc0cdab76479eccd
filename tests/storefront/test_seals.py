"""Seals and proofs on the public pages and in the public interface."""

import io

import pytest

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.closing import close_due_days
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, place


@pytest.fixture
def order(app, clock_hand):
    buyer = make_user(name='买家')
    checkout = place((make_listed_product(), 2), actor=buyer)
    pay(checkout)
    clock_hand.move(days=1)
    with transaction():
        close_due_days(at=clock.now())
    return checkout.orders[0]


def test_the_buyer_gets_a_proof_that_the_page_confirms(client, order):
    client.sign_in(db.session.get(User, order.checkout.user_id))
    assert f'/orders/{order.number}/proof.json' in client.get(f'/orders/{order.number}').text
    answer = client.get(f'/orders/{order.number}/proof.json')
    assert answer.mimetype == 'application/json'
    assert [entry['day'] for entry in answer.json['entries']] == ['2026-06-15']
    client.sign_out()
    pasted = client.post('/sunshine/proofs', data={'proof': answer.text})
    assert (pasted.status_code, '无误：1 笔' in pasted.text) == (200, True)
    sent = client.post('/sunshine/proofs', data={'file': (io.BytesIO(answer.data), 'proof.json')})
    assert '无误：1 笔' in sent.text
    wrong = client.post('/sunshine/proofs', data={'proof': answer.text.replace('7980', '7981')})
    assert (wrong.status_code, '被改动过' in wrong.text) == (422, True)


def test_nobody_else_gets_it(client, order):
    assert client.get(f'/orders/{order.number}/proof.json').status_code == 404
    client.sign_in(make_user())
    assert client.get(f'/orders/{order.number}/proof.json').status_code == 404


@pytest.mark.parametrize('content', [b'', b'\xff\xfe\x00', b'null', '{"version": 1, "entries": "木耳"}'.encode()])
def test_a_file_that_is_no_proof_gets_a_message(client, content):
    answer = client.post('/sunshine/proofs', data={'file': (io.BytesIO(content), 'proof.json')})
    assert (answer.status_code, '没有通过' in answer.text) == (422, True)


def test_seals_are_listed_and_each_has_a_page(client, order):
    assert '/sunshine/seals/2026-06-15' in client.get('/sunshine/seals').text
    assert '/sunshine/seals/2026-06-15' in client.get('/sunshine/seals?page=99').text
    assert '刚刚重算过' in client.get('/sunshine/seals/2026-06-15').text
    for day in ('2026-06-16', '2026-02-30', 'rubbish', '20260615', '2026-W25-1'):
        assert client.get(f'/sunshine/seals/{day}').status_code == 404


def test_the_interface_gives_seals_of_a_span(client, order):
    answer = client.get('/api/v1/seals?from=2026-06-01&to=2026-06-15')
    assert answer.status_code == 200
    (seal,) = answer.json['seals']
    assert (seal['day'], seal['sales_count'], seal['sales_fen'], seal['previous_root']) == (
        '2026-06-15',
        1,
        7980,
        '0' * 64,
    )
    assert client.get('/api/v1/seals').json['seals'] == [seal]
    for bad in ('from=x', 'to=2026-02-30', 'from=2026-06-15&to=2026-06-01', 'from=2020-01-01', 'to=2999-01-01'):
        assert client.get(f'/api/v1/seals?{bad}').status_code == 400
