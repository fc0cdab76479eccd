"""The demo's vocabulary is whole, holds together, stays the same, and claims nothing."""

from collections import Counter
from dataclasses import astuple
from random import Random

import pytest

from shop.catalogue.models import BrandStatus, ProductKind, ReturnClass
from shop.demo import words
from shop.regions.divisions import counties, is_division_path
from shop.suppliers.claims import find_claim_words
from shop.suppliers.models import SupplierKind
from shop.villages.models import Gender

TABLES = (
    words.townships,
    words.villages,
    words.secretaries,
    words.categories,
    words.suppliers,
    words.brands,
    words.projects,
    words.products,
    words.institutions,
)
PHRASES = (
    'couriers',
    'livestream_channels',
    'expo_names',
    'return_reasons',
    'refund_reasons',
    'cancel_reasons',
    'review_reasons',
    'objections',
    'buyer_notes',
    'review_good',
    'review_fair',
    'review_poor',
    'review_service',
    'review_craft',
    'review_tails',
    'review_answers',
    'review_advertising',
    'review_privacy',
    'review_abuse',
    'review_off_topic',
)


def test_the_villages_lie_in_the_seven_counties_in_order() -> None:
    codes = [village.code for village in words.villages()]
    assert codes == sorted(set(codes))
    assert list(Counter(code[:6] for code in codes).items()) == list(
        zip([county.code for county in counties('220500')], (6, 5, 13, 11, 15, 10, 13), strict=True)
    )
    townships = {township.code: township.name for township in words.townships()}
    assert all(townships[village.code[:9]] == village.township for village in words.villages())
    assert {village.scene for village in words.villages()} == {'orchard', 'river', 'snow', 'terrace'}


def test_there_is_enough_of_everything() -> None:
    sizes = [len(table()) for table in TABLES[2:]]
    assert sizes == [90, 10, 133, 110, 250, 140, 30]
    assert len(words.sponsor_units()) >= 40
    assert len(words.team_members()) == 160


def test_names_that_must_differ_do() -> None:
    for table in (words.villages, words.secretaries, words.categories, words.brands, words.projects, words.products):
        slugs = [row.slug for row in table()]
        assert len(set(slugs)) == len(slugs)
        assert all(slug.isascii() and len(slug) <= 60 for slug in slugs)
    assert not {secretary.name for secretary in words.secretaries()} & set(words.team_members())
    for names in (
        [village.name for village in words.villages()],
        [(supplier.village, supplier.name) for supplier in words.suppliers()],
        [supplier.credit_code for supplier in words.suppliers() if supplier.credit_code],
        [licence for supplier in words.suppliers() for licence in supplier.licences],
        [brand.trademark_number for brand in words.brands() if brand.trademark_number],
        [project.name for project in words.projects()],
    ):
        assert len(set(names)) == len(names)


def test_products_hold_on_to_their_village_supplier_and_brand() -> None:
    suppliers = {(supplier.village, supplier.name) for supplier in words.suppliers()}
    brands = {(brand.village, brand.name) for brand in words.brands()}
    shelves = {category.slug for category in words.categories()}
    for product in words.products():
        assert (product.village, product.supplier) in suppliers
        assert (product.village, product.brand) in brands
        assert product.category in shelves
        assert product.kind in {kind.value for kind in ProductKind}
        assert product.return_class in {kind.value for kind in ReturnClass}
        assert set(product.months) <= set(range(1, 13))
        assert 1 <= len(product.variants) <= 3
        assert all(0 < product.benefit_fen < variant.price_fen for variant in product.variants)
    assert {category.slug for category in words.categories()} == {product.category for product in words.products()}


def test_the_first_127_products_have_99_brands_and_a_product_for_every_village() -> None:
    endorsed = words.products()[:127]
    assert {product.village for product in endorsed} == {village.slug for village in words.villages()}
    assert {product.brand for product in endorsed} == {brand.name for brand in words.brands()[:99]}


def test_texts_fit_their_columns() -> None:
    for product in words.products():
        assert len(product.name) <= 60
        assert len(product.summary) <= 120
        assert all(len(variant.name) <= 40 for variant in product.variants)
    assert all(len(supplier.name) <= 60 for supplier in words.suppliers())
    assert all(len(brand.name) <= 40 for brand in words.brands())


def test_statuses_are_words_of_the_models() -> None:
    assert {brand.status for brand in words.brands()} == {status.value for status in BrandStatus}
    assert {supplier.kind for supplier in words.suppliers()} == {kind.value for kind in SupplierKind}
    for brand in words.brands():
        assert (brand.status == BrandStatus.REGISTERED.value) == (brand.trademark_number is not None)
    for supplier in words.suppliers():
        assert (supplier.kind == SupplierKind.HOUSEHOLD.value) == (supplier.credit_code is None)
    assert {secretary.gender for secretary in words.secretaries()} == {gender.value for gender in Gender}
    assert {secretary.unit for secretary in words.secretaries()} <= set(words.sponsor_units())


def test_prepacked_food_comes_from_somebody_licensed_to_make_it() -> None:
    licences = {supplier.name: dict(supplier.licences) for supplier in words.suppliers()}
    for product in words.products():
        if product.kind == 'prepacked_food':
            assert '食品生产许可证' in licences[product.supplier], product.name


def test_sizes_become_gross_weights() -> None:
    variants = {product.name: product.variants for product in words.products()}
    assert [astuple(variant) for variant in variants['柞树林榛蘑']] == [
        ('250g 袋装', 4600, 280),
        ('500g 礼盒', 9800, 560),
    ]
    assert variants['安口冻豆腐'][1].weight_grams == 2800
    assert variants['大安鲜蓝莓'][0].weight_grams == 840
    assert variants['三榆散养土鸡蛋'][0].weight_grams == 2000
    assert variants['火山湖木屋两日'][0].weight_grams == 0


def test_nothing_in_the_vocabulary_is_a_claim() -> None:
    texts = [str(value) for table in TABLES for row in table() for value in astuple(row)]
    texts += [phrase for kind in PHRASES for phrase in words.phrases(kind)]
    assert [(text, find_claim_words(text)) for text in texts if find_claim_words(text)] == []


def test_there_are_thousands_of_names_and_the_same_seed_draws_the_same() -> None:
    taken: set[str] = set()
    drawn = [words.household_name(rng, taken) for rng in [Random(7)] for _ in range(5_000)]
    assert len(taken) == 5_000
    assert drawn[:3] == [words.household_name(rng, set()) for rng in [Random(7)] for _ in range(3)]
    assert words.person_name(Random(3), is_woman=True) == words.person_name(Random(3), is_woman=True)


def test_buyers_live_where_there_is_such_a_place() -> None:
    rng = Random(11)
    for _ in range(300):
        address = words.buyer_address(rng)
        assert is_division_path(address.province, address.city, address.county)
        assert '号楼' in address.street
    assert len(words.mobile_number(rng)) == 11


@pytest.mark.parametrize('kind', PHRASES)
def test_every_kind_of_phrase_is_there(kind: str) -> None:
    assert len(words.phrases(kind)) >= 3


def test_other_words_are_there() -> None:
    assert words.household_statuses()[0] == ('poor', '未脱贫')
    assert words.introduction(Random(1), '太王台村').startswith('太王台村驻村第一书记。')
    assert words.buyer_address(Random(1)).division
    assert words.pick_drawing(words.products()[1], frozenset({'pear'})) == 'pear'
    assert words.pick_drawing(words.products()[1], frozenset()) == 'wild_greens'
