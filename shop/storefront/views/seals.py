"""The seals of closed days, and proofs that an order stands under one of them."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.pagination import page_number
from shop.ledger.proofs import MAX_CHARACTERS, check_proof, prove_order, write_proof
from shop.ledger.seals import open_seal, page_of_seals
from shop.statistics.dates import parse_day
from shop.storefront.buyer import current_buyer, order_of_buyer

blueprint = Blueprint('seals', __name__)

UNPROCESSABLE = 422
MAX_SHOWN = 20_000


@blueprint.get('/sunshine/seals')
@open_to_everyone
def seals() -> str:
    """List the seals, the newest first."""
    return render_template('storefront/seals.html', page=page_of_seals(page_number(request.args.get('page'))))


@blueprint.get('/sunshine/seals/<day>')
@open_to_everyone
def seal(day: str) -> str:
    """Show what one seal is made of, and its neighbours in the chain."""
    try:
        asked = parse_day(day, today=clock.today())
    except BusinessError:
        raise NotFoundError from None
    return render_template('storefront/seal.html', page=open_seal(asked))


@blueprint.get('/sunshine/proofs')
@open_to_everyone
def proofs() -> str:
    """Say how a proof is checked, and offer to check one here."""
    return render_template('storefront/proofs.html', entries=None, typed='', error='')


@blueprint.post('/sunshine/proofs')
@open_to_everyone
def proof_check() -> ResponseReturnValue:
    """Check a proof from a file or from pasted text; nothing of it is kept."""
    text = _given_text()
    try:
        entries = check_proof(text)
    except BusinessError as error:
        page = render_template('storefront/proofs.html', entries=None, typed=text[:MAX_SHOWN], error=error.message)
        return page, UNPROCESSABLE
    return render_template('storefront/proofs.html', entries=entries, typed='', error='')


@blueprint.get('/orders/<number>/proof.json')
@open_to_everyone
def order_proof(number: str) -> Response:
    """Give the buyer the proof of the order's entries in closed days."""
    order = order_of_buyer(number, current_buyer())
    response = Response(write_proof(prove_order(order)), mimetype='application/json')
    response.headers['Content-Disposition'] = f'attachment; filename="proof-{order.number}.json"'
    response.headers['Cache-Control'] = 'no-store'
    return response


def _given_text() -> str:
    upload = request.files.get('file')
    if upload is not None and upload.filename:
        return upload.stream.read(MAX_CHARACTERS + 1).decode('utf-8', 'replace').lstrip('\ufeff')
    return request.form.get('proof', '')
