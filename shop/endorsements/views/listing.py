"""Listing a product in seven steps; every step saves a draft and keeps what was typed when something is wrong."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.catalogue.forms import (
    SPARE_ROWS,
    VariantRow,
    product_values,
    read_brand,
    read_product,
    read_projects,
    read_variants,
    typed_variant_rows,
    variant_rows,
)
from shop.catalogue.models import BrandStatus, ProduceGroup, ProductKind, ReturnClass
from shop.catalogue.queries import brands_of, categories, projects_of
from shop.catalogue.services import MAX_VARIANTS, VariantNameError
from shop.endorsements.completeness import ListingStep
from shop.endorsements.drafting import (
    change_product,
    change_projects,
    change_statement,
    change_variants,
    start_listing,
)
from shop.endorsements.listing import open_listing
from shop.endorsements.models import EndorsementMoveError
from shop.endorsements.services import IncompleteError, TenureEndedError, submit_endorsement
from shop.endorsements.views.wizard import UNPROCESSABLE, Desk, desk_only, draft_desk, go_on, left_the_desk, show_step
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.suppliers.queries import suppliers_of
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_listing', __name__, url_prefix='/desk/endorsements')
blueprint.register_error_handler(EndorsementMoveError, left_the_desk)

MAX_STATEMENT = 600


@blueprint.get('/new')
@desk_only
def new() -> ResponseReturnValue:
    """Show the first step of a new listing."""
    user = required_user()
    return _show_product(user, village_for_desk(user), None, product_values(None), {})


@blueprint.post('')
@desk_only
def create() -> ResponseReturnValue:
    """Write down a new product and begin to endorse it."""
    user = required_user()
    village = village_for_desk(user)
    facts, errors = _read_product(village)
    if facts is None:
        return _show_product(user, village, None, request.form, errors)
    try:
        with transaction():
            endorsement = start_listing(village, facts, actor=user, at=clock.now())
    except BusinessError as error:
        return _show_product(user, village, None, request.form, {error.field or 'name': error.message})
    return go_on(endorsement, ListingStep.PRODUCT)


@blueprint.get('/<int:endorsement_id>/product')
@desk_only
def product(endorsement_id: int) -> ResponseReturnValue:
    """Show what the product is."""
    desk = draft_desk(endorsement_id)
    return _show_product(desk.user, desk.village, desk, product_values(desk.endorsement.product), {})


@blueprint.post('/<int:endorsement_id>/product')
@desk_only
def save_product(endorsement_id: int) -> ResponseReturnValue:
    """Keep what the product is."""
    desk = draft_desk(endorsement_id)
    facts, errors = _read_product(desk.village)
    if facts is None:
        return _show_product(desk.user, desk.village, desk, request.form, errors)
    try:
        with transaction():
            change_product(desk.endorsement, facts, at=clock.now())
    except BusinessError as error:
        if isinstance(error, EndorsementMoveError):
            raise
        return _show_product(desk.user, desk.village, desk, request.form, {error.field or 'name': error.message})
    return go_on(desk.endorsement, ListingStep.PRODUCT)


@blueprint.get('/<int:endorsement_id>/variants')
@desk_only
def variants(endorsement_id: int) -> ResponseReturnValue:
    """Show the sizes, prices and stock."""
    desk = draft_desk(endorsement_id)
    rows = variant_rows(desk.endorsement.product)
    return _show_variants(desk, [*rows, *([] if rows else [VariantRow()])], {}, code=200)


@blueprint.post('/<int:endorsement_id>/variants')
@desk_only
def save_variants(endorsement_id: int) -> ResponseReturnValue:
    """Keep the sizes, prices and stock; ``do=more`` only adds an empty row."""
    desk = draft_desk(endorsement_id)
    typed = typed_variant_rows(request.form)
    if request.form.get('do') == 'more':
        return _show_variants(desk, [*typed, *[VariantRow()] * SPARE_ROWS][:MAX_VARIANTS], {}, code=200)
    facts, errors = read_variants(request.form)
    if errors:
        return _show_variants(desk, typed, errors)
    try:
        with transaction():
            change_variants(desk.endorsement, facts)
    except VariantNameError as error:
        return _show_variants(desk, typed, {'variants': error.message})
    return go_on(desk.endorsement, ListingStep.VARIANTS)


@blueprint.get('/<int:endorsement_id>/projects')
@desk_only
def projects(endorsement_id: int) -> ResponseReturnValue:
    """Show the brand and the projects."""
    desk = draft_desk(endorsement_id)
    goods = desk.endorsement.product
    values = {f'share-{share.project_id}': f'{share.share_bp / 100:g}' for share in goods.project_shares}
    values['brand_id'] = str(goods.brand_id or '')
    return _show_projects(desk, values, {}, code=200)


@blueprint.post('/<int:endorsement_id>/projects')
@desk_only
def save_projects(endorsement_id: int) -> ResponseReturnValue:
    """Keep the brand and the projects, writing down new ones."""
    desk = draft_desk(endorsement_id)
    brand, brand_errors = read_brand(request.form)
    own = [project.id for project in projects_of(desk.village.id)]
    shares, errors = read_projects(request.form, projects=own)
    if brand_errors or errors:
        return _show_projects(desk, request.form, {**brand_errors, **errors})
    try:
        with transaction():
            change_projects(desk.endorsement, brand, shares)
    except BusinessError as error:
        if isinstance(error, EndorsementMoveError):
            raise
        return _show_projects(desk, request.form, {error.field or 'projects': error.message})
    return go_on(desk.endorsement, ListingStep.PROJECTS)


@blueprint.get('/<int:endorsement_id>/statement')
@desk_only
def statement(endorsement_id: int) -> ResponseReturnValue:
    """Show the words of the secretary, and what is still missing."""
    desk = draft_desk(endorsement_id)
    return show_step(desk, ListingStep.STATEMENT, text=desk.endorsement.statement, errors={}, most=MAX_STATEMENT)


@blueprint.post('/<int:endorsement_id>/statement')
@desk_only
def save_statement(endorsement_id: int) -> ResponseReturnValue:
    """Keep the words of the secretary."""
    return _save_statement(draft_desk(endorsement_id)) or redirect(
        f'/desk/endorsements/{endorsement_id}/statement', 303
    )


@blueprint.post('/<int:endorsement_id>/submission')
@open_to(Role.FIRST_SECRETARY)
def submission(endorsement_id: int) -> ResponseReturnValue:
    """Keep the words, then send the listing to the first rung of the ladder; the words stay kept when it cannot go."""
    desk = draft_desk(endorsement_id)
    answer = _save_statement(desk)
    if answer is not None:
        return answer
    try:
        with transaction():
            submit_endorsement(
                desk.endorsement, ladder=current_app.config['REVIEW_LADDER'], actor=desk.user, at=clock.now()
            )
    except (IncompleteError, TenureEndedError) as error:
        return _refused_statement(desk, error.message)
    flash(_('已提交，等待审核。'))
    return redirect(f'/desk/endorsements/{endorsement_id}', 303)


def _refused_statement(desk: Desk, refusal: str) -> ResponseReturnValue:
    """Show the last step with what stands in the way; the gaps themselves are on every step."""
    text = desk.endorsement.statement
    return show_step(
        desk, ListingStep.STATEMENT, code=UNPROCESSABLE, text=text, errors={}, refusal=refusal, most=MAX_STATEMENT
    )


def _save_statement(desk: Desk) -> ResponseReturnValue | None:
    """Keep the statement; return the step with its errors when it is too long."""
    if 'statement' not in request.form:
        return None
    reader = FieldReader(request.form)
    text = reader.text('statement', _('代言词'), limit=MAX_STATEMENT, is_required=False)
    if reader.errors:
        typed = reader.raw('statement')
        return show_step(
            desk, ListingStep.STATEMENT, code=UNPROCESSABLE, text=typed, errors=reader.errors, most=MAX_STATEMENT
        )
    with transaction():
        change_statement(desk.endorsement, text, actor=desk.user, at=clock.now())
    flash(_('草稿已存。'))
    return None


def _read_product(village: Village) -> Any:
    return read_product(
        request.form,
        suppliers=[supplier.id for supplier in suppliers_of(village.id)],
        categories=[category.id for category in categories()],
    )


def _show_product(
    user: User, village: Village, desk: Desk | None, values: Mapping[str, str], errors: dict[str, str]
) -> ResponseReturnValue:
    page = open_listing(
        village, ListingStep.PRODUCT, desk.endorsement if desk else None, actor=user, today=clock.today()
    )
    html = render_template(
        'endorsements/desk/product.html',
        page=page,
        values=values,
        errors=errors,
        suppliers=[(supplier.id, supplier.name) for supplier in suppliers_of(village.id)],
        categories=[(category.id, category.name) for category in categories()],
        kinds=ProductKind,
        groups=ProduceGroup,
        return_classes=ReturnClass,
    )
    return html, UNPROCESSABLE if errors else 200


def _show_variants(
    desk: Desk, rows: list[VariantRow], errors: dict[str, str], *, code: int = UNPROCESSABLE
) -> ResponseReturnValue:
    return show_step(desk, ListingStep.VARIANTS, code=code, rows=rows, errors=errors, most=MAX_VARIANTS)


def _show_projects(
    desk: Desk, values: Mapping[str, str], errors: dict[str, str], *, code: int = UNPROCESSABLE
) -> ResponseReturnValue:
    return show_step(
        desk,
        ListingStep.PROJECTS,
        code=code,
        values=values,
        errors=errors,
        brands=brands_of(desk.village.id),
        projects=projects_of(desk.village.id),
        brand_statuses=BrandStatus,
    )
