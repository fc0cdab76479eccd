"""The life of a review: written, published or refused for a named reason, answered, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.words import kept
from shop.orders.models import OrderLine
from shop.photos.models import Photo
from shop.ratings.models import (
    MAX_ANSWER,
    MAX_PHOTOS,
    MAX_TEXT,
    MIN_TEXT,
    STARS,
    ProductReview,
    RefusalReason,
    ReviewEvent,
    ReviewPhoto,
    ReviewStatus,
)
from shop.ratings.policies import is_reviewable, may_moderate
from shop.ratings.privacy import has_private_number, masked_nickname, require_no_private_number
from shop.suppliers.claims import find_claim_words

S = ReviewStatus
MODERATED_WITHIN = timedelta(hours=72)
BATCH = 200
GUEST_NAME = kept('买家')


class NotReviewableError(BusinessError):
    """The line's order is not completed, or has its review already."""


class ReviewContentError(BusinessError):
    """The stars, the words or the photos are not what a review may have."""


class AnswerError(BusinessError):
    """The answer is empty, too long, or to a review nobody reads."""


@dataclass(frozen=True)
class ReviewDraft:
    """What a buyer sends in."""

    stars: int
    text: str
    is_anonymous: bool = True
    photos: tuple[Photo, ...] = ()


def write_review(line: OrderLine, draft: ReviewDraft, *, actor: User | None, at: datetime) -> ProductReview:
    """Write the one review of a line of the buyer's own order; it waits for the village.

    A refused one is put right and sent again. Raises `NotReviewableError`, `ReviewContentError`, `PrivateNumberError`.
    """
    if not is_reviewable(line.order):
        raise NotReviewableError(_('收到货、订单完成以后才能评价。'))
    _check(draft)
    review = db.session.scalar(select(ProductReview).where(ProductReview.order_line_id == line.id))
    if review is not None:
        return _rewrite(review, draft, actor=actor, at=at)
    review = ProductReview(
        order_line_id=line.id,
        product_id=line.product_id,
        status=S.AWAITING,
        written_at=at,
        events=[ReviewEvent(at=at, actor_id=actor.id if actor else None, from_status=None, to_status=S.AWAITING)],
    )
    _fill(review, draft, actor=actor, at=at)
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError as error:  # the same form arrived twice at once
        raise _reviewed_already() from error
    return review


def publish_review(review: ProductReview, *, actor: User | None, at: datetime) -> None:
    """Let everybody read it; without an actor its time to be moderated is over."""
    lock_row(review)
    review.move(S.PUBLISHED, actor_id=_moderator(review, actor), at=at)
    review.published_at = at


def refuse_review(review: ProductReview, reason: RefusalReason, *, actor: User, at: datetime) -> None:
    """Keep it from being read, for one of the named reasons, which its author sees and the department counts."""
    lock_row(review)
    review.move(S.REFUSED, actor_id=_moderator(review, actor), at=at, refusal=reason)


def answer_review(review: ProductReview, answer: str, *, actor: User, at: datetime) -> None:
    """Answer a published review, or say it differently; every answer that was given stays in the events."""
    lock_row(review)
    moderator_id = _moderator(review, actor)
    if not review.is_public:
        raise AnswerError(_('发布以后才能回复。'), field='answer')
    if not 1 <= len(answer) <= MAX_ANSWER:
        raise AnswerError(
            _('回复写 1 到 %(most)s 个字，现有 %(now)s 个。', most=MAX_ANSWER, now=len(answer)), field='answer'
        )
    require_no_private_number(answer, field='answer')
    _require_no_claim(answer)
    if answer == review.answer:
        return
    review.answer, review.answered_at = answer, at
    status = review.status
    review.events.append(ReviewEvent(at=at, actor_id=moderator_id, from_status=status, to_status=status, answer=answer))


def withdraw_review(review: ProductReview, *, actor: User | None, at: datetime) -> None:
    """Take one's own review back for good; its photos hang nowhere any more."""
    lock_row(review)
    review.move(S.WITHDRAWN, actor_id=actor.id if actor else None, at=at)
    review.photos.clear()


def publish_due_reviews(*, at: datetime) -> int:
    """Publish what nobody has moderated in time; return how many."""
    due = db.session.scalars(
        select(ProductReview)
        .where(ProductReview.status == S.AWAITING, ProductReview.publish_by <= at)
        .order_by(ProductReview.id)
        .limit(BATCH)
        .with_for_update()
        .options(selectinload(ProductReview.events))
        .execution_options(populate_existing=True)
    ).all()
    for review in due:
        review.move(S.PUBLISHED, actor_id=None, at=at)
        review.published_at = at
    return len(due)


def _require_no_claim(answer: str) -> None:
    """What the village says is a seller's word, unlike what a buyer says."""
    findings = find_claim_words(answer)
    if findings:
        raise AnswerError(
            _('回复是卖家说的话，不能这样写：%(findings)s', findings=''.join(one.message for one in findings)),
            field='answer',
        )


def _check(draft: ReviewDraft) -> None:
    if draft.stars not in STARS:
        raise ReviewContentError(_('选 1 到 5 颗星。'), field='stars')
    if not MIN_TEXT <= len(draft.text) <= MAX_TEXT:
        raise ReviewContentError(
            _(
                '评价写 %(least)s 到 %(most)s 个字，现有 %(now)s 个。',
                least=MIN_TEXT,
                most=MAX_TEXT,
                now=len(draft.text),
            ),
            field='text',
        )
    require_no_private_number(draft.text, field='text')
    if len(_distinct(draft.photos)) > MAX_PHOTOS:
        raise ReviewContentError(_('照片最多 %(most)s 张。', most=MAX_PHOTOS), field='photo')


def _rewrite(review: ProductReview, draft: ReviewDraft, *, actor: User | None, at: datetime) -> ProductReview:
    lock_row(review)
    if not review.is_rewritable:
        raise _reviewed_already()
    review.move(S.AWAITING, actor_id=actor.id if actor else None, at=at)
    if draft.photos:
        review.photos.clear()
        db.session.flush()
    _fill(review, draft, actor=actor, at=at)
    return review


def _fill(review: ProductReview, draft: ReviewDraft, *, actor: User | None, at: datetime) -> None:
    review.stars, review.text, review.is_anonymous = draft.stars, draft.text, draft.is_anonymous
    review.shown_as = _shown_as(draft, actor)
    review.publish_by = at + MODERATED_WITHIN
    for position, photo in enumerate(_distinct(draft.photos)):
        review.photos.append(ReviewPhoto(photo=photo, position=position))


def _distinct(photos: Sequence[Photo]) -> list[Photo]:
    """Return each picture once: the same file sent twice is one."""
    return list({photo.id: photo for photo in photos}.values())


def _shown_as(draft: ReviewDraft, actor: User | None) -> str:
    """Return what the public may call the buyer; a name that is a telephone number is never shown."""
    if actor is None:
        return GUEST_NAME
    if draft.is_anonymous or has_private_number(actor.name):
        return masked_nickname(actor.name)
    return actor.name


def _reviewed_already() -> NotReviewableError:
    return NotReviewableError(_('这件商品您已经评价过了。'))


def _moderator(review: ProductReview, actor: User | None) -> int | None:
    if actor is None:
        return None
    if not may_moderate(actor, review.product.village):
        raise NotFoundError
    return actor.id
