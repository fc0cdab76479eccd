"""Labels, batches, seasons and pre-sale: what they may say, and what they may not."""

from datetime import date, timedelta

import pytest

from shop.catalogue.batches import (
    BatchFacts,
    BatchTakenError,
    CertificateMissingError,
    FutureBatchError,
    PresaleError,
    add_batch,
    newest_batches,
    plan_supply,
)
from shop.catalogue.forms import read_variants
from shop.catalogue.label_forms import read_batch, read_label
from shop.catalogue.labels import REQUIRED, LabelPart, label_lines, label_text, save_label, suggested_label
from shop.catalogue.measures import grams_of
from shop.catalogue.models import ProduceGroup, Product, ProductKind, Variant
from shop.catalogue.services import VariantFacts, remove_photo, save_variants
from shop.kit.database import transaction
from shop.presentation import months
from tests.factories.catalogue import make_batch, make_product
from tests.factories.suppliers import make_licence

LICENCE = 'SC10122050200032'


@pytest.mark.parametrize(
    ('text', 'grams'),
    [
        ('250 g', 250),
        ('2.5kg', 2_500),
        ('125 g×6', 750),
        ('125g×6 盒', 750),
        ('5 斤', 2_500),
        ('1公斤', 1_000),
        ('500 mL', 0),
        ('10 穗', 0),
        ('', 0),
        ('约 250 g', 0),
        ('0 g', 0),
        ('250 g' * 9, 0),
    ],
)
def test_a_net_content_is_read_as_a_weight_where_it_is_one(text, grams):
    assert grams_of(text) == grams


@pytest.mark.parametrize(
    ('net', 'typed', 'grams'),
    [('250 g', '', 280), ('250 g', '310', 310), ('125g×6', '', 830), ('1 kg', '', 1_100), ('250 g', '0', 0)],
)
def test_the_weight_with_packing_follows_from_the_net_content_where_it_is_left_out(net, typed, grams):
    form = {'name-0': '袋装', 'price-0': '39.9', 'stock-0': '5', 'net-0': net, 'weight-0': typed}
    facts, errors = read_variants(form)
    assert (errors, facts[0].weight_grams) == ({}, grams)
    assert 'weight-0' in read_variants({**form, 'net-0': '一篮', 'weight-0': ''})[1]


@pytest.mark.parametrize(
    ('price_fen', 'net_content', 'per_kilogram'),
    [(3990, '250 g', 15_960), (100, '3 kg', 33), (101, '2 kg', 51), (3990, '2 瓶', 0)],
)
def test_the_price_of_a_kilogram_is_rounded_to_the_fen(price_fen, net_content, per_kilogram):
    assert Variant(price_fen=price_fen, net_content=net_content).price_per_kilogram_fen == per_kilogram


@pytest.mark.parametrize(
    ('numbers', 'text'),
    [
        ((9, 10, 11), '9–11 月'),
        ((7,), '7 月'),
        ((1, 2, 11, 12), '11–2 月'),
        ((6, 7, 10, 11), '6–7、10–11 月'),
        ((), ''),
        (tuple(range(1, 13)), ''),
    ],
)
def test_months_are_written_as_spans_over_the_turn_of_the_year(app, numbers, text):
    with app.test_request_context():
        assert months(numbers) == text


def test_english_spans_have_the_names_of_months(app):
    with app.test_request_context(headers={'Accept-Language': 'en'}):
        assert months((1, 2, 6, 11, 12)) == 'Jun, Nov–Feb'


def test_a_season_is_kept_as_a_bitmap():
    assert Product(season_months=0b1000_0000_0001).season == (1, 12)


def test_goods_are_sold_ahead_until_the_day_they_are_sent():
    product = Product(presale_ships_on=date(2026, 9, 20))
    assert product.presale_day(date(2026, 9, 19)) == date(2026, 9, 20)
    assert product.presale_day(date(2026, 9, 20)) is None


def test_each_kind_of_goods_has_its_own_label():
    assert REQUIRED[ProductKind.PREPACKED_FOOD] == frozenset(LabelPart)
    assert REQUIRED[ProductKind.FARM_PRODUCE] == {LabelPart.ORIGIN}
    assert [line.part for line in label_lines(Product(kind=ProductKind.SERVICE))] == []


@pytest.mark.parametrize('group', list(ProduceGroup))
def test_only_some_farm_produce_needs_a_certificate(group):
    assert Product(kind=ProductKind.FARM_PRODUCE, produce_group=group).needs_certificate is (
        group is not ProduceGroup.OTHER
    )
    assert not Product(kind=ProductKind.PREPACKED_FOOD, produce_group=group).needs_certificate


