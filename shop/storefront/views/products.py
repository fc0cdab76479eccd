"""The product list, search, and the product page."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.catalogue.labels import label_lines
from shop.catalogue.stock import LOW_STOCK
from shop.kit import clock
from shop.orders.favourites import is_favourite
from shop.presentation import public_address
from shop.regions.divisions import provinces
from shop.storefront.buyer import current_buyer
from shop.storefront.delivery import PROVINCE_COOKIE, BuyerWish, known_province
from shop.storefront.listing import list_products
from shop.storefront.product_page import ProductWithdrawnError, open_product_page
from shop.storefront.reviews import open_review_section
from shop.storefront.structured_data import data_block, structured_data
from shop.storefront.suggestions import suggest
from shop.storefront.wishes import Wish

YEAR = 365 * 24 * 3600

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
    """Show one product as this visitor wants it sent; one that was withdrawn answers 410 with alternatives."""
    try:
        page = open_product_page(slug, BuyerWish.read(request.args, request.cookies), at=clock.now())
    except ProductWithdrawnError as withdrawn:
        gone = render_template('storefront/withdrawn.html', product=withdrawn.product, cards=withdrawn.alternatives)
        return gone, 410
    reviews = open_review_section(page.product.id)
    response = make_response(
        render_template(
            'storefront/product.html',
            page=page,
            low_stock=LOW_STOCK,
            provinces=provinces(),
            label=[line for line in label_lines(page.product) if line.text],
            described=data_block(structured_data(page, public_address(''), reviews.summary.rating)),
            reviews=reviews,
            is_liked=is_favourite(current_buyer(), page.product.id),
        )
    )
    asked = known_province(request.args.get('to'))
    if asked:
        response.set_cookie(PROVINCE_COOKIE, asked, max_age=YEAR, samesite='Lax')
    return response
