"""The inbox of provider events, the sandbox's payment page, and the way back to the order."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.payments.gateways import SignatureError
from shop.payments.models import Payment, PaymentStatus
from shop.payments.sandbox import SandboxGateway
from shop.payments.services import GATEWAYS, is_stored, receive_event
from shop.payments.worker import deliver_over_http, deliver_within

MAX_EVENT_BYTES = 64 * 1024

blueprint = Blueprint('payments', __name__)
_sandbox = SandboxGateway()


@blueprint.post('/payments/events/<gateway>')
@open_to_everyone
def inbox(gateway: str) -> ResponseReturnValue:
    """Take a provider's event; a repeated one gets the same answer and has no effect."""
    if gateway not in GATEWAYS:
        raise NotFoundError
    request.max_content_length = MAX_EVENT_BYTES
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return {'error': 'too large'}, 413
    try:
        with transaction():
            outcome = receive_event(gateway, body, dict(request.headers), at=clock.now())
    except SignatureError as error:
        return {'error': str(error)}, 400
    except IntegrityError:
        # The same event arrived twice at once; the other one has stored it.
        db.session.rollback()
        if not is_stored(gateway, body, dict(request.headers), at=clock.now()):
            raise
        return {'outcome': 'repeated'}
    return {'outcome': outcome.value}


@blueprint.get('/sandbox/pay/<reference>')
@open_to_everyone
def sandbox_page(reference: str) -> ResponseReturnValue:
    """Show the sandbox's payment page, plainly marked."""
    payment = _payment(reference)
    if payment.status is not PaymentStatus.PENDING:
        return redirect(f'/payments/{reference}/return', 303)
    return render_template('payments/sandbox.html', payment=payment)


@blueprint.post('/sandbox/pay/<reference>')
@open_to_everyone
def sandbox_pay(reference: str) -> ResponseReturnValue:
    """Act the payment or decline it; the event goes to the inbox like a real provider's."""
    payment = _payment(reference)
    if request.form.get('action') != 'pay':
        flash(_('没有付款。订单还保留着，可以在付款时限内继续付。'))
        return redirect(f'/payments/{reference}/return', 303)
    with transaction():
        _sandbox.pay(payment, at=clock.now())
    if not current_app.config['TESTING']:
        deliver_over_http(_own_address(), at=clock.now(), reference=reference)
    return redirect(f'/payments/{reference}/return', 303)


@blueprint.get('/payments/<reference>/return')
@open_to_everyone
def come_back(reference: str) -> ResponseReturnValue:
    """Lead back to the order; an event that has not arrived is asked for first."""
    _payment(reference)
    deliver_within(at=clock.now(), reference=reference)
    payment = _payment(reference)
    if payment.status is PaymentStatus.SUCCEEDED:
        flash(_('付款成功。') if payment.settles_orders else _('订单已不能付款，款项原路退回。'))
    elif payment.status is PaymentStatus.HELD:
        flash(_('付款金额与订单不符，已转人工核对，请拨打客服电话。'))
    orders = payment.checkout.orders
    return redirect(f'/orders/{orders[0].number}' if len(orders) == 1 else '/orders', 303)


def _payment(reference: str) -> Payment:
    payment = db.session.scalar(select(Payment).where(Payment.reference == reference, Payment.gateway == 'sandbox'))
    if payment is None:
        raise NotFoundError
    return payment


def _own_address() -> str:
    """Return where this very server listens: from the server, not from the request's Host header."""
    return f'http://{request.environ["SERVER_NAME"]}:{request.environ["SERVER_PORT"]}'
