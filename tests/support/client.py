"""A test client whose requests are as separate from the test as those of a real server."""

from contextvars import Context
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient

from shop.accounts.models import User, WebSession
from shop.accounts.sessions import COOKIE, LIFETIME, USER_KEY
from shop.kit import clock
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import db, transaction


def start_session(user: User) -> str:
    """Sign a user in behind the sign-in page; return the token that the cookie carries."""
    token = new_token()
    values = {USER_KEY: str(user.id), '_fresh': True}
    at = clock.now()
    user_id = user.id
    with transaction() as session:
        session.add(
            WebSession(
                token_digest=token_digest(token),
                user_id=user_id,
                values=values,
                user_agent='test',
                created_at=at,
                expires_at=at + LIFETIME,
            )
        )
    return token


class ShopClient(FlaskClient):
    """Sends each request in a context of its own: its own session, its own user, its own transaction.

    What the test's own session holds is let go first, so the test sees afterwards what the request committed.
    """

    application: Flask

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        if has_app_context():
            assert not db.session.new, 'commit what the test made first: `with transaction():`'
            db.session.rollback()
        return Context().run(super().open, *args, **kwargs)

    def sign_in(self, user: User) -> 'ShopClient':
        """Go on as this user."""
        self.set_cookie(COOKIE, start_session(user))
        return self

    def sign_out(self) -> 'ShopClient':
        """Go on as a visitor."""
        self.delete_cookie(COOKIE)
        return self
