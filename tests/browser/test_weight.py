"""What a first view weighs, and that nothing on it moves while pictures arrive."""

import pytest

from tests.browser.shelf import PictureGate, fill_shelf
from tests.support.browsers import DESK, PHONE

BUDGET_BYTES = 100 * 1024
PHOTOS = ('.webp', '.jpg', '.png')
MOVED = """
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved = entry.sources.map((source) => source.node?.outerHTML?.slice(0, 99));
      if (!entry.hadRecentInput) window.moved.push([entry.value, ...moved]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
"""
TWO_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))'
PICTURES_DONE = '[...document.images].every((image) => image.loading === "lazy" || image.complete)'
PATHS = (
    '/',
    '/products',
    '/products/{product}',
    '/villages',
    '/villages/{village}',
    '/sunshine',
    '/sign-in',
    '/basket',
)


@pytest.fixture
def paths(app, clock_hand) -> list[str]:
    product = fill_shelf(30)
    return [path.format(product=product.slug, village=product.village.slug) for path in PATHS]


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_first_view_is_light(visitors, paths, database_kind):
    heavy = {}
    for path in paths:
        page = visitors.arrive(width=PHONE)  # with an empty cache
        PictureGate(page).open()
        answers = []
        page.on('requestfinished', lambda request, kept=answers: kept.append(request))
        page.goto(path, wait_until='load')
        sizes = {
            request.url: request.sizes()['responseBodySize']
            for request in answers
            if not request.url.partition('?')[0].endswith(PHOTOS)
        }
        if sum(sizes.values()) > BUDGET_BYTES:
            heavy[path] = sizes
        page.context.close()
    assert heavy == {}


@pytest.mark.parametrize('database_kind', ['sqlite'])
@pytest.mark.parametrize('width', [PHONE, DESK])
def test_nothing_moves_while_pictures_arrive(visitors, paths, width, database_kind):
    moved = {}
    for path in paths[:5]:
        page = visitors.arrive(width=width)
        page.add_init_script(MOVED)
        gate = PictureGate(page)
        page.goto(path, wait_until='domcontentloaded')
        page.evaluate(TWO_FRAMES)
        gate.open()
        page.wait_for_function(PICTURES_DONE)
        page.evaluate('window.scrollTo(0, document.body.scrollHeight)')
        page.evaluate(TWO_FRAMES)
        if found := page.evaluate('window.moved'):
            moved[path] = found
        page.context.close()
    assert moved == {}
