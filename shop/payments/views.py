"""The inbox of provider events, the pages where buyers pay, and the way back to the order."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.payments.gateways import ProviderDownError, ProviderRefusedError, SignatureError
from shop.payments.models import Payment, PaymentStatus
from shop.payments.reconciler import ask_about_payment, open_page
from shop.payments.sandbox import SandboxGateway
from shop.payments.services import GATEWAYS, is_payable, start_payment
from shop.payments.transfers import offers_transfer
from shop.payments.worker import deliver_over_http, deliver_within, receive_event

MAX_EVENT_BYTES = 256 * 1024
UNAVAILABLE = 503

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
        outcome = receive_event(gateway, body, dict(request.headers), at=clock.now())
    except SignatureError as error:
        return {'error': str(error)}, 400
    return {'outcome': outcome.value}


@blueprint.get('/payments/<reference>')
@open_to_everyone
def show(reference: str) -> ResponseReturnValue:
    """Lead on to the provider's page; when it cannot be reached the order stays payable, and the page says so."""
    payment, at = _payment(reference), clock.now()
    if payment.gateway != 'stripe' or payment.status is not PaymentStatus.PENDING:
        return _go_on(payment)
    if not is_payable(payment.checkout, at=at):
        return redirect(f'/payments/{reference}/return', 303)
    numbers = ' '.join(order.number for order in payment.checkout.orders)
    title = f'{current_app.config["SHOP_NAME"]} {numbers}'
    return_url = f'{current_app.config["PUBLIC_URL"]}/payments/{reference}/return'
    try:
        target = open_page(payment, title=title[:250], return_url=return_url, at=at)
    except (ProviderDownError, ProviderRefusedError) as error:
        refused = isinstance(error, ProviderRefusedError)
        page = render_template('payments/unavailable.html', payment=_payment(reference), is_refused=refused)
        return page, UNAVAILABLE
    if target is None:
        return redirect(f'/payments/{reference}/return', 303)
    # A page of its own, not a redirect: a form led here, and our policy lets no form lead on to another site.
    page = render_template(
        'payments/leaving.html', payment=_payment(reference), target=target, offers_transfer=offers_transfer()
    )
    return page, 200, {'Refresh': f'0; url={target}'}


@blueprint.get('/payments/<reference>/transfer')
@open_to_everyone
def transfer(reference: str) -> ResponseReturnValue:
    """Tell an institution where to transfer, how much, and with which code."""
    payment = _payment(reference)
    if payment.transfer_code is None:
        raise NotFoundError
    return render_template('payments/transfer.html', payment=payment, account=current_app.config)


@blueprint.post('/payments/<reference>/transfer')
@open_to_everyone
def choose_transfer(reference: str) -> ResponseReturnValue:
    """Pay this checkout by a bank transfer instead; its goods are kept for the days that takes."""
    if not offers_transfer():
        raise NotFoundError
    try:
        with transaction():
            chosen = start_payment(_payment(reference).checkout, 'transfer', at=clock.now())
            target = GATEWAYS['transfer'].start(chosen)
    except BusinessError as error:
        flash(error.message)
        target = f'/payments/{reference}/return'
    return redirect(target, 303)


@blueprint.get('/sandbox/pay/<reference>')
@open_to_everyone
def sandbox_page(reference: str) -> ResponseReturnValue:
    """Show the sandbox's payment page, plainly marked."""
    payment = _sandbox_payment(reference)
    if payment.status is not PaymentStatus.PENDING:
        return redirect(f'/payments/{reference}/return', 303)
    return render_template('payments/sandbox.html', payment=payment, offers_transfer=offers_transfer())


@blueprint.post('/sandbox/pay/<reference>')
@open_to_everyone
def sandbox_pay(reference: str) -> ResponseReturnValue:
    """Act the payment or decline it; the event goes to the inbox like a real provider's."""
    payment = _sandbox_payment(reference)
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
    payment, is_known = _payment(reference), True
    if payment.gateway == 'sandbox':
        deliver_within(at=clock.now(), reference=reference)
    elif payment.status is PaymentStatus.PENDING:
        is_known = ask_about_payment(payment, at=clock.now())
    payment = _payment(reference)
    for message in _told(payment, is_known=is_known):
        flash(message)
    orders = payment.checkout.orders
    return redirect(f'/orders/{orders[0].number}' if len(orders) == 1 else '/orders', 303)


def _told(payment: Payment, *, is_known: bool) -> list[str]:
    """Return what there is to say about a payment to somebody who comes back from it."""
    if payment.status is PaymentStatus.SUCCEEDED:
        return [_('付款成功。') if payment.settles_orders else _('订单已不能付款，款项原路退回。')]
    if payment.status is PaymentStatus.HELD:
        return [_('付款金额与订单不符，已转人工核对，请拨打客服电话。')]
    if payment.gateway != 'stripe' or payment.status is not PaymentStatus.PENDING:
        return []
    if not is_known:
        return [_('暂时联系不上支付公司。如果您已经付款，到账后订单会自动更新，不用再付。')]
    return [_('还没有收到付款。已经付了的，稍等一会儿会自动到账；还没付的，可以在付款时限内继续付。')]


def _go_on(payment: Payment) -> ResponseReturnValue:
    """Lead to where this payment stands: the page of its own gateway, a new payment, or back."""
    if payment.status is PaymentStatus.EXPIRED and is_payable(payment.checkout, at=clock.now()):
        with transaction():
            again = start_payment(payment.checkout, payment.gateway, at=clock.now())
            return redirect(GATEWAYS[again.gateway].start(again), 303)
    if payment.status is PaymentStatus.PENDING and payment.gateway == 'sandbox':
        return redirect(f'/sandbox/pay/{payment.reference}', 303)
    if payment.status is PaymentStatus.PENDING and payment.transfer_code is not None:
        return redirect(f'/payments/{payment.reference}/transfer', 303)
    return redirect(f'/payments/{payment.reference}/return', 303)


def _payment(reference: str) -> Payment:
    payment = db.session.scalar(select(Payment).where(Payment.reference == reference))
    if payment is None:
        raise NotFoundError
    return payment


def _sandbox_payment(reference: str) -> Payment:
    payment = _payment(reference)
    if payment.gateway != _sandbox.name:
        raise NotFoundError
    return payment


def _own_address() -> str:
    """Return where this very server listens: from the server, not from the request's Host header."""
    return f'http://{request.environ["SERVER_NAME"]}:{request.environ["SERVER_PORT"]}'
