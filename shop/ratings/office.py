"""The department reads how villages deal with reviews; it changes nothing."""

from flask import Blueprint, render_template

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.ratings.figures import review_figures, sum_of
from shop.ratings.models import RefusalReason, ReviewStatus

blueprint = Blueprint('office_reviews', __name__, url_prefix='/office/reviews')


@blueprint.get('')
@open_to(Role.CITY_DEPARTMENT, Role.COUNTY_DEPARTMENT, Role.TOWNSHIP_REVIEWER, Role.AUDITOR)
def index() -> str:
    """Show per village what was written, published, answered, and refused for which reason."""
    rows = review_figures(required_user())
    return render_template(
        'ratings/office/table.html',
        rows=rows,
        total=sum_of(rows),
        statuses=ReviewStatus,
        reasons=RefusalReason,
        on=clock.today(),
    )
