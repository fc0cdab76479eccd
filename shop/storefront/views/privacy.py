"""The privacy notice, and for somebody signed in: what is held, taking it along, correcting it, consents, sessions."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, open_to_signed_in, required_user
from shop.accounts.consents import NOTICE_VERSION, give_user_consent, has_agreed, user_consents_of
from shop.accounts.privacy_models import ConsentKind, ConsentPlace
from shop.accounts.services import change_name, live_sessions, revoke_other_sessions
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.baskets import Buyer
from shop.privacy.closing import hindrances
from shop.privacy.export import write_export
from shop.privacy.held import SECTIONS, letters_of
from shop.privacy.letting_go import withdraw
from shop.privacy.looks import looks_at_orders
from shop.privacy.retention import KEEPINGS
from shop.storefront.devices import device_name
from shop.storefront.views.account import own_digest

NEWEST_ORDERS = 20
LOOKS_SHOWN = 20
UNPROCESSABLE = 422

blueprint = Blueprint('privacy', __name__)


@blueprint.get('/privacy')
@open_to_everyone
def notice() -> str:
    """Say what this shop does with data of persons."""
    return render_template(
        'privacy/notice.html',
        version=NOTICE_VERSION,
        sections=SECTIONS,
        keepings=KEEPINGS,
        service_phone=current_app.config['SERVICE_PHONE'],
        gateway=current_app.config['PAYMENT_GATEWAY'],
        sms=current_app.config['SMS_DRIVER'],
        sends_mail=bool(current_app.config['SMTP_HOST']),
    )


@blueprint.get('/account/privacy')
@open_to_signed_in
def centre() -> str:
    """Show what is held of the user, and everything that can be done about it."""
    return _centre({})


@blueprint.get('/account/privacy/data.zip')
@open_to_signed_in
def export() -> Response:
    """Answer with everything held of the user, as one file."""
    at = clock.now()
    name = f'my-data-{clock.business_day(at):%Y%m%d}.zip'
    headers = {'Content-Disposition': f'attachment; filename="{name}"', 'Cache-Control': 'private, no-store'}
    # Packed it is small; reading ends with the request, before the first piece leaves.
    pieces = list(write_export(required_user().id, at=at))
    return Response(pieces, mimetype='application/zip', headers=headers)


@blueprint.post('/account/name')
@open_to_signed_in
def set_name() -> ResponseReturnValue:
    """Correct what one is called."""
    try:
        with transaction():
            change_name(db.session.merge(required_user()), request.form.get('name', ''))
    except BusinessError as error:
        return _centre({'name': error.message}), UNPROCESSABLE
    flash(_('称呼已改好。'))
    return redirect('/account/privacy', 303)


@blueprint.post('/account/consents')
@open_to_signed_in
def agree() -> ResponseReturnValue:
    """Agree to the notice as it is now, when the box was ticked."""
    if request.form.get('agree') != '1':
        return _centre({'agree': _('同意的话，请先勾选。')}), UNPROCESSABLE
    with transaction():
        user = db.session.merge(required_user())
        give_user_consent(user, ConsentKind.NOTICE, ConsentPlace.ACCOUNT, at=clock.now())
    flash(_('已记下您的同意。'))
    return redirect('/account/privacy#consents', 303)


@blueprint.post('/account/consents/<kind>/withdrawal')
@open_to_signed_in
def withdraw_consent(kind: str) -> ResponseReturnValue:
    """Take a consent back; it is done at once."""
    found = ConsentKind.find(kind)
    if found is None:
        raise NotFoundError
    with transaction():
        withdraw(db.session.merge(required_user()), found, at=clock.now())
    flash(_('已撤回。'))
    return redirect('/account/privacy#consents', 303)


@blueprint.get('/account/sessions')
@open_to_signed_in
def sessions() -> str:
    """List where one is signed in."""
    visits = live_sessions(required_user(), at=clock.now())
    return render_template(
        'privacy/sessions.html', visits=visits, current_digest=own_digest() or '', device_name=device_name
    )


@blueprint.post('/account/sessions/revocation')
@open_to_signed_in
def end_other_visits() -> ResponseReturnValue:
    """End all of one's visits but this one."""
    with transaction():
        count = revoke_other_sessions(required_user(), keep=own_digest(), at=clock.now())
    flash(_('其他 %(n)s 处登录已退出。', n=count))
    return redirect('/account/sessions', 303)


def _centre(errors: dict[str, str]) -> str:
    user = required_user()
    counts = {section.key: section.count(user.id) for section in SECTIONS}
    return render_template(
        'privacy/centre.html',
        user=user,
        held=[(section, counts[section.key]) for section in SECTIONS if counts[section.key]],
        letters=len(letters_of(user.id)),
        looks=looks_at_orders(Buyer(user_id=user.id), newest=NEWEST_ORDERS)[:LOOKS_SHOWN],
        consents=user_consents_of(user.id),
        has_agreed=has_agreed(user.id, ConsentKind.NOTICE),
        version=NOTICE_VERSION,
        hindrances=hindrances(user),
        name=request.form.get('name', user.name)[:80] if 'name' in errors else user.name,
        errors=errors,
    )
