"""Plans the Tonghua campaign in memory from one seed: places, people, goods, agreements, trade, book."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from flask import current_app

from shop.benefits.models import VersionStatus
from shop.catalogue.models import Product, ProjectShare, Variant
from shop.demo import agreements
from shop.demo.accounts import Accounts, appoint_accounts
from shop.demo.aftersales import AftersaleWriter
from shop.demo.agreement_changes import plan_agreement_changes
from shop.demo.agreements import VersionStep, Wording
from shop.demo.bookings import Bookkeeper
from shop.demo.buyers import assign_buyers, plan_institutions
from shop.demo.coupons import plan_coupons
from shop.demo.earnings import EarningsWriter
from shop.demo.endorsements import Ladder
from shop.demo.fates import Course, Fate, listed_courses, unlisted_fates
from shop.demo.freight import freight_of, plan_freight
from shop.demo.goods import Goods, plan_goods
from shop.demo.home import HOME_VILLAGE
from shop.demo.invoices import plan_invoices
from shop.demo.labels import plan_labels, promise_presales
from shop.demo.letters import plan_letters
from shop.demo.looks import plan_looks
from shop.demo.market import checkouts, plan_trade
from shop.demo.objections import plan_objections
from shop.demo.orders import OrderWriter, WrittenOrder
from shop.demo.payout_rows import PayoutWriter
from shop.demo.payout_shortfall import delay_a_refund
from shop.demo.payouts import PayoutPlan
from shop.demo.people import Officials, open_register, plan_households, plan_officials, plan_team
from shop.demo.period import Period, instant, office_time
from shop.demo.places import CITY, plan_regions, plan_villages
from shop.demo.procurement import plan_procurement
from shop.demo.register import plan_register
from shop.demo.reviews import ReviewWriter
from shop.demo.rows import Rows
from shop.demo.settlements import Cashier
from shop.demo.share_links import plan_share_links
from shop.demo.sizes import Sizes
from shop.demo.stage import ProductPlan, VillagePlan
from shop.demo.synonyms import plan_synonyms
from shop.demo.tenures import plan_tenures
from shop.demo.timelines import Timeline
from shop.demo.trade import Buyer, PlannedOrder
from shop.demo.transfers import add_transfers

V = VersionStatus
Tell = Callable[[str], None]


@dataclass(slots=True)
class Campaign:
    """The planned campaign: its rows, and what the pictures and accounts need to know."""

    rows: Rows
    period: Period
    villages: list[VillagePlan]
    goods: Goods


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What stands when the trade is written, for the parts of the plan that follow it."""

    rows: Rows
    seed: int
    scale: float
    period: Period
    sizes: Sizes
    villages: list[VillagePlan]
    home: VillagePlan
    goods: Goods
    city_id: int
    officials: Officials
    accounts: Accounts


def plan_campaign(seed: int, scale: float, until: date, *, tell: Tell) -> Campaign:
    """Plan everything that happened up to the day `until`; the same three numbers give the same rows."""
    rng = Random(f'{seed}:{scale}:{until}')
    rows, period, sizes = Rows(), Period.until(until), Sizes.at(scale)
    tell('村庄与人员')
    regions = plan_regions(rows)
    villages = plan_villages(rows, sizes, regions)
    home = next(village for village in villages if village.slug == HOME_VILLAGE)
    officials = plan_officials(rows, rng, period, villages, regions[CITY[0]])
    plan_team(rows, rng, period, sizes, villages)
    plan_tenures(rows, rng, period, sizes, villages, officials, keep=home)
    tell('产品、代言与协议')
    goods = plan_goods(rows, rng, period, villages)
    plan_freight(rows, Random(f'{seed}:freight'), period, goods, home)
    _plan_endorsements(rows, rng, period, sizes, goods, officials, villages, home)
    plan_register(rows, seed, period, sizes, villages)
    plan_objections(rows, Random(f'{seed}:objections'), period, villages)
    _vary_stock(rows, rng, sizes, goods, home)
    plan_labels(rows, Random(f'{seed}:labels'), period, goods, home, presales=sizes.few(6))
    accounts = appoint_accounts(rows, rng, period, regions[CITY[0]], home, officials)
    plan_synonyms(rows, seed, period, officials.city)
    tell('订单')
    institutions = plan_institutions(rows, rng, period, sizes)
    planned = plan_trade(rng, period, sizes, goods, home, institutions, accounts.consumer)
    assign_buyers(rows, rng, period, [order for order, _ in planned], sizes.buyers)
    late = delay_a_refund(planned, period, home)
    payouts = PayoutPlan(rows, Random(f'{seed}:payouts'), period, villages, home, late)
    written = _write_trade(rows, rng, seed, planned, villages, payouts)
    PayoutWriter(rows, Random(f'{seed}:payout rows'), period).write(payouts.batches)
    EarningsWriter(rows, Random(f'{seed}:earnings'), period).write(villages, home, sizes)
    stage = Aftermath(rows, seed, scale, period, sizes, villages, home, goods, regions[CITY[0]], officials, accounts)
    _plan_aftermath(stage, institutions, written, tell)
    return Campaign(rows, period, villages, goods)


