"""Objections at the department: what waits, one objection with its notice, taking it up and deciding it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import User
from shop.accounts.privacy_models import AccessKind
from shop.benefits.queries import newest_version
from shop.endorsements.policies import authors_of
from shop.kit import clock
from shop.kit.crypto import unseal_text
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.pagination import page_number
from shop.objections.forms import DecisionForm, read_decision
from shop.objections.models import Objection, ObjectionStatus
from shop.objections.policies import DECIDERS, READERS, may_decide
from shop.objections.queries import objection_in_scope, objections_to, page_of_objections
from shop.objections.services import decide_objection, take_up_objection

blueprint = Blueprint('office_objections', __name__, url_prefix='/office/objections')
readers_only = open_to(*READERS)
deciders_only = open_to(*DECIDERS)

CONFLICT = 409
UNPROCESSABLE = 422


@blueprint.get('')
@readers_only
def objections() -> str:
    """List the objections of the reader's scope, those that wait first."""
    user = required_user()
    status = ObjectionStatus.find(request.args.get('status', ''))
    return render_template(
        'objections/office/list.html',
        page=page_of_objections(user, status, page_number(request.args.get('page'))),
        status=status,
        statuses=ObjectionStatus,
    )


@blueprint.get('/<int:objection_id>')
@readers_only
def objection(objection_id: int) -> ResponseReturnValue:
    """Show one objection with the notice it is about."""
    user = required_user()
    return _show(objection_in_scope(objection_id, user), user)


@blueprint.post('/<int:objection_id>/inquiry')
@deciders_only
def inquiry(objection_id: int) -> ResponseReturnValue:
    """Begin the inquiry."""
    user = required_user()
    found = objection_in_scope(objection_id, user)
    try:
        with transaction():
            take_up_objection(found, actor=user, at=clock.now())
    except BusinessError as error:
        return _show(found, user, refusal=error.message, code=CONFLICT)
    flash(_('已开始核查。'))
    return redirect(f'/office/objections/{objection_id}', 303)


@blueprint.post('/<int:objection_id>/decision')
@deciders_only
def decision(objection_id: int) -> ResponseReturnValue:
    """Say what the inquiry found."""
    user = required_user()
    found = objection_in_scope(objection_id, user)
    form = read_decision(request.form)
    if form.errors or form.is_upheld is None:
        return _show(found, user, form=form, code=UNPROCESSABLE)
    try:
        with transaction():
            decide_objection(found, is_upheld=form.is_upheld, answer=form.answer, actor=user, at=clock.now())
    except BusinessError as error:
        return _show(found, user, form=form, refusal=error.message, code=CONFLICT)
    flash(_('已认定异议%(status)s，答复已公开给提出人。', status=found.status.label))
    return redirect('/office/objections', 303)


def _show(
    found: Objection, user: User, *, form: DecisionForm | None = None, refusal: str = '', code: int = 200
) -> ResponseReturnValue:
    keys = current_app.config['DATA_KEYS']
    endorsement = found.endorsement
    authors = authors_of(endorsement, newest_version(endorsement.product_id))
    is_decider = may_decide(user, found, frozenset())
    note_access(AccessKind.OBJECTION, found.id, village_id=found.endorsement.product.village_id)
    page = render_template(
        'objections/office/show.html',
        objection=found,
        others=[other for other in objections_to(endorsement.id) if other.id != found.id],
        contact_name=unseal_text(keys, found.sealed_name) if found.sealed_name and is_decider else '',
        contact_phone=unseal_text(keys, found.sealed_phone) if found.sealed_phone and is_decider else '',
        has_contact=bool(found.sealed_name or found.sealed_phone),
        is_decider=is_decider,
        is_author=is_decider and not may_decide(user, found, authors),
        form=form or DecisionForm(None, '', {}),
        refusal=refusal,
    )
    return page, code
