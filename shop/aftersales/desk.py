"""The village's after-sale at its desk: what is to be done by when, one case, and every answer to it."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessKind
from shop.aftersales import services
from shop.aftersales.models import MAX_TEXT, AftersaleCase
from shop.aftersales.policies import may_answer
from shop.aftersales.queries import DESK_TABS, case_at_desk, counts_at_desk, page_at_desk
from shop.aftersales.states import Party
from shop.aftersales.steps import Step, freight_left
from shop.aftersales.telling import claimed_words, event_title, is_overdue, next_for_village, time_left
from shop.aftersales.terms import terms_of
from shop.aftersales.uploads import keep_photos, prepare_photos
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.kit.pagination import page_number
from shop.orders.models import Courier
from shop.photos.models import Photo
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
TABS = {
    'todo': _lazy('等村里办'),
    'waiting': _lazy('等买家或银行'),
    'platform': _lazy('平台介入'),
    'ended': _lazy('已了结'),
}
Act = Callable[[AftersaleCase, tuple[Photo, ...], Step], None]

blueprint = Blueprint('desk_aftersales', __name__, url_prefix='/desk/aftersales')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
secretary_only = open_to(Role.FIRST_SECRETARY)


@blueprint.get('')
@village_only
def index() -> str:
    """List the village's cases by what is to be done, the first that is due first."""
    village = village_for_desk(required_user())
    tab = request.args.get('tab', 'todo')
    tab = tab if tab in DESK_TABS else 'todo'
    return render_template(
        'aftersales/desk/list.html',
        village=village,
        tabs=TABS,
        tab=tab,
        counts=counts_at_desk(village.id),
        page=page_at_desk(village.id, tab, page_number(request.args.get('page'))),
        at=clock.now(),
        told=next_for_village,
        claimed=claimed_words,
        left=time_left,
        is_overdue=is_overdue,
    )


@blueprint.get('/<number>')
@village_only
def show(number: str) -> str:
    """Show one case with what can be done about it now."""
    return _page(_case(number), {}, {})


@blueprint.post('/<number>/agreement')
@secretary_only
def agreement(number: str) -> ResponseReturnValue:
    """Agree, with freight beside the goods if the village wants to."""
    reader = FieldReader(request.form)
    freight = reader.money('agree-freight', _('另退运费'), least=0) if reader.raw('agree-freight') else 0
    if reader.errors:
        return _page(_case(number), reader.form, reader.errors), UNPROCESSABLE
    return _act(
        number, 'agree', lambda case, _photos, step: services.agree(case, freight_fen=freight, step=step), _('已同意。')
    )


@blueprint.post('/<number>/refusal')
@secretary_only
def refusal(number: str) -> ResponseReturnValue:
    """Refuse, with the reason and what shows it."""
    return _act(
        number,
        'refuse',
        lambda case, photos, step: services.refuse(case, _text('refuse'), photos, step=step),
        _('已拒绝，买家看得到理由，可以申请平台介入。'),
    )


@blueprint.post('/<number>/arrival')
@secretary_only
def arrival(number: str) -> ResponseReturnValue:
    """Say that the goods are back, and how many of them can be sold again."""
    return _act(
        number,
        'arrive',
        lambda case, _photos, step: services.confirm_arrival(case, *_counted('arrive'), step=step),
        _('已确认收货。'),
    )


@blueprint.post('/<number>/stock')
@village_only
def stock(number: str) -> ResponseReturnValue:
    """Decide later how many pieces can be sold again."""
    return _act(
        number,
        'stock',
        lambda case, _photos, step: services.restock(case, *_counted('stock'), step=step),
        _('已记下。'),
    )


@blueprint.post('/<number>/parcel')
@village_only
def parcel(number: str) -> ResponseReturnValue:
    """Send the goods again; they are taken from stock."""
    courier = Courier.find(request.form.get('courier')) or Courier.ZTO
    typed = request.form.get('tracking_number', '')
    return _act(
        number,
        '',
        lambda case, _photos, step: services.send_again(case, courier, typed, step=step),
        _('已发出，库存已扣。'),
    )


@blueprint.post('/<number>/refund')
@secretary_only
def refund(number: str) -> ResponseReturnValue:
    """Give the money back for what cannot be sent again."""
    return _act(
        number, 'refund', lambda case, _photos, step: services.refund_instead(case, step=step), _('已改为退款。')
    )


@blueprint.post('/<number>/attempt')
@secretary_only
def attempt(number: str) -> ResponseReturnValue:
    """Send the money once more after it came back."""
    return _act(number, 'retry', lambda case, _photos, step: services.retry(case, step=step), _('已重新请求退款。'))


@blueprint.post('/<number>/evidence')
@village_only
def evidence(number: str) -> ResponseReturnValue:
    """Say or show something more."""
    return _act(
        number,
        'more',
        lambda case, photos, step: services.add_evidence(case, _text('more'), photos, step=step),
        _('已补充。'),
    )


def _act(number: str, form: str, act: Act, done: str) -> ResponseReturnValue:
    """Take a step; what was typed stays in its form, with the message beside the field."""
    user = required_user()
    try:
        pictures = prepare_photos(request.files.getlist(f'{form}-photos'))
        with transaction():
            case, at = _case(number), clock.now()
            photos = keep_photos(pictures, alt=_('村里拍的%(name)s', name=case.line.product_name), at=at)
            act(case, photos, Step(Party.VILLAGE, user, at, terms_of(current_app.config)))
    except BusinessError as error:
        field = f'{form}-{error.field or "text"}' if form else error.field or 'tracking_number'
        return _page(_case(number), request.form, {field: error.message}), UNPROCESSABLE
    flash(done)
    return redirect(f'/desk/aftersales/{number}', 303)


def _case(number: str) -> AftersaleCase:
    return case_at_desk(number, village_for_desk(required_user()).id)


def _text(form: str) -> str:
    return FieldReader(request.form).raw(f'{form}-text')


def _counted(form: str) -> tuple[int, int]:
    """Return the pieces to put back and those that are damaged; what is no number can be neither."""
    reader = FieldReader(request.form)
    restocked, damaged = (
        reader.whole(f'{form}-{name}', _('件数'), most=9_999) if reader.raw(f'{form}-{name}') else -1
        for name in ('restocked', 'damaged')
    )
    return (-1, -1) if reader.errors else (restocked, damaged)


def _page(case: AftersaleCase, values: object, errors: dict[str, str]) -> str:
    at = clock.now()
    note_access(AccessKind.AFTERSALE, case.order.number, village_id=case.order.village_id)
    return render_template(
        'aftersales/desk/show.html',
        case=case,
        values=values,
        errors=errors,
        at=at,
        may_answer=may_answer(required_user(), case),
        freight_left=freight_left(case),
        told=next_for_village(case, at=at),
        left=time_left(case.due_at, at=at) if case.due_at is not None else '',
        claimed=claimed_words(case),
        event_title=event_title,
        couriers=Courier.choices(),
        longest=MAX_TEXT,
    )
