"""The product list, search, and the product page."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.catalogue.stock import LOW_STOCK
from shop.storefront.listing import list_products
from shop.storefront.product_page import ProductWithdrawnError, open_product_page
from shop.storefront.suggestions import suggest
from shop.storefront.wishes import Wish

blueprint = Blueprint('products', __name__)

SUGGESTED_FOR = 'public, max-age=60'


@blueprint.get('/products')
@open_to_everyone
def index() -> str:
    """List goods on sale by the wishes in the address."""
    listing = list_products(Wish.read(request.args))
    return render_template('storefront/products.html', listing=listing, wish=listing.wish)


@blueprint.get('/search')
@open_to_everyone
def search() -> ResponseReturnValue:
    """Lead to the list, which is where one searches."""
    wish = Wish.read(request.args)
    return redirect(wish.address(wish.page), 302)


@blueprint.get('/search/suggestions')
@open_to_everyone
def suggestions() -> Response:
    """Say what somebody who is typing may look for."""
    found = suggest(Wish.read(request.args).query)
    answer = jsonify(suggestions=[{'kind': one.kind, 'name': one.name, 'href': one.href} for one in found])
    answer.headers['Cache-Control'] = SUGGESTED_FOR
    return answer


@blueprint.get('/products/<slug>')
@open_to_everyone
def show(slug: str) -> ResponseReturnValue:
    """Show one product; one that was withdrawn answers 410 with alternatives."""
    try:
        page = open_product_page(slug)
    except ProductWithdrawnError as withdrawn:
        return render_template('storefront/withdrawn.html', name=withdrawn.name, cards=withdrawn.alternatives), 410
    return render_template('storefront/product.html', page=page, low_stock=LOW_STOCK)
