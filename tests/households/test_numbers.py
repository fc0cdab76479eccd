"""ID and bank numbers: what can be right, what is shown, and what a text must not hold."""

from datetime import date

import pytest

from shop.households.numbers import (
    holds_number,
    id_check,
    is_card_number,
    is_id_number,
    luhn_check,
    masked_number,
    plain_number,
)

TODAY = date(2026, 6, 15)
# The example of the standard itself.
STANDARD = '11010519491231002X'


@pytest.mark.parametrize(
    ('number', 'is_right'),
    [
        (STANDARD, True),
        ('110105194912310021', False),
        ('11010519491231002x', False),
        ('11010519491331002' + id_check('11010519491331002'), False),
        ('11010518991231002' + id_check('11010518991231002'), False),
        ('11010520260616002' + id_check('11010520260616002'), False),
        ('11010520260615002' + id_check('11010520260615002'), True),
        ('110105491231002', False),
        ('', False),
    ],
)
def test_an_id_number_has_a_day_of_birth_and_a_check_letter(number, is_right):
    assert is_id_number(number, on=TODAY) is is_right


def test_every_single_wrong_digit_is_found():
    wrong = [
        STANDARD[:place] + str((int(STANDARD[place]) + step) % 10) + STANDARD[place + 1 :]
        for place in range(17)
        for step in range(1, 10)
    ]
    assert [number for number in wrong if is_id_number(number, on=TODAY)] == []


@pytest.mark.parametrize(
    ('number', 'is_right'),
    [
        ('4111111111111111', True),
        ('4111111111111112', False),
        ('6222021234567890' + luhn_check('6222021234567890'), True),
        ('0' * 16, False),
        ('79927398713', False),
        ('4' * 20, False),
        ('', False),
    ],
)
def test_a_card_number_has_a_check_digit(number, is_right):
    assert is_card_number(number) is is_right


def test_numbers_are_written_in_many_ways_and_shown_in_one():
    assert plain_number('１１０105 1949-1231 002x') == STANDARD
    assert masked_number(STANDARD) == '110***********002X'


@pytest.mark.parametrize('text', [f'证件{STANDARD}号', '4111 1111 1111 1111', '1101-0519-4912-3100-2x'])
def test_a_text_with_a_number_is_noticed(text):
    assert holds_number(text)


@pytest.mark.parametrize('text', ['2026-06-15 村委会 3 号柜', '13800000000', '第 0012 号', ''])
def test_a_text_without_one_is_left_alone(text):
    assert not holds_number(text)
