"""Who gets which fen: Sainte-Laguë (Webster) divisor apportionment of a pool.

A household with weight w and k fen has the key w / (2k + 1); each next fen goes to the highest
key, ties to the household that stands first. The result depends on the pool alone, sums to it
exactly, and no household's part ever falls as the pool grows (Balinski & Young, Fair Representation).
"""

import heapq
from collections.abc import Sequence
from fractions import Fraction


def apportion(pool: int, weights: Sequence[int]) -> list[int]:
    """Return the fen of each household, in the order of `weights`.

    `pool` is whole fen, not negative; `weights` are positive whole numbers, at least one.
    Raises `ValueError` for anything else. Costs O(n log n), whatever the size of the pool.
    """
    _require_apportionable(pool, weights)
    total = sum(weights)
    parts = [(2 * pool * weight + total) // (2 * total) for weight in weights]
    difference = pool - sum(parts)
    if difference > 0:
        _add(parts, weights, difference)
    elif difference < 0:
        _take(parts, weights, -difference)
    return parts


def first_fen(weights: Sequence[int]) -> list[int]:
    """Return, per household, the pool value at which it gets its first fen.

    Household i has its first fen once the pool counts every fen with a key above w_i,
    and every fen with the same key that stands before it. Costs O(n log n) for equal weights,
    O(n · d) for d distinct weights.
    """
    _require_apportionable(0, weights)
    counts: dict[int, int] = {}
    for weight in weights:
        counts[weight] = counts.get(weight, 0) + 1
    before = {weight: _fen_above(weight, counts) for weight in counts}
    order = _order_at_key(weights)
    return [before[weight] + order[index] for index, weight in enumerate(weights)]


def _fen_above(key: int, counts: dict[int, int]) -> int:
    """Count the fen whose key is strictly above a whole `key`: w / (2k + 1) > key."""
    above = 0
    for weight, households in counts.items():
        # k < (w / key - 1) / 2, so the count of such k ≥ 0 is ceil of that bound.
        bound = weight - key
        if bound > 0:
            above += households * -(-bound // (2 * key))
    return above


def _order_at_key(weights: Sequence[int]) -> list[int]:
    """Return, per household, its place (from 1) among the fen that share the key of its first fen."""
    at_key: dict[int, int] = {}
    places = [0] * len(weights)
    distinct = sorted(set(weights))
    # A heavier household's later fen can tie with a lighter one's first: w_heavy / (2k + 1) = w_light.
    ties = {
        weight: [key for key in distinct if key < weight and weight % key == 0 and (weight // key) % 2 == 1]
        for weight in distinct
    }
    for index, weight in enumerate(weights):
        at_key[weight] = at_key.get(weight, 0) + 1
        places[index] = at_key[weight]
        for key in ties[weight]:
            at_key[key] = at_key.get(key, 0) + 1
    return places


def _require_apportionable(pool: int, weights: Sequence[int]) -> None:
    if type(pool) is not int or pool < 0:
        raise ValueError('the pool is a whole number of fen, not negative')
    if not weights:
        raise ValueError('there is nobody to share the pool')
    if any(type(weight) is not int or weight <= 0 for weight in weights):
        raise ValueError('every weight is a positive whole number')


def _add(parts: list[int], weights: Sequence[int], fen: int) -> None:
    """Give the missing fen to the highest keys w / (2k + 1), first in order among equals."""
    heap = [(-Fraction(weight, 2 * parts[i] + 1), i) for i, weight in enumerate(weights)]
    heapq.heapify(heap)
    for _ in range(fen):
        _, i = heap[0]
        parts[i] += 1
        heapq.heapreplace(heap, (-Fraction(weights[i], 2 * parts[i] + 1), i))


def _take(parts: list[int], weights: Sequence[int], fen: int) -> None:
    """Take the surplus fen from the lowest keys w / (2k - 1), last in order among equals."""
    heap = [(Fraction(weight, 2 * parts[i] - 1), -i) for i, weight in enumerate(weights) if parts[i]]
    heapq.heapify(heap)
    for _ in range(fen):
        _, negative = heapq.heappop(heap)
        i = -negative
        parts[i] -= 1
        if parts[i]:
            heapq.heappush(heap, (Fraction(weights[i], 2 * parts[i] - 1), -i))
