"""The vocabulary of the demo campaign: typed, read-only tables of invented villages, people, goods and trades.

Townships and divisions are facts; every person, village, supplier, brand and number is invented.
The tables lie in `shop/demo/data`, always in the same order. References are by name: a product's `village` is a
village's slug, its `supplier` and `brand` are names, its `profile` a profile's code. Money is whole fen.
"""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from shop.regions.divisions import cities, counties, place_name, province_of

_FOLDER = Path(__file__).with_name('data')
_WEIGHT = re.compile(r'(\d+(?:\.\d+)?)(kg|g|L|mL)(?:×(\d+))?', re.ASCII)
_COUNT = re.compile(r'([0-9一二两三四五六八十]+) ?(穗|枚|只|支|人份|小袋|瓶|袋|盒|罐|张|对|个)')
_GRAMS = {'kg': 1000, 'L': 1000, 'g': 1, 'mL': 1}
_PACKING = 1.12
SHORT_NAME_SHARE = 0.12
WOMEN_SHARE = 0.42

Row = TypeVar('Row')


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township: its nine-digit code, which begins with its county's, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village: its twelve-digit code begins with its township's; `scene` is orchard, river, snow or terrace."""

    code: str
    name: str
    slug: str
    township: str
    population: int
    scene: str
    description: str


@dataclass(frozen=True, slots=True)
class SecretaryRow:
    """A first secretary; `gender` is man or woman, `unit` a sponsor unit's name."""

    name: str
    slug: str
    gender: str
    unit: str
    introduction: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A shelf of the shop."""

    slug: str
    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier of a village; `licences` are pairs of kind and number."""

    village: str
    name: str
    kind: str
    credit_code: str | None
    phone: str
    licences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A village's brand; `status` is own_name, applied or registered, and a registered one has a number."""

    name: str
    slug: str
    status: str
    village: str
    trademark_number: str | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A village's industry project."""

    village: str
    name: str
    slug: str
    kind: str
    funding_fen: int
    operator: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A size or packing with its price and gross weight."""

    name: str
    price_fen: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with its texts; `drawings` are kinds of illustration, the best first, `months` its season (1–12).

    `benefit_fen` goes to the households for each unit sold; `months` empty means all year.
    """

    village: str
    supplier: str
    name: str
    slug: str
    brand: str
    category: str
    kind: str
    return_class: str
    profile: str
    drawings: tuple[str, ...]
    variants: tuple[VariantRow, ...]
    benefit_fen: int
    shelf_life: str
    storage: str
    months: tuple[int, ...]
    ships_within_hours: int
    summary: str
    description: str
    statement: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What the label of a product says that its supplier and village do not; `group` is one of farm produce."""

    group: str
    ingredients: str
    allergens: str
    standard: str


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """A buying institution; `kind` is school, hospital, union, canteen or enterprise, `county` a division code."""

    name: str
    kind: str
    people: int
    county: str


@dataclass(frozen=True, slots=True)
class AddressWords:
    """A buyer's address: the codes of province, city and county, and the line below them."""

    province: str
    city: str
    county: str
    street: str

    @property
    def division(self) -> str:
        """The names of province, city and county."""
        return place_name(self.province, self.city, self.county)


@cache
def townships() -> tuple[TownshipRow, ...]:
    """Return the townships of the seven counties, in the official order."""
    return _rows('townships', lambda row: TownshipRow(row['code'], row['name']))


@cache
def villages() -> tuple[VillageRow, ...]:
    """Return the 73 villages in the order of their codes: 6, 5, 13, 11, 15, 10 and 13 to a county."""
    return _rows('villages', lambda row: VillageRow(**{**row, 'population': int(row['population'])}))  # type: ignore[arg-type]


def sponsor_units() -> tuple[str, ...]:
    """Return the names of the units that send secretaries."""
    return _words('sponsor_units')


@cache
def secretaries() -> tuple[SecretaryRow, ...]:
    """Return 90 secretaries: one to a village, and predecessors."""
    return _rows('secretaries', lambda row: SecretaryRow(**row))


