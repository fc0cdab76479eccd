"""From the home page to the checkout with Tab, Space and Enter alone: what is focused is always seen."""

import pytest

from tests.browser.shelf import PictureGate, fill_shelf
from tests.support.browsers import DESK, PHONE

MOST_TABS = 250
# Says what is wrong with how the focused element is seen, or nothing.
SEEN = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const marked = [element, element.nextElementSibling];
  for (let outer = element.parentElement; outer; outer = outer.parentElement) marked.push(outer);
  const isMarked = marked.some((one) => {
    const style = one && getComputedStyle(one);
    return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  });
  const lefts = [box.left + 2, box.left + box.width / 2, box.right - 2];
  const tops = [box.top + 2, box.top + box.height / 2, box.bottom - 2];
  const isClear = lefts.some((x) => tops.some((y) => {
    const found = document.elementFromPoint(x, y);
    return found && (element.contains(found) || found.contains(element) || found.closest('label')?.contains(element));
  }));
  const name = element.outerHTML.slice(0, 90);
  return [...(isMarked ? [] : [`no mark: ${name}`]), ...(isClear ? [] : [`covered: ${name}`])];
}"""


class Hands:
    """Somebody who uses the keyboard only."""

    def __init__(self, page) -> None:
        self.page = page
        self.faults: list[str] = []

    def tab_to(self, selector: str) -> None:
        """Go on until an element is focused."""
        for _step in range(MOST_TABS):
            self.page.keyboard.press('Tab')
            if self.page.evaluate('document.activeElement === document.body'):
                continue
            self.faults += self.page.evaluate(SEEN)
            if self.page.evaluate('(selector) => document.activeElement.matches(selector)', selector):
                return
        raise AssertionError(f'{selector} was not reached on {self.page.url}')

    def enter(self) -> None:
        """Press Enter and arrive on another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press('Enter')


@pytest.mark.parametrize('database_kind', ['sqlite'])
@pytest.mark.parametrize('width', [PHONE, DESK])
def test_one_can_buy_with_the_keyboard_alone(visitors, clock_hand, app, width, database_kind):
    newest = fill_shelf(6).slug
    page = visitors.arrive(width=width)
    page.emulate_media(reduced_motion='reduce')
    PictureGate(page).open()
    hands = Hands(page)

    page.goto('/')
    hands.tab_to('.skip')
    page.keyboard.press('Enter')
    page.keyboard.press('Tab')
    assert page.evaluate('document.querySelector("#main").contains(document.activeElement)')

    page.goto('/')
    hands.tab_to('#q')
    page.keyboard.insert_text('木耳')
    hands.enter()
    if width == PHONE:
        hands.tab_to('.sortbar__filter')
        page.keyboard.press('Enter')
    hands.tab_to('[name=in_stock]')
    page.keyboard.press('Space')
    hands.enter()
    assert 'in_stock=1' in page.url

    hands.tab_to(f'main .pcard h3 a[href="/products/{newest}"]')
    hands.enter()
    hands.tab_to('[name=variant]')
    page.keyboard.press('ArrowRight')
    hands.tab_to('button[name=then][value=checkout]')
    hands.enter()
    assert page.url.endswith('/basket')
    assert '礼盒装' in page.inner_text('main')
    hands.tab_to('a[href="/checkout"]')
    hands.enter()
    hands.tab_to('[name=recipient]')
    hands.tab_to('[name=phone]')
    assert '\n'.join(hands.faults) == ''
