"""Pages stay stable and forgive odd numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit.pagination import MAX_PAGE, Page, page_number


@pytest.mark.parametrize(('total', 'last'), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3)])
def test_the_last_page_holds_the_last_row(total, last):
    assert Page(rows=[], number=1, size=24, total=total).last == last


def test_the_first_page_has_none_before_it_and_the_last_none_after():
    pages: list[Page[str]] = [Page(rows=[], number=number, size=10, total=25) for number in (1, 2, 3)]
    assert [page.has_previous for page in pages] == [False, True, True]
    assert [page.has_next for page in pages] == [True, True, False]


@pytest.mark.parametrize(
    ('text', 'number'),
    [('1', 1), ('7', 7), ('0', 1), ('-3', 1), ('', 1), (None, 1), ('x', 1), ('²', 1), ('٣', 1), ('1.5', 1), ('007', 7)],
)
def test_an_odd_number_is_the_first_page(text, number):
    assert page_number(text) == number


@given(st.text())
def test_any_text_gives_a_page_within_bounds(text):
    assert 1 <= page_number(text) <= MAX_PAGE


def test_numbers_without_end_are_cut_off():
    assert page_number('10000') == MAX_PAGE
    assert page_number('99999') == MAX_PAGE
    assert page_number('9' * 5_000) == 1
