"""Tax numbers: the check digit finds every wrong character, older numbers are taken by their form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from shop.orders.tax_numbers import TaxNumberError, TaxNumberKind, clean_tax_number, tax_number_kind

ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
CREDIT_CODE, IDENTITY = '91220501MA0Y0001XW', '11010519491231002X'
codes = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from(['91220501', '52220524', '12220000', '11100000']),
    st.text(ALPHABET, min_size=9, max_size=9),
).map(lambda base: base + uscc.calc_check_digit(base))


@given(codes)
def test_a_code_with_its_check_digit_is_a_credit_code(code):
    assert tax_number_kind(code) is TaxNumberKind.CREDIT_CODE


@given(codes, st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code, place, letter):
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        with pytest.raises(TaxNumberError, match='校验位') as found:
            tax_number_kind(wrong)
        assert found.value.field == 'tax_number'


@pytest.mark.parametrize(
    ('typed', 'kind'),
    [
        ('N2220524MF1234567G', TaxNumberKind.CREDIT_CODE),
        (IDENTITY, TaxNumberKind.IDENTITY),
        ('1101 0519 4912 3100 2x', TaxNumberKind.IDENTITY),
        ('220501123456789', TaxNumberKind.OLD_15),
        ('22050171234567X', TaxNumberKind.OLD_15),
        (f'{IDENTITY}01', TaxNumberKind.OLD_20),
    ],
)
def test_older_numbers_are_taken_by_their_form(typed, kind):
    assert tax_number_kind(clean_tax_number(typed)) is kind


@pytest.mark.parametrize('typed', ['', '1', '2' * 14, '2' * 16, '2' * 21, 'A' * 15, '2' * 20, '２' * 18, '税号' * 9])
def test_anything_else_says_what_would_be_right(typed):
    with pytest.raises(TaxNumberError, match='18 位统一社会信用代码'):
        tax_number_kind(clean_tax_number(typed))
