"""How leaves are kept, and that broken bytes are no leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.closing import close_due_days
from shop.ledger.leaves import pack_leaf, packed_root, unpack_leaves
from shop.ledger.merkle import leaf_hash, node_hash
from shop.ledger.models import DaySeal
from shop.ledger.touched import touched_rows
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import make_paid_order

A, B = leaf_hash(b'a'), leaf_hash(b'b')
PACKED = pack_leaf('sale', 7, A) + pack_leaf('payout', 2**40, B)


def test_leaves_come_back_as_they_were_kept_in_41_bytes_each():
    assert len(PACKED) == 82
    assert unpack_leaves(PACKED) == [('sale', 7, A), ('payout', 2**40, B)]
    assert packed_root(PACKED) == node_hash(A, B).hex()


@pytest.mark.parametrize('broken', [PACKED[:-1], b'\x09' + PACKED[1:]])
def test_bytes_that_are_no_leaves_lead_nowhere(broken):
    with pytest.raises(ValueError, match='leaf'):
        unpack_leaves(broken)
    assert packed_root(broken) == ''


def test_leaves_that_do_not_lead_to_the_seal_name_no_row(app, clock_hand):
    order = make_paid_order((make_listed_product(), 1))
    clock_hand.move(days=1)
    with transaction():
        close_due_days(at=clock.now())
    seal = db.session.scalars(select(DaySeal)).one()
    assert list(touched_rows(seal.day, seal.entries_root)) == []
    assert list(touched_rows(seal.day, 'a' * 64)) == []
    assert list(touched_rows(order.placed_at.date() - timedelta(days=9), seal.entries_root)) == []
