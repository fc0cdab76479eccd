"""Server-side sessions: a row per visit that has something to remember, revocable at any time."""

from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import select
from werkzeug.datastructures import CallbackDict

from shop.accounts.models import WebSession
from shop.kit import clock
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import db, transaction

COOKIE = 'shop_session'
LIFETIME = timedelta(days=30)
USER_KEY = '_user_id'


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The values of one visit; `token` is what the cookie carries, only its digest is stored."""

    def __init__(self, values: dict[str, Any], token: str | None) -> None:
        """Keep the values and notice every change."""
        super().__init__(values, self._mark)
        self.token = token
        self.must_rotate = False
        self.modified = False

    def _mark(self, _changed: 'CallbackDict[str, Any]') -> None:
        self.modified = True
        self.accessed = True

    def rotate(self) -> None:
        """Give the visit a new token at the end of the request; the old one ends."""
        self.must_rotate = True
        self.modified = True


class ServerSessionInterface(SessionInterface):
    """Reads and writes `web_sessions`; a visit that writes nothing leaves no row and no cookie."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the visit of this request, or start an empty one."""
        token = request.cookies.get(COOKIE)
        row = _live_row(token) if token else None
        return ServerSession(dict(row.values), token) if row else ServerSession({}, None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; the cookie is set only with a new token."""
        if not isinstance(session, ServerSession) or not session.modified:
            return
        response.headers.add('Vary', 'Cookie')
        with transaction():
            row = _live_row(session.token) if session.token else None
            if row is not None and session.must_rotate:
                row.revoked_at = clock.now()
                row = None
            if row is not None:
                row.values, row.user_id = dict(session), _user_id(session)
                return
            if not session:
                return
            session.token = new_token()
            _add_row(session)
        response.set_cookie(
            COOKIE,
            session.token,
            max_age=LIFETIME,
            httponly=True,
            samesite='Lax',
            secure=bool(app.config['COOKIE_SECURE']),
        )


def _add_row(session: ServerSession) -> None:
    now = clock.now()
    db.session.add(
        WebSession(
            token_digest=token_digest(session.token or ''),
            user_id=_user_id(session),
            values=dict(session),
            user_agent=(current_request.user_agent.string or '')[:200],
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )


def _user_id(session: ServerSession) -> int | None:
    value = session.get(USER_KEY)
    return int(value) if value else None


def _live_row(token: str | None) -> WebSession | None:
    if not token or len(token) > 200:
        return None
    return db.session.scalar(
        select(WebSession).where(
            WebSession.token_digest == token_digest(token),
            WebSession.revoked_at.is_(None),
            WebSession.expires_at > clock.now(),
        )
    )
