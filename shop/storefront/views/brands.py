"""The public pages of brands and industry projects."""

from flask import Blueprint, render_template, request

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.storefront.brands import approved_brands, approved_projects, open_brand_page, open_project_page
from shop.storefront.listing import counties_on_sale

blueprint = Blueprint('brands', __name__)


@blueprint.get('/brands')
@open_to_everyone
def brands() -> str:
    """List the brands the campaign created."""
    county = _asked_county()
    return render_template(
        'storefront/brands.html',
        brands=approved_brands(on=clock.today(), county=county),
        counties=counties_on_sale(),
        county=county,
    )


@blueprint.get('/brands/<slug>')
@open_to_everyone
def brand(slug: str) -> str:
    """Show one brand."""
    return render_template('storefront/brand.html', page=open_brand_page(slug, on=clock.today()))


@blueprint.get('/projects')
@open_to_everyone
def projects() -> str:
    """List the industry projects the campaign drives."""
    county = _asked_county()
    return render_template(
        'storefront/projects.html',
        projects=approved_projects(on=clock.today(), county=county),
        counties=counties_on_sale(),
        county=county,
    )


@blueprint.get('/projects/<slug>')
@open_to_everyone
def project(slug: str) -> str:
    """Show one industry project."""
    return render_template('storefront/project.html', page=open_project_page(slug, on=clock.today()))


def _asked_county() -> str:
    return request.args.get('county', '')[:12]