def _plan_aftermath(on: Aftermath, institutions: list[Buyer], written: list[WrittenOrder], tell: Tell) -> None:
    """Plan what followed the trade: promises, transfers, claims, reviews, letters, changes."""
    promise_presales(on.rows)
    add_transfers(on.rows, Random(f'{on.seed}:transfers'), on.period, city_id=on.city_id, officer_id=on.officials.city)
    plan_procurement(on.rows, on.seed, on.period, institutions, on.officials, on.goods, on.accounts.consumer.user_id)
    tell('售后、评价与分享链接')
    AftersaleWriter(on.rows, on.seed, on.period, on.villages).write(written, on.home, on.accounts.consumer.user_id)
    ReviewWriter(on.rows, on.seed, on.period).write(written, on.scale, on.home, on.accounts.consumer.user_id)
    plan_share_links(on.rows, on.seed, on.period, written, on.villages, on.home)
    plan_invoices(on.rows, Random(f'{on.seed}:invoices'), on.period, written, on.home, on.accounts.consumer.user_id)
    consumer_id = on.accounts.user_ids['guke']
    plan_coupons(on.rows, on.seed, on.period, on.sizes, on.officials, on.home, on.city_id, consumer_id=consumer_id)
    plan_letters(on.rows, on.seed, on.period, written, on.accounts.consumer.user_id)
    notice_days = int(current_app.config['NOTICE_DAYS'])
    draws = Random(f'{on.seed}:agreement-changes')
    plan_agreement_changes(on.rows, draws, on.period, on.goods.listed, on.home, notice_days=notice_days)
    plan_looks(on.rows, on.seed, on.period, on.home.id, on.accounts.user_ids)


def _plan_endorsements(
    rows: Rows,
    rng: Random,
    period: Period,
    sizes: Sizes,
    goods: Goods,
    officials: Officials,
    villages: list[VillagePlan],
    home: VillagePlan,
) -> None:
    courses = listed_courses(rng, period, sizes, [product.village for product in goods.listed], home=home)
    for product, course in zip(goods.listed, courses, strict=True):
        product.accrues = course.fate is not Fate.NEW
        product.in_force_at_end = course.fate is not Fate.DELISTED
    reached, covered = agreements.household_counts(rng, sizes, villages, goods.listed)
    register = open_register(rows)
    counts = agreements.register_sizes(reached, covered)
    for village in villages:
        plan_households(rows, rng, period, village, counts[village.id], register)
    named = agreements.share_out(rng, goods.listed, reached, covered)
    ladder = Ladder(rows, rng, period, goods, officials, int(current_app.config['NOTICE_DAYS']))
    for product, course in zip(goods.listed, courses, strict=True):
        wording = agreements.first_wording(rng, product, named[product.id], goods.benefit_fen[product.id])
        ladder.list_product(product, course, wording)
        if course.fate is Fate.DELISTED and len(product.versions) == 1:
            _terminate(rng, ladder, product, course, officials)
    _change_agreements(rng, period, sizes, ladder, goods, courses)
    for product, fate in zip(
        goods.unlisted, unlisted_fates([one.village for one in goods.unlisted], home=home), strict=True
    ):
        _propose(rows, rng, goods, ladder, product, fate)


