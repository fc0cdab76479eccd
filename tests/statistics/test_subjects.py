"""Figures of a product, a brand, a project and the tenures of a secretary, exact and without each other's share."""

from datetime import timedelta

import pytest

from shop.catalogue.models import ProjectShare
from shop.endorsements.models import EndorsementStatus
from shop.endorsements.queries import listed_endorsement
from shop.kit import clock
from shop.kit.database import transaction
from shop.ledger.closing import close_due_days
from shop.statistics.places import Level, Scope
from shop.statistics.rows import figure_rows
from shop.statistics.subjects import Subject, SubjectKind, tenures_of
from shop.statistics.tallies import Figures, breakdown, headline
from shop.villages.models import TenureStatus
from tests.factories.catalogue import make_brand, make_project
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.ledger import households_of, make_completed_order, make_paid_order, make_payout, pool_of
from tests.factories.villages import make_households, make_secretary, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app')
K = SubjectKind


def figures_of(subject: Subject, on=None) -> Figures:
    return headline(on or clock.today(), scope=Scope(subject=subject)).figures


@pytest.fixture
def village(clock_hand):
    return make_village()


@pytest.fixture
def goods(village):
    """Two products that share two of their households, a brand of the first, projects of both; both have sold."""
    homes = make_households(village, 6)
    first = make_listed_product(village=village, households=homes[:4], price_fen=3990)
    second = make_listed_product(village=village, households=homes[2:], price_fen=1000, name='蜂蜜')
    with transaction():
        first.brand = make_brand(village)
        shared, own = make_project(village), make_project(village)
        for thing in (first.brand, shared, own):
            thing.approved_on = clock.today()
        first.project_shares = [
            ProjectShare(project=shared, share_bp=3_333),
            ProjectShare(project=own, share_bp=6_667),
        ]
        second.project_shares = [ProjectShare(project=shared, share_bp=10_000)]
    make_completed_order((first, 2))
    make_paid_order((second, 3))
    make_payout(pool_of(first), households_of(first)[0], 300)
    return first, second


def test_a_product_has_its_own_figures(goods):
    first, second = goods
    mine = figures_of(Subject(K.PRODUCT, (first.id,)))
    assert mine == Figures(1, 1, 2, 1, 7980, 4, 4, 1, 10, 10, 1)
    assert figures_of(Subject(K.PRODUCT, (second.id,))) == Figures(1, 1, 1, 0, 3000, 4, 0, 0, 10, 0, 0)
    both = figures_of(Subject(K.PRODUCT, (first.id, second.id)))
    assert (both.covered, both.accrued, both.sales_fen) == (6, 4, 10_980)


def test_a_brand_has_the_sales_made_under_it(goods):
    first, _ = goods
    assert figures_of(Subject(K.BRAND, (first.brand_id,))).sales_fen == 7980
    assert figures_of(Subject(K.BRAND, (first.brand_id,))).brands == 1
    assert figures_of(Subject(K.BRAND, (first.brand_id + 1,))) == Figures()


def test_a_project_has_its_share_of_each_product_to_the_fen(goods):
    shared, own = (share.project_id for share in goods[0].project_shares)
    of_shared, of_own = figures_of(Subject(K.PROJECT, (shared,))), figures_of(Subject(K.PROJECT, (own,)))
    assert of_shared.sales_fen == (7980 * 3_333 + 3000 * 10_000) // 10_000
    assert of_own.sales_fen == 7980 * 6_667 // 10_000
    assert (of_shared.endorsed_products, of_shared.projects, of_shared.covered) == (2, 1, 6)
    assert (of_own.endorsed_products, of_own.projects, of_own.covered) == (1, 1, 4)


@pytest.mark.parametrize('kind', [K.PRODUCT, K.BRAND, K.PROJECT])
def test_closed_days_change_no_figure(goods, clock_hand, kind):
    first, _ = goods
    ids = {K.PRODUCT: first.id, K.BRAND: first.brand_id, K.PROJECT: first.project_shares[0].project_id}
    subject = Subject(kind, (ids[kind],))
    before = figures_of(subject)
    clock_hand.move(days=40)
    with transaction():
        close_due_days(at=clock.now())
    assert figures_of(subject, clock.today()) == before


def test_a_tenure_keeps_its_credit_and_takes_none_of_its_successors(village, clock_hand):
    former = make_tenure(village)
    product = make_listed_product(village=village, tenure=former, households=5, price_fen=1000)
    make_completed_order((product, 1))
    clock_hand.move(days=30)
    with transaction():
        former.status, former.ends_on = TenureStatus.ROTATED, clock.today()
    successor = make_tenure(village, secretary=make_secretary('林知夏'), starts_on=clock.today())
    clock_hand.move(days=10)
    with transaction():
        listed_endorsement(product.id).status = EndorsementStatus.DELISTED
    make_endorsement(product, successor, status=EndorsementStatus.LISTED)
    make_paid_order((product, 2))
    mine, theirs = figures_of(tenures_of(former.id)), figures_of(tenures_of(successor.id))
    assert (mine.endorsed_products, mine.sales_fen, mine.covered, mine.accrued) == (1, 1000, 5, 5)
    assert (theirs.endorsed_products, theirs.sales_fen, theirs.covered, theirs.accrued) == (1, 2000, 5, 5)
    together = figures_of(tenures_of(former.id, successor.id))
    assert (together.endorsed_products, together.sales_fen, together.accrued) == (1, 3000, 5)


def test_what_is_credited_after_a_tenure_is_not_of_that_tenure(village, clock_hand):
    tenure = make_tenure(village)
    product = make_listed_product(village=village, tenure=tenure, households=5, price_fen=1000)
    clock_hand.move(days=5)
    with transaction():
        tenure.status, tenure.ends_on = TenureStatus.RECALLED, clock.today()
    clock_hand.move(days=5)
    make_completed_order((product, 1))
    assert (figures_of(tenures_of(tenure.id)).covered, figures_of(tenures_of(tenure.id)).accrued) == (5, 0)


def test_lines_of_a_subject_and_rows_come_to_its_figures(goods):
    first, _ = goods
    scope, today = Scope(subject=Subject(K.PRODUCT, (first.id,))), clock.today()
    table = breakdown(today, scope, Level.COUNTY)
    assert table.sum == table.total == figures_of(scope.subject)
    for metric in ('endorsed_products', 'projects', 'brands', 'covered', 'accrued', 'paid'):
        assert figure_rows(metric, today, scope, 1).page.total == getattr(table.total, metric)
    assert figure_rows('sales', today, scope, 1).total_fen == 7980
    assert headline(today - timedelta(days=1), scope=scope).figures == Figures(villages=1)