def introduction(rng: Random, village: str) -> str:
    """Draw the introduction of a secretary sent to the village of that name."""
    return f'{village}驻村第一书记。{rng.choice(secretaries()).introduction}'


def team_members() -> tuple[str, ...]:
    """Return 160 names of team members, none of them a secretary's."""
    return _words('team_members')


@cache
def categories() -> tuple[CategoryRow, ...]:
    """Return the ten shelves of the shop in their order."""
    return _rows('categories', lambda row: CategoryRow(**row))


@cache
def suppliers() -> tuple[SupplierRow, ...]:
    """Return the suppliers by village; the first of each village is its cooperative."""
    return _rows('suppliers', _supplier)


@cache
def brands() -> tuple[BrandRow, ...]:
    """Return 110 brands; the first 99 are those of the first 127 products."""
    return _rows('brands', lambda row: BrandRow(**{**row, 'trademark_number': row['trademark_number'] or None}))  # type: ignore[arg-type]


@cache
def projects() -> tuple[ProjectRow, ...]:
    """Return 250 projects, three or more to a village; each round begins with what the village's products need."""
    return _rows('projects', lambda row: ProjectRow(**{**row, 'funding_fen': int(row['funding_fen'])}))  # type: ignore[arg-type]


@cache
def products() -> tuple[ProductRow, ...]:
    """Return 140 products: 127 to endorse, at least one to a village, then 13 still under way."""
    return _rows('products', _product)


@cache
def label_of(product: ProductRow) -> LabelRow:
    """Return the label of a product: its own, else that of its profile."""
    rows = {row['key']: row for row in _read('labels')}
    row = rows.get(product.slug) or rows[product.profile]
    return LabelRow(row['group'], row['ingredients'], row['allergens'], row['standard'])


def redemption_of(product: ProductRow) -> str:
    """Return how a service is used, empty for goods."""
    notes: dict[str, str] = _vocabulary()['redemptions']
    return notes.get(product.profile, '')


def net_content(variant: VariantRow) -> str:
    """Return the net content that a variant's name states: ``125g×6 盒`` is ``125 g×6``, ``10 穗真空装`` ``10 穗``."""
    size = _WEIGHT.search(variant.name)
    if size is not None:
        amount, unit, pieces = size.groups()
        return f'{amount} {unit}' + (f'×{pieces}' if pieces else '')
    count = _COUNT.match(variant.name)
    if count is None:
        return ''
    return f'{count[1]} {count[2]}' if count[1].isdigit() else f'{count[1]}{count[2]}'


@cache
def institutions() -> tuple[InstitutionRow, ...]:
    """Return 30 buying institutions."""
    return tuple(InstitutionRow(**row) for row in _vocabulary()['institutions'])


def household_statuses() -> tuple[tuple[str, str], ...]:
    """Return the vocabulary of household statuses as pairs of code and name, the first being 未脱贫."""
    return tuple((code, name) for code, name in _vocabulary()['household_statuses'])


def phrases(kind: str) -> tuple[str, ...]:
    """Return the sentences or names of a kind; raises `KeyError` for an unknown one.

    Kinds: couriers, livestream_channels, expo_names, return_reasons, refund_reasons, cancel_reasons,
    review_reasons, objections, buyer_notes; review_good, review_fair, review_poor, review_service, review_craft,
    review_tails, review_answers, and one for each reason to refuse a review.
    """
    return _words(kind)


def person_name(rng: Random, *, is_woman: bool | None = None) -> str:
    """Draw one of some 600,000 names, a woman's, a man's or either's."""
    if is_woman is None:
        is_woman = rng.random() < WOMEN_SHARE
    first, last = _vocabulary()['given_names']['woman' if is_woman else 'man']
    surname, end = rng.choice(_words('surnames')), rng.choice(last)
    if rng.random() < SHORT_NAME_SHARE:
        return f'{surname}{end}'
    return f'{surname}{rng.choice([one for one in first if one != end])}{end}'


