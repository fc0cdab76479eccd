"""The sunshine board: public figures with their definitions, notices in force, and day seals."""

from flask import Blueprint, render_template

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.storefront.sunshine import open_sunshine_board

blueprint = Blueprint('sunshine', __name__)


@blueprint.get('/sunshine')
@open_to_everyone
def show() -> str:
    """Show the board as of today."""
    return render_template('storefront/sunshine.html', board=open_sunshine_board(on=clock.today()))
