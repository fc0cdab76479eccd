"""The invoices a village's buyers ask for: what is open, and writing down what was made out."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessKind
from shop.kit import clock
from shop.kit.database import lock_row, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.kit.pagination import page_number
from shop.orders.invoice import InvoiceStatus
from shop.orders.invoices import MAX_LINK, IssuedInvoice, issue_invoice
from shop.storefront.invoices import invoice_row, request_of_village, rows_of_village
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
TABS = {
    'open': (_lazy('待开票'), InvoiceStatus.REQUESTED),
    'issued': (_lazy('已开票'), InvoiceStatus.ISSUED),
}

blueprint = Blueprint('desk_invoices', __name__, url_prefix='/desk/invoices')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@village_only
def index() -> str:
    """List the requests of a tab, each with the form that writes its invoice down."""
    return _page(request.args.get('tab', 'open'), 0, {}, {})


@blueprint.post('/<int:request_id>')
@village_only
def issue(request_id: int) -> ResponseReturnValue:
    """Write down the number and the day of an invoice, and where it can be had; what was typed stays."""
    user, reader = required_user(), FieldReader(request.form)
    issued_on = reader.day('issued_on', _('开票日期'))
    if issued_on is not None:
        issued = IssuedInvoice(reader.raw('number').replace(' ', ''), issued_on, reader.raw('link'))
        try:
            with transaction():
                asked = request_of_village(request_id, village_for_desk(user).id)
                lock_row(asked.order)
                issue_invoice(asked, issued, invoice_row(asked).amount_fen, actor=user, at=clock.now())
            flash(_('发票已登记，买家在订单页能看到。'))
            return redirect('/desk/invoices', 303)
        except BusinessError as error:
            reader.errors[error.field or 'number'] = error.message
    asked = request_of_village(request_id, village_for_desk(user).id)
    tab = 'issued' if asked.status is InvoiceStatus.ISSUED else 'open'
    return _page(tab, request_id, request.form.to_dict(), reader.errors), UNPROCESSABLE


def _page(tab: str, typed_id: int, typed: dict[str, str], errors: dict[str, str]) -> str:
    village = village_for_desk(required_user())
    tab = tab if tab in TABS else 'open'
    page = rows_of_village(village.id, TABS[tab][1], page_number(request.args.get('page')))
    note_access(AccessKind.INVOICES, village_id=village.id, order_ids=[row.request.order_id for row in page.rows])
    return render_template(
        'storefront/desk/invoices.html',
        village=village,
        tabs=[(key, name) for key, (name, _status) in TABS.items()],
        tab=tab,
        page=page,
        today=clock.today(),
        longest_link=MAX_LINK,
        typed_id=typed_id,
        typed=typed,
        errors=errors,
    )
