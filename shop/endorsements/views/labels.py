"""The label of a product, its batches with their certificates, and when it is in season or sold ahead."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import required_user, safe_target
from shop.catalogue.batches import BatchFacts, PresaleError, add_batch, plan_supply, product_of_village
from shop.catalogue.label_forms import label_values, read_batch, read_label, read_supply, supply_values
from shop.catalogue.labels import label_lines
from shop.catalogue.models import Product
from shop.endorsements.completeness import ListingStep
from shop.endorsements.drafting import change_label
from shop.endorsements.models import EndorsementMoveError
from shop.endorsements.queries import newest_by_product
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
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.photos.errors import PhotoRefusedError
from shop.photos.pipeline import Picture, prepare_picture
from shop.photos.services import store_photo
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_labels', __name__, url_prefix='/desk')
blueprint.register_error_handler(EndorsementMoveError, left_the_desk)


@blueprint.get('/endorsements/<int:endorsement_id>/label')
@desk_only
def label(endorsement_id: int) -> ResponseReturnValue:
    """Show what the label says; what is probable stands there already."""
    desk = draft_desk(endorsement_id)
    return _show_label(desk, label_values(desk.endorsement.product), {})


@blueprint.post('/endorsements/<int:endorsement_id>/label')
@desk_only
def save_label(endorsement_id: int) -> ResponseReturnValue:
    """Keep the label."""
    desk = draft_desk(endorsement_id)
    texts, errors = read_label(request.form, desk.endorsement.product)
    if errors:
        return _show_label(desk, request.form, errors)
    with transaction():
        change_label(desk.endorsement, texts)
    return go_on(desk.endorsement, ListingStep.LABEL)


@blueprint.get('/products/<int:product_id>/batches')
@desk_only
def batches(product_id: int) -> ResponseReturnValue:
    """Show the batches of a product, and its season."""
    product = _own_product(product_id)
    return _show_batches(product, supply_values(product), {})


@blueprint.post('/products/<int:product_id>/batches')
@desk_only
def add(product_id: int) -> ResponseReturnValue:
    """Write down a batch, with a picture of its certificate if one is sent."""
    product = _own_product(product_id)
    facts, errors = read_batch(request.form, today=clock.today(), needs_certificate=product.needs_certificate)
    picture = _certificate_picture(errors)
    if facts is None or errors:
        return _show_batches(product, {**supply_values(product), **request.form}, errors)
    try:
        _keep(product, facts, picture)
    except BusinessError as error:
        errors = {error.field or 'number': error.message}
        return _show_batches(product, {**supply_values(product), **request.form}, errors)
    flash(_('批次 %(number)s 已记下。', number=facts.number))
    return redirect(safe_target(request.form.get('next'), f'/desk/products/{product_id}/batches'), 303)


@blueprint.post('/products/<int:product_id>/supply')
@desk_only
def supply(product_id: int) -> ResponseReturnValue:
    """Say when a product is in season and from which day it is sent."""
    product = _own_product(product_id)
    reader = FieldReader(request.form)
    form = read_supply(reader)
    if not reader.errors:
        try:
            with transaction():
                plan_supply(
                    product,
                    season_months=form.season_months,
                    presale_ships_on=form.presale_ships_on,
                    on=clock.today(),
                )
        except PresaleError as error:
            reader.errors['presale_ships_on'] = error.message
    if reader.errors:
        return _show_batches(product, request.form, reader.errors)
    flash(_('应季与预售已存。'))
    return redirect(f'/desk/products/{product_id}/batches', 303)


def _own_product(product_id: int) -> Product:
    return product_of_village(product_id, village_for_desk(required_user()).id)


def _certificate_picture(errors: dict[str, str]) -> Picture | None:
    """Prepare the picture before the unit of work begins; one that is refused is said beside the field."""
    upload = request.files.get('certificate_photo')
    if upload is None or not upload.filename:
        return None
    try:
        return prepare_picture(upload.stream.read())
    except PhotoRefusedError as error:
        errors['certificate_photo'] = error.message
        return None


def _keep(product: Product, facts: BatchFacts, picture: Picture | None) -> None:
    at = clock.now()
    with transaction():
        alt = _('%(name)s的承诺达标合格证', name=product.name)
        photo = store_photo(picture, alt=alt, at=at) if picture is not None else None
        add_batch(product, facts, certificate_photo=photo, actor=required_user(), at=at)


def _show_label(desk: Desk, values: Mapping[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    product = desk.endorsement.product
    return show_step(
        desk,
        ListingStep.LABEL,
        code=UNPROCESSABLE if errors else 200,
        lines=label_lines(product),
        batches=product.batches,
        values=values,
        errors=errors,
    )


def _show_batches(product: Product, values: Mapping[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    html = render_template(
        'endorsements/desk/batches.html',
        product=product,
        endorsement=newest_by_product({product.id}).get(product.id),
        values=values,
        errors=errors,
        today=clock.today(),
    )
    return html, UNPROCESSABLE if errors else 200
