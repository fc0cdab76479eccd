"""After-sale at the department: what buyers have asked it to decide, both sides of it, and the ruling."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import User
from shop.accounts.privacy_models import AccessKind
from shop.aftersales.models import MAX_TEXT, AftersaleCase
from shop.aftersales.policies import DECIDERS, READERS, is_party, may_rule
from shop.aftersales.queries import case_in_scope, page_in_scope
from shop.aftersales.services import rule
from shop.aftersales.states import Party, Ruling
from shop.aftersales.steps import Step, freight_left
from shop.aftersales.telling import claimed_words, event_title
from shop.aftersales.terms import terms_of
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.kit.pagination import page_number
from shop.payments.refunds import refunded_by_line

UNPROCESSABLE = 422

blueprint = Blueprint('office_aftersales', __name__, url_prefix='/office/aftersales')
readers_only = open_to(*READERS)
deciders_only = open_to(*DECIDERS)


@blueprint.get('')
@readers_only
def cases() -> str:
    """List what waits for a ruling in the reader's scope, the longest first; or what was ruled."""
    user = required_user()
    is_decided = request.args.get('tab') == 'ruled'
    return render_template(
        'aftersales/office/list.html',
        page=page_in_scope(user, is_decided=is_decided, number=page_number(request.args.get('page'))),
        is_decided=is_decided,
        claimed=claimed_words,
    )


@blueprint.get('/<number>')
@readers_only
def case(number: str) -> str:
    """Show both sides of a case."""
    user = required_user()
    return _show(case_in_scope(number, user), user)


@blueprint.post('/<number>/ruling')
@deciders_only
def ruling(number: str) -> ResponseReturnValue:
    """Decide for good."""
    user = required_user()
    reader = FieldReader(request.form)
    chosen = reader.choice('ruling', _('支持哪一方'), Ruling)
    reason = reader.text('text', _('裁定理由'), limit=MAX_TEXT)
    is_for_buyer = chosen is Ruling.BUYER
    amount = reader.money('amount', _('退款金额')) if is_for_buyer else 0
    freight = reader.money('freight', _('另退运费'), least=0) if is_for_buyer and reader.raw('freight') else 0
    if reader.errors or chosen is None:
        return _show(case_in_scope(number, user), user, request.form, reader.errors), UNPROCESSABLE
    try:
        with transaction():
            found = case_in_scope(number, user)
            step = Step(Party.PLATFORM, user, clock.now(), terms_of(current_app.config))
            rule(found, chosen, reason, amount_fen=amount, freight_fen=freight, step=step)
    except BusinessError as error:
        found = case_in_scope(number, user)
        return _show(found, user, request.form, {error.field or 'ruling': error.message}), UNPROCESSABLE
    flash(_('已裁定，双方都看得到。'))
    return redirect(f'/office/aftersales/{number}', 303)


def _show(
    found: AftersaleCase,
    user: User,
    values: Mapping[str, str] = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    fen, units = refunded_by_line([found.order_line_id]).get(found.order_line_id, (0, 0))
    note_access(AccessKind.AFTERSALE, found.order.number, village_id=found.order.village_id)
    return render_template(
        'aftersales/office/show.html',
        case=found,
        values=values,
        errors=errors,
        claimed=claimed_words(found),
        event_title=event_title,
        refunded_fen=fen,
        refunded_units=units,
        most_fen=found.line.net_fen - fen,
        freight_left=freight_left(found),
        may_rule=may_rule(user, found),
        is_decider=bool(user.roles & set(DECIDERS)),
        is_party=is_party(user, found),
        rulings=Ruling,
    )
