"""Requests nobody should send: a grammar of odd paths, queries, headers, cookies, methods and forms."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import run_wsgi_app

MARK = b'<script>harm()'
# Parameters and fields with a meaning somewhere.
PARAMETERS = (
    b'q', b'page', b'sort', b'county', b'category', b'village', b'brand', b'in_stock', b'price_min', b'price_max',
    b'next', b'back', b'code', b'tab', b'lang', b'on', b'by', b'level', b'from', b'until', b'exact', b'',
)  # fmt: skip
WORDS = (
    b'', b'0', b'1', b'2', b'-1', b'1.5', b'1e9', b'9' * 30, b'abc', b'\xd9\xa3', b'%00', b'\x00', b'%',
    b'%zz', b'%2e%2e%2f',    b'%ed%a0%80', b'\xff\xfe', b'%ff', b'%F0%9F%8D%84',
    '🍄木耳mu耳'.encode(), '，。％'.encode(), b'a' * 10_000,
    b"' OR 1=1 --", b'" OR *', b'NEAR(a b)', b'\\', b'{{7*7}}', b'%3Cscript%3Eharm()', MARK, b'//evil.example',
    b'/\t/evil.example', b'/%09/evil.example', b'/\\evil.example', b'https:evil.example', b'%0d%0aX-Evil:1', b'+',
    b'[]',    b'\xe2\x80\xae', b'2026-02-30', b'2026-11-25', b'220524', b'zh', b'en',
)  # fmt: skip
HEADERS: Mapping[str, Sequence[str]] = {
    'HTTP_HOST': ('localhost', '', 'evil.example', 'localhost:99999', 'a b', '[::1', '%00', '"><script>', 'x' * 300),
    'HTTP_ACCEPT_LANGUAGE': ('en', 'zh-TW,zh;q=0.9', '*', ';;q=', 'xx-' * 500, 'en;q=nan', '-', 'zh_Hans_CN', '\xff'),
    'HTTP_ACCEPT_ENCODING': ('br', 'gzip;q=x', '*', 'identity;q=0', 'br;q=0, gzip;q=1e999', ''),
    'HTTP_IF_NONE_MATCH': ('*', 'W/"x', '"', '"a", "b"', 'x' * 5_000),
    'HTTP_IF_MODIFIED_SINCE': ('yesterday', 'Thu, 01 Jan 0000 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'),
    'HTTP_RANGE': ('bytes=0-', 'bytes=5-1', 'bytes=-0', 'bytes=a-b', 'lines=1-2', 'bytes=0-0,2-3'),
    'HTTP_COOKIE': (
        'shop_session=', 'shop_session=' + 'x' * 8_000, 'type_size="', 'language=xx', 'type_size=large; language=en',
        'a=b=c; ;=; \xff=\xfe', 'shop_session=%00', '; ' * 3_000,
    ),
    'HTTP_REFERER': ('javascript:harm()', '//', '\xff'),
    'HTTP_ORIGIN': ('null', 'https://evil.example', 'x://[', '\xff'),
    'HTTP_USER_AGENT': ('', 'x' * 3_000, '\xff\x00'),
    'HTTP_X_REQUESTED_WITH': ('XMLHttpRequest',),
    'HTTP_ACCEPT': ('application/json', 'x/y;q=a', ''),
    'CONTENT_TYPE': ('text/plain', 'application/json', 'multipart/form-data', 'multipart/form-data; boundary=\xff', ''),
}  # fmt: skip

piece = st.one_of(st.sampled_from(WORDS), st.binary(max_size=12))


@dataclass
class Request:
    """One request, as the server hands it on."""

    method: str
    path: bytes
    query: bytes = b''
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b''

    def environ(self) -> dict[str, Any]:
        """Return the WSGI environment of it."""
        return {
            'REQUEST_METHOD': self.method,
            'SCRIPT_NAME': '',
            'PATH_INFO': self.path.decode('latin-1'),
            'QUERY_STRING': self.query.decode('latin-1'),
            'SERVER_NAME': 'localhost',
            'SERVER_PORT': '80',
            'SERVER_PROTOCOL': 'HTTP/1.1',
            'HTTP_HOST': 'localhost',
            'REMOTE_ADDR': '127.0.0.1',
            'wsgi.version': (1, 0),
            'wsgi.url_scheme': 'http',
            'wsgi.input': BytesIO(self.body),
            'wsgi.errors': BytesIO(),
            'wsgi.multithread': False,
            'wsgi.multiprocess': False,
            'wsgi.run_once': False,
            'CONTENT_TYPE': 'application/x-www-form-urlencoded' if self.body else '',
            'CONTENT_LENGTH': str(len(self.body)),
            **self.headers,
        }


def headers(names: Iterable[str] = HEADERS) -> st.SearchStrategy[dict[str, str]]:
    """Return strategies for a few odd headers."""
    odd = [st.tuples(st.just(name), st.sampled_from(HEADERS[name])) for name in names]
    return st.lists(st.one_of(odd), max_size=3).map(dict)


def queries(names: Sequence[bytes] = PARAMETERS) -> st.SearchStrategy[bytes]:
    """Return strategies for a query string or a form."""
    pairs = st.lists(st.tuples(st.one_of(st.sampled_from(names), piece), piece), max_size=6)
    return st.one_of(pairs.map(lambda found: b'&'.join(name + b'=' + value for name, value in found)), piece)


def paths(rules: Sequence[Rule], known: Mapping[str, Sequence[bytes]]) -> st.SearchStrategy[bytes]:
    """Return strategies for the paths of these routes; `known` has values that exist for some parts of them."""

    def path(rule: Rule) -> st.SearchStrategy[bytes]:
        parts = []
        for text in re.split(r'(<[^>]+>)', rule.rule):
            if not text.startswith('<'):
                parts.append(st.just(text.encode()))
                continue
            kind, _colon, name = text[1:-1].rpartition(':')
            odd = st.sampled_from((b'0', b'1', b'999999', b'9' * 25, str(2**63).encode())) if kind == 'int' else piece
            real = known.get(name)
            parts.append(st.one_of(st.sampled_from(real), odd) if real else odd)
        return st.tuples(*parts).map(b''.join)

    ordinary = st.sampled_from(rules).flatmap(path)
    beside = st.tuples(st.sampled_from(rules), piece).map(lambda found: found[0].rule.encode() + b'/' + found[1])
    return st.one_of(ordinary, ordinary, ordinary, beside, piece.map(lambda text: b'/' + text))


def stays_here(location: str, host: str = '') -> bool:
    """Tell whether a Location leads to this site, as browsers read it."""
    read = re.sub(r'[\t\r\n]', '', location).replace('\\', '/')
    address = urlsplit(read)
    if address.scheme == 'http' and host and address.netloc == host:
        return True
    return not address.scheme and not address.netloc and read.startswith('/') and not read.startswith('//')


def fault_of(app: Flask, request: Request) -> str:
    """Send a request; say what is wrong with the answer, or nothing."""
    body, status, found = Context().run(run_wsgi_app, app.wsgi_app, request.environ(), True)
    content = b''.join(body)
    code = int(status.split()[0])
    if code >= 500:
        return status
    if not request.path.startswith(b'/static/'):
        for name in ('Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy'):
            if name not in found:
                return f'{status} without {name}'
    if 'Location' in found and not stays_here(found['Location'], request.headers.get('HTTP_HOST') or 'localhost'):
        return f'leads to {found["Location"]}'
    if 'X-Evil' in found:
        return 'a header from outside'
    plain = 'Content-Encoding' not in found
    if plain and MARK in content and found.get('Content-Type', '').startswith('text/html'):
        return 'reflects what was sent, unescaped'
    has_body = request.method not in {'HEAD', 'OPTIONS'} and code not in {204, 304} and not 300 <= code < 400
    if has_body and not content:
        return f'{status}, empty'
    if has_body and plain and found.get('Content-Type', '').startswith('text/html') and b'</html>' not in content:
        return f'{status}, no page of ours'
    return ''
