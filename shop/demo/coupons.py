"""Coupons of the campaign: used up, running, planned, ended and one in draft; what was paid stays as it was.

An order that used one had a list price so much above what was paid; its net, and all that follows from it, is the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from shop.accounts.models import Role, User
from shop.coupons.models import (
    CouponClaim,
    CouponGoods,
    CouponKind,
    CouponPart,
    CouponScope,
    CouponSeries,
    CouponSeriesEvent,
    CouponUse,
    SeriesStatus,
)
from shop.coupons.terms import returned_part
from shop.demo import words
from shop.demo.people import Officials, add_user, grant
from shop.demo.period import Period, instant, office_time
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.kit import clock
from shop.orders.models import Channel, Order, OrderEvent, OrderLine, OrderStatus
from shop.payments.models import RefundLine

S = SeriesStatus
SAMPLE_CODE = '通化山货'


@dataclass(frozen=True, slots=True)
class Plan:
    """A series as it is to be: its terms, its days as distances from the last one, how many used it."""

    name: str
    funder: str
    least: int
    off: int
    first: int
    last: int
    uses: int
    budget: int
    status: SeriesStatus = S.RUNNING
    percent_bp: int | None = None
    code: str | None = None
    is_county: bool = False


@dataclass(slots=True)
class Usable:
    """An order of one line that may have used a coupon."""

    order: dict[str, Any]
    line: dict[str, Any]
    refunded_fen: int = 0
    ended_at: datetime | None = field(default=None)


def plan_coupons(
    rows: Rows, seed: int, period: Period, sizes: Sizes, officials: Officials, home: VillagePlan, city_id: int, *,
    consumer_id: int,
) -> None:  # fmt: skip
    """Add the series, with orders that used them; the department has a second officer who drafts them."""
    rng = Random(f'{seed}:coupons')
    second = _second_officer(rows, rng, period, city_id)
    usable = sorted(_usable(rows), key=lambda one: (one.order['user_id'] != consumer_id, one.order['id']))
    for number, plan in enumerate(_plans(sizes)):
        first, last = period.last + timedelta(days=plan.first), period.last + timedelta(days=plan.last)
        author = officials.counties[home.county_id] if plan.is_county else second
        series_id = _add_series(rows, plan, first, last, token=f'{seed}:coupon:{number}', region_id=city_id)
        if plan.is_county:
            rows.of(CouponSeries)[series_id - 1].update(region_id=home.county_id, scope=CouponScope.VILLAGES)
            rows.add(CouponGoods, series_id=series_id, county_id=None, village_id=home.id, category_id=None,
                     product_id=None)  # fmt: skip
        _add_events(rows, rng, plan, series_id, period, first, last, author, officials.city)
        chosen = _choose(plan, first, last, usable, home.id if plan.is_county else None)
        for one in chosen:
            usable.remove(one)
            _use(rows, rng, plan, series_id, one)
        if plan.uses and not plan.budget:  # used up: as much as was used
            row = rows.of(CouponSeries)[series_id - 1]
            row['budget_fen'] = max(row['spent_fen'], plan.off)
        if plan.status is S.RUNNING and first <= period.last and plan.code is None:
            _claim_unused(rows, rng, series_id, consumer_id, period.end)


def _plans(sizes: Sizes) -> list[Plan]:
    city, county = '通化市商务局（演示）', '县商务局（演示）'
    return [
        Plan('首批山货券', city, 10_000, 2_000, -190, -150, sizes.few(160), 50_000_00, S.ENDED),
        Plan('第二批山货券', city, 6_000, 1_000, -60, -25, sizes.few(60), 8_000_00, S.ENDED),
        Plan('限量快抢券', city, 8_000, 1_000, -24, 12, sizes.few(40), 0),
        Plan('乡村振兴消费券', city, 0, 2_000, -20, 40, sizes.few(60), 30_000_00, percent_bp=1_000),
        Plan('本村专享券', county, 5_000, 800, -30, 30, sizes.few(12), 5_000_00, is_county=True),
        Plan('单位职工口令券', city, 10_000, 1_500, -15, 45, 0, 10_000_00, code=SAMPLE_CODE),
        Plan('下月预告券', city, 10_000, 2_000, 6, 36, 0, 20_000_00),
        Plan('下季山货券', city, 15_000, 3_000, 20, 80, 0, 40_000_00, S.DRAFT),
    ]


def _second_officer(rows: Rows, rng: Random, period: Period, city_id: int) -> int:
    at = office_time(rng, period.first - timedelta(days=1))
    user_id = add_user(rows, 'yanshi-city-2', words.person_name(rng), at)
    grant(rows, user_id, Role.CITY_DEPARTMENT, at=at, region_id=city_id)
    return user_id


def _usable(rows: Rows) -> Iterator[Usable]:
    """Yield the online orders of people with an account that stand alone in their checkout and have one line."""
    orders_of = Counter(order['checkout_id'] for order in rows.of(Order))
    lines_of: dict[int, list[dict[str, Any]]] = {}
    for line in rows.of(OrderLine):
        lines_of.setdefault(line['order_id'], []).append(line)
    refunded: Counter[int] = Counter()
    for refund in rows.of(RefundLine):
        refunded[refund['order_line_id']] += refund['amount_fen']
    ended = {
        event['order_id']: event['at'] for event in rows.of(OrderEvent) if event['to_status'] is OrderStatus.CANCELLED
    }
    for order in rows.of(Order):
        lines = lines_of[order['id']]
        is_plain = order['channel'] is Channel.ONLINE and not order['is_test'] and not order['is_insider']
        is_alone = len(lines) == 1 and orders_of[order['checkout_id']] == 1
        if is_plain and is_alone and order['user_id'] and lines[0]['discount_fen'] == 0:
            yield Usable(order, lines[0], refunded[lines[0]['id']], ended.get(order['id']))


def _choose(plan: Plan, first: date, last: date, usable: list[Usable], village_id: int | None) -> list[Usable]:
    """Return orders of the days that reach the threshold, one of each person; all that wait for payment among them."""
    least = max(plan.least, plan.off * 10_000 // plan.percent_bp if plan.percent_bp else 0)
    people: set[int] = set()
    found: list[Usable] = []
    fits = [
        one
        for one in usable
        if first <= clock.business_day(one.order['placed_at']) <= last
        and plan.off % one.line['quantity'] == 0
        and one.line['net_fen'] + plan.off >= least
        and village_id in {None, one.order['village_id']}
        and (plan.budget or one.order['status'] is not OrderStatus.PENDING_PAYMENT)  # what is used up stays so
    ]
    fits.sort(key=lambda one: one.order['status'] is not OrderStatus.PENDING_PAYMENT)
    for one in fits:
        if len(found) < plan.uses and one.order['user_id'] not in people:
            people.add(one.order['user_id'])
            found.append(one)
    return sorted(found, key=lambda one: int(one.order['id']))


def _add_series(rows: Rows, plan: Plan, first: date, last: date, *, token: str, region_id: int) -> int:
    is_percent = plan.percent_bp is not None
    return rows.add(
        CouponSeries,
        form_token=sha256(token.encode()).hexdigest(),
        region_id=region_id,
        name=plan.name,
        funder=plan.funder,
        kind=CouponKind.PERCENT if is_percent else CouponKind.FIXED,
        threshold_fen=plan.least,
        off_fen=None if is_percent else plan.off,
        off_bp=plan.percent_bp,
        cap_fen=plan.off if is_percent else None,
        budget_fen=plan.budget or plan.off,
        spent_fen=0,
        per_person=1,
        scope=CouponScope.ALL,
        starts_on=first,
        ends_on=last,
        code=plan.code,
        status=plan.status,
        created_at=instant(first - timedelta(days=30), 9 * 3600),
    )


def _add_events(
    rows: Rows, rng: Random, plan: Plan, series_id: int, period: Period, first: date, last: date, author: int, city: int
) -> None:
    drafted = office_time(rng, min(first - timedelta(days=9), period.last - timedelta(days=2)))
    rows.of(CouponSeries)[series_id - 1]['created_at'] = drafted
    steps: list[tuple[datetime, int, SeriesStatus | None, SeriesStatus, str]] = [(drafted, author, None, S.DRAFT, '')]
    if plan.status is not S.DRAFT:
        steps.append((drafted + timedelta(days=1), city, S.DRAFT, S.RUNNING, ''))
    if plan.status is S.ENDED:
        steps.append((office_time(rng, last + timedelta(days=2)), city, S.RUNNING, S.ENDED, '活动到期'))
    for at, actor_id, before, to, reason in steps:
        rows.add(CouponSeriesEvent, series_id=series_id, at=at, actor_id=actor_id, from_status=before, to_status=to,
                 reason=reason)  # fmt: skip


def _use(rows: Rows, rng: Random, plan: Plan, series_id: int, one: Usable) -> None:
    """Let an order have used the series: the list price was higher by what came off."""
    order, line, off = one.order, one.line, plan.off
    line['unit_price_fen'] += off // line['quantity']
    line['discount_fen'] = off
    is_cancelled = order['status'] is OrderStatus.CANCELLED
    returned = off if is_cancelled else returned_part(off, line['net_fen'], one.refunded_fen)
    placed_at = order['placed_at']
    claim_id = rows.add(
        CouponClaim,
        series_id=series_id,
        user_id=order['user_id'],
        claimed_at=placed_at - timedelta(seconds=rng.randrange(40, 900)),
        limit_count=1,
        used_count=0 if is_cancelled else 1,
    )
    use_id = rows.add(
        CouponUse,
        claim_id=claim_id,
        series_id=series_id,
        checkout_id=order['checkout_id'],
        name=plan.name,
        funder=plan.funder,
        discount_fen=off,
        used_at=placed_at,
        released_at=one.ended_at if is_cancelled else None,
    )
    rows.add(
        CouponPart,
        use_id=use_id,
        order_id=order['id'],
        discount_fen=off,
        returned_fen=returned,
        released_at=one.ended_at if is_cancelled else None,
    )
    rows.of(CouponSeries)[series_id - 1]['spent_fen'] += off - returned


def _claim_unused(rows: Rows, rng: Random, series_id: int, consumer_id: int, end: datetime) -> None:
    """Let the demo's consumer and some others have claimed it and not used it yet."""
    taken = {row['user_id'] for row in rows.of(CouponClaim) if row['series_id'] == series_id}
    shoppers = [row['id'] for row in rows.of(User) if row['login_name'].startswith('yanshi-buyer-')]
    others = rng.sample(shoppers, min(len(shoppers), 1 + len(shoppers) // 40))
    for user_id in [consumer_id, *others]:
        if user_id not in taken:
            taken.add(user_id)
            rows.add(
                CouponClaim,
                series_id=series_id,
                user_id=user_id,
                claimed_at=end - timedelta(seconds=rng.randrange(3_600, 5 * 86_400)),
                limit_count=1,
                used_count=0,
            )
