"""The outbox for those who keep the shop running: what could not be sent and why, and sending it again."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.pagination import Page, page_number
from shop.letters.models import Letter, LetterStatus
from shop.letters.services import MAX_ATTEMPTS, retry_letter
from shop.orders.models import Order
from shop.orders.telling import News

PAGE_SIZE = 30

blueprint = Blueprint('office_letters', __name__, url_prefix='/office/letters')
keepers_only = open_to(Role.CITY_DEPARTMENT, Role.ADMINISTRATOR)


@blueprint.get('')
@keepers_only
def index() -> str:
    """List letters by status, the failed ones first to be seen."""
    status = LetterStatus.find(request.args.get('status')) or LetterStatus.FAILED
    number = page_number(request.args.get('page'))
    counted = select(Letter.status, func.count()).group_by(Letter.status)
    counts: dict[LetterStatus, int] = dict(db.session.execute(counted).all())
    rows = db.session.scalars(
        select(Letter)
        .where(Letter.status == status)
        .order_by(Letter.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    ids = {order_id for letter in rows for order_id in letter.facts.get('order_ids', ())}
    named = select(Order.id, Order.number).where(Order.id.in_(ids))
    return render_template(
        'letters/office/list.html',
        page=Page(rows, number, PAGE_SIZE, counts.get(status, 0)),
        status=status,
        tabs=[(one, counts.get(one, 0)) for one in LetterStatus],
        kinds={kind.value: kind.label for kind in News},
        numbers=dict(db.session.execute(named).all()),
        most=MAX_ATTEMPTS,
    )


@blueprint.post('/<int:letter_id>/attempts')
@keepers_only
def retry(letter_id: int) -> ResponseReturnValue:
    """Send a failed letter again."""
    try:
        with transaction():
            letter = db.session.get(Letter, letter_id)
            if letter is None:
                raise NotFoundError
            retry_letter(letter, actor=required_user(), at=clock.now())
        flash(_('已放回待发送，一分钟内会再试。'))
    except BusinessError as error:
        flash(error.message)
    return redirect('/office/letters', 303)