def test_a_label_is_suggested_read_and_kept(app):
    product = make_product()
    make_licence(product.supplier, kind='食品生产许可证')
    with transaction():
        product.kind = ProductKind.PREPACKED_FOOD
        product.supplier.licences[0].number = LICENCE
    assert suggested_label(product)['licence_number'] == LICENCE
    typed = {'ingredients': '木耳', 'licence_number': 'sc1012 2050200032', 'shelf_life': '12 个月'}
    texts, errors = read_label(typed, product)
    assert errors == {}
    with transaction():
        save_label(product, texts)
    assert label_text(product, LabelPart.LICENCE_NUMBER) == LICENCE
    assert (product.label.ingredients, product.shelf_life) == ('木耳', '12 个月')
    _texts, errors = read_label({**typed, 'licence_number': 'SC10122050200033', 'ingredients': '木' * 401}, product)
    assert set(errors) == {'licence_number', 'ingredients'}


def test_no_batch_is_of_tomorrow_and_no_number_stands_twice(app, clock_hand):
    product, today = make_product(), clock_hand.day
    tomorrow = today + timedelta(days=1)
    for facts in (
        BatchFacts('A', tomorrow, 10, '公斤'),
        BatchFacts('A', today, 10, '公斤', 'HGZ-1', tomorrow),
    ):
        with pytest.raises(FutureBatchError), transaction():
            add_batch(product, facts, actor=None, at=clock_hand.at)
    with transaction():
        add_batch(product, BatchFacts('A', today, 10, '公斤'), actor=None, at=clock_hand.at)
    with pytest.raises(BatchTakenError), transaction():
        add_batch(product, BatchFacts('A', today, 20, '公斤'), actor=None, at=clock_hand.at)
    assert [(batch.number, batch.quantity) for batch in newest_batches(product.id, 5)] == [('A', 10)]


def test_vegetables_are_sold_with_a_certificate(app, clock_hand):
    product = make_product()
    with transaction():
        product.produce_group = ProduceGroup.VEGETABLE
    facts = BatchFacts('A', clock_hand.day, 10, '公斤')
    with pytest.raises(CertificateMissingError), transaction():
        add_batch(product, facts, actor=None, at=clock_hand.at)
    assert newest_batches(product.id, 5) == []


def test_the_newest_batch_is_the_one_made_last(app, clock_hand):
    product = make_product()
    new = make_batch(product, made_on=clock_hand.day)
    make_batch(product, made_on=clock_hand.day - timedelta(days=3))
    assert newest_batches(product.id, 1) == [new]
    assert product.batches[0] is new


def test_a_batch_form_says_what_would_be_right(app, clock_hand):
    today = clock_hand.day
    with app.test_request_context():
        facts, errors = read_batch(
            {'number': '', 'made_on': '2026-06-16', 'quantity': '0', 'unit': '公斤', 'certificate_number': 'HGZ'},
            today=today,
            needs_certificate=False,
        )
        assert facts is None
        assert set(errors) == {'number', 'made_on', 'quantity', 'certificate_issued_on'}
        typed = {'number': 'A', 'made_on': today.isoformat(), 'quantity': '1,200', 'unit': '公斤'}
        assert read_batch(typed, today=today, needs_certificate=False) == (BatchFacts('A', today, 1200, '公斤'), {})
        assert set(read_batch(typed, today=today, needs_certificate=True)[1]) == {
            'certificate_number',
            'certificate_issued_on',
        }


def test_pre_sale_reaches_half_a_year_ahead(clock_hand, app):
    product, today = make_product(), clock_hand.day
    for days in (0, -1, 181):
        with pytest.raises(PresaleError):
            plan_supply(product, season_months=0, presale_ships_on=today + timedelta(days=days), on=today)
    plan_supply(product, season_months=256, presale_ships_on=today + timedelta(days=180), on=today)
    assert (product.season, product.presale_ships_on) == ((9,), today + timedelta(days=180))


def test_a_variant_shows_a_picture_of_its_own_product_or_none(app):
    product, other = make_product(), make_product()
    own, foreign = product.pictures[0].photo_id, other.pictures[0].photo_id
    rows = [VariantFacts(None, '大', 100, 1, 0, '1 kg', own), VariantFacts(None, '小', 100, 1, 0, '', foreign)]
    with transaction():
        save_variants(product, rows)
    assert [variant.photo_id for variant in product.variants if variant.is_offered] == [own, None]
    with transaction():
        remove_photo(product, product.pictures[0].id)
    assert {variant.photo_id for variant in product.variants} == {None}
