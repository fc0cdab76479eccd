"""The public pages of counties, villages and secretaries."""

from flask import Blueprint, render_template, request

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.storefront.counties import open_county_index, open_county_page
from shop.storefront.listing import counties_on_sale
from shop.storefront.secretaries import open_secretary_page
from shop.storefront.villages import open_village_page, village_cards

blueprint = Blueprint('places', __name__)


@blueprint.get('/counties')
@open_to_everyone
def counties() -> str:
    """List the counties in the official order, with the schematic map."""
    return render_template('storefront/counties.html', page=open_county_index(on=clock.today()))


@blueprint.get('/counties/<code>')
@open_to_everyone
def county(code: str) -> str:
    """Show one county."""
    return render_template('storefront/county.html', page=open_county_page(code, on=clock.today()))


@blueprint.get('/villages')
@open_to_everyone
def villages() -> str:
    """List the villages by county in the official order."""
    asked = request.args.get('county', '')[:12]
    return render_template(
        'storefront/villages.html',
        cards=village_cards(on=clock.today(), county=asked),
        counties=counties_on_sale(),
        county=asked,
    )


@blueprint.get('/villages/<slug>')
@open_to_everyone
def village(slug: str) -> str:
    """Show one village."""
    return render_template('storefront/village.html', page=open_village_page(slug, on=clock.today()))


@blueprint.get('/secretaries/<slug>')
@open_to_everyone
def secretary(slug: str) -> str:
    """Show one secretary, unless the name is hidden."""
    return render_template('storefront/secretary.html', page=open_secretary_page(slug, on=clock.today()))
