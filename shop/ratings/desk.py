"""The village's reviews at its desk: publishing, refusing for a named reason, answering."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import clean_text
from shop.kit.pagination import page_number
from shop.orders.models import Order, OrderLine
from shop.ratings.models import MAX_ANSWER, ProductReview, RefusalReason, ReviewStatus
from shop.ratings.queries import counts_for_desk, page_for_desk
from shop.ratings.services import answer_review, publish_review, refuse_review
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
TABS = (ReviewStatus.AWAITING, ReviewStatus.PUBLISHED, ReviewStatus.REFUSED)
Act = Callable[[ProductReview, User, datetime], None]

blueprint = Blueprint('desk_reviews', __name__, url_prefix='/desk/reviews')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@village_only
def index() -> str:
    """List the village's reviews by status; what will publish itself first stands first."""
    return _page(ReviewStatus.find(request.args.get('tab')), page_number(request.args.get('page')))


@blueprint.post('/<int:review_id>/publication')
@village_only
def publication(review_id: int) -> ResponseReturnValue:
    """Let everybody read it."""
    return _act(review_id, lambda review, user, at: publish_review(review, actor=user, at=at), _('已发布。'))


@blueprint.post('/<int:review_id>/refusal')
@village_only
def refusal(review_id: int) -> ResponseReturnValue:
    """Refuse it for one of the named reasons."""
    reason = RefusalReason.find(request.form.get('reason'))

    def refuse(review: ProductReview, user: User, at: datetime) -> None:
        if reason is None:
            raise BusinessError(_('选一条不予发布的原因；星少不是原因。'), field='reason')
        refuse_review(review, reason, actor=user, at=at)

    return _act(review_id, refuse, _('未予发布，买家会看到原因；市里能看到各村未通过的条数。'))


@blueprint.post('/<int:review_id>/answer')
@village_only
def answer(review_id: int) -> ResponseReturnValue:
    """Answer it, or change the answer."""
    text = clean_text(request.form.get('answer', ''))
    return _act(review_id, lambda review, user, at: answer_review(review, text, actor=user, at=at), _('回复已发布。'))


def _act(review_id: int, act: Act, done: str) -> ResponseReturnValue:
    before = _review(review_id).status
    try:
        with transaction():
            act(_review(review_id), required_user(), clock.now())
    except BusinessError as error:
        db.session.rollback()
        field = f'{error.field or "review"}-{review_id}'
        page = page_number(request.form.get('page'))
        return _page(before, page, values={field: request.form.get('answer', '')}, errors={field: error.message}), (
            UNPROCESSABLE
        )
    flash(done)
    return redirect(f'/desk/reviews?tab={before.value}', 303)


def _review(review_id: int) -> ProductReview:
    village = village_for_desk(required_user())
    review = db.session.scalar(
        select(ProductReview)
        .join(OrderLine, OrderLine.id == ProductReview.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(ProductReview.id == review_id, Order.village_id == village.id)
    )
    if review is None or review.status is ReviewStatus.WITHDRAWN:
        raise NotFoundError
    return review


def _page(
    status: ReviewStatus | None,
    number: int,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    village = village_for_desk(required_user())
    tab = status if status in TABS else ReviewStatus.AWAITING
    assert tab is not None
    return render_template(
        'ratings/desk/list.html',
        village=village,
        tab=tab,
        tabs=TABS,
        counts=counts_for_desk(village.id),
        page=page_for_desk(village.id, tab, number),
        reasons=RefusalReason,
        longest=MAX_ANSWER,
        values=values or {},
        errors=errors or {},
    )
