"""Who may open what: every view declares it, and every role gets exactly what was declared."""

import re

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from shop.accounts.access import Access
from shop.accounts.models import Role, User
from tests.factories.accounts import make_user
from tests.factories.procurement import make_institution
from tests.factories.villages import make_village
from tests.support.client import ShopClient

STATIC = 'static'


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != STATIC]


def access_of(app: Flask, rule: Rule) -> Access:
    declared = getattr(app.view_functions[rule.endpoint], 'access', None)
    assert isinstance(declared, Access), rule.endpoint
    return declared


def test_every_view_says_who_may_open_it(make_app):
    app = make_app()
    silent = [
        rule.endpoint
        for rule in rules(app)
        if not isinstance(getattr(app.view_functions[rule.endpoint], 'access', None), Access)
    ]
    assert rules(app)
    assert silent == []


def test_the_desk_and_the_office_are_closed_to_visitors(make_app):
    app = make_app()
    closed = [rule for rule in rules(app) if re.match(r'/(desk|office)\b', rule.rule)]
    assert closed
    assert [rule.rule for rule in closed if not access_of(app, rule).roles] == []


def test_routes_are_nouns(make_app):
    verbs = re.compile(r'/(add|create|update|edit|delete|remove|approve|cancel|submit|do|get|set)(/|$)')
    assert [rule.rule for rule in rules(make_app()) if verbs.search(rule.rule)] == []


def test_every_role_gets_what_was_declared_on_every_route(app, client):
    """The whole route × method × role matrix, with empty forms and objects that do not exist."""
    wrong = [
        f'{method} {path} as {"visitor" if user is None else user.name}: {found}'
        for user in the_cast()
        for rule in rules(app)
        for method in sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'})
        if (path := path_of(app, rule)) and (found := fault(client, method, path, access_of(app, rule), user))
    ]
    assert wrong == []


def the_cast() -> list[User | None]:
    """A visitor, a shopper, and one person of every role."""
    village, institution = make_village(), make_institution()
    places = {Role.TOWNSHIP_REVIEWER: village.township}
    holders = [
        make_user(
            role, village=village, region=places.get(role, village.county), institution=institution, name=role.value
        )
        for role in Role
    ]
    return [None, make_user(name='shopper'), *holders]


def path_of(app: Flask, rule: Rule) -> str:
    """Return the path of a route for an object that does not exist."""
    samples = {'IntegerConverter': 999_999, 'UnicodeConverter': 'no-such', 'PathConverter': 'no-such'}
    values = {
        name: min(kind.items) if isinstance(kind, AnyConverter) else samples[type(kind).__name__]
        for name, kind in rule._converters.items()
    }
    return app.url_map.bind('localhost').build(rule.endpoint, values)


def fault(client: ShopClient, method: str, path: str, access: Access, user: User | None) -> str:
    """Send an empty request; say what is wrong with the answer, or nothing."""
    client.sign_out()
    if user is not None:
        client.sign_in(user)
    try:
        answer = client.open(path, method=method)
    except Exception as error:  # noqa: BLE001  the list of all is worth more than the first
        return repr(error)
    to_sign_in = answer.status_code == 303 and answer.headers['Location'].startswith('/sign-in?next=')
    if answer.status_code >= 500:
        return str(answer.status)
    if access.is_public:
        return ''
    if user is None:
        return '' if to_sign_in else f'{answer.status} instead of the sign-in page'
    if not access.admits(user):
        return '' if answer.status_code == 404 else f'{answer.status} instead of 404'
    return 'sent to the sign-in page' if to_sign_in else ''
