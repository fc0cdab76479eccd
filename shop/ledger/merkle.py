"""Merkle trees over the entries of a day, built in one pass, after RFC 6962.

A leaf is ``SHA-256(0x00 ‖ encoding)``, a node ``SHA-256(0x01 ‖ left ‖ right)`` and the seal of a day
``SHA-256(0x02 ‖ …)``: three kinds of input that can never be taken for one another. The tree over n leaves
splits at the largest power of two below n; without leaves its root is the hash of nothing.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

LEAF = b'\x00'
NODE = b'\x01'
SEAL = b'\x02'


def leaf_hash(encoding: bytes) -> bytes:
    """Return the hash of one entry's encoding."""
    return sha256(LEAF + encoding).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return sha256(NODE + left + right).digest()


class MerkleTree:
    """Takes leaves one by one; keeps one hash per complete subtree, so memory grows with log n."""

    def __init__(self) -> None:
        self._subtrees: list[bytes] = []
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """Append the leaf hash of one entry."""
        subtree = leaf
        size = self.size
        while size & 1:
            subtree = node_hash(self._subtrees.pop(), subtree)
            size >>= 1
        self._subtrees.append(subtree)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over what was added so far."""
        if not self._subtrees:
            return sha256().digest()
        root = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            root = node_hash(left, root)
        return root


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root, nearest first; `leaves` are leaf hashes."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*inclusion_path(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_path(leaves[split:], index - split), root_of(leaves[:split])]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


def root_from_path(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
    """Return the root that an inclusion path leads to; whoever knows the root compares.

    Raises `ValueError` when the path does not have the length that `index` in `size` leaves asks for.
    """
    steps = _sides(index, size)
    hashes = list(path)
    if len(hashes) != len(steps):
        raise ValueError('the path does not fit the tree')
    root = leaf
    for sibling, is_left in zip(hashes, steps, strict=True):
        root = node_hash(sibling, root) if is_left else node_hash(root, sibling)
    return root


def _sides(index: int, size: int) -> list[bool]:
    """Tell for each step upwards whether the sibling stands on the left."""
    if size <= 1:
        return []
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return [*_sides(index, split), False]
    return [*_sides(index - split, size - split), True]
