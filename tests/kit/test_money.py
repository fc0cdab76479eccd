"""Money is whole fen; yuan are only how people read and write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit.money import MAX_FEN, Money, MoneyFormatError

AMOUNTS = st.builds(Money, st.integers(-MAX_FEN, MAX_FEN))


@pytest.mark.parametrize(
    ('text', 'fen'),
    [
        ('0', 0),
        ('39.9', 3_990),
        ('39.90', 3_990),
        ('39.09', 3_909),
        ('¥1,234.50', 123_450),
        ('￥12', 1_200),
        ('12元', 1_200),
        (' 7 ', 700),
        ('-0.01', -1),
        ('1，234', 123_400),
        ('1,234,567.89', 123_456_789),
        ('10000000000000', MAX_FEN),
    ],
)
def test_yuan_as_people_type_them_are_read(text, fen):
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    'text',
    [
        '',
        ' ',
        '-',
        '.5',
        '5.',
        '1.234',
        '1,23',
        '12,34.00',
        '1e3',
        'NaN',
        '０.5 x',
        '1 000',
        '--1',
        '10000000000000.01',
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(MoneyFormatError):
        Money.parse(text)


def test_a_refusal_quotes_no_more_than_a_line():
    with pytest.raises(MoneyFormatError) as refusal:
        Money.parse('x' * 5_000)
    assert len(str(refusal.value)) == 40


@given(AMOUNTS)
def test_what_is_written_is_read_back(amount):
    assert Money.parse(amount.yuan) == amount
    assert Money.parse(amount.grouped) == amount


@pytest.mark.parametrize(
    ('fen', 'yuan', 'grouped', 'shown'),
    [
        (0, '0.00', '0.00', '¥0.00'),
        (5, '0.05', '0.05', '¥0.05'),
        (-5, '-0.05', '-0.05', '-¥0.05'),
        (1_294_000_000, '12940000.00', '12,940,000.00', '¥12,940,000.00'),
        (-123_450, '-1234.50', '-1,234.50', '-¥1,234.50'),
    ],
)
def test_amounts_are_written_for_fields_and_for_reading(fen, yuan, grouped, shown):
    assert (Money(fen).yuan, Money(fen).grouped, str(Money(fen))) == (yuan, grouped, shown)


@pytest.mark.parametrize('value', [1.0, '1', None, True])
def test_only_whole_fen_are_money(value):
    with pytest.raises(TypeError, match='whole fen'):
        Money(value)


@given(AMOUNTS, AMOUNTS, st.integers(-1_000, 1_000))
def test_arithmetic_is_that_of_whole_numbers(one, other, quantity):
    assert (one + other).fen == one.fen + other.fen
    assert (one - other).fen == one.fen - other.fen
    assert (one * quantity).fen == one.fen * quantity
    assert (-one).fen == -one.fen
    assert (one < other, one <= other, one == other) == (
        one.fen < other.fen,
        one.fen <= other.fen,
        one.fen == other.fen,
    )
    assert bool(one) == (one.fen != 0)


@pytest.mark.parametrize(
    ('fen', 'rate_bp', 'share'),
    [(999, 1_000, 99), (100, 10_000, 100), (1, 9_999, 0), (12_345, 0, 0), (3_990, 850, 339)],
)
def test_a_share_is_rounded_down_to_the_fen(fen, rate_bp, share):
    assert Money(fen).share_bp(rate_bp) == Money(share)
