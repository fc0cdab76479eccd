"""The list: one order and one truth on both databases, and every number beside a choice holds."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select
from werkzeug.datastructures import MultiDict

from shop.catalogue.models import Product, ReturnClass
from shop.catalogue.search import search_tokens
from shop.catalogue.synonyms import add_synonyms
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.closing import close_due_days
from shop.storefront.facets import BANDS
from shop.storefront.listing import PAGE_SIZE, list_products
from shop.storefront.reasons import ReasonKind
from shop.storefront.wishes import Facet, Sort, Wish
from shop.villages.models import Tenure
from shop.villages.services import hide_secretary
from tests.factories.catalogue import make_brand, make_category, make_product
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.ledger import make_paid_order, make_refund
from tests.factories.regions import make_county, make_township
from tests.factories.villages import make_tenure, make_village
from tests.support.statements import counted_statements

R = ReturnClass
# name, place, shelf, has a brand, price in fen, stock, return class
GOODS = (
    ('黑木耳', 0, '菌菇山货', True, 3_990, 5, R.SEVEN_DAYS),
    ('秋木耳礼盒', 1, '菌菇山货', False, 12_800, 0, R.SEVEN_DAYS),
    ('林蛙油', 1, '参茸药材', True, 30_000, 2, R.AFTER_CONFIRMATION),
    ('鲜蓝莓', 2, '鲜果浆果', False, 3_000, 9, R.NOT_RETURNABLE),
    ('蓝莓果酱', 2, '鲜果浆果', True, 6_000, 0, R.SEVEN_DAYS),
    ('木耳菌茶', 3, '酒水茶饮', False, 4_500, 1, R.SEVEN_DAYS),
    ('榛子', 3, '菌菇山货', True, 2_000, 4, R.SEVEN_DAYS),
)
PLACES = (('青石沟村', '柳河县'), ('木耳岭村', '柳河县'), ('白桦甸村', '通化县'), ('红石砬村', '集安市'))


@pytest.fixture
def goods(app, clock_hand) -> dict[str, Product]:
    """Seven goods of four villages in three counties, one listed each day; on sale under 周明远 in every village."""
    with transaction():
        villages = [make_village(name, township=make_township(county=make_county(county))) for name, county in PLACES]
        tenures = [make_tenure(village, with_account=False, secretary=None) for village in villages]
        brands = [make_brand(village, name=village.name[:2]) for village in villages]
        made = {}
        for name, place, shelf, is_branded, price, stock, kind in GOODS:
            product = make_product(
                villages[place], name=name, price_fen=price, stock=stock, return_class=kind,
                category=make_category(shelf), brand=brands[place] if is_branded else None,
                with_photo=False, with_project=False,
            )  # fmt: skip
            words = (name, villages[place].name, brands[place].name if is_branded else '', shelf)
            product.search_tokens = search_tokens(*words)
            endorsement = make_endorsement(product, tenures[place], status=EndorsementStatus.LISTED)
            endorsement.listed_on = clock.today() + timedelta(days=len(made))
            made[name] = product
        make_product(villages[0], name='没上架的木耳', with_photo=False, with_project=False)
    return made


def wished(*pairs: tuple[str, str]):
    return list_products(Wish.read(MultiDict(list(pairs))))


def names(*pairs: tuple[str, str]) -> list[str]:
    return [card.name for card in wished(*pairs).page.rows]


def codes(goods: dict[str, Product]) -> tuple[str, str, str]:
    return tuple(goods[name].village.county.code for name in ('黑木耳', '鲜蓝莓', '榛子'))


def test_the_best_answer_comes_first(goods):
    # The whole name; the word in the name, by id; the word in the village; nothing of the rest.
    assert names(('q', '黑木耳')) == ['黑木耳']
    assert names(('q', '木耳')) == ['黑木耳', '秋木耳礼盒', '木耳菌茶', '林蛙油']
    assert names(('q', 'muer')) == ['黑木耳', '秋木耳礼盒', '林蛙油', '木耳菌茶']
    assert names(('q', '蓝莓')) == ['鲜蓝莓', '蓝莓果酱']
    assert names(('q', '菌菇')) == ['黑木耳', '秋木耳礼盒', '榛子']
    assert names(('q', '人参')) == []


def test_the_orders_a_shopper_may_choose(goods):
    assert names() == ['榛子', '木耳菌茶', '蓝莓果酱', '鲜蓝莓', '林蛙油', '秋木耳礼盒', '黑木耳']
    assert names(('sort', 'price'), ('max', '45')) == ['榛子', '鲜蓝莓', '黑木耳', '木耳菌茶']
    assert names(('sort', '-price'), ('q', '木耳')) == ['林蛙油', '秋木耳礼盒', '木耳菌茶', '黑木耳']


def test_sold_is_counted_from_the_book_on_closed_and_open_days(app, clock_hand):
    with transaction():
        tenure = make_tenure(with_account=False)
        first, second, third = (make_listed_product(tenure=tenure, name=f'蜂蜜{n}', households=1) for n in range(3))
        early = make_paid_order((second, 3))
        make_paid_order((third, 2))
    clock_hand.move(days=40)
    with transaction():
        close_due_days(at=clock.now())
    assert names(('sort', 'sold')) == ['蜂蜜1', '蜂蜜2', '蜂蜜0']
    with transaction():
        make_refund(early.lines[0], 2)
        make_paid_order((first, 2))
    assert names(('sort', 'sold')) == ['蜂蜜0', '蜂蜜2', '蜂蜜1']
    assert names(('q', '蜂蜜')) == ['蜂蜜0', '蜂蜜2', '蜂蜜1']


def test_old_addresses_with_one_value_still_work(goods):
    liuhe, tonghua, _ = codes(goods)
    assert names(('county', tonghua)) == ['蓝莓果酱', '鲜蓝莓']
    assert names(('category', goods['鲜蓝莓'].category.slug)) == ['蓝莓果酱', '鲜蓝莓']
    assert names(('county', liuhe), ('in_stock', '1')) == ['林蛙油', '黑木耳']
    assert names(('county', '999999')) == []


def test_synonyms_act_on_the_next_search(goods):
    assert names(('q', '雪蛤')) == []
    with transaction():
        add_synonyms(['林蛙油', '雪蛤'], actor=None, at=clock.now())
    listing = wished(('q', '雪蛤'))
    assert [card.name for card in listing.page.rows] == ['林蛙油']
    assert [(one.kind, one.typed, one.taken) for one in listing.reasons] == [(ReasonKind.SYNONYM, '雪蛤', '林蛙油')]
    assert listing.can_be_exact
    assert names(('q', '雪蛤'), ('exact', '1')) == []


def test_a_synonym_is_heard_in_pinyin_too(goods):
    assert names(('q', 'xueha')) == []
    with transaction():
        add_synonyms(['林蛙油', '雪蛤'], actor=None, at=clock.now())
    assert names(('q', 'xueha')) == names(('q', 'XueHa')) == ['林蛙油']
    assert names(('q', 'xueha'), ('exact', '1')) == []
    assert names(('q', 'xue')) == names(('q', 'xh')) == []


def test_the_list_says_how_it_understood_the_query(goods):
    kinds = {
        query: [(one.kind.value, one.taken) for one in wished(('q', query)).reasons]
        for query in ('木耳', 'heimuer', 'hme', '藍莓', 'lanmai')
    }
    assert kinds == {
        '木耳': [],
        'heimuer': [('pinyin', '黑木耳')],
        'hme': [('pinyin', '黑木耳')],
        '藍莓': [('traditional', '蓝莓')],
        'lanmai': [('typo', 'lanmei')],
    }


def test_a_mistyped_query_is_corrected_only_where_it_finds_nothing_at_all(goods):
    _, tonghua, jian = codes(goods)
    assert names(('q', 'lanmai')) == ['鲜蓝莓', '蓝莓果酱']
    assert names(('q', 'lanmai'), ('exact', '1')) == []
    assert names(('q', 'lanmai'), ('county', tonghua)) == ['鲜蓝莓', '蓝莓果酱']
    assert names(('q', 'lanmai'), ('county', jian)) == []
    assert names(('q', 'lanmei'), ('county', jian)) == []
    assert names(('q', 'zzzzzz')) == []


def test_a_secretary_is_found_by_name_until_the_name_is_hidden(goods):
    with transaction() as session:
        endorsed = session.get_one(Product, goods['鲜蓝莓'].id)
        tenure = db.session.scalars(select_tenure(endorsed)).one()
        tenure.secretary.name = '顾长河'
    listing = wished(('q', '顧長河'))
    assert [card.name for card in listing.page.rows] == ['鲜蓝莓', '蓝莓果酱']
    assert ReasonKind.SECRETARY in {one.kind for one in listing.reasons}
    assert names(('q', '顾长河 果酱')) == ['蓝莓果酱']
    with transaction():
        hide_secretary(db.session.scalars(select_tenure(goods['鲜蓝莓'])).one().secretary, is_hidden=True)
    assert names(('q', '顾长河')) == names(('q', '顾长河 果酱')) == []


def select_tenure(product: Product) -> Select:
    return select(Tenure).join(Endorsement).where(Endorsement.product_id == product.id)


def test_a_page_beyond_the_last_shows_the_last(app, clock_hand):
    with transaction():
        tenure = make_tenure(with_account=False)
        for number in range(PAGE_SIZE + 2):
            product = make_product(tenure.village, name=f'山货{number}', with_photo=False, with_project=False)
            make_endorsement(product, tenure, status=EndorsementStatus.LISTED)
    pages = [wished(('page', str(number))).page for number in (1, 2, 9_999)]
    assert [page.number for page in pages] == [1, 2, 2]
    shown = [card.name for page in pages[:2] for card in page.rows]
    assert shown == [f'山货{number}' for number in reversed(range(PAGE_SIZE + 2))]
    assert [card.name for card in pages[2].rows] == shown[PAGE_SIZE:]


def test_an_empty_list_shows_the_ways_out(goods):
    liuhe, tonghua, _ = codes(goods)
    out = wished(('q', '蓝莓'), ('county', liuhe), ('max', '40')).rescue
    assert [(facet, way.count) for facet, way in out.fewer_filters] == [(Facet.COUNTY, 1)]
    assert (out.unfiltered.count, out.unsearched.count) == (2, 1)
    assert out.unfiltered.href == '/products?q=%E8%93%9D%E8%8E%93'
    assert len(out.popular) == 7
    assert [(way.name, way.count) for way in wished(('q', '蓝莓人参')).rescue.words] == [('蓝莓', 2)]
    assert wished(('county', tonghua)).rescue is None


@pytest.mark.parametrize(('path', 'most'), [('/products?county=220524&in_stock=1&min=1', 5), ('/products?q=muer', 4)])
def test_a_list_takes_few_statements_however_much_it_shows(goods, client, path, most):
    with counted_statements() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= most, seen


# What a shopper may choose of the goods above; addresses are filled in from the rows.
CHOICES = st.fixed_dictionaries({
    'counties': st.sets(st.integers(0, 2), max_size=2),
    'shelves': st.sets(st.integers(0, 3), max_size=2),
    'villages': st.sets(st.integers(0, 3), max_size=2),
    'brands': st.sets(st.integers(0, 3), max_size=2),
    'returns': st.sets(st.sampled_from(list(R)), max_size=2),
    'prices': st.sampled_from([(None, None), *BANDS, (2_500, 5_000)]),
    'in_stock': st.booleans(),
    'query': st.sampled_from(['', '', '木耳', '蓝莓']),
    'sort': st.sampled_from(list(Sort)),
})  # fmt: skip


def test_every_count_is_what_python_counts(goods):
    rows = [Facts(product) for product in goods.values()]
    tables = {
        'counties': sorted({row.keys[Facet.COUNTY] for row in rows}),
        'shelves': sorted({row.keys[Facet.CATEGORY] for row in rows}),
        'villages': sorted({row.keys[Facet.VILLAGE] for row in rows}),
        'brands': sorted({row.keys[Facet.BRAND] for row in rows} - {None}),
    }

    @given(CHOICES)
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(drawn):
        wish = wish_of(drawn, tables)
        listing = list_products(wish)
        found = [row for row in rows if row.answers(wish)]
        assert {card.product_id for card in listing.page.rows} == {row.id for row in found}
        assert (listing.page.total, listing.is_more) == (len(found), False)
        for facet in (Facet.COUNTY, Facet.CATEGORY, Facet.VILLAGE, Facet.BRAND, Facet.RETURN):
            others = [row.keys[facet] for row in rows if row.answers(wish, but=facet)]
            for choice in listing.facets.choices[facet]:
                assert choice.count == others.count(choice.value), (facet, choice)
            shown = {choice.value for choice in listing.facets.choices[facet]}
            assert set(filter(None, others)) | set(wish.values(facet)) <= shown
        for band in listing.facets.bands:
            asked = wish.between(band.least_fen, band.most_fen)
            assert band.count == sum(row.answers(asked) for row in rows)
        assert listing.facets.in_stock == sum(row.answers(wish.with_stock(is_in_stock=True)) for row in rows)
        assert listing.facets.without == {
            facet: sum(row.answers(wish, but=facet) for row in rows) for facet in wish.filters
        }

    check()


class Facts:
    """What is counted of a product, in plain Python."""

    def __init__(self, product: Product) -> None:
        self.id = product.id
        self.tokens = product.search_tokens.split()
        self.price = product.variants[0].price_fen
        self.has_stock = product.variants[0].stock > 0
        self.keys = {
            Facet.COUNTY: product.village.county.code,
            Facet.CATEGORY: product.category.slug,
            Facet.VILLAGE: product.village.slug,
            Facet.BRAND: product.brand.slug if product.brand else None,
            Facet.RETURN: product.return_class.value,
        }

    def answers(self, wish: Wish, but: Facet | None = None) -> bool:
        chosen = all(self.keys[facet] in values for facet, values in wish.chosen if facet is not but)
        least, most = wish.least_fen or 0, 10**12 if wish.most_fen is None else wish.most_fen
        priced = but is Facet.PRICE or least <= self.price <= most
        stocked = but is Facet.STOCK or not wish.is_in_stock or self.has_stock
        return chosen and priced and stocked and (not wish.query or wish.query in self.tokens)


def wish_of(drawn: dict, tables: dict[str, list[str]]) -> Wish:
    least, most = drawn['prices']
    pairs = [('q', drawn['query']), ('sort', drawn['sort'].value), ('in_stock', '1' if drawn['in_stock'] else '')]
    for facet, name in (('county', 'counties'), ('category', 'shelves'), ('village', 'villages'), ('brand', 'brands')):
        pairs += [(facet, tables[name][index]) for index in drawn[name]]
    pairs += [('return', kind.value) for kind in drawn['returns']]
    return Wish.read(MultiDict(pairs)).between(least, most)
