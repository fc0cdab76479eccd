"""How the leaves of a day's tree are kept: 41 bytes each, saying which row of which book it stands for."""

from struct import Struct

from shop.ledger.merkle import root_of

# The books in the order of a day's tree; a leaf names its book by its place here.
KINDS = ('sale', 'benefit', 'payout')
_LEAF = Struct('>Bq32s')

Leaf = tuple[str, int, bytes]


def pack_leaf(kind: str, row_id: int, leaf: bytes) -> bytes:
    """Return the bytes that keep one leaf: its book, the id of its row, the hash of its encoding."""
    return _LEAF.pack(KINDS.index(kind), row_id, leaf)


def unpack_leaves(packed: bytes) -> list[Leaf]:
    """Return kind, id and hash of each leaf kept; raises `ValueError` for bytes that are no leaves."""
    if len(packed) % _LEAF.size:
        raise ValueError('cut off inside a leaf')
    leaves = list(_LEAF.iter_unpack(packed))
    if any(kind >= len(KINDS) for kind, _id, _leaf in leaves):
        raise ValueError('a leaf of an unknown book')
    return [(KINDS[kind], row_id, leaf) for kind, row_id, leaf in leaves]


def packed_root(packed: bytes) -> str:
    """Return the root that kept leaves lead to, as hex; empty for bytes that are no leaves."""
    try:
        return root_of(leaf for _kind, _id, leaf in unpack_leaves(packed)).hex()
    except ValueError:
        return ''
