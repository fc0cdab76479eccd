"""A buyer's own request for the invoice of an order, made or changed after the order was placed."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.orders.invoices import request_invoice, request_of
from shop.storefront.buyer import current_buyer, order_of_buyer
from shop.storefront.invoice_form import InvoiceForm

UNPROCESSABLE = 422

blueprint = Blueprint('invoices', __name__)


@blueprint.get('/orders/<number>/invoice')
@open_to_everyone
def show(number: str) -> str:
    """Show what was asked for, or an empty form."""
    order = order_of_buyer(number, current_buyer())
    return render_template('storefront/orders/invoice.html', order=order, form=InvoiceForm.of(request_of(order.id)))


@blueprint.post('/orders/<number>/invoice')
@open_to_everyone
def ask(number: str) -> ResponseReturnValue:
    """Ask for the invoice, or for another one as long as none is made out."""
    order, form = order_of_buyer(number, current_buyer()), InvoiceForm.read(request.form)
    form.is_wanted = True
    facts = form.check()
    if facts is not None:
        try:
            with transaction():
                order = order_of_buyer(number, current_buyer())
                request_invoice(order, facts, actor=signed_in_user(), at=clock.now())
            flash(_('开票申请已提交。'))
            return redirect(f'/orders/{number}#invoice', 303)
        except BusinessError as error:
            form.errors['invoice'] = error.message
            order = order_of_buyer(number, current_buyer())
    return render_template('storefront/orders/invoice.html', order=order, form=form), UNPROCESSABLE