def _propose(rows: Rows, rng: Random, goods: Goods, ladder: Ladder, product: ProductPlan, fate: Fate) -> None:
    """Send up a product that is not listed yet; on notice it may only name a brand and a project that count already."""
    if fate in {Fate.ON_NOTICE, Fate.OBJECTED}:
        known = next(one for one in goods.listed if one.village is product.village)
        product.brand_id = rows.of(Product)[product.id - 1]['brand_id'] = known.brand_id
        project_id = goods.projects_of[known.id][0]
        goods.projects_of[product.id] = [project_id]
        for share in rows.of(ProjectShare):
            if share['product_id'] == product.id:
                share['project_id'] = project_id
    size = len(product.village.household_ids)
    positions = sorted(rng.sample(range(size), min(size, rng.randrange(5, 40))))
    wording = agreements.first_wording(rng, product, positions, goods.benefit_fen[product.id])
    ladder.propose_product(product, fate, wording)


def _terminate(rng: Random, ladder: Ladder, product: ProductPlan, course: Course, officials: Officials) -> None:
    assert course.left_on is not None
    at = office_time(rng, course.left_on + timedelta(days=1))
    ladder.book.end_version(product, VersionStep(at, officials.city, V.TERMINATED, '产品下架，协议终止'))


def _change_agreements(
    rng: Random, period: Period, sizes: Sizes, ladder: Ladder, goods: Goods, courses: list[Course]
) -> None:
    """Let some agreements have a second version: another rule, the same households weighed anew."""
    pairs = [
        (product, course)
        for product, course in zip(goods.listed, courses, strict=True)
        if course.fate is Fate.LISTED and len(product.village.tenures) == 1
    ]
    for product, course in rng.sample(pairs, min(len(pairs), sizes.few(14))):
        assert course.listed_on is not None
        day = agreements.change_day(rng, period, course.listed_on, None)
        if day is None:
            continue
        span = product.versions[0]
        before = Wording(
            span.version.rule_kind, span.version.rule_value, span.version.weight_kind, span.household_ids, span.weights
        )
        wording = agreements.next_wording(rng, product, before)
        village = product.village
        force = instant(day, 8 * 3600 + 300)
        steps = [
            VersionStep(office_time(rng, day - timedelta(days=14)), village.present.user_id, V.DRAFT),
            VersionStep(office_time(rng, day - timedelta(days=11)), village.present.user_id, V.IN_REVIEW),
            VersionStep(office_time(rng, day - timedelta(days=6)), village.county_reviewer_id, V.ON_NOTICE),
            VersionStep(force, None, V.IN_FORCE),
        ]
        ladder.book.end_version(product, VersionStep(force, None, V.SUPERSEDED, '由第 2 版接替'))
        ladder.book.add_version(product, wording, steps, meeting_on=day - timedelta(days=16))


def _vary_stock(rows: Rows, rng: Random, sizes: Sizes, goods: Goods, home: VillagePlan) -> None:
    """Let some variants be sold out or nearly so, one of the home village among them."""
    variants = rows.of(Variant)
    listed = [variant for product in goods.listed for variant in product.variants]
    for variant in rng.sample(listed, min(len(listed), sizes.few(5))):
        variants[variant.id - 1]['stock'] = 0
    mine = [product for product in goods.listed if product.village is home]
    for product in [*mine[-1:], *rng.sample(goods.listed, sizes.few(6))]:
        variants[product.variants[-1].id - 1]['stock'] = rng.randrange(2, 7)


def _write_trade(
    rows: Rows,
    rng: Random,
    seed: int,
    planned: list[tuple[PlannedOrder, Timeline]],
    villages: list[VillagePlan],
    payouts: PayoutPlan,
) -> list[WrittenOrder]:
    writer, cashier = OrderWriter(rows, rng, seed), Cashier(rows, rng)
    written: list[WrittenOrder] = []
    refunds = []
    for pieces in checkouts(planned):
        orders = writer.add_checkout([(plan, timeline, freight_of(plan)) for plan, timeline in pieces])
        written += orders
        refunds += cashier.settle(orders)
    Bookkeeper(rows, {village.id: village.county_id for village in villages}, payouts).book(written, refunds)
    return written
