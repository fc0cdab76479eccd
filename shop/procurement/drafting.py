"""From a budget list to an institution's order: drafted, changed, sent to the approver."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.catalogue.models import ReturnClass, Variant
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.orders.changes import PriceChangedError
from shop.orders.placing import new_number
from shop.procurement.forms import OrderForm
from shop.procurement.institution import Institution, step_of
from shop.procurement.institutions import require_admitted
from shop.procurement.models import EDITABLE, ProcurementLine, ProcurementOrder, ProcurementStatus

PREFIX = 'CG'
S = ProcurementStatus


def draft_order(institution: Institution, form: OrderForm, *, actor: User, at: datetime) -> ProcurementOrder:
    """Keep what an institution means to buy; raises `NotAdmittedError`."""
    require_admitted(institution)
    order = ProcurementOrder(
        number=f'{PREFIX}{new_number(at)}',
        institution=institution,
        status=S.DRAFT,
        drafted_by_id=actor.id,
        created_at=at,
        lines=[],
        **_head(form),
    )
    order.steps.append(step_of(None, S.DRAFT, actor.id, at, ''))
    db.session.add(order)
    _set_lines(order, form)
    db.session.flush()
    return order


def change_draft(order: ProcurementOrder, form: OrderForm, *, actor: User, at: datetime) -> None:
    """Change an order that nobody reviews; who changes it has drafted it from then on."""
    lock_row(order)
    if order.status not in EDITABLE:
        raise BusinessError(_('采购单状态为“%(now)s”，已经不能改了。', now=order.status.label))
    for name, value in _head(form).items():
        setattr(order, name, value)
    order.drafted_by_id = actor.id
    _set_lines(order, form)
    db.session.flush()


def submit_order(order: ProcurementOrder, *, actor: User, at: datetime) -> None:
    """Send an order to the institution's approver; raises `NotAdmittedError` and when a confirmation is missing."""
    lock_row(order)
    require_admitted(order.institution)
    if not order.lines:
        raise BusinessError(_('至少留一件商品。'), field='lines')
    for line in order.lines:
        product = line.variant.product
        if product.return_class is not ReturnClass.SEVEN_DAYS and not line.is_confirmed:
            raise BusinessError(
                _('“%(name)s”不适用七天无理由退货，请勾选确认后再提交。', name=product.name),
                field=f'confirm-{line.variant_id}',
            )
    order.move(S.IN_REVIEW, actor_id=actor.id, at=at)
    order.drafted_by_id = actor.id


def _head(form: OrderForm) -> dict[str, object]:
    return {
        'title': form.title,
        'heads': form.heads,
        'budget_per_head_fen': form.budget_per_head_fen,
        'recipient': form.recipient,
        'phone': form.phone,
        'province_code': form.province,
        'city_code': form.city,
        'county_code': form.county,
        'street': form.street,
        'note': form.note,
        'invoice_title': form.invoice_title,
        'invoice_code': form.invoice_code,
        'invoice_email': form.invoice_email,
    }


def _set_lines(order: ProcurementOrder, form: OrderForm) -> None:
    """Keep the units that were typed, at the prices the page has shown; raises `PriceChangedError`."""
    wanted = {variant: quantity for variant, quantity in form.quantities.items() if quantity}
    variants = db.session.scalars(select(Variant).where(Variant.id.in_(list(wanted)))).all()
    by_variant = {line.variant_id: line for line in order.lines}
    for line in list(order.lines):
        if line.variant_id not in wanted:
            order.lines.remove(line)
    for variant in sorted(variants, key=lambda one: one.id):
        seen = form.seen.get(variant.id, variant.price_fen)
        if seen != variant.price_fen:
            raise PriceChangedError(
                _(
                    '“%(name)s”的价格从 %(before)s 变成了 %(now)s，请看过新价再提交。',
                    name=f'{variant.product.name} {variant.name}',
                    before=Money(seen),
                    now=Money(variant.price_fen),
                ),
                field='lines',
            )
        line = by_variant.get(variant.id) or ProcurementLine(variant=variant)
        if variant.id not in by_variant:
            order.lines.append(line)
        line.quantity, line.seen_price_fen = wanted[variant.id], variant.price_fen
        line.is_confirmed = variant.id in form.confirmed
