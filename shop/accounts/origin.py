"""Refuses writes that another site started: the browser says where a request comes from."""

from flask import Flask, abort, request
from flask_babel import gettext as _

SAFE_METHODS = frozenset({'GET', 'HEAD', 'OPTIONS'})
OWN_SITES = frozenset({'same-origin', 'none'})


def is_foreign_write() -> bool:
    """Tell whether this is an unsafe request that a page of another site sent.

    Browsers send `Sec-Fetch-Site` or `Origin` with every POST; a client that sends neither is no
    browser and carries no cookie by itself (the cookie is SameSite=Lax).
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.headers.get('Sec-Fetch-Site')
    if site is not None:
        return site not in OWN_SITES
    origin = request.headers.get('Origin')
    return origin is not None and origin.partition('://')[2] != request.host


def guard_origin(app: Flask) -> None:
    """Answer 400 to every foreign write."""

    @app.before_request
    def refuse_foreign_write() -> None:
        if is_foreign_write():
            abort(400, _('请从本站页面提交。'))
