"""Posters and share cards as pictures, and the page on which a poster is kept by a long press."""

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request

from shop.accounts.access import open_to_everyone
from shop.posters.contents import Sheet
from shop.posters.queries import product_sheet, secretary_sheet, shop_sheet, village_sheet
from shop.posters.services import Form, picture_name, picture_of, picture_size

FRESH_SECONDS = 300

SHEETS: dict[str, Callable[[str], Sheet]] = {
    'products': product_sheet,
    'villages': village_sheet,
    'secretaries': secretary_sheet,
}
KINDS = '<any(products, villages, secretaries):kind>'

blueprint = Blueprint('posters', __name__)


@blueprint.get(f'/{KINDS}/<slug>/poster')
@open_to_everyone
def show(kind: str, slug: str) -> str:
    """Show a poster large, with what to do with it."""
    sheet = SHEETS[kind](slug)
    return render_template(
        'posters/show.html',
        page=f'/{kind}/{slug}',
        sheet=sheet,
        version=picture_name(Form.POSTER, sheet)[:10],
        size=picture_size(Form.POSTER, sheet),
    )


@blueprint.get(f'/{KINDS}/<slug>/poster.jpg')
@open_to_everyone
def poster(kind: str, slug: str) -> Response:
    """Answer with the poster of a page, 750 px wide."""
    return _answer(Form.POSTER, SHEETS[kind](slug))


@blueprint.get(f'/{KINDS}/<slug>/card.jpg')
@open_to_everyone
def card(kind: str, slug: str) -> Response:
    """Answer with the share card of a page, 1200 × 630 px."""
    return _answer(Form.CARD, SHEETS[kind](slug))


@blueprint.get('/card.jpg')
@open_to_everyone
def shop_card() -> Response:
    """Answer with the share card of the shop."""
    return _answer(Form.CARD, shop_sheet())


def _answer(form: Form, sheet: Sheet) -> Response:
    response = Response(mimetype='image/jpeg')
    response.set_etag(picture_name(form, sheet))
    response.cache_control.private = True
    response.cache_control.max_age = FRESH_SECONDS
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(picture_of(form, sheet))
    return response
