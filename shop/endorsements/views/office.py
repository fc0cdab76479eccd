"""Review by the department: what waits, one endorsement with everything that decides, approval and return."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.benefits.findings import examine
from shop.benefits.queries import newest_version
from shop.endorsements.history import history_of, rungs_of
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.policies import authors_of, is_reviewer
from shop.endorsements.preview import TextFinding, check_labels, open_preview
from shop.endorsements.queries import (
    endorsement_in_scope,
    page_of_reviews,
    waiting_for,
)
from shop.endorsements.services import approve_endorsement, return_endorsement
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.kit.pagination import page_number
from shop.reviews.ladder import ReviewStep
from shop.reviews.policies import is_author

blueprint = Blueprint('office_endorsements', __name__, url_prefix='/office/endorsements')
reviewers_only = open_to(Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)
officials_only = open_to(Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)

CONFLICT = 409
UNPROCESSABLE = 422


@blueprint.get('')
@officials_only
def endorsements() -> str:
    """Show what waits for the reader, and everything else of the scope by status."""
    user = required_user()
    status = EndorsementStatus.find(request.args.get('status', ''))
    waiting = waiting_for(user)
    return render_template(
        'endorsements/office/list.html',
        waiting=waiting,
        days_waiting={row.id: _days_since_sent(row) for row in waiting},
        page=page_of_reviews(user, status, page_number(request.args.get('page'))),
        status=status,
        statuses=EndorsementStatus,
    )


@blueprint.get('/<int:endorsement_id>')
@officials_only
def endorsement(endorsement_id: int) -> ResponseReturnValue:
    """Show one endorsement with all that decides."""
    user = required_user()
    return _show(endorsement_in_scope(endorsement_id, user), user)


@blueprint.post('/<int:endorsement_id>/approval')
@reviewers_only
def approval(endorsement_id: int) -> ResponseReturnValue:
    """Let it pass the rung the reviewer saw."""
    user = required_user()
    found = endorsement_in_scope(endorsement_id, user)
    comment = clean_text(request.form.get('comment', ''))
    try:
        with transaction():
            approve_endorsement(
                found,
                ladder=current_app.config['REVIEW_LADDER'],
                notice_days=current_app.config['NOTICE_DAYS'],
                actor=user,
                at=clock.now(),
                comment=comment,
                step=ReviewStep.find(request.form.get('step', '')),
            )
    except BusinessError as error:
        return _show(found, user, refusal=error, code=CONFLICT)
    flash(_('%(name)s已通过，现为“%(status)s”。', name=found.product.name, status=found.status.label))
    return redirect('/office/endorsements', 303)


@blueprint.post('/<int:endorsement_id>/return')
@reviewers_only
def send_back(endorsement_id: int) -> ResponseReturnValue:
    """Give it back to the village with a reason."""
    user = required_user()
    found = endorsement_in_scope(endorsement_id, user)
    reason = clean_text(request.form.get('reason', ''))
    try:
        with transaction():
            return_endorsement(
                found,
                reason=reason,
                actor=user,
                at=clock.now(),
                step=ReviewStep.find(request.form.get('step', '')),
            )
    except BusinessError as error:
        code = UNPROCESSABLE if error.field == 'reason' else CONFLICT
        return _show(found, user, refusal=error, code=code, reason=reason)
    flash(_('%(name)s已退回，理由已转给村里。', name=found.product.name))
    return redirect('/office/endorsements', 303)


def _show(
    found: Endorsement, user: User, *, refusal: BusinessError | None = None, code: int = 200, reason: str | None = None
) -> ResponseReturnValue:
    preview = open_preview(found)
    queue = [row.id for row in waiting_for(user)]
    place = queue.index(found.id) if found.id in queue else None
    html = render_template(
        'endorsements/office/show.html',
        endorsement=found,
        preview=preview,
        examined=examine(preview.version, on=clock.today()) if preview.version is not None else [],
        labels=check_labels(found.product, preview.variants, today=clock.today()),
        history=history_of(found),
        rungs=rungs_of(found, current_app.config['REVIEW_LADDER'], notice_days=current_app.config['NOTICE_DAYS']),
        is_reviewer=is_reviewer(user, found),
        is_author=is_author(user, authors_of(found, newest_version(found.product_id))),
        refusal=refusal,
        comment=clean_text(request.form.get('comment', '')),
        reason=_drafted_reason(preview.findings) if reason is None else reason,
        queue=queue,
        place=place,
    )
    return html, code


def _days_since_sent(endorsement: Endorsement) -> int:
    assert endorsement.submitted_at is not None
    return (clock.today() - clock.business_day(endorsement.submitted_at)).days


def _drafted_reason(findings: list[TextFinding]) -> str:
    """Return a reason already written from the findings, for the reviewer to change."""
    return '\n'.join(
        _(
            '%(number)s. %(place)s：删去或改写%(finding)s',
            number=number,
            place=found.place,
            finding=found.finding.message,
        )
        for number, found in enumerate(findings, 1)
    )
