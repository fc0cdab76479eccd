"""Writing down who of the staff looks at persons: a view says what it shows, one insert follows its answer."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, g
from sqlalchemy import insert

from shop.accounts.access import required_user
from shop.accounts.privacy_models import AccessEntry, AccessKind
from shop.kit import clock
from shop.kit.database import transaction

MAX_SUBJECT = 40
OK = 200


def note_access(
    kind: AccessKind, subject: object = '', *, village_id: int | None = None, order_ids: Iterable[int] = ()
) -> None:
    """Say that the answer to this request shows persons; it is written down once the answer is made."""
    user = required_user()
    role = next((grant.role.value for grant in user.current_grants), '')
    noted: list[dict[str, Any]] = g.setdefault('accesses', [])
    noted.append(
        {
            'at': clock.now(),
            'user_id': user.id,
            'role': role,
            'kind': kind,
            'subject': str(subject)[:MAX_SUBJECT],
            'village_id': village_id,
            'order_ids': order_list(order_ids),
        }
    )


def order_list(order_ids: Iterable[int]) -> str:
    """Write ids so that one of them can be looked for: ``,12,13,``."""
    joined = ','.join(str(order_id) for order_id in order_ids)
    return f',{joined},' if joined else ''


def write_down_accesses(app: Flask) -> None:
    """Write down what was shown before the answer leaves; what cannot be written down is not shown."""
    app.after_request(_write_down)


def _write_down(response: Response) -> Response:
    noted = g.pop('accesses', [])
    if noted and response.status_code == OK:
        with transaction() as session:
            session.execute(insert(AccessEntry), noted)
    return response
