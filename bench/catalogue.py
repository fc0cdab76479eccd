"""A shop with very many goods, put together from the demo's vocabulary: enough to measure search and lists on."""

from datetime import date, timedelta
from random import Random

from pypinyin import lazy_pinyin

from shop.catalogue.models import Brand, BrandStatus, Category, Product, ProductKind, ReturnClass, Variant
from shop.catalogue.search import search_tokens
from shop.catalogue.search_synonym import SearchSynonym, SearchSynonymGroup
from shop.demo import words
from shop.demo.rows import Rows
from shop.demo.synonyms import GROUPS
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.ledger.models import SalesMonth
from shop.orders.models import Channel
from shop.regions.models import Region, RegionLevel
from shop.suppliers.models import Supplier, SupplierKind
from shop.villages.models import FirstSecretary, Gender, SponsorUnit, Tenure, TenureStatus, Village

VILLAGES = 600
COUNTIES = 7
SHELVES = 10
MONTHS = 3
ADJECTIVES = ('林下', '头茬', '手工', '秋收', '农家', '晾晒', '礼盒', '精选', '家庭装', '小份', '新季', '散装')
FIRST_DAY = date(2026, 1, 1)


def plan_goods(count: int, rng: Random) -> Rows:
    """Plan so many goods on sale, of many villages, with prices, stock and three months of sales."""
    rows = Rows()
    _plan_places(rows)
    for number in range(SHELVES):
        rows.add(Category, slug=f'shelf-{number}', name=f'货架{number}', icon='rice', position=number)
    for group, names in enumerate(GROUPS, 1):
        rows.add(SearchSynonymGroup, changed_at=clock.now(), changed_by_id=None)
        for position, word in enumerate(names):
            rows.add(SearchSynonym, group_id=group, word=word, position=position)
    for _number in range(count):
        _plan_product(rows, rng)
    return rows


def queries(rng: Random, count: int) -> list[str]:
    """Return what people may type: two and more ideographs, two words, pinyin, initials, sizes, one ideograph."""
    found: list[str] = []
    while len(found) < count:
        name = rng.choice(words.products()).name
        village = rng.choice(words.villages()).name[:-1]
        at, length = rng.randrange(len(name) - 1), rng.choice((2, 2, 2, 3, 4))
        piece = name[at : at + length]
        sounds = lazy_pinyin(piece)
        forms = (
            piece,
            piece,
            f'{village} {piece}',
            f'{village}{piece}',
            ''.join(sounds),
            ''.join(sounds)[:-1],
            ''.join(sound[0] for sound in sounds),
            f'{piece} {rng.choice((100, 250, 500))}g',
            f'{rng.randrange(10, 90) / 10}kg',
            piece[0],
        )
        found.append(rng.choice(forms))
    return found


def _plan_places(rows: Rows) -> None:
    rows.add(Region, code='900000', name='大市', level=RegionLevel.CITY, parent_id=None, position=0)
    rows.add(SponsorUnit, name='市直单位', position=0)
    for number in range(COUNTIES):
        rows.add(
            Region, code=f'9{number:05d}x', name=f'县{number}', level=RegionLevel.COUNTY, parent_id=1, position=number
        )
    for number in range(COUNTIES):
        rows.add(
            Region, code=f'9{number:05d}y', name='镇', level=RegionLevel.TOWNSHIP, parent_id=number + 2, position=0
        )
    known = words.villages()
    for number in range(VILLAGES):
        county = number % COUNTIES
        name = known[number % len(known)].name
        village_id = rows.add(
            Village, code=f'v{number}', slug=f'village-{number}', name=name, township_id=county + 2 + COUNTIES,
            county_id=county + 2, position=number, description='', photo_id=None,
        )  # fmt: skip
        rows.add(
            Supplier, village_id=village_id, name='合作社', kind=SupplierKind.HOUSEHOLD, credit_code=None, phone=''
        )
        rows.add(
            Brand, village_id=village_id, slug=f'brand-{number}', name=name[:-1], status=BrandStatus.OWN_NAME,
            trademark_number=None, approved_on=FIRST_DAY,
        )  # fmt: skip
        rows.add(
            FirstSecretary, slug=f'secretary-{number}', name=f'书记{number}', gender=Gender.MAN, introduction='',
            photo_id=None, user_id=None, is_name_hidden=False,
        )  # fmt: skip
        rows.add(
            Tenure, secretary_id=village_id, village_id=village_id, sponsor_unit_id=1, starts_on=FIRST_DAY,
            ends_on=None, status=TenureStatus.IN_OFFICE,
        )  # fmt: skip


def _plan_product(rows: Rows, rng: Random) -> None:
    known = rng.choice(words.products())
    village_id = rng.randrange(VILLAGES) + 1
    village = rows.of(Village)[village_id - 1]['name']
    name = f'{village[:-1]}{rng.choice(ADJECTIVES)}{known.name}'
    size = f'{rng.choice((100, 250, 500, 1000))}g' if rng.random() < 0.7 else f'{rng.randrange(1, 90) / 10}kg'
    category_id, brand_id = rng.randrange(SHELVES) + 1, village_id if rng.random() < 0.5 else None
    product_id = rows.add(
        Product, slug=f'p{len(rows.of(Product))}', village_id=village_id, supplier_id=village_id,
        category_id=category_id, brand_id=brand_id, name=name, kind=ProductKind.FARM_PRODUCE,
        summary=known.summary, description=known.description,
        storage='', shelf_life='', return_class=rng.choice(list(ReturnClass)), ships_within_hours=48,
        search_tokens=search_tokens(name, known.summary, village, size), created_at=clock.now(),
    )  # fmt: skip
    for position in range(2):
        rows.add(
            Variant, product_id=product_id, name=f'{size} {position}', price_fen=rng.randrange(900, 30_000),
            stock=rng.choice((0, 5, 50)), weight_grams=500, position=position, is_offered=True,
        )  # fmt: skip
    listed_on = FIRST_DAY + timedelta(days=rng.randrange(300))
    rows.add(
        Endorsement, tenure_id=village_id, product_id=product_id, statement='', status=EndorsementStatus.LISTED,
        drafted_by_id=None, submitted_at=None, approved_on=listed_on, notice_ends_on=None, listed_on=listed_on,
        created_at=clock.now(),
    )  # fmt: skip
    for month in range(MONTHS):
        rows.add(
            SalesMonth, month=date(2026, month + 1, 1), county_id=(village_id - 1) % COUNTIES + 2,
            village_id=village_id, tenure_id=village_id, product_id=product_id, brand_id=brand_id,
            category_id=category_id,
            channel=Channel.ONLINE, is_insider=False, amount_fen=5_000, refunded_fen=0, quantity=rng.randrange(40),
            entry_count=1,
        )  # fmt: skip
