"""Which language a page speaks: what the address says, else the visitor's choice, else what the browser asks for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale

COOKIE = 'language'
PARAMETER = 'lang'
READING = frozenset({'GET', 'HEAD'})


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the shop: its code in addresses and the cookie, its name in itself, and what it is elsewhere."""

    code: str
    name: str
    tag: str
    locale: str


# The first is the source, and the answer to whoever asks for neither. British English has the day before the month.
LANGUAGES = (
    Language('zh', '中文', 'zh-Hans', 'zh_Hans_CN'),
    Language('en', 'English', 'en', 'en_GB'),
)
SOURCE = LANGUAGES[0]
_BY_CODE = {language.code: language for language in LANGUAGES}


def find_language(code: str | None) -> Language | None:
    """Return the language with this code, or None."""
    return _BY_CODE.get(code or '')


def asked_language() -> Language:
    """Return the language this request asks for; outside a request that of the source."""
    if not has_request_context():
        return SOURCE
    said = request.args.get(PARAMETER) if request.method in READING else None
    return find_language(said) or find_language(request.cookies.get(COOKIE)) or _preferred_language()


def page_language() -> Language:
    """Return the language in which this page is written."""
    locale = str(get_locale())
    return next((language for language in LANGUAGES if language.locale == locale), SOURCE)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak another language for a while, whatever the request or the worker speaks: a letter to somebody else."""
    before = g.pop('translations', None)
    try:
        with force_locale(language.locale):
            yield
    finally:
        g.pop('translations', None)
        if before is not None:
            g.translations = before


def language_address(code: str | None, address: str | None = None) -> str:
    """Return an address of this site (this page's unless told) that names a language; with None, one that does not."""
    parts = urlsplit(request.full_path if address is None else address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != PARAMETER]
    query = urlencode([*kept, (PARAMETER, code)] if code else kept)
    return parts._replace(query=query).geturl() or '/'


def language_values() -> dict[str, Any]:
    """Return what every page knows of languages."""
    return {'language': page_language(), 'languages': LANGUAGES}


def speak_languages(app: Flask) -> None:
    """Let every page speak the language its reader asks for, and say so to browsers and caches."""
    Babel(app, locale_selector=lambda: asked_language().locale)
    app.add_template_global(language_address)
    app.context_processor(language_values)

    @app.after_request
    def say_language(response: Response) -> Response:
        if response.mimetype == 'text/html':
            response.headers.setdefault('Content-Language', page_language().tag)
            response.vary.update(('Accept-Language', 'Cookie'))
        return response


def _preferred_language() -> Language:
    """Return the first language the browser would like that the shop speaks; of ``zh-Hant-HK`` the ``zh`` counts."""
    for tag, quality in request.accept_languages:
        found = find_language(re.split('[-_]', tag, maxsplit=1)[0].lower())
        if found is not None and quality > 0:
            return found
    return SOURCE
