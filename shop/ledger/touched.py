"""Which row was touched when a sealed day no longer fits its seal.

A seal alone tells that a day was changed. The leaves kept beside it lead to the same root, so whoever changes a row
could change its leaf too only by breaking the seal; while they lead to it, the leaf that differs names the row.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from shop.kit.database import db
from shop.ledger.leaves import KINDS, Leaf, packed_root, unpack_leaves
from shop.ledger.merkle import leaf_hash
from shop.ledger.models import DayLeaves
from shop.ledger.sealing import read_encodings

Touch = Literal['inserted', 'deleted', 'changed']


def leaves_of(day: date) -> list[Leaf]:
    """Return the leaves of a closed day as they were sealed; of a day sealed before they were kept, as they are now."""
    kept = db.session.get(DayLeaves, day)
    return unpack_leaves(kept.leaves) if kept is not None else _leaves_now(day)


def touched_rows(day: date, entries_root: str) -> Iterator[tuple[str, int, Touch]]:
    """Yield kind, id and what happened to it for each row of a sealed day that is not as it was sealed.

    Yields nothing when no leaves were kept, or when they do not lead to the seal either.
    """
    kept = db.session.get(DayLeaves, day)
    if kept is None or packed_root(kept.leaves) != entries_root:
        return
    before = {(kind, row_id): leaf for kind, row_id, leaf in unpack_leaves(kept.leaves)}
    now = {(kind, row_id): leaf for kind, row_id, leaf in _leaves_now(day)}
    for kind, row_id in sorted(before.keys() | now.keys(), key=lambda key: (KINDS.index(key[0]), key[1])):
        was, found = before.get((kind, row_id)), now.get((kind, row_id))
        if was != found:
            yield kind, row_id, 'inserted' if was is None else 'deleted' if found is None else 'changed'


def _leaves_now(day: date) -> list[Leaf]:
    return [(kind, row_id, leaf_hash(encoding)) for kind, row_id, encoding in read_encodings(day)]
