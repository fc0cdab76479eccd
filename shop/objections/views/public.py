"""Public notices, the form for an objection, and what became of one."""

from flask import Blueprint, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone
from shop.endorsements.agreement_queries import changes_on_notice
from shop.kit import clock
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.objections.forms import ObjectionForm, empty_objection, read_objection
from shop.objections.models import ObjectionKind
from shop.objections.notices import notices_in_force, open_notice
from shop.objections.queries import objection_by_number
from shop.objections.services import TooManyObjectionsError, receive_objection

blueprint = Blueprint('notices', __name__, url_prefix='/sunshine')

VISIT_KEY = 'visit'
NOT_FOUND = 404
UNPROCESSABLE = 422
TOO_MANY = 429
MAX_TYPED = 40


@blueprint.get('/notices')
@open_to_everyone
def notices() -> str:
    """List the notices that stand, and how to follow an objection."""
    return _list()


@blueprint.get('/notices/<int:endorsement_id>')
@open_to_everyone
def notice(endorsement_id: int) -> ResponseReturnValue:
    """Show one notice; the households' masked names only while it stands."""
    return _show(endorsement_id, empty_objection())


@blueprint.post('/notices/<int:endorsement_id>/objections')
@open_to_everyone
def objections(endorsement_id: int) -> ResponseReturnValue:
    """Keep an objection and say under which number it can be followed."""
    form = read_objection(request.form)
    found = open_notice(endorsement_id, on=clock.today())
    if form.errors:
        return _show(endorsement_id, form, UNPROCESSABLE)
    visit = session.get(VISIT_KEY) or new_token()
    try:
        with transaction():
            objection = receive_objection(
                found.endorsement,
                form,
                visit_digest=token_digest(visit),
                keys=current_app.config['DATA_KEYS'],
                at=clock.now(),
            )
            number = objection.number
    except BusinessError as error:
        code = TOO_MANY if isinstance(error, TooManyObjectionsError) else UNPROCESSABLE
        return _show(endorsement_id, form, code, refusal=error.message)
    session[VISIT_KEY] = visit
    return redirect(f'/sunshine/objections/{number}', 303)


@blueprint.get('/objections')
@open_to_everyone
def lookup() -> ResponseReturnValue:
    """Lead from a typed number to its objection; a wrong one gets a message beside the field."""
    typed = request.args.get('number', '').strip()[:MAX_TYPED]
    if not typed:
        return redirect('/sunshine/notices#follow', 303)
    try:
        return redirect(f'/sunshine/objections/{objection_by_number(typed).number}', 303)
    except NotFoundError:
        error = _('没有这个编号。编号是提交异议后给出的 16 位字母数字，如 K7QN-3XAB-9MPR-4TWC。')
        return _list(typed=typed, error=error), NOT_FOUND


@blueprint.get('/objections/<number>')
@open_to_everyone
def objection(number: str) -> str:
    """Show what became of an objection; whoever holds the number may read it, nobody's name is on it."""
    return render_template('objections/objection.html', objection=objection_by_number(number))


def _list(**values: str) -> str:
    on = clock.today()
    notices, changes = notices_in_force(on=on), changes_on_notice(on=on)
    return render_template('objections/notices.html', notices=notices, changes=changes, today=on, **values)


def _show(
    endorsement_id: int, form: ObjectionForm, code: int = 200, *, refusal: str = ''
) -> tuple[str, int, dict[str, str]]:
    page = render_template(
        'objections/notice.html',
        notice=open_notice(endorsement_id, on=clock.today()),
        form=form,
        kinds=ObjectionKind.choices(),
        refusal=refusal,
    )
    return page, code, {'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex'}
