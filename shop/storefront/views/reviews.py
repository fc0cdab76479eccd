"""Reviews for everybody to read, and the page of an order on which its buyer writes them."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone, signed_in_user
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import read_id
from shop.orders.models import Order, OrderLine
from shop.photos.errors import PhotoRefusedError
from shop.photos.pipeline import Picture, prepare_picture
from shop.photos.services import store_photo
from shop.ratings.forms import ReviewForm
from shop.ratings.models import MAX_PHOTOS, MAX_TEXT
from shop.ratings.policies import is_reviewable
from shop.ratings.queries import reviews_of_order
from shop.ratings.services import NotReviewableError, ReviewDraft, withdraw_review, write_review
from shop.storefront.buyer import current_buyer, order_of_buyer
from shop.storefront.reviews import open_reviews_page

UNPROCESSABLE = 422

blueprint = Blueprint('reviews', __name__)


@blueprint.get('/products/<slug>/reviews')
@open_to_everyone
def of_product(slug: str) -> str:
    """Show all reviews of a product, twenty to a page; by stars or with photos."""
    return render_template('storefront/reviews.html', reviews=open_reviews_page(slug, request.args))


@blueprint.get('/orders/<number>/reviews')
@open_to_everyone
def of_order(number: str) -> ResponseReturnValue:
    """Show the form of each line without a review, and what became of the others."""
    return _page(order_of_buyer(number, current_buyer()), None)


@blueprint.post('/orders/<number>/reviews')
@open_to_everyone
def write(number: str) -> ResponseReturnValue:
    """Take the review of one line, or a refused one put right; what was typed stays when it cannot be taken."""
    line_id = _line(order_of_buyer(number, current_buyer())).id
    typed = ReviewForm.read(request.form, line_id)
    pictures = _pictures(typed)
    if not typed.errors:
        try:
            with transaction():
                line, at = _line(order_of_buyer(number, current_buyer())), clock.now()
                alt = _('买家拍的%(name)s', name=line.product_name)
                photos = tuple(store_photo(picture, alt=alt, at=at) for picture in pictures)
                draft = ReviewDraft(typed.stars, typed.text, is_anonymous=typed.is_anonymous, photos=photos)
                write_review(line, draft, actor=signed_in_user(), at=at)
        except NotReviewableError as error:
            flash(error.message)
            return redirect(f'/orders/{number}/reviews', 303)
        except BusinessError as error:
            typed.refuse(error.field or 'text', error.message)
    if typed.errors:
        return _page(order_of_buyer(number, current_buyer()), typed), UNPROCESSABLE
    flash(_('谢谢您的评价。村里看过就发布，最晚 72 小时后自动发布。'))
    return redirect(f'/orders/{number}/reviews', 303)


@blueprint.post('/orders/<number>/reviews/<int:line_id>/withdrawal')
@open_to_everyone
def withdraw(number: str, line_id: int) -> ResponseReturnValue:
    """Take one's own review back."""
    order = order_of_buyer(number, current_buyer())
    try:
        with transaction():
            review = reviews_of_order(order.id).get(line_id)
            if review is None:
                raise NotFoundError
            withdraw_review(review, actor=signed_in_user(), at=clock.now())
        flash(_('评价已撤回。'))
    except BusinessError as error:
        flash(error.message)
    return redirect(f'/orders/{number}/reviews', 303)


def _line(order: Order) -> OrderLine:
    line_id = read_id(request.form.get('line'))
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None:
        raise NotFoundError
    return line


def _pictures(typed: ReviewForm) -> list[Picture]:
    """Check the photos before the unit of work begins; the first that is refused is named."""
    uploads = [one for one in request.files.getlist(f'photo-{typed.line_id}') if one.filename]
    if len(uploads) > MAX_PHOTOS:
        typed.refuse('photo', _('照片最多 %(most)s 张。', most=MAX_PHOTOS))
        return []
    pictures = []
    for upload in uploads:
        try:
            pictures.append(prepare_picture(upload.stream.read()))
        except PhotoRefusedError as error:
            typed.refuse('photo', _('%(file)s：%(what)s', file=(upload.filename or '')[:60], what=error.message))
            return []
    return pictures


def _page(order: Order, typed: ReviewForm | None) -> str:
    return render_template(
        'storefront/orders/reviews.html',
        order=order,
        reviews=reviews_of_order(order.id),
        is_open=is_reviewable(order),
        typed=typed,
        most=MAX_PHOTOS,
        longest=MAX_TEXT,
        is_guest=signed_in_user() is None,
    )
