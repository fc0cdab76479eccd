"""The form of an institution's order: filled from a list or from the order, and shown with the prices of now."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product, Variant
from shop.kit.database import db
from shop.procurement.forms import OrderForm
from shop.procurement.institution import Institution
from shop.procurement.lists import Budget
from shop.procurement.models import ProcurementOrder
from shop.regions.divisions import cities, counties, division_path, provinces
from shop.villages.models import Village


def form_of_list(budget: Budget, institution: Institution) -> OrderForm:
    """Return the form as a list and the institution's own data fill it."""
    province, city, county = _divisions(institution)
    return OrderForm(
        province=province,
        city=city,
        county=county,
        title=budget.title,
        heads=budget.heads,
        budget_per_head_fen=budget.budget_per_head_fen or institution.budget_per_head_fen,
        street=institution.address,
        phone=institution.phone,
        invoice_title=institution.name,
        invoice_code=institution.credit_code,
        quantities={row.variant.id: row.quantity for row in budget.lines if row.is_offered},
    )


def _divisions(institution: Institution) -> tuple[str, str, str]:
    """Return the codes of the county that has admitted an institution, as far as the country knows it."""
    try:
        province, city, county = division_path(institution.region.code[:6])
    except KeyError:
        return '', '', ''
    return province.code, city.code, county.code


def form_of(order: ProcurementOrder) -> OrderForm:
    """Return the form as an order fills it."""
    return OrderForm(
        title=order.title,
        heads=order.heads,
        budget_per_head_fen=order.budget_per_head_fen,
        recipient=order.recipient,
        phone=order.phone,
        province=order.province_code,
        city=order.city_code,
        county=order.county_code,
        street=order.street,
        note=order.note,
        invoice_title=order.invoice_title,
        invoice_code=order.invoice_code,
        invoice_email=order.invoice_email,
        quantities={line.variant_id: line.quantity for line in order.lines},
        confirmed=frozenset(line.variant_id for line in order.lines if line.is_confirmed),
    )


def draft_page(
    form: OrderForm,
    institution: Institution,
    action: str,
    code: int = 200,
    *,
    order: ProcurementOrder | None = None,
    is_reloaded: bool = False,
) -> ResponseReturnValue:
    """Show the form; after choosing a province the next level is listed, without complaints."""
    variants = db.session.scalars(
        select(Variant)
        .where(Variant.id.in_(list(form.quantities)))
        .options(joinedload(Variant.product).joinedload(Product.village).joinedload(Village.county))
        .order_by(Variant.id)
    ).all()
    seen = {line.variant_id: line.seen_price_fen for line in order.lines} if order is not None else {}
    page = render_template(
        'procurement/order_form.html',
        form=form,
        errors={} if is_reloaded else form.errors,
        institution=institution,
        order=order,
        action=action,
        variants=variants,
        seen=seen,
        goods_fen=sum(variant.price_fen * form.quantities[variant.id] for variant in variants),
        provinces=provinces(),
        cities=cities(form.province) if form.province else [],
        counties=counties(form.city) if form.city else [],
    )
    return page, code
