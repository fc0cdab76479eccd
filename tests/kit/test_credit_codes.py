"""Credit codes: the last letter checks the others."""

import pytest

from shop.kit.credit_codes import is_credit_code, read_credit_code, with_check_letter
from shop.kit.fields import FieldReader

# Published codes: a company, and the form a rural collective has.
COMPANY, COLLECTIVE = '91110000600037341L', with_check_letter('N2220524MF1234567')


def test_the_check_letter_tells_a_right_code_from_every_code_with_one_letter_off():
    assert is_credit_code(COMPANY)
    assert is_credit_code(COLLECTIVE)
    wrong = [COMPANY[:place] + letter + COMPANY[place + 1 :] for place in range(18) for letter in '0123456789AHX']
    assert {code for code in wrong if is_credit_code(code)} == {COMPANY}


@pytest.mark.parametrize('code', ['', COMPANY[:17], f'{COMPANY}0', COMPANY.lower(), f'{COMPANY[:16]}IO', '９' * 18])
def test_anything_else_is_no_code(code):
    assert not is_credit_code(code)


@pytest.mark.parametrize(
    ('typed', 'is_required', 'errors'),
    [(COMPANY.lower(), True, ''), ('', False, ''), ('', True, '填写'), (f'{COMPANY[:17]}0', False, '校验位')],
)
def test_a_form_says_what_would_be_right(typed, is_required, errors):
    reader = FieldReader({'code': typed})
    assert read_credit_code(reader, 'code', is_required=is_required) == typed.upper()
    assert errors in reader.errors.get('code', '')
    assert bool(reader.errors) is bool(errors)
