"""How leaves are kept, and that broken bytes are no leaves."""

import pytest

from shop.ledger.leaves import pack_leaf, packed_root, unpack_leaves
from shop.ledger.merkle import leaf_hash, node_hash

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