def household_name(rng: Random, taken: set[str]) -> str:
    """Draw the name of a household's head that is not in `taken`, and add it there."""
    while (name := person_name(rng)) in taken:
        pass
    taken.add(name)
    return name


def mobile_number(rng: Random) -> str:
    """Draw an invented mobile number, of a range that is not given out."""
    return f'1990000{rng.randrange(10_000):04d}'


def buyer_address(rng: Random) -> AddressWords:
    """Draw a buyer's address: three in ten at home in Tonghua, the others over the country."""
    places = _vocabulary()['buyer_cities']
    city = rng.choices([place['city'] for place in places], [place['weight'] for place in places])[0]
    province = province_of(city)
    if city not in {one.code for one in cities(province)}:
        raise KeyError(city)
    street, estate = rng.choice(_words('streets')), rng.choice(_words('estates'))
    door = f'{rng.randrange(1, 25)}号楼{rng.randrange(1, 6)}单元{rng.randrange(1, 18)}0{rng.randrange(1, 5)}室'
    line = f'{street}{rng.randrange(1, 300)}号{estate}{door}'
    return AddressWords(province, city, rng.choice(counties(city)).code, line)


def pick_drawing(product: ProductRow, available: frozenset[str], otherwise: str = 'wild_greens') -> str:
    """Return the best of the product's drawings among the available kinds, or another one."""
    return next((kind for kind in product.drawings if kind in available), otherwise)


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    """Read a table once."""
    with (_FOLDER / f'{name}.csv').open(encoding='utf-8', newline='') as file:
        return tuple(csv.DictReader(file))


@cache
def _vocabulary() -> dict[str, Any]:
    """Read the lists once."""
    lists: dict[str, Any] = json.loads((_FOLDER / 'words.json').read_text(encoding='utf-8'))
    return lists


def _words(kind: str) -> tuple[str, ...]:
    return tuple(_vocabulary()[kind])


def _rows(name: str, make: Callable[[dict[str, str]], Row]) -> tuple[Row, ...]:
    return tuple(make(row) for row in _read(name))


def _supplier(row: dict[str, str]) -> SupplierRow:
    pairs = (licence.split('=') for licence in row['licences'].split())
    licences = tuple((kind, number) for kind, number in pairs)
    return SupplierRow(**{**row, 'credit_code': row['credit_code'] or None, 'licences': licences})  # type: ignore[arg-type]


def _product(row: dict[str, str]) -> ProductRow:
    profile = next(one for one in _read('profiles') if one['code'] == row['profile'])
    variants = tuple(_variant(text, int(profile['grams'])) for text in row['variants'].split('/'))
    return ProductRow(
        village=row['village'],
        supplier=row['supplier'],
        name=row['name'],
        slug=row['slug'],
        brand=row['brand'],
        category=profile['category'],
        kind=profile['kind'],
        return_class=profile['return_class'],
        profile=row['profile'],
        drawings=(*_vocabulary()['drawings'].get(row['slug'], ()), *profile['drawings'].split('/')),
        variants=variants,
        benefit_fen=int(row['benefit_fen']),
        shelf_life=profile['shelf_life'],
        storage=profile['storage'],
        months=tuple(map(int, filter(None, profile['months'].split('-')))),
        ships_within_hours=int(profile['ships_within_hours']),
        summary=row['summary'],
        description=row['description'],
        statement=row['statement'],
    )


def _variant(text: str, usual_grams: int) -> VariantRow:
    """Read ``2.5kg 箱装=8200``; the gross weight follows from the size where it is named, packing included."""
    name, price = text.split('=')
    size = _WEIGHT.search(name)
    if not size or not usual_grams:
        return VariantRow(name, int(price), usual_grams)
    amount, unit, pieces = size.groups()
    return VariantRow(name, int(price), round(float(amount) * _GRAMS[unit] * int(pieces or 1) * _PACKING))
