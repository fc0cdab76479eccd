"""Takes the pictures of docs/screenshots from a running shop: `make screenshots` (URL=http://127.0.0.1:8000)."""

import io
import sys
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support.chromium import FLAGS, system_chromium

FOLDER = Path(__file__).parent.parent / 'docs' / 'screenshots'
PHONE, DESK = (390, 844), (1280, 900)
COLOURS = 256
PRODUCT = '/products/niandoubao'
PAGES = {
    'home': '/',
    'list': '/products?category=fungus',
    'product': PRODUCT,
    'village': '/villages/zuogang',
    'sunshine': '/sunshine',
}
SETTLE_MS = 400


def keep(name: str, picture: bytes) -> None:
    """Keep a picture with few colours, so that the repository stays small."""
    image = Image.open(io.BytesIO(picture)).convert('RGB').quantize(COLOURS)
    image.save(FOLDER / f'{name}.png', optimize=True)
    print(f'docs/screenshots/{name}.png')


def take(browser: Browser, site: str, size: tuple[int, int]) -> None:
    """Take every page at one width, as far as the screen shows it."""
    width, height = size
    context = browser.new_context(viewport={'width': width, 'height': height}, locale='zh-CN')
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(site + path)
        page.wait_for_timeout(SETTLE_MS)
        keep(f'{name}-{width}', page.screenshot())
    context.close()


def main() -> None:
    """Take them all from the shop whose address is the first argument."""
    site = (sys.argv[1:] or ['http://127.0.0.1:8000'])[0].rstrip('/')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=list(FLAGS))
        for size in (PHONE, DESK):
            take(browser, site, size)
        browser.close()
    with urlopen(f'{site}{PRODUCT}/poster.jpg') as poster:
        keep('poster-750', poster.read())


if __name__ == '__main__':
    main()
