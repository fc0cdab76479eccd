"""Every route × method × role: what a view declares is what happens, and nothing answers 5xx to odd arguments."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from shop.accounts.access import Access
from shop.accounts.models import Role
from shop.kit.database import transaction
from tests.factories.accounts import make_user
from tests.factories.procurement import make_institution
from tests.factories.villages import make_village

NOWHERE = {'int': 987_654_321, 'default': 'nowhere', 'string': 'nowhere', 'path': 'nowhere'}
REGION_OF = {
    Role.TOWNSHIP_REVIEWER: lambda village: village.township,
    Role.COUNTY_DEPARTMENT: lambda village: village.county,
    Role.CITY_DEPARTMENT: lambda village: village.county.parent,
    Role.AUDITOR: lambda village: village.county,
}


def routes(app: Flask) -> Iterator[tuple[str, str, Access]]:
    """Yield method, address with arguments that lead nowhere, and the declared access of every route."""
    adapter = app.url_map.bind('localhost')
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access
        address = adapter.build(rule.endpoint, arguments(rule), method=method_of(rule))
        yield method_of(rule), address, access


def method_of(rule: Rule) -> str:
    return 'GET' if 'GET' in (rule.methods or ()) else 'POST'


def arguments(rule: Rule) -> dict[str, object]:
    found = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        found[name] = (
            min(converter.items)
            if isinstance(converter, AnyConverter)
            else NOWHERE['int' if kind == 'IntegerConverter' else 'string']
        )
    return found


@pytest.mark.parametrize('role', [None, *Role], ids=lambda role: role.value if role else 'visitor')
def test_a_view_opens_to_whom_it_says(app, client, role):
    if role is not None:
        with transaction():
            village = make_village()
            region = REGION_OF[role](village) if role in REGION_OF else None
            user = make_user(role, village=village, region=region, institution=make_institution())
        client.sign_in(user)
    wrong = []
    for method, address, access in list(routes(app)):
        if address in {'/sign-out', '/sign-in'}:
            continue
        answer = client.open(address, method=method)
        if not admits(access, role):
            expected = answer.status_code == 404 if role else '/sign-in' in answer.headers.get('Location', '')
            if not expected:
                wrong.append((method, address, answer.status_code))
        elif answer.status_code >= 500:
            wrong.append((method, address, answer.status_code))
    assert wrong == []


def admits(access: Access, role: Role | None) -> bool:
    if access.is_public:
        return True
    return role is not None and (not access.roles or role in access.roles)


def test_there_are_views_of_every_kind(app):
    kinds = {(access.is_public, bool(access.roles)) for _, _, access in routes(app)}
    assert kinds == {(True, False), (False, True), (False, False)}
