"""The product list, search, and the product page."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.catalogue.stock import LOW_STOCK
from shop.orders.favourites import is_favourite
from shop.storefront.buyer import current_buyer
from shop.storefront.listing import Sort, Wish, list_products
from shop.storefront.product_page import ProductWithdrawnError, open_product_page
from shop.storefront.reviews import open_review_section

blueprint = Blueprint('products', __name__)


@blueprint.get('/products')
@open_to_everyone
def index() -> str:
    """List goods on sale by the wishes in the address."""
    listing = list_products(Wish.read(request.args))
    return render_template('storefront/products.html', listing=listing, sorts=list(Sort))


@blueprint.get('/search')
@open_to_everyone
def search() -> ResponseReturnValue:
    """Lead to the list, which is where one searches."""
    return redirect(Wish.read(request.args).address(), 302)


@blueprint.get('/products/<slug>')
@open_to_everyone
def show(slug: str) -> ResponseReturnValue:
    """Show one product; one that was withdrawn answers 410 with alternatives."""
    try:
        page = open_product_page(slug)
    except ProductWithdrawnError as withdrawn:
        return render_template('storefront/withdrawn.html', name=withdrawn.name, cards=withdrawn.alternatives), 410
    return render_template(
        'storefront/product.html',
        page=page,
        low_stock=LOW_STOCK,
        reviews=open_review_section(page.product.id),
        is_liked=is_favourite(current_buyer(), page.product.id),
    )
