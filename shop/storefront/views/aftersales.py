"""A buyer's after-sale: what can be asked for of an order, the claim, and its page; guests by their own order too."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.aftersales import services
from shop.aftersales.models import MAX_PHOTOS, MAX_TEXT, AftersaleCase
from shop.aftersales.offers import Offer
from shop.aftersales.opening import OpenCaseError, offers_of_line, open_case
from shop.aftersales.queries import case_of_buyer, cases_of_order
from shop.aftersales.states import Party
from shop.aftersales.steps import Step
from shop.aftersales.telling import claimed_words, event_title, heading, is_overdue, next_for_buyer, time_left
from shop.aftersales.terms import terms_of
from shop.aftersales.uploads import keep_photos, prepare_photos
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader, read_id
from shop.orders.models import Checkout, Courier, Order, OrderLine
from shop.photos.models import Photo
from shop.storefront.aftersale_form import ClaimForm
from shop.storefront.buyer import current_buyer, order_of_buyer

UNPROCESSABLE = 422
Act = Callable[[AftersaleCase, tuple[Photo, ...], Step], None]

blueprint = Blueprint('aftersales', __name__)


@blueprint.get('/orders/<number>/aftersales')
@open_to_everyone
def of_order(number: str) -> str:
    """Show what can be asked for of each line, and the cases there are."""
    order, step = order_of_buyer(number, current_buyer()), _step()
    cases = cases_of_order(order.id)
    open_lines = {case.order_line_id: case for case in cases if case.is_open}
    offers = {line.id: offers_of_line(line, step) for line in order.lines if line.id not in open_lines}
    return render_template(
        'storefront/aftersales/choose.html',
        order=order,
        cases=cases,
        open_lines=open_lines,
        offers=offers,
        terms=step.terms,
        at=step.at,
        left=time_left,
    )


@blueprint.get('/orders/<number>/aftersales/new')
@open_to_everyone
def new(number: str) -> ResponseReturnValue:
    """Show the form of one kind of claim on one line; when it is not possible, what is."""
    line = _line(order_of_buyer(number, current_buyer()), request.args.get('line'))
    offer = _offer(line, request.args.get('kind', ''))
    if offer is None:
        return redirect(f'/orders/{number}/aftersales', 303)
    return _form(line, ClaimForm(offer, units=min(1, offer.units)))


@blueprint.post('/orders/<number>/aftersales')
@open_to_everyone
def create(number: str) -> ResponseReturnValue:
    """Open a case; what was typed stays when that is not possible."""
    line = _line(order_of_buyer(number, current_buyer()), request.form.get('line'))
    offer = _offer(line, request.form.get('kind', ''))
    if offer is None:
        flash(_('现在不能为这件商品申请这种售后，下面是还能申请的。'))
        return redirect(f'/orders/{number}/aftersales', 303)
    form, line_id = ClaimForm.read(request.form, offer), line.id
    try:
        pictures = prepare_photos(request.files.getlist('photos'))
        if not form.errors:
            with transaction():
                step = _step()
                line = _line(order_of_buyer(number, current_buyer()), str(line_id))
                photos = keep_photos(pictures, alt=_('买家拍的%(name)s', name=line.product_name), at=step.at)
                case_number = open_case(line, form.claim(photos), step).number
    except OpenCaseError as error:
        flash(error.message)
        return redirect(f'/aftersales/{error.number}' if error.number else f'/orders/{number}/aftersales', 303)
    except BusinessError as error:
        form.errors[error.field or 'text'] = error.message
    if form.errors:
        return _form(_line(order_of_buyer(number, current_buyer()), str(line_id)), form), UNPROCESSABLE
    flash(_('已提交，村里会尽快处理。'))
    return redirect(f'/aftersales/{case_number}', 303)


@blueprint.get('/aftersales/<number>')
@open_to_everyone
def show(number: str) -> str:
    """Show one's own case: where it stands, what happens next, and what can be done."""
    return _page(_case(number), {}, {})


@blueprint.post('/aftersales/<number>/parcel')
@open_to_everyone
def parcel(number: str) -> ResponseReturnValue:
    """Say with which parcel the goods are on their way back."""
    courier, typed = Courier.find(request.form.get('courier')) or Courier.ZTO, request.form.get('tracking_number', '')
    return _act(
        number,
        '',
        lambda case, _photos, step: services.send_back(case, courier, typed, step=step),
        _('已记下快递单号，村里收到后会确认。'),
    )


@blueprint.post('/aftersales/<number>/withdrawal')
@open_to_everyone
def withdrawal(number: str) -> ResponseReturnValue:
    """Take one's own claim back."""
    return _act(number, 'withdraw', lambda case, _photos, step: services.withdraw(case, step=step), _('售后已撤销。'))


@blueprint.post('/aftersales/<number>/appeal')
@open_to_everyone
def appeal(number: str) -> ResponseReturnValue:
    """Ask the department to decide after a refusal."""
    return _act(
        number,
        'appeal',
        lambda case, photos, step: services.appeal(case, _text('appeal'), photos, step=step),
        _('已申请平台介入，县、市组织部会看双方的说明和照片。'),
    )


@blueprint.post('/aftersales/<number>/evidence')
@open_to_everyone
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
    try:
        pictures = prepare_photos(request.files.getlist(f'{form}-photos'))
        with transaction():
            case, step = _case(number), _step()
            photos = keep_photos(pictures, alt=_('买家拍的%(name)s', name=case.line.product_name), at=step.at)
            act(case, photos, step)
    except BusinessError as error:
        field = f'{form}-{error.field or "text"}' if form else error.field or 'tracking_number'
        return _page(_case(number), request.form.to_dict(), {field: error.message}), UNPROCESSABLE
    flash(done)
    return redirect(f'/aftersales/{number}', 303)


def _step() -> Step:
    return Step(Party.BUYER, signed_in_user(), clock.now(), terms_of(current_app.config))


def _case(number: str) -> AftersaleCase:
    return case_of_buyer(number, current_buyer().owns(Checkout))


def _text(form: str) -> str:
    return FieldReader(request.form).raw(f'{form}-text')


def _line(order: Order, typed: str | None) -> OrderLine:
    line_id = read_id(typed)
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None:
        raise NotFoundError
    return line


def _offer(line: OrderLine, key: str) -> Offer | None:
    return next((offer for offer in offers_of_line(line, _step()) if offer.key == key), None)


def _form(line: OrderLine, form: ClaimForm) -> str:
    worth = [form.offer.worth(line, units) for units in range(1, form.offer.units + 1)]
    return render_template(
        'storefront/aftersales/new.html', line=line, form=form, worth=worth, longest=MAX_TEXT, most_photos=MAX_PHOTOS
    )


def _page(case: AftersaleCase, values: dict[str, str], errors: dict[str, str]) -> str:
    at = clock.now()
    return render_template(
        'storefront/aftersales/show.html',
        case=case,
        values=values,
        errors=errors,
        title=heading(case),
        lead=next_for_buyer(case, at=at),
        left=time_left(case.due_at, at=at) if case.due_at is not None and case.is_open else '',
        is_overdue=is_overdue(case, at=at),
        claimed=claimed_words(case),
        event_title=event_title,
        couriers=Courier.choices(),
        longest=MAX_TEXT,
        most_photos=MAX_PHOTOS,
    )
