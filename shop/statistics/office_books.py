"""The auditor's desk: the chain of seals, the book proved rule by rule, and the bundle to check elsewhere."""

import tempfile
from typing import IO

from flask import Blueprint, Response, render_template, send_file
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.checks import RULES, find_faults
from shop.ledger.checks.rules import Rule
from shop.ledger.seals import page_of_seals
from shop.statistics.bundle import write_bundle
from shop.villages.scope import reaches_everything

blueprint = Blueprint('office_books', __name__, url_prefix='/office/books')
READERS = (Role.CITY_DEPARTMENT, Role.AUDITOR)
readers_only = open_to(*READERS)

CONFLICT = 409
# A small bundle stays in memory, a large one goes to a file without a name.
IN_MEMORY = 8 * 1024 * 1024
FAULTS_SHOWN = 200


@blueprint.get('')
@readers_only
def books() -> ResponseReturnValue:
    """Show how far the book is sealed, and what can be done to prove it."""
    _require_whole_scope()
    return _page()


@blueprint.post('/check')
@readers_only
def check() -> ResponseReturnValue:
    """Prove the book from its rows now; nothing is kept of it."""
    _require_whole_scope()
    results: list[tuple[Rule, int]] = []
    faults = find_faults(lambda rule, count: results.append((rule, count)))
    return _page(results=results, faults=faults[:FAULTS_SHOWN], fault_count=len(faults), checked_at=clock.now())


@blueprint.get('/bundle.zip')
@readers_only
def bundle() -> ResponseReturnValue:
    """Hand out the bundle of everything sealed so far."""
    _require_whole_scope()
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  it is open until it is sent
    try:
        day = write_bundle(file, at=clock.now())
    except BusinessError as error:
        file.close()
        return _page(error=error.message), CONFLICT
    file.seek(0)
    response: Response = send_file(
        file, 'application/zip', as_attachment=True, download_name=f'book-{day}.zip', max_age=0
    )
    response.headers['Cache-Control'] = 'no-store'
    return response


def _require_whole_scope() -> None:
    """The book is one; who may only see a part of it cannot be shown it."""
    if not reaches_everything(required_user(), READERS):
        raise NotFoundError


def _page(**shown: object) -> str:
    return render_template('statistics/office/books.html', seals=page_of_seals(1), rule_count=len(RULES), **shown)
