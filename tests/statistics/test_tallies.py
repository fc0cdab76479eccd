"""Every figure equals a plain recomputation from raw rows: at any date, closed or open, around midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from shop.benefits.models import AgreementShare, AgreementVersion, VersionStatus
from shop.catalogue.models import Brand, IndustryProject, Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.closing import close_due_days
from shop.ledger.models import BenefitPayout, SalesEntry
from shop.orders.models import Channel
from shop.statistics.metrics import METRICS
from shop.statistics.places import Level, Scope
from shop.statistics.sales import sales_cells, sources, top_products, units_sold
from shop.statistics.tallies import Figures, breakdown, by_county, headline
from shop.villages.models import Household, Tenure, TenureStatus, Village
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_brand
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import (
    complete,
    households_of,
    make_paid_order,
    make_payout,
    make_refund,
    pool_of,
)
from tests.factories.regions import make_county, make_township
from tests.factories.villages import make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app')

DAY = timedelta(days=1)
# One second before and one after midnight of 1 June in Shanghai, which is 16:00 of the day before in UTC.
BEFORE_MIDNIGHT = datetime(2026, 5, 31, 15, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 5, 31, 16, 0, 1, tzinfo=UTC)
DATES = [
    date(2026, 5, 19), date(2026, 5, 20), date(2026, 5, 25), date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 10),
    date(2026, 6, 11), date(2026, 7, 3), date(2026, 7, 31), date(2026, 8, 2), date(2026, 8, 5),
]  # fmt: skip


def rows(statement):
    return list(db.session.scalars(statement))


class Raw:
    """All raw rows, read once; every figure is recomputed from them the plain way."""

    def __init__(self) -> None:
        db.session.rollback()
        self.products = rows(select(Product))
        self.projects_of = {p.id: {share.project_id for share in p.project_shares} for p in self.products}
        self.endorsements = rows(select(Endorsement))
        self.households = rows(select(Household))
        self.shares = rows(select(AgreementShare))
        self.versions = {v.id: v for v in rows(select(AgreementVersion))}
        self.payouts = rows(select(BenefitPayout))
        self.projects = rows(select(IndustryProject))
        self.brands = rows(select(Brand))
        self.tenures = rows(select(Tenure))
        self.entries = rows(select(SalesEntry))

    def figures(self, on: date, villages: set[int]) -> Figures:
        def holds(version: AgreementVersion) -> bool:
            return (
                version.in_force_on is not None
                and version.in_force_on <= on
                and (version.ended_on is None or version.ended_on > on)
            )

        here = {h.id: h.people for h in self.households if h.village_id in villages}
        listed = {e.product_id for e in self.endorsements if e.listed_on and e.listed_on <= on}
        driving = {e.product_id for e in self.endorsements if e.approved_on and e.approved_on <= on}
        driven = {project for product in driving for project in self.projects_of[product]}
        covered = {s.household_id for s in self.shares if holds(self.versions[s.version_id])} & here.keys()
        accrued = {s.household_id for s in self.shares if s.accrued_on and s.accrued_on <= on} & here.keys()
        paid = {p.household_id for p in self.payouts if p.booked_on <= on} & here.keys()
        return Figures(
            villages=len(
                {t.village_id for t in self.tenures if t.starts_on <= on and not (t.ends_on and t.ends_on <= on)}
                & villages
            ),
            endorsed_products=len({p.id for p in self.products if p.village_id in villages} & listed),
            projects=len(
                {p.id for p in self.projects if p.village_id in villages and p.approved_on and p.approved_on <= on}
                & driven
            ),
            brands=sum(1 for b in self.brands if b.village_id in villages and b.approved_on and b.approved_on <= on),
            sales_fen=sum(e.amount_fen for e in self.entries if e.booked_on <= on and e.village_id in villages),
            covered=len(covered),
            accrued=len(accrued),
            paid=len(paid),
            people_covered=sum(here[h] for h in covered),
            people_accrued=sum(here[h] for h in accrued),
            people_paid=sum(here[h] for h in paid),
        )


@pytest.fixture
def campaign():
    """Three villages of two counties, with sales, refunds, payouts and changes of agreement over 80 days."""
    with clock.frozen(datetime(2026, 5, 20, 4, tzinfo=UTC)):
        liuhe, huinan = make_county('柳河县'), make_county('辉南县')
        village = make_village(township=make_township('向阳镇', county=liuhe))
        near = make_village('榆树沟村', township=make_township('红石镇', county=liuhe))
        far = make_village('望江岭村', township=make_township('朝阳镇', county=huinan))
        ear = make_listed_product(households=4, rule=3, stock=999, village=village)
        rice = make_listed_product(
            households=households_of(ear)[:2], rule=900, price_fen=5000, stock=999, village=village
        )
        honey = make_listed_product(households=3, rule=200, stock=999, village=near)
        wine = make_listed_product(households=2, rule=1, stock=999, village=far)
        for product, day in ((ear, 20), (honey, 26), (wine, 31)):
            with transaction():
                product.project_shares[0].project.approved_on = date(2026, 5, day)
            brand = make_brand(product.village)
            with transaction():
                brand.approved_on = date(2026, 5, day) + DAY
        on_notice = make_listed_product(village=far, households=1)
        with transaction():
            endorsement = rows(select(Endorsement).where(Endorsement.product_id == on_notice.id))[0]
            endorsement.status, endorsement.listed_on = EndorsementStatus.DELISTED, date(2026, 6, 11)
        make_tenure(far, status=TenureStatus.PLANNED, starts_on=date(2026, 9, 1), with_account=False)
        make_tenure(
            make_village('二道村', township=near.township), status=TenureStatus.ROTATED, starts_on=date(2025, 4, 27),
            with_account=False,
        )  # fmt: skip
    with clock.frozen(BEFORE_MIDNIGHT):
        complete(make_paid_order((ear, 1)))
    with clock.frozen(AFTER_MIDNIGHT):
        complete(make_paid_order((ear, 2), (rice, 1), is_insider=True))
    with clock.frozen(datetime(2026, 6, 10, 4, tzinfo=UTC)):
        order = make_paid_order((honey, 5), channel=Channel.INSTITUTION)
        make_paid_order((wine, 1), channel=Channel.LIVESTREAM)
    with clock.frozen(datetime(2026, 6, 11, 4, tzinfo=UTC)):
        make_refund(order.lines[0], 2)
        make_payout(pool_of(rice), households_of(rice)[0], 100)
    with clock.frozen(datetime(2026, 7, 3, 4, tzinfo=UTC)):
        complete(order)
        old = rows(select(AgreementVersion).where(AgreementVersion.id == pool_of(rice).version_id))[0]
        with transaction():
            old.status, old.ended_on = VersionStatus.SUPERSEDED, date(2026, 7, 3)
        make_version(rice, households=1, rule=50)
        make_refund(order.lines[0], 1)
    with clock.frozen(datetime(2026, 8, 2, 4, tzinfo=UTC)):
        complete(make_paid_order((rice, 2), (ear, 1)))
        make_paid_order((honey, 1), is_test=True)
    return liuhe, huinan, village, near, far


def village_ids(*conditions) -> set[int]:
    return set(db.session.scalars(select(Village.id).where(*conditions)))


@pytest.mark.parametrize(
    'closed_at', [None, datetime(2026, 6, 11, 4, tzinfo=UTC), datetime(2026, 7, 31, 17, tzinfo=UTC)]
)
def test_every_figure_equals_its_recomputation_at_any_date(campaign, closed_at):
    liuhe, _huinan, _village, near, _far = campaign
    if closed_at is not None:
        # Closing looks at entries alone, so closing late is the same as closing then.
        with transaction():
            close_due_days(at=closed_at)
    scopes = {
        Scope(): village_ids(),
        Scope(county_id=liuhe.id): village_ids(Village.county_id == liuhe.id),
        Scope(township_id=near.township_id): village_ids(Village.township_id == near.township_id),
        Scope(village_id=near.id): {near.id},
        Scope(within=select(Village.id).where(Village.id != near.id)): village_ids(Village.id != near.id),
    }
    raw = Raw()
    places = {level: {v.id: getattr(v, level.column.key) for v in rows(select(Village))} for level in Level}
    for on in DATES:
        for scope, ids in scopes.items():
            due = raw.figures(on, ids)
            figures = headline(on, scope=scope)
            assert {name: getattr(figures, name) for name in Figures.__slots__} == {
                name: getattr(due, name) for name in Figures.__slots__
            }, (on, scope)
            for level in Level:
                table = breakdown(on, scope, level)
                for row in table.rows:
                    inside = {village for village in ids if places[level][village] == row.place.id}
                    assert row.figures == raw.figures(on, inside), (on, level, row.name)
                assert table.sum - table.repeats == due


def test_the_figures_of_the_last_day_are_these(campaign):
    figures = headline(date(2026, 8, 5))
    assert (figures.on, figures.endorsed_products, figures.projects, figures.brands) == (date(2026, 8, 5), 5, 3, 3)
    # 3×39.90 + 50 + 5×39.90 − 3×39.90 + 39.90 + 2×50 + 39.90
    assert figures.sales_fen == 3990 * 3 + 5000 + 3990 * 5 - 3990 * 3 + 3990 + 5000 * 2 + 3990
    assert (figures.covered, figures.accrued, figures.paid) == (11, 8, 1)


def test_counties_stand_in_the_official_order(campaign):
    assert [row.name for row in by_county(date(2026, 8, 5)).rows] == ['辉南县', '柳河县']


def test_sales_are_the_same_by_month_channel_and_insider_flag(campaign):
    on = date(2026, 8, 5)
    plain = sales_cells(sources(on))
    with transaction():
        close_due_days(at=datetime(2026, 7, 15, tzinfo=UTC))
    closed = sales_cells(sources(on))
    by_key: dict[object, int] = {}
    for entry in rows(select(SalesEntry)):
        key = (clock.month_of(entry.booked_on), entry.county_id, entry.channel, entry.is_insider)
        by_key[key] = by_key.get(key, 0) + entry.amount_fen
    for cells in (plain, closed):
        found: dict[object, int] = {}
        for cell in cells:
            key = (cell.month, cell.place_id, cell.channel, cell.is_insider)
            found[key] = found.get(key, 0) + cell.amount_fen
        assert found == by_key


def test_top_products_and_sold_units_are_net_of_refunds(campaign):
    on = date(2026, 8, 5)
    due: dict[int, tuple[int, int]] = {}
    for entry in rows(select(SalesEntry)):
        amount, units = due.get(entry.product_id, (0, 0))
        due[entry.product_id] = (amount + entry.amount_fen, units + entry.quantity)
    for _ in range(2):
        top = top_products(sources(on))
        assert {sales.product_id: (sales.amount_fen, sales.quantity) for sales in top} == due
        assert [sales.amount_fen for sales in top] == sorted((sales.amount_fen for sales in top), reverse=True)
        sold = dict(db.session.execute(select(Product.id, units_sold(Product.id))).all())
        assert {product_id: units for product_id, units in sold.items() if units} == {
            product_id: units for product_id, (_, units) in due.items()
        }
        with transaction():
            close_due_days(at=datetime(2026, 7, 15, tzinfo=UTC))


@pytest.fixture
def statements():
    """The statements that reach the database from now on, without those that begin and end a unit of work."""
    seen: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        if statement not in {'BEGIN', 'BEGIN IMMEDIATE'}:
            seen.append(statement)

    event.listen(db.engine, 'before_cursor_execute', listen)
    yield seen
    event.remove(db.engine, 'before_cursor_execute', listen)


def test_a_headline_takes_two_statements_a_table_four(campaign, statements):
    statements.clear()
    headline(date(2026, 8, 5))
    assert len(statements) == 2
    statements.clear()
    by_county(date(2026, 8, 5))
    assert len(statements) == 4


def test_every_metric_says_what_it_counts():
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.version >= 1
        assert all((metric.title, metric.unit, metric.definition, metric.counts, metric.goes_by))
