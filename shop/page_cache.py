"""Keeps finished public pages for visitors nobody can tell apart, and proves before each use that they still hold."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from shop.kit import clock
from shop.kit.data_version import DataVersion
from shop.kit.database import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The cookies a public page may depend on, and those of the device that none does; a request with any other one is
# answered by the views.
KEYED_COOKIES = frozenset({'type_size', 'language', 'ship_to'})
UNREAD_COOKIES = frozenset({'seen'})
# What else a page may depend on.
KEYED = (
    'wsgi.url_scheme', 'HTTP_HOST', 'PATH_INFO', 'QUERY_STRING', 'HTTP_ACCEPT_ENCODING', 'HTTP_ACCEPT_LANGUAGE',
)  # fmt: skip
NEVER_KEPT = ('/media/', '/healthz', '/desk', '/office')
LONGEST_KEY = 1_500
MOST_BYTES = 16 * 1024 * 1024
LONGEST_LIFE = timedelta(seconds=60)
OF_THE_BODY = frozenset({'Content-Type', 'Content-Length', 'Content-Encoding'})
SHARED = 'shop.shared_page'

Key = tuple[str, ...]


@dataclass(slots=True)
class KeptPage:
    """An answer, the data it was made from, and when that was last known to be the present data."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    version: str
    made_at: datetime
    day: date
    checked_at: datetime

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        return len(self.body) + 1_000


class PageCache:
    """The WSGI application behind a memory of pages, one per process.

    Only a GET without any cookie but `KEYED_COOKIES` and `UNREAD_COOKIES` is looked up: such a visitor has signed in
    nowhere and put nothing in, so nothing on the page can be the visitor's own. A page is used while the data version
    is the one it was made from; `trusted_for` is how long one look at the version is trusted. No page lives longer
    than `LONGEST_LIFE` or than its day, for what depends on time alone.
    """

    def __init__(self, app: Flask, application: 'WSGIApplication', trusted_for: timedelta) -> None:
        """Stand before an application."""
        with app.app_context():
            self._version = DataVersion(db.engine)
        self._application = application
        self._trusted_for = trusted_for
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, environ: 'WSGIEnvironment', start_response: 'StartResponse') -> Iterable[bytes]:
        """Answer from memory, or ask the application and keep what it says may be kept."""
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        now = clock.now()
        page = self._pages.get(key)
        if page is not None and page.checked_at <= now < page.checked_at + self._trusted_for:
            return _serve(page, environ, start_response)
        version = self._version.read()
        if page is not None and _holds(page, version, now):
            page.checked_at = now
            return _serve(page, environ, start_response)
        return self._ask(key, version, now, environ, start_response)

    def _ask(
        self,
        key: Key,
        version: str | None,
        now: datetime,
        environ: 'WSGIEnvironment',
        start_response: 'StartResponse',
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def hear(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said[:] = [status, headers, *rest]

        answer = self._application(environ, hear)
        status, headers = said[:2]
        if version is None or SHARED not in environ or any(name == 'Set-Cookie' for name, _value in headers):
            start_response(*said)
            return answer
        try:
            body = b''.join(answer)
        finally:
            getattr(answer, 'close', lambda: None)()
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        page = KeptPage(status, [*headers, ('ETag', etag)], body, etag, version, now, clock.business_day(now), now)
        self._keep(key, page)
        return _serve(page, environ, start_response)

    def _keep(self, key: Key, page: KeptPage) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += page.size - (before.size if before else 0)
            self._pages[key] = page
            while self._bytes > MOST_BYTES:
                self._bytes -= self._pages.popitem(last=False)[1].size


def keep_pages(app: Flask, endpoints: Collection[str], trusted_for: timedelta) -> None:
    """Keep the pages of these endpoints for visitors without cookies."""
    shared = frozenset(endpoints)

    @app.after_request
    def mark(response: Response) -> Response:
        if request.endpoint in shared:
            response.headers.setdefault('Cache-Control', 'no-cache, private')
            response.vary.update(('Cookie', 'Accept-Language'))
            if response.status_code == 200 and not response.is_streamed:
                request.environ[SHARED] = True
        return response

    app.wsgi_app = PageCache(app, app.wsgi_app, trusted_for)  # type: ignore[method-assign]


def _key(environ: 'WSGIEnvironment') -> Key | None:
    """Return everything a page may depend on, or None for a request that must be answered afresh."""
    if environ['REQUEST_METHOD'] != 'GET' or environ.get('HTTP_AUTHORIZATION'):
        return None
    if environ.get('PATH_INFO', '').startswith(NEVER_KEPT):
        return None
    key = tuple([environ.get(name, '') for name in KEYED])
    cookies = environ.get('HTTP_COOKIE')
    if cookies:
        pairs = sorted(pair.strip() for pair in cookies.split(';'))
        names = {pair.partition('=')[0] for pair in pairs}
        if not names <= KEYED_COOKIES | UNREAD_COOKIES:
            return None
        key += tuple([pair for pair in pairs if pair.partition('=')[0] in KEYED_COOKIES])
    return key if sum(map(len, key)) <= LONGEST_KEY else None


def _holds(page: KeptPage, version: str | None, now: datetime) -> bool:
    """Tell whether a page shows what the views would show now."""
    return (
        page.version == version
        and page.made_at <= now < page.made_at + LONGEST_LIFE
        and page.day == clock.business_day(now)
    )


def _serve(page: KeptPage, environ: 'WSGIEnvironment', start_response: 'StartResponse') -> Iterable[bytes]:
    known = environ.get('HTTP_IF_NONE_MATCH')
    if known and page.etag in known:
        kept = [(name, value) for name, value in page.headers if name not in OF_THE_BODY]
        start_response('304 Not Modified', kept)
        return []
    start_response(page.status, page.headers)
    return [page.body]
