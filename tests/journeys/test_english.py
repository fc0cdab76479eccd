"""Whoever reads English meets Chinese only where it is a name or the words of a person."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import String, select

from shop.accounts.models import User
from shop.demo.accounts import LOGIN_NAMES
from shop.demo.loading import load_campaign
from shop.households.columns import USUAL_ATTRIBUTES
from shop.kit.database import Model, db
from shop.languages import SOURCE
from shop.regions.divisions import cities, counties, provinces, short_name
from shop.villages.models import Household
from tests.browser.addresses import BUYER_PAGES, VISITOR_PAGES, find_places
from tests.journeys.crawling import Visit, crawl

UNTIL = date(2026, 6, 14)
# The smallest campaign that has a notice and an objection to it.
SCALE = 0.12
ENGLISH = {'Accept-Language': 'en-GB,en;q=0.9'}
# Chinese letters and the punctuation of their width.
CHINESE = re.compile(r'[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+')
HIDDEN = re.compile(r'<script\b.*?</script>|<!--.*?-->', re.DOTALL)
# An English sentence may name what people type or read in Chinese.
QUOTED = re.compile('“[^”]*”')


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_english_pages_hold_no_chinese_but_names_and_peoples_words(app, client, clock_hand, database_kind):
    load_campaign(3, SCALE, UNTIL, tell=lambda _what, _part: None)
    names = _words_of_the_data()
    left = {}
    for visit in _visits(client):
        if visit.is_page:
            for words in _chinese_in(visit.answer.text):
                if not _is_made_of(words, names):
                    left.setdefault(words, visit.address)
    assert left == {}


def _visits(client: Any) -> Iterator[Visit]:
    """Walk over what everybody reaches, then over every page somebody can open without a role."""
    users = {user.login_name: user for user in db.session.scalars(select(User).where(User.login_name.in_(LOGIN_NAMES)))}
    buyer = users['guke']
    places = find_places(buyer.id)
    for user in [None, *users.values()]:
        if user is not None:
            client.sign_in(user)
        yield from crawl(client, per_kind=1, headers=ENGLISH)
    client.sign_in(buyer)
    for address in places.fill(VISITOR_PAGES | BUYER_PAGES):
        yield Visit(address, None, client.get(address, headers=ENGLISH))


def _chinese_in(page: str) -> set[str]:
    return set(CHINESE.findall(QUOTED.sub('', unescape(HIDDEN.sub('', page)))))


def _words_of_the_data() -> set[str]:
    """Collect every run of Chinese that a row holds, the names of places and the name of the language itself."""
    texts = [
        SOURCE.name,
        *USUAL_ATTRIBUTES,
        *(household.masked_name for household in db.session.scalars(select(Household))),
    ]
    for table in Model.metadata.sorted_tables:
        columns = [column for column in table.columns if type(column.type) is String or column.type.python_type is str]
        if columns:
            for row in db.session.execute(select(*columns).distinct()):
                texts += [text for text in row if isinstance(text, str)]
    for province in provinces():
        texts += [province.name, short_name(province.code)]
        for city in cities(province.code):
            texts += [city.name, *(county.name for county in counties(city.code))]
    return {run for text in texts for run in CHINESE.findall(text)}


def _is_made_of(words: str, names: set[str]) -> bool:
    """Tell whether a run is names written side by side."""
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(words[start:end] in names for start in reached):
            reached.add(end)
    return len(words) in reached
