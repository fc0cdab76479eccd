"""A short address handed out in a livestream or at a fair: it leads on, and the visit remembers where it came from."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import NotFoundError
from shop.orders.share_links import count_visit, find_share_link
from shop.storefront.share_visit import keep_link

blueprint = Blueprint('share_links', __name__)


@blueprint.get('/s/<code>')
@open_to_everyone
def follow(code: str) -> ResponseReturnValue:
    """Lead to the product or village; a link that is over leads there too, and carries nothing."""
    at = clock.now()
    link = find_share_link(code)
    if link is None:
        raise NotFoundError
    target = link.target
    if request.method == 'GET' and link.is_valid(at):
        keep_link(link, at=at)
        with transaction():
            count_visit(link, at=at)
    response = redirect(target, 303)
    response.headers['Cache-Control'] = 'no-store'
    return response
