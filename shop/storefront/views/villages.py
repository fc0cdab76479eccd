"""The public pages of villages, secretaries, brands and projects."""

from flask import Blueprint, render_template, request

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.storefront.listing import counties_on_sale
from shop.storefront.villages import (
    approved_brands,
    open_brand_page,
    open_project_page,
    open_secretary_page,
    open_village_page,
    village_cards,
)

blueprint = Blueprint('places', __name__)


@blueprint.get('/villages')
@open_to_everyone
def villages() -> str:
    """List the villages by county in the official order."""
    county = request.args.get('county', '')[:12]
    return render_template(
        'storefront/villages.html',
        cards=village_cards(on=clock.today(), county=county),
        counties=counties_on_sale(),
        county=county,
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
    person, tenures, cards = open_secretary_page(slug)
    return render_template('storefront/secretary.html', secretary=person, tenures=tenures, cards=cards)


@blueprint.get('/brands')
@open_to_everyone
def brands() -> str:
    """List the brands the campaign created."""
    return render_template('storefront/brands.html', brands=approved_brands(on=clock.today()))


@blueprint.get('/brands/<slug>')
@open_to_everyone
def brand(slug: str) -> str:
    """Show one brand."""
    found, cards = open_brand_page(slug)
    return render_template('storefront/brand.html', brand=found, cards=cards)


@blueprint.get('/projects/<slug>')
@open_to_everyone
def project(slug: str) -> str:
    """Show one industry project."""
    found, cards = open_project_page(slug)
    return render_template('storefront/project.html', project=found, cards=cards)
