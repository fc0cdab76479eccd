"""Reads a net content such as ``250 g`` or ``125g×6`` as a weight, and guesses what it weighs packed."""

import re
from decimal import Decimal

_GRAMS = {'g': 1, '克': 1, 'kg': 1_000, '千克': 1_000, '公斤': 1_000, '斤': 500}
_WEIGHT = re.compile(
    r'^(\d{1,5}(?:\.\d{1,3})?)\s*(kg|g|千克|公斤|克|斤)(?:\s*[×xX*]\s*([1-9]\d{0,2})(?:\s*[^\d\s]{1,2})?)?$', re.ASCII
)


def grams_of(net_content: str) -> int:
    """Return the weight in grams that a net content states, 0 when it states none: ``125g×6 盒`` is 750."""
    match = _WEIGHT.match(net_content.strip())
    if match is None:
        return 0
    amount, unit, pieces = match.groups()
    return int(Decimal(amount) * _GRAMS[unit] * int(pieces or 1))


def packed_grams_of(net_content: str) -> int:
    """Guess the weight with packing from a net content: a tenth more, in full tens of grams; 0 without a weight."""
    return -(-grams_of(net_content) * 11 // 100) * 10
