"""The labels of the demo's goods say what the law asks, and nothing in them is of a day to come."""

from datetime import date

import pytest

from shop.catalogue.labels import IN_BATCHES, ON_PRODUCT, REQUIRED
from shop.catalogue.models import Batch, ProduceGroup, Product, ProductKind, ProductLabel, Variant
from shop.demo.campaign import plan_campaign
from shop.demo.rows import Rows
from shop.orders.models import OrderLine
from shop.suppliers.licences import is_food_licence_number

UNTIL = date(2026, 6, 14)


@pytest.fixture
def rows(app) -> Rows:
    return plan_campaign(1, 0.1, UNTIL, tell=lambda _what: None).rows


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_every_product_has_the_label_and_the_batches_of_its_kind(rows, database_kind):
    labels = {row['product_id']: row for row in rows.of(ProductLabel)}
    certified = {row['product_id'] for row in rows.of(Batch) if row['certificate_number']}
    in_batches = {row['product_id'] for row in rows.of(Batch)}
    unnamed = {row['product_id'] for row in rows.of(Variant) if not row['net_content']}
    lacking = []
    for product in rows.of(Product):
        held = {**labels.get(product['id'], {}), **{part.value: product[part.value] for part in ON_PRODUCT}}
        lacking += [(product['slug'], part.value) for part in REQUIRED[product['kind']] if not held.get(part.value)]
        is_produce = product['kind'] is ProductKind.FARM_PRODUCE
        if product['kind'] in IN_BATCHES and product['id'] not in in_batches:
            lacking.append((product['slug'], 'batch'))
        if is_produce and product['produce_group'] is not ProduceGroup.OTHER and product['id'] not in certified:
            lacking.append((product['slug'], 'certificate'))
        if product['kind'] is ProductKind.PREPACKED_FOOD and product['id'] in unnamed:
            lacking.append((product['slug'], 'net_content'))
        if product['kind'] is ProductKind.SERVICE and not product['redemption']:
            lacking.append((product['slug'], 'redemption'))
    assert lacking == []
    assert all(is_food_licence_number(row['licence_number']) for row in labels.values() if row['licence_number'])
    assert max(row['made_on'] for row in rows.of(Batch)) <= UNTIL


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_some_goods_are_sold_ahead_and_promised_from_their_day(rows, database_kind):
    days = {row['id']: row['presale_ships_on'] for row in rows.of(Product)}
    assert [day for day in days.values() if day is not None and day <= UNTIL] == []
    assert any(days.values())
    promised = [row for row in rows.of(OrderLine) if row['ships_on'] is not None]
    assert all(row['ships_on'] == days[row['product_id']] for row in promised)
