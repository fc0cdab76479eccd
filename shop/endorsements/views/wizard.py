"""What the steps of a listing share: whose desk it is, how a step is shown, and where to go on."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.endorsements.completeness import ListingStep
from shop.endorsements.listing import open_listing, step_address, step_beside
from shop.endorsements.models import Endorsement, EndorsementMoveError
from shop.endorsements.policies import may_edit
from shop.endorsements.queries import endorsement_of_village
from shop.kit import clock
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
TEMPLATES = {
    ListingStep.PRODUCT: 'endorsements/desk/product.html',
    ListingStep.LABEL: 'endorsements/desk/label.html',
    ListingStep.PHOTOS: 'endorsements/desk/photos.html',
    ListingStep.VARIANTS: 'endorsements/desk/variants.html',
    ListingStep.PROJECTS: 'endorsements/desk/projects.html',
    ListingStep.AGREEMENT: 'endorsements/desk/agreement.html',
    ListingStep.STATEMENT: 'endorsements/desk/statement.html',
}

desk_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@dataclass(frozen=True)
class Desk:
    """Who works at which village's desk, on which listing."""

    user: User
    village: Village
    endorsement: Endorsement


def open_desk(endorsement_id: int) -> Desk:
    """Return the listing of the actor's own village; raises `NotFoundError` for any other."""
    user = required_user()
    village = village_for_desk(user)
    return Desk(user, village, endorsement_of_village(endorsement_id, village.id))


def draft_desk(endorsement_id: int) -> Desk:
    """Return a listing that may be changed now; raises `NotFoundError`, `EndorsementMoveError`."""
    desk = open_desk(endorsement_id)
    if not may_edit(desk.user, desk.endorsement):
        raise EndorsementMoveError(
            _('代言%(status)s，现在不能改；退回后才能改。', status=desk.endorsement.status.label)
        )
    return desk


def show_step(desk: Desk, step: ListingStep, *, code: int = 200, **values: Any) -> ResponseReturnValue:
    """Render a step of a listing."""
    page = open_listing(desk.village, step, desk.endorsement, actor=desk.user, today=clock.today())
    return render_template(TEMPLATES[step], page=page, **values), code


def go_on(endorsement: Endorsement, step: ListingStep) -> ResponseReturnValue:
    """After saving: stay for 存草稿, else go to the next step."""
    flash(_('草稿已存。'))
    following = step_beside(step, 1) if request.form.get('do') == 'next' else None
    return redirect(step_address(endorsement, following or step), 303)


def left_the_desk(error: EndorsementMoveError) -> ResponseReturnValue:
    """Tell that the listing is under review, on its own page."""
    flash(error.message)
    endorsement_id = (request.view_args or {}).get('endorsement_id')
    return redirect(f'/desk/endorsements/{endorsement_id}' if endorsement_id else '/desk/endorsements', 303)
