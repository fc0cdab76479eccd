"""Favourites: the page of what one keeps an eye on, and the heart that puts a product by or lets it go."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.access import open_to_everyone, safe_target
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.favourites import add_favourite, favourites_of, remove_favourite
from shop.storefront.buyer import current_buyer

blueprint = Blueprint('favourites', __name__)


@blueprint.get('/favourites')
@open_to_everyone
def index() -> str:
    """Show what was put by, with what went off sale and whose price fell."""
    return render_template('storefront/favourites.html', rows=favourites_of(current_buyer()))


@blueprint.post('/favourites/<slug>')
@open_to_everyone
def keep(slug: str) -> ResponseReturnValue:
    """Put a product by; twice is once."""
    with transaction():
        add_favourite(current_buyer(begins=True), _product_id(slug), at=clock.now())
    flash(_('已收藏，在“我的收藏”里能找到。'))
    return redirect(safe_target(request.form.get('back'), f'/products/{slug}'), 303)


@blueprint.post('/favourites/<slug>/removal')
@open_to_everyone
def let_go(slug: str) -> ResponseReturnValue:
    """Let a product go; twice is once."""
    with transaction():
        remove_favourite(current_buyer(), _product_id(slug))
    flash(_('已取消收藏。'))
    return redirect(safe_target(request.form.get('back'), '/favourites'), 303)


def _product_id(slug: str) -> int:
    found = db.session.scalar(select(Product.id).where(Product.slug == slug))
    if found is None:
        raise NotFoundError
    return found
