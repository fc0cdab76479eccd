"""The agreements of a village's products: what counts, what counted, and a change with its meeting and its answers."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.benefits.findings import examine
from shop.benefits.forms import AgreementForm, read_agreement, shown_agreement
from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.benefits.queries import newest_version
from shop.benefits.services import draft_version
from shop.endorsements.agreement_changes import (
    find_change_gaps,
    is_changeable,
    product_of,
    submit_change,
    withdraw_change,
)
from shop.endorsements.agreement_queries import (
    agreement_of_village,
    agreements_of_village,
    coming_of,
    history_of_agreement,
    last_return,
)
from shop.endorsements.services import IncompleteError
from shop.endorsements.views.agreement_form import (
    agreement_values,
    finding_values,
    is_only_shown,
    keep_answers,
    read_typed,
)
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text
from shop.villages.queries import register_of
from shop.villages.scope import has_role_over, village_for_desk

blueprint = Blueprint('desk_agreements', __name__, url_prefix='/desk/agreements')
desk_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
secretary_only = open_to(Role.FIRST_SECRETARY)

UNPROCESSABLE = 422


@blueprint.get('')
@desk_only
def agreements() -> str:
    """List the agreements of the village's products."""
    village = village_for_desk(required_user())
    return render_template(
        'endorsements/desk/agreements.html', village=village, lines=agreements_of_village(village.id)
    )


@blueprint.get('/<int:agreement_id>')
@desk_only
def agreement(agreement_id: int) -> ResponseReturnValue:
    """Show an agreement: what counts, what is on its way and what it lacks, and every version before."""
    return _show(_own(agreement_id), {})


@blueprint.get('/<int:agreement_id>/change')
@desk_only
def change(agreement_id: int) -> ResponseReturnValue:
    """Show the form of a change: the draft there is, or what counts now."""
    found = _changeable(agreement_id)
    newest = newest_version(product_of(found).id)
    is_new = newest is None or newest.status is not VersionStatus.DRAFT
    register = register_of(found.village_id)
    return _show_form(found, shown_agreement(newest, register=register, is_new=is_new), code=200)


@blueprint.post('/<int:agreement_id>/change')
@desk_only
def save_change(agreement_id: int) -> ResponseReturnValue:
    """Keep the draft of a change; ``do=calculate`` only calculates with what was typed."""
    found, user = _changeable(agreement_id), required_user()
    form = read_typed(register_of(found.village_id))
    if is_only_shown():
        return _show_form(found, form, code=200)
    if form.errors:
        return _show_form(found, form)
    try:
        with transaction():
            draft_version(
                product_of(found),
                rule_kind=form.rule_kind,
                rule_value=form.rule_value,
                weight_kind=form.weight_kind,
                meeting_on=form.meeting_on,
                shares=[(household.id, weight) for household, weight in form.shares],
                minutes=form.minutes,
                actor=user,
                at=clock.now(),
            )
    except BusinessError as error:
        form.errors[error.field or 'households'] = error.message
        return _show_form(found, form)
    flash(_('草稿已存。'))
    return redirect(f'/desk/agreements/{agreement_id}', 303)


@blueprint.post('/<int:agreement_id>/calculation')
@desk_only
def calculation(agreement_id: int) -> str:
    """Return only the calculator's table for what is typed."""
    found = _own(agreement_id)
    register = register_of(found.village_id)
    form = read_agreement(request.form, register=register)
    values = agreement_values(product_of(found), form, register)
    return render_template('endorsements/desk/calculation.html', **values, is_part=True)


@blueprint.post('/<int:agreement_id>/answers')
@secretary_only
def answers(agreement_id: int) -> ResponseReturnValue:
    """Keep what the secretary answers to findings."""
    found = _own(agreement_id)
    errors = keep_answers(_coming(found), required_user())
    if errors:
        return _show(found, errors)
    return redirect(f'/desk/agreements/{agreement_id}#findings', 303)


@blueprint.post('/<int:agreement_id>/submission')
@secretary_only
def submission(agreement_id: int) -> ResponseReturnValue:
    """Send the change to the county; what is missing is named."""
    found = _own(agreement_id)
    try:
        with transaction():
            submit_change(_coming(found), actor=required_user(), at=clock.now())
    except IncompleteError as error:
        return _show(found, {}, refusal=error.message)
    except BusinessError as error:
        return _show(found, {}, refusal=error.message)
    flash(_('已送县里审核。'))
    return redirect(f'/desk/agreements/{agreement_id}', 303)


@blueprint.post('/<int:agreement_id>/withdrawal')
@secretary_only
def withdrawal(agreement_id: int) -> ResponseReturnValue:
    """End a change that is not approved yet."""
    found = _own(agreement_id)
    try:
        with transaction():
            reason = clean_text(request.form.get('reason', ''))
            withdraw_change(_coming(found), reason=reason, actor=required_user(), at=clock.now())
    except BusinessError as error:
        return _show(found, {}, refusal=error.message)
    flash(_('变更已撤回，仍按原来的协议执行。'))
    return redirect(f'/desk/agreements/{agreement_id}', 303)


def _own(agreement_id: int) -> BenefitAgreement:
    return agreement_of_village(agreement_id, village_for_desk(required_user()).id)


def _changeable(agreement_id: int) -> BenefitAgreement:
    found = _own(agreement_id)
    if not is_changeable(found):
        raise NotFoundError
    return found


def _coming(agreement: BenefitAgreement) -> AgreementVersion:
    version = coming_of(agreement)
    if version is None:
        raise NotFoundError
    return version


def _show(found: BenefitAgreement, errors: dict[str, str], *, refusal: str = '') -> ResponseReturnValue:
    user, product = required_user(), product_of(found)
    coming = coming_of(found)
    is_draft = coming is not None and coming.status is VersionStatus.DRAFT and found.in_force is not None
    html = render_template(
        'endorsements/desk/agreement_show.html',
        agreement=found,
        product=product,
        coming=coming,
        returned=last_return(coming) if coming is not None else None,
        gaps=find_change_gaps(coming, today=clock.today()) if coming is not None and is_draft else [],
        answered=examine(coming, on=clock.today()) if coming is not None and not is_draft else [],
        is_draft=is_draft,
        is_changeable=is_changeable(found),
        is_secretary=has_role_over(user, Role.FIRST_SECRETARY, product.village),
        history=history_of_agreement(found),
        errors=errors,
        refusal=refusal,
        **finding_values(coming if is_draft else None, user, product.village),
    )
    return html, UNPROCESSABLE if errors or refusal else 200


def _show_form(found: BenefitAgreement, form: AgreementForm, *, code: int = UNPROCESSABLE) -> ResponseReturnValue:
    product = product_of(found)
    values = agreement_values(product, form, register_of(found.village_id))
    html = render_template(
        'endorsements/desk/agreement_change.html', agreement=found, product=product, needs_minutes=True, **values
    )
    return html, code
