"""The village's freight: one template per supplier, with a preview of what it would cost before it is saved."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.basket import FreightTemplate
from shop.orders.freight import freight_of, save_freight
from shop.orders.freight_forms import MAX_ROWS, FreightTyped, RegionRule, read_load, read_template, read_typed, typed_of
from shop.regions.divisions import division_name, provinces, short_name
from shop.storefront.delivery import HOME_PROVINCE
from shop.storefront.freight_preview import MORE, FreightPreview, Question, freight_preview, sent_variants
from shop.suppliers.models import Supplier
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422

blueprint = Blueprint('desk_freight', __name__, url_prefix='/desk/freight')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@village_only
def index() -> str:
    """List the village's suppliers with what they ask for sending."""
    village = village_for_desk(required_user())
    suppliers = db.session.scalars(
        select(Supplier).where(Supplier.village_id == village.id).order_by(Supplier.id)
    ).all()
    templates = db.session.scalars(
        select(FreightTemplate)
        .where(FreightTemplate.supplier_id.in_([supplier.id for supplier in suppliers]))
        .options(selectinload(FreightTemplate.regions))
    )
    by_supplier = {template.supplier_id: template for template in templates}
    return render_template(
        'storefront/desk/freights.html',
        village=village,
        rows=[(supplier, by_supplier.get(supplier.id)) for supplier in suppliers],
        short_name=short_name,
    )


@blueprint.get('/<int:supplier_id>')
@village_only
def show(supplier_id: int) -> str:
    """Show a supplier's template and what it costs to send the supplier's goods."""
    supplier = _supplier(supplier_id)
    template = freight_of(supplier.id)
    preview = freight_preview(template, Question(), sent_variants(supplier.id)) if template is not None else None
    return _page(supplier, typed_of(template), {}, preview, {})


@blueprint.post('/<int:supplier_id>')
@village_only
def save(supplier_id: int) -> ResponseReturnValue:
    """Keep a template, or only show what it would cost; what was typed stays."""
    supplier, typed = _supplier(supplier_id), read_typed(request.form)
    template, errors = read_template(typed)
    if template is None or request.form.get('preview'):
        page = _page(supplier, typed, errors, _preview(supplier, template), request.form.to_dict())
        return page, UNPROCESSABLE if errors and not request.form.get('preview') else 200
    with transaction():
        save_freight(_supplier(supplier_id), template, actor=required_user(), at=clock.now())
    flash(_('运费已存，从现在起的新订单按它算；已经下的订单不变。'))
    return redirect(f'/desk/freight/{supplier_id}', 303)


@blueprint.post('/<int:supplier_id>/preview')
@village_only
def preview(supplier_id: int) -> str:
    """Answer with what the template as typed would cost; nothing is kept."""
    supplier = _supplier(supplier_id)
    template, errors = read_template(read_typed(request.form))
    return render_template(
        'storefront/desk/freight_preview.html', preview=_preview(supplier, template), errors=errors, **_words()
    )


def _supplier(supplier_id: int) -> Supplier:
    village = village_for_desk(required_user())
    supplier = db.session.scalar(select(Supplier).where(Supplier.id == supplier_id, Supplier.village_id == village.id))
    if supplier is None:
        raise NotFoundError
    return supplier


def _preview(supplier: Supplier, template: FreightTemplate | None) -> FreightPreview | None:
    if template is None:
        return None
    province, pieces, grams, goods_fen = read_load(request.form)
    return freight_preview(
        template, Question(province or HOME_PROVINCE, pieces, grams, goods_fen), sent_variants(supplier.id)
    )


def _page(
    supplier: Supplier,
    typed: FreightTyped,
    errors: dict[str, str],
    shown: FreightPreview | None,
    asked: dict[str, str],
) -> str:
    return render_template(
        'storefront/desk/freight.html',
        supplier=supplier,
        typed=typed,
        errors=errors,
        preview=shown,
        asked=asked,
        rules=RegionRule.choices(),
        most_rows=MAX_ROWS,
        home=HOME_PROVINCE,
        short_name=short_name,
        province_choices=[(one.code, one.name) for one in provinces()],
        **_words(),
    )


def _words() -> dict[str, object]:
    return {'provinces': provinces(), 'province_name': division_name, 'several': MORE}
