"""Merkle trees: the standard's own vectors, and paths that prove a leaf."""

from hashlib import sha256

import pytest

from shop.ledger.merkle import MerkleTree, inclusion_path, leaf_hash, node_hash, root_from_path

# Certificate Transparency's reference test vectors: the inputs and the roots of the trees over the first n.
INPUTS = [bytes.fromhex(text) for text in ('', '00', '10', '2021', '3031', '40414243', '5051525354555657')]
ROOTS = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
]


@pytest.mark.parametrize('size', range(len(ROOTS)))
def test_the_roots_are_those_of_the_reference(size):
    tree = MerkleTree()
    for encoding in INPUTS[:size]:
        tree.add(leaf_hash(encoding))
    assert tree.root.hex() == ROOTS[size]
    assert tree.size == size


@pytest.mark.parametrize('size', [*range(1, 18), 100])
def test_every_leaf_has_a_path_to_the_root(size):
    encodings = [f'entry {n}'.encode() for n in range(size)]
    tree = MerkleTree()
    for encoding in encodings:
        tree.add(leaf_hash(encoding))
    leaves = [leaf_hash(encoding) for encoding in encodings]
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        assert root_from_path(leaf, index, size, path) == tree.root
        assert root_from_path(leaf_hash(b'another'), index, size, path) != tree.root


def test_a_path_of_the_wrong_length_proves_nothing():
    with pytest.raises(ValueError, match='does not fit'):
        root_from_path(b'', 0, 4, [b''])
    with pytest.raises(IndexError):
        inclusion_path([b'a'], 1)


def test_a_leaf_is_never_taken_for_a_node():
    left, right = leaf_hash(b'a'), leaf_hash(b'b')
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b'') != sha256().digest()
