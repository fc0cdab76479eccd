"""The home page: the tally with its date, goods of the season, counties, villages."""

from flask import Blueprint, render_template

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.storefront.home import open_home_page

blueprint = Blueprint('home', __name__)


@blueprint.get('/')
@open_to_everyone
def show() -> str:
    """Show the home page."""
    return render_template('storefront/home.html', home=open_home_page(on=clock.today()))
