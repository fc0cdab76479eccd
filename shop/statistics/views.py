"""The department's dashboard: the figures of a place at any date, and the rows behind each of them."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.pagination import page_number
from shop.statistics.dashboard import open_dashboard
from shop.statistics.dates import parse_day
from shop.statistics.metrics import METRICS, Metric
from shop.statistics.readers import View, open_view
from shop.statistics.rows import figure_rows

blueprint = Blueprint('office_statistics', __name__, url_prefix='/office')
officials_only = open_to(Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)

BAD_REQUEST = 400


@blueprint.get('/')
@officials_only
def dashboard() -> ResponseReturnValue:
    """Show the campaign as of a day; a bad day gets a message beside its field."""
    view = _asked_view()
    known = {'view': view, 'metrics': METRICS, 'today': clock.today()}
    try:
        on = parse_day(request.args.get('on'), today=clock.today())
    except BusinessError as error:
        return render_template(
            'statistics/office/dashboard.html', board=None, error=error.message, **known
        ), BAD_REQUEST
    return render_template('statistics/office/dashboard.html', board=open_dashboard(view, on), **known)


@blueprint.get('/figures/<metric>')
@officials_only
def figure(metric: str) -> ResponseReturnValue:
    """Show the rows behind a figure, page by page."""
    view = _asked_view()
    asked = _known_metric(metric)
    known = {'view': view, 'metric': asked, 'today': clock.today()}
    try:
        on = parse_day(request.args.get('on'), today=clock.today())
    except BusinessError as error:
        return render_template('statistics/office/figure.html', found=None, error=error.message, **known), BAD_REQUEST
    found = figure_rows(metric, on, view.scope, page_number(request.args.get('page')))
    address = _page_address(metric, view, on.isoformat())
    return render_template('statistics/office/figure.html', found=found, on=on, address=address, **known)


def _asked_view() -> View:
    """Return the place asked for as `scope` or, for a county, as `county`."""
    return open_view(required_user(), request.args.get('scope') or request.args.get('county'))


def _known_metric(name: str) -> Metric:
    if name not in METRICS:
        raise NotFoundError
    return METRICS[name]


def _page_address(metric: str, view: View, on: str) -> Callable[[int], str]:
    def address(page: int) -> str:
        return f'/office/figures/{metric}?' + urlencode({'on': on, 'scope': view.code, 'page': page})

    return address
