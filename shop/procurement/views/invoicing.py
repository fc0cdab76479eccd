"""Records an invoice for whoever may: the village of the goods, or the department of the institution."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader
from shop.orders.models import Order
from shop.procurement.forms import read_invoice_number
from shop.procurement.models import ProcurementInvoice, ProcurementOrder, ProcurementStatus
from shop.procurement.settling import InvoiceDue, invoices_of, record_invoice

MAX_SHOWN = 100


def try_to_record(
    number: str, form: Mapping[str, str], *, village_id: int | None = None, institution_id: int | None = None,
    actor: User, at: datetime,
) -> dict[str, str]:  # fmt: skip
    """Record the invoice of an order of this village or institution; return what was wrong, by field.

    Raises `NotFoundError` for any other order.
    """
    reader = FieldReader(form)
    typed, day = read_invoice_number(reader), reader.day('issued_on', _('开票日期'))
    try:
        with transaction():
            part = db.session.scalar(select(Order).where(Order.number == number))
            order = _order_of(part)
            if part is None or order is None or (village_id is not None and part.village_id != village_id):
                raise NotFoundError
            if institution_id is not None and order.institution_id != institution_id:
                raise NotFoundError
            if not reader.errors:
                record_invoice(order, part, typed, day or date.min, actor=actor, at=at)
    except BusinessError as error:
        return {error.field or 'number': error.message}
    except IntegrityError:
        db.session.rollback()  # two people have recorded the same number at once
        return {'number': _('这个发票号码刚刚登记过，请核对。')}
    return reader.errors


def invoices_of_village(village_id: int) -> list[tuple[ProcurementOrder, InvoiceDue]]:
    """Return what a village has to invoice to institutions and what it has invoiced last, the open ones first."""
    rows = db.session.execute(
        select(Order, ProcurementOrder)
        .join(ProcurementOrder, ProcurementOrder.checkout_id == Order.checkout_id)
        .outerjoin(ProcurementInvoice, ProcurementInvoice.order_id == Order.id)
        .where(
            Order.village_id == village_id,
            (ProcurementOrder.status == ProcurementStatus.AWAITING_INVOICE) | ProcurementInvoice.id.is_not(None),
        )
        .options(joinedload(ProcurementOrder.institution), joinedload(Order.supplier), joinedload(Order.village))
        .order_by(ProcurementInvoice.id.is_not(None), Order.id.desc())
        .limit(MAX_SHOWN)
    ).all()
    dues = {due.order.id: due for due in invoices_of([order for order, _row in rows])}
    return [(row, dues[order.id]) for order, row in rows if dues[order.id].invoice or dues[order.id].due_fen > 0]


def _order_of(part: Order | None) -> ProcurementOrder | None:
    if part is None:
        return None
    return db.session.scalar(select(ProcurementOrder).where(ProcurementOrder.checkout_id == part.checkout_id))
