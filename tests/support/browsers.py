"""People before a screen: browser pages that remember everything that went wrong on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from shop.accounts.models import User
from shop.accounts.sessions import COOKIE
from tests.support.chromium import FLAGS, system_chromium
from tests.support.client import start_session

PHONE = 390
DESK = 1280
HEIGHTS = {PHONE: 844, DESK: 800}
TIMEOUT_MS = 10_000
# Answers to these may be refusals that the page handles.
MAY_BE_REFUSED = frozenset({'document', 'fetch', 'xhr'})


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run one Chromium for all tests of a worker; every visitor gets a profile of its own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


class Visitors:
    """Opens pages on one site and keeps what went wrong: script errors, answers 5xx, requests elsewhere."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.faults: list[str] = []
        self._pages: list[Page] = []

    def arrive(
        self, *, width: int = DESK, javascript: bool = True, user: User | None = None, locale: str = 'zh-CN'
    ) -> Page:
        """Open an empty page for one more person, signed in as `user` where one is given."""
        context = self.browser.new_context(
            base_url=self.site,
            viewport={'width': width, 'height': HEIGHTS.get(width, 800)},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id='Asia/Shanghai',
            service_workers='block',
        )
        context.set_default_timeout(TIMEOUT_MS)
        if user is not None:
            context.add_cookies([{'name': COOKIE, 'value': start_session(user), 'url': self.site, 'httpOnly': True}])
        page = context.new_page()
        page.on('console', self._hear)
        page.on('pageerror', lambda error: self.faults.append(f'script error: {error}'))
        page.on('request', self._see_request)
        page.on('response', self._see_answer)
        self._pages.append(page)
        return page

    def leave(self) -> None:
        """Close every page."""
        for page in self._pages:
            page.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # Failed loads are judged by their answers.
        if message.type == 'error' and not message.text.startswith('Failed to load resource'):
            self.faults.append(f'console: {message.text}')

    def _see_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {'http', 'https', 'ws', 'wss'} and address.netloc != urlsplit(self.site).netloc:
            self.faults.append(f'asks another site: {request.url}')

    def _see_answer(self, response: Response) -> None:
        allowed = 499 if response.request.resource_type in MAY_BE_REFUSED else 399
        if response.status > allowed:
            self.faults.append(f'{response.status}: {response.url}')


def sideways_scroll(page: Page) -> int:
    """Return by how many pixels the page is wider than its window; needs JavaScript."""
    return int(page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
