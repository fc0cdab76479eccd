"""Find, look, put in: on a phone, at a desk, and without JavaScript."""

import pytest

from tests.browser.shelf import PictureGate, fill_shelf
from tests.journeys.buying import put_in_basket
from tests.support.browsers import DESK, PHONE


@pytest.mark.parametrize(('width', 'has_script'), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_somebody_finds_something_and_puts_it_in_the_basket(visitors, app, clock_hand, width, has_script):
    fill_shelf(3)
    page = visitors.arrive(width=width, javascript=has_script)
    PictureGate(page).open()
    put_in_basket(page, '木耳', 2)
    assert page.url.endswith('/basket')
    assert page.input_value('.bline [name=quantity]') == '2'
    assert '¥79.80' in page.inner_text('main')
