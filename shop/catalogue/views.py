"""The department keeps the synonyms of search."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.catalogue.synonyms import (
    SynonymsMovedError,
    add_synonyms,
    change_synonyms,
    join_words,
    read_synonyms,
    synonym_events,
    synonym_groups,
)
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text

blueprint = Blueprint('office_synonyms', __name__, url_prefix='/office/synonyms')
city_only = open_to(Role.CITY_DEPARTMENT)

MAX_TYPED = 400
CONFLICT = 409
UNPROCESSABLE = 422


@blueprint.get('')
@city_only
def synonyms() -> ResponseReturnValue:
    """Show the groups in use and the last changes."""
    return _show()


@blueprint.post('')
@city_only
def new_synonyms() -> ResponseReturnValue:
    """Write down a new group."""
    typed = _typed()
    try:
        words = read_synonyms(typed)
        with transaction():
            add_synonyms(words, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _show(refusal=error, typed=typed)
    flash(_('已加上一组同义词，下一次搜索就会用到。'))
    return redirect('/office/synonyms', 303)


@blueprint.post('/<int:group_id>')
@city_only
def synonym_group(group_id: int) -> ResponseReturnValue:
    """Give a group other words; an empty field takes it out of use."""
    typed = _typed()
    try:
        words = read_synonyms(typed) if typed else []
        with transaction():
            change_synonyms(
                group_id,
                words,
                seen=clean_text(request.form.get('seen', '')),
                actor=required_user(),
                at=clock.now(),
            )
    except BusinessError as error:
        return _show(refusal=error, typed=typed, group_id=group_id)
    flash(_('已改好，下一次搜索就会用到。') if words else _('这一组已停用。'))
    return redirect('/office/synonyms', 303)


def _typed() -> str:
    return clean_text(request.form.get('words', ''))[:MAX_TYPED]


def _show(*, refusal: BusinessError | None = None, typed: str = '', group_id: int | None = None) -> ResponseReturnValue:
    code = 200 if refusal is None else CONFLICT if isinstance(refusal, SynonymsMovedError) else UNPROCESSABLE
    html = render_template(
        'catalogue/office/synonyms.html',
        groups=[(group, join_words(group)) for group in synonym_groups()],
        events=synonym_events(),
        error=refusal.message if refusal is not None else '',
        typed=typed,
        group_id=group_id,
    )
    return html, code
