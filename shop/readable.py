"""Makes what a request says readable text before any view looks at it."""

from typing import Any
from urllib.parse import quote

from flask import Flask, Request
from werkzeug import routing
from werkzeug.datastructures import ImmutableMultiDict

# Everything a query string may hold as it is, percent signs included.
PLAIN = '!$%&\'()*+,-./:;=?@_~[]{}|^`<>\\"'
# PostgreSQL keeps no NUL in a text; this stands for what cannot be read.
NUL, UNREADABLE = '\x00', '\ufffd'
UNREADABLE_BYTES = UNREADABLE.encode().decode('latin-1')
LARGEST_ID = 2**63 - 1
# What of a request may come to be kept or looked up.
SAID = ('PATH_INFO', 'HTTP_USER_AGENT', 'HTTP_REFERER', 'HTTP_COOKIE')


class ReadableRequest(Request):
    """A request without NUL, whose query string is ASCII.

    Bytes outside ASCII are percent-encoded, as browsers do, and are then decoded like any other.
    """

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        """Take over the environment of the server."""
        query = environ.get('QUERY_STRING', '')
        if not query.isascii() or not query.isprintable() or ' ' in query or '%00' in query:
            environ['QUERY_STRING'] = quote(query.encode('latin-1'), safe=PLAIN).replace('%00', quote(UNREADABLE))
        for name in SAID:
            if NUL in environ.get(name, ''):
                environ[name] = environ[name].replace(NUL, UNREADABLE_BYTES)
        if not environ.get('HTTP_HOST'):
            environ.pop('HTTP_HOST', None)  # then the server's own name counts
        super().__init__(environ, *args, **options)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        pairs = list(self.form.items(multi=True))
        if any(NUL in name or NUL in value for name, value in pairs):
            cleaned = [(name.replace(NUL, UNREADABLE), value.replace(NUL, UNREADABLE)) for name, value in pairs]
            self.__dict__['form'] = ImmutableMultiDict(cleaned)


class IntegerConverter(routing.IntegerConverter):
    """A whole number in an address that a column can hold; no larger one belongs to anything."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Set the largest."""
        super().__init__(*args, **{'max': LARGEST_ID, **options})


def read_safely(app: Flask) -> None:
    """Hand only readable requests to the views; before any route is added."""
    app.request_class = ReadableRequest
    app.url_map.merge_slashes = False
    app.url_map.converters['int'] = IntegerConverter
