"""Public JSON, read only: the published figures at any date, the seals, and divisions for addresses: docs/api.md."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.errors import BusinessError
from shop.kit.words import listed
from shop.ledger.days import last_closed_day
from shop.ledger.models import DaySeal
from shop.ledger.proofs import FIGURES
from shop.ledger.seals import seals_between
from shop.presentation import is_small_group
from shop.regions.divisions import Division, cities, counties, division_name, provinces
from shop.statistics.dates import parse_day
from shop.statistics.metrics import VERSIONS
from shop.statistics.named import KINDS, scope_named
from shop.statistics.places import WHOLE
from shop.statistics.tallies import headline

blueprint = Blueprint('api', __name__, url_prefix='/api/v1')

OPEN_SECONDS = 60
CLOSED_SECONDS = 86_400
BAD_REQUEST = 400
MAX_NAME = 80
MONTH = timedelta(days=30)
LONGEST_SPAN = timedelta(days=365)


@blueprint.get('/tallies')
@open_to_everyone
def tallies() -> Response:
    """Return the figures at the end of a day, whole or of a place or thing, with the version of each definition."""
    asked = request.args.get('on')
    try:
        on = parse_day(asked if asked != '' else '-', today=clock.today())
    except BusinessError as error:
        return _refused(error.message)
    kinds = [kind for kind in KINDS if kind in request.args]
    if len(kinds) > 1:
        return _refused(_('%(kinds)s 一次只能写一个。', kinds=listed(kinds)))
    scope = scope_named(kinds[0], request.args[kinds[0]][:MAX_NAME]) if kinds else WHOLE
    closed = last_closed_day()
    figures = headline(on, scope=scope)
    households = {'covered': figures.covered, 'accrued': figures.accrued, 'paid': figures.paid}
    return _answer(
        {
            'on': on.isoformat(),
            **{kind: request.args[kind] for kind in kinds},
            'endorsed_products': figures.endorsed_products,
            'projects': figures.projects,
            'brands': figures.brands,
            'sales_fen': figures.sales_fen,
            'households': {
                name: None if kinds and is_small_group(count) else count for name, count in households.items()
            },
            'metrics': VERSIONS,
        },
        CLOSED_SECONDS if closed is not None and on <= closed else OPEN_SECONDS,
    )


@blueprint.get('/seals')
@open_to_everyone
def seals() -> Response:
    """Return the seals of a span of closed days, with what each is made of."""
    today = clock.today()
    try:
        last = parse_day(request.args.get('to'), today=today)
        first = parse_day(request.args.get('from') or (last - MONTH).isoformat(), today=today)
    except BusinessError as error:
        return _refused(error.message)
    if not first <= last <= first + LONGEST_SPAN:
        return _refused(_('from 不能晚于 to，一次最多取 %(n)s 天。', n=LONGEST_SPAN.days + 1))
    closed = last_closed_day()
    return _answer(
        {
            'from': first.isoformat(),
            'to': last.isoformat(),
            'seals': [_seal(one) for one in seals_between(first, last)],
        },
        CLOSED_SECONDS if closed is not None and last <= closed else OPEN_SECONDS,
    )


def _seal(seal: DaySeal) -> dict[str, str | int]:
    names = ('previous_root', 'entries_root', 'root', *FIGURES)
    return {'day': seal.day.isoformat(), **{name: getattr(seal, name) for name in names}}


@blueprint.get('/divisions')
@open_to_everyone
def divisions() -> Response:
    """Return the divisions just below `parent`; without one, the provinces."""
    parent = request.args.get('parent', '')
    try:
        found = _below(parent)
    except KeyError:
        return _refused(_('没有代码为“%(code)s”的行政区划。', code=parent[:12]))
    rows = [{'code': division.code, 'name': division.name} for division in found]
    return _answer({'parent': parent, 'divisions': rows}, CLOSED_SECONDS)


def _below(parent: str) -> tuple[Division, ...]:
    """Return what lies below a code; raises `KeyError` for an unknown one."""
    if not parent:
        return provinces()
    division_name(parent)
    return cities(parent) or counties(parent)


def _answer(content: Mapping[str, Any], seconds: int) -> Response:
    """Answer with a validator, so that an unchanged figure costs no body."""
    response = jsonify(content)
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.add_etag()
    response.make_conditional(request)
    return response


def _refused(reason: str) -> Response:
    response = jsonify({'error': reason})
    response.status_code = BAD_REQUEST
    response.cache_control.no_store = True
    return response
