"""Weights as they are typed, kept and shown."""

import pytest

from shop.benefits.models import WeightKind
from shop.benefits.weights import WeightError, parse_weight, weight_text


@pytest.mark.parametrize(
    ('kind', 'text', 'kept', 'shown'),
    [
        (WeightKind.DELIVERIES, '84.6', 846, '84.6'),
        (WeightKind.DELIVERIES, '84', 840, '84.0'),
        (WeightKind.DELIVERIES, '1,250.5', 12505, '1250.5'),
        (WeightKind.SHARES, ' 12 ', 12, '12'),
        (WeightKind.CUSTOM, '1', 1, '1'),
    ],
)
def test_a_weight_is_kept_whole_and_shown_as_typed(kind, text, kept, shown):
    assert parse_weight(kind, text) == kept
    assert weight_text(kind, kept) == shown


@pytest.mark.parametrize('kind', [WeightKind.DELIVERIES, WeightKind.SHARES])
@pytest.mark.parametrize('text', ['', '0', '-3', '1.25', 'abc', '1e3', '٣', '9' * 40, '1 000'])
def test_anything_else_is_refused_with_an_example(kind, text):
    with pytest.raises(WeightError, match='如'):
        parse_weight(kind, text)
