"""The endorsements of a village: the list, one with its history, the preview, pausing and taking over."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.endorsements.completeness import ListingStep, find_gaps
from shop.endorsements.handover import take_over_endorsement
from shop.endorsements.history import history_of, rungs_of
from shop.endorsements.models import (
    REVIEW_STATUS,
    Endorsement,
    EndorsementEvent,
    EndorsementMoveError,
    EndorsementStatus,
)
from shop.endorsements.policies import may_run, may_take_over
from shop.endorsements.preview import open_preview
from shop.endorsements.queries import endorsements_of_village, last_return
from shop.endorsements.services import pause_endorsement, resume_endorsement
from shop.endorsements.views.wizard import desk_only, left_the_desk, open_desk
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.villages.scope import village_for_desk
from shop.villages.services import present_tenure

blueprint = Blueprint('desk_endorsements', __name__, url_prefix='/desk/endorsements')
blueprint.register_error_handler(EndorsementMoveError, left_the_desk)

MAX_REASON = 200
_ON_THE_WAY = frozenset({*REVIEW_STATUS.values(), EndorsementStatus.ON_NOTICE})


@blueprint.get('')
@desk_only
def endorsements() -> str:
    """List the goods of the village, each with how far it is."""
    village = village_for_desk(required_user())
    rows = endorsements_of_village(village.id)
    return render_template(
        'endorsements/desk/list.html',
        village=village,
        groups=_grouped(rows),
        total=len(rows),
        tenure=present_tenure(village.id),
    )


@blueprint.get('/<int:endorsement_id>')
@desk_only
def endorsement(endorsement_id: int) -> str:
    """Show one endorsement: where it stands, what was said, what can be done."""
    desk = open_desk(endorsement_id)
    return render_template(
        'endorsements/desk/show.html',
        endorsement=desk.endorsement,
        village=desk.village,
        history=history_of(desk.endorsement),
        returned=last_return(desk.endorsement),
        gaps=find_gaps(desk.endorsement, today=clock.today()) if desk.endorsement.is_editable else [],
        preview=open_preview(desk.endorsement),
        rungs=rungs_of(
            desk.endorsement, current_app.config['REVIEW_LADDER'], notice_days=current_app.config['NOTICE_DAYS']
        ),
        may_run=may_run(desk.user, desk.endorsement),
        may_take_over=may_take_over(desk.user, desk.endorsement),
        statuses=EndorsementStatus,
        steps=ListingStep,
    )


@blueprint.get('/<int:endorsement_id>/preview')
@desk_only
def preview(endorsement_id: int) -> str:
    """Show the public page as it will be."""
    desk = open_desk(endorsement_id)
    return render_template(
        'endorsements/desk/preview.html', endorsement=desk.endorsement, preview=open_preview(desk.endorsement)
    )


@blueprint.post('/<int:endorsement_id>/pause')
@open_to(Role.FIRST_SECRETARY)
def pause(endorsement_id: int) -> ResponseReturnValue:
    """Take the product off sale for a while."""
    desk = open_desk(endorsement_id)
    reason = clean_text(request.form.get('reason', ''))[:MAX_REASON]
    with transaction():
        pause_endorsement(desk.endorsement, reason=reason, actor=desk.user, at=clock.now())
    flash(_('已暂停销售，随时可以恢复。'))
    return redirect(f'/desk/endorsements/{endorsement_id}', 303)


@blueprint.post('/<int:endorsement_id>/resumption')
@open_to(Role.FIRST_SECRETARY)
def resumption(endorsement_id: int) -> ResponseReturnValue:
    """Put a paused product back on sale."""
    desk = open_desk(endorsement_id)
    try:
        with transaction():
            resume_endorsement(desk.endorsement, actor=desk.user, at=clock.now())
    except BusinessError as error:
        flash(error.message)
    else:
        flash(_('已恢复销售。'))
    return redirect(f'/desk/endorsements/{endorsement_id}', 303)


@blueprint.post('/<int:endorsement_id>/takeover')
@open_to(Role.FIRST_SECRETARY)
def takeover(endorsement_id: int) -> ResponseReturnValue:
    """Begin to speak for what a former secretary endorsed."""
    desk = open_desk(endorsement_id)
    tenure = present_tenure(desk.village.id)
    if tenure is None:
        flash(_('本村现在没有在任的第一书记。'))
        return redirect(f'/desk/endorsements/{endorsement_id}', 303)
    try:
        with transaction():
            new = take_over_endorsement(desk.endorsement, tenure, actor=desk.user, at=clock.now())
    except BusinessError as error:
        flash(error.message)
        return redirect(f'/desk/endorsements/{endorsement_id}', 303)
    return redirect(f'/desk/endorsements/{new.id}/statement', 303)


def _grouped(rows: list[Endorsement]) -> list[tuple[str, list[tuple[Endorsement, EndorsementEvent | None]]]]:
    """Return the goods in the order of what the desk has to do: mend, finish, wait, sell, the rest."""
    names = (_('被退回，要改'), _('草稿'), _('审核与公示'), _('在卖'), _('停下的'))
    groups: list[tuple[str, list[tuple[Endorsement, EndorsementEvent | None]]]] = [(name, []) for name in names]
    for row in rows:
        returned = last_return(row)
        if row.is_editable:
            place = 0 if returned is not None else 1
        elif row.is_listed:
            place = 3
        else:
            place = 2 if row.status in _ON_THE_WAY else 4
        groups[place][1].append((row, returned))
    return [group for group in groups if group[1]]
