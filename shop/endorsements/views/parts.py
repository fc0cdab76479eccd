"""Two steps of a listing with hands of their own: the pictures, and the agreement with its calculator."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to
from shop.accounts.models import Role
from shop.benefits.forms import AgreementForm, read_agreement, shown_agreement
from shop.benefits.queries import newest_version
from shop.catalogue.services import MAX_PHOTOS, TooManyPhotosError
from shop.endorsements.completeness import ListingStep
from shop.endorsements.drafting import add_photos, change_agreement, drop_photo, put_photo_first
from shop.endorsements.models import EndorsementMoveError
from shop.endorsements.views.agreement_form import (
    agreement_values,
    finding_values,
    is_only_shown,
    keep_answers,
    read_typed,
)
from shop.endorsements.views.wizard import (
    UNPROCESSABLE,
    Desk,
    desk_only,
    draft_desk,
    go_on,
    left_the_desk,
    show_step,
)
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.photos.errors import PhotoRefusedError
from shop.photos.pipeline import Picture, prepare_picture
from shop.photos.services import store_photo
from shop.villages.models import Household
from shop.villages.queries import register_of

blueprint = Blueprint('desk_parts', __name__, url_prefix='/desk/endorsements')
blueprint.register_error_handler(EndorsementMoveError, left_the_desk)


@blueprint.get('/<int:endorsement_id>/photos')
@desk_only
def photos(endorsement_id: int) -> ResponseReturnValue:
    """Show the pictures."""
    return _show_photos(draft_desk(endorsement_id), {})


@blueprint.post('/<int:endorsement_id>/photos')
@desk_only
def add(endorsement_id: int) -> ResponseReturnValue:
    """Keep the pictures sent; one that is refused is named, the others stay."""
    desk = draft_desk(endorsement_id)
    errors: dict[str, str] = {}
    pictures: list[Picture] = []
    for upload in request.files.getlist('photo')[: MAX_PHOTOS + 1]:
        if upload.filename:
            try:
                pictures.append(prepare_picture(upload.stream.read()))
            except PhotoRefusedError as error:
                errors['photo'] = _('%(file)s：%(what)s', file=upload.filename[:60], what=error.message)
    try:
        with transaction():
            name = desk.endorsement.product.name
            at = clock.now()
            add_photos(desk.endorsement, [store_photo(picture, alt=name, at=at) for picture in pictures])
    except TooManyPhotosError as error:
        errors['photo'] = error.message
    if errors:
        return _show_photos(desk, errors)
    return go_on(desk.endorsement, ListingStep.PHOTOS)


@blueprint.post('/<int:endorsement_id>/photos/<int:picture_id>/removal')
@desk_only
def remove(endorsement_id: int, picture_id: int) -> ResponseReturnValue:
    """Take a picture off."""
    desk = draft_desk(endorsement_id)
    with transaction():
        drop_photo(desk.endorsement, picture_id)
    flash(_('图片已删去。'))
    return redirect(f'/desk/endorsements/{endorsement_id}/photos', 303)


@blueprint.post('/<int:endorsement_id>/photos/<int:picture_id>/lead')
@desk_only
def lead(endorsement_id: int, picture_id: int) -> ResponseReturnValue:
    """Let a picture stand first."""
    desk = draft_desk(endorsement_id)
    with transaction():
        put_photo_first(desk.endorsement, picture_id)
    return redirect(f'/desk/endorsements/{endorsement_id}/photos', 303)


@blueprint.get('/<int:endorsement_id>/agreement')
@desk_only
def agreement(endorsement_id: int) -> ResponseReturnValue:
    """Show the agreement: the rule, the households, and what they would get."""
    desk = draft_desk(endorsement_id)
    register = register_of(desk.village.id)
    version = newest_version(desk.endorsement.product_id)
    return _show_agreement(desk, shown_agreement(version, register=register), register, code=200)


@blueprint.post('/<int:endorsement_id>/agreement')
@desk_only
def save_agreement(endorsement_id: int) -> ResponseReturnValue:
    """Keep the agreement; ``do=calculate`` only calculates with what was typed."""
    desk = draft_desk(endorsement_id)
    register = register_of(desk.village.id)
    form = read_typed(register)
    if is_only_shown():
        return _show_agreement(desk, form, register, code=200)
    if form.errors:
        return _show_agreement(desk, form, register)
    try:
        with transaction():
            change_agreement(
                desk.endorsement,
                rule_kind=form.rule_kind,
                rule_value=form.rule_value,
                weight_kind=form.weight_kind,
                meeting_on=form.meeting_on,
                shares=[(household.id, weight) for household, weight in form.shares],
                minutes=form.minutes,
                actor=desk.user,
                at=clock.now(),
            )
    except BusinessError as error:
        if isinstance(error, EndorsementMoveError):
            raise
        form.errors[error.field or 'households'] = error.message
        return _show_agreement(desk, form, register)
    return go_on(desk.endorsement, ListingStep.AGREEMENT)


@blueprint.post('/<int:endorsement_id>/answers')
@open_to(Role.FIRST_SECRETARY)
def answers(endorsement_id: int) -> ResponseReturnValue:
    """Keep what the secretary answers to findings about households of the draft agreement."""
    desk = draft_desk(endorsement_id)
    version = newest_version(desk.endorsement.product_id)
    if version is None:
        raise NotFoundError
    errors = keep_answers(version, desk.user)
    if errors:
        register = register_of(desk.village.id)
        form = shown_agreement(version, register=register)
        form.errors.update(errors)
        return _show_agreement(desk, form, register)
    return redirect(f'/desk/endorsements/{endorsement_id}/agreement#findings', 303)


@blueprint.post('/<int:endorsement_id>/calculation')
@desk_only
def calculation(endorsement_id: int) -> ResponseReturnValue:
    """Return only the calculator's table for what is typed, for the page to show while somebody types."""
    desk = draft_desk(endorsement_id)
    register = register_of(desk.village.id)
    form = read_agreement(request.form, register=register)
    values = agreement_values(desk.endorsement.product, form, register)
    return render_template('endorsements/desk/calculation.html', **values, is_part=True)


def _show_photos(desk: Desk, errors: dict[str, str]) -> ResponseReturnValue:
    return show_step(desk, ListingStep.PHOTOS, code=UNPROCESSABLE if errors else 200, errors=errors, most=MAX_PHOTOS)


def _show_agreement(
    desk: Desk, form: AgreementForm, register: list[Household], *, code: int = UNPROCESSABLE
) -> ResponseReturnValue:
    product = desk.endorsement.product
    return show_step(
        desk,
        ListingStep.AGREEMENT,
        code=code,
        **agreement_values(product, form, register),
        **finding_values(newest_version(product.id), desk.user, product.village),
    )
