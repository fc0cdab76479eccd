"""The city's department keeps the words for a household's status."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, required_user
from shop.households.policies import VOCABULARY_KEEPERS
from shop.households.vocabulary import (
    MAX_WORD,
    add_status,
    add_usual_statuses,
    delete_status,
    move_status,
    rename_status,
    retire_status,
    status_events,
    status_kinds,
    status_uses,
)
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text
from shop.villages.models import HouseholdStatusKind

ADDRESS = '/office/household-statuses'
UNPROCESSABLE = 422

blueprint = Blueprint('office_household_statuses', __name__, url_prefix=ADDRESS)
city_only = open_to(*VOCABULARY_KEEPERS)


@blueprint.get('')
@city_only
def statuses() -> ResponseReturnValue:
    """Show the vocabulary, how often each word is used, and the last changes."""
    return _show()


@blueprint.post('')
@city_only
def new_status() -> ResponseReturnValue:
    """Add a word, or the usual ones."""
    user, at, name = required_user(), clock.now(), _typed()
    try:
        with transaction():
            if request.form.get('usual'):
                add_usual_statuses(actor=user, at=at)
            else:
                add_status(name, actor=user, at=at)
    except IntegrityError:
        return _show(refusal=BusinessError(_('已经有“%(name)s”。', name=name)), typed=name)
    except BusinessError as error:
        return _show(refusal=error, typed=name)
    flash(_('已加上。'))
    return redirect(ADDRESS, 303)


@blueprint.post('/<int:kind_id>')
@city_only
def status(kind_id: int) -> ResponseReturnValue:
    """Rename, move, retire or delete a word."""
    user, at, name = required_user(), clock.now(), _typed()
    change = request.form.get('change', 'name')
    try:
        with transaction():
            kind = db.session.get(HouseholdStatusKind, kind_id)
            if kind is None:
                raise NotFoundError
            if change in {'up', 'down'}:
                move_status(kind, up=change == 'up', actor=user, at=at)
            elif change in {'out', 'back'}:
                retire_status(kind, is_retired=change == 'out', actor=user, at=at)
            elif change == 'gone':
                delete_status(kind, actor=user, at=at)
            else:
                rename_status(kind, name, actor=user, at=at)
    except IntegrityError:
        return _show(refusal=BusinessError(_('已经有“%(name)s”。', name=name)), typed=name, kind_id=kind_id)
    except BusinessError as error:
        return _show(refusal=error, typed=name, kind_id=kind_id)
    flash(_('已改好。'))
    return redirect(ADDRESS, 303)


def _typed() -> str:
    return clean_text(request.form.get('name', ''))[: MAX_WORD + 1]


def _show(*, refusal: BusinessError | None = None, typed: str = '', kind_id: int | None = None) -> ResponseReturnValue:
    page = render_template(
        'households/office/statuses.html',
        kinds=status_kinds(with_retired=True),
        uses=status_uses(),
        events=status_events(),
        error=refusal.message if refusal is not None else '',
        typed=typed,
        kind_id=kind_id,
        longest=MAX_WORD,
    )
    return page, UNPROCESSABLE if refusal is not None else 200
