"""Rules of the pools: they equal their entries, shares sum to them, nobody is paid more than the due."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from sqlalchemy import func, select

from shop.benefits.apportionment import apportion, first_fen
from shop.benefits.models import AgreementShare, AgreementVersion
from shop.kit.database import db
from shop.ledger.checks.rules import Fault, Rule, selected
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool


@dataclass(slots=True)
class _Version:
    """The shares of a version in household order, its pool, and how the pool rose."""

    share_ids: list[int] = field(default_factory=list)
    household_ids: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    first_fen_at: list[int | None] = field(default_factory=list)
    accrued_on: list[date | None] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    days: list[date] = field(default_factory=list)

    def day_reached(self, fen: int) -> date | None:
        """Return the day the pool first held so many fen."""
        index = bisect_left(self.peaks, fen)
        return self.days[index] if index < len(self.days) else None


def _versions() -> dict[int, _Version]:
    """Read every version that was ever in force, with its shares and the height of its pool after each entry."""
    versions: dict[int, _Version] = defaultdict(_Version)
    for row in db.session.execute(
        select(
            AgreementShare.version_id,
            AgreementShare.id,
            AgreementShare.household_id,
            AgreementShare.weight,
            AgreementShare.first_fen_at,
            AgreementShare.accrued_on,
        )
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .where(AgreementVersion.in_force_on.is_not(None))
        .order_by(AgreementShare.version_id, AgreementShare.position)
    ):
        version = versions[row.version_id]
        version.share_ids.append(row.id)
        version.household_ids.append(row.household_id)
        version.weights.append(row.weight)
        version.first_fen_at.append(row.first_fen_at)
        version.accrued_on.append(row.accrued_on)
    for version_id, pool_after, booked_on in db.session.execute(
        select(BenefitPool.version_id, BenefitEntry.pool_after_fen, BenefitEntry.booked_on)
        .join(BenefitPool, BenefitPool.id == BenefitEntry.pool_id)
        .order_by(BenefitEntry.pool_id, BenefitEntry.sequence)
    ):
        versions[version_id].peaks.append(pool_after)
        versions[version_id].days.append(booked_on)
    for version in versions.values():
        version.peaks = list(accumulate(version.peaks, max))
    return dict(versions)


def _find_first_fen(rule: Rule) -> Iterator[Fault]:
    for version in _versions().values():
        due = first_fen(version.weights) if version.weights else []
        for share_id, kept, fen in zip(version.share_ids, version.first_fen_at, due, strict=True):
            if kept != fen:
                yield rule.fault('agreement_shares', share_id, f'记为 {kept} 分，按权重应为 {fen} 分')


def _find_accrual(rule: Rule) -> Iterator[Fault]:
    for version in _versions().values():
        for share_id, fen, kept in zip(version.share_ids, version.first_fen_at, version.accrued_on, strict=True):
            due = version.day_reached(fen) if fen is not None else None
            if kept != due:
                yield rule.fault('agreement_shares', share_id, f'首次受益日 {kept}，按分录应为 {due}')


def _find_next_reach(rule: Rule) -> Iterator[Fault]:
    versions = _versions()
    for pool in db.session.execute(select(BenefitPool.id, BenefitPool.version_id, BenefitPool.next_reach_fen)):
        version = versions.get(pool.version_id, _Version())
        waiting = zip(version.first_fen_at, version.accrued_on, strict=True)
        due = min((fen for fen, day in waiting if fen is not None and day is None), default=None)
        if pool.next_reach_fen != due:
            yield rule.fault('benefit_pools', pool.id, f'下一户受益的池值 {pool.next_reach_fen}，应为 {due}')


def _find_shares(rule: Rule) -> Iterator[Fault]:
    """Apportion every pool; one that cannot be shared out whole is at fault."""
    versions = _versions()
    for pool in db.session.execute(select(BenefitPool.id, BenefitPool.version_id, BenefitPool.amount_fen)):
        weights = versions.get(pool.version_id, _Version()).weights
        parts = apportion(pool.amount_fen, weights) if weights and pool.amount_fen >= 0 else []
        if sum(parts) != pool.amount_fen:
            yield rule.fault('benefit_pools', pool.id, f'池值 {pool.amount_fen} 分，各户应得合计 {sum(parts)} 分')


def _find_payouts(rule: Rule) -> Iterator[Fault]:
    versions = _versions()
    paid: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for pool_id, household_id, fen, payout_id in db.session.execute(
        select(
            BenefitPayout.pool_id,
            BenefitPayout.household_id,
            func.sum(BenefitPayout.amount_fen),
            func.max(BenefitPayout.id),
        ).group_by(BenefitPayout.pool_id, BenefitPayout.household_id)
    ):
        paid[pool_id].append((household_id, int(fen), payout_id))
    for pool in db.session.scalars(select(BenefitPool).where(BenefitPool.id.in_(sorted(paid)))):
        version = versions.get(pool.version_id, _Version())
        parts = apportion(max(0, pool.amount_fen), version.weights) if version.weights else []
        due = dict(zip(version.household_ids, parts, strict=True))
        for household_id, fen, payout_id in paid[pool.id]:
            if fen > due.get(household_id, 0):
                message = f'农户 {household_id} 已兑付 {fen} 分，应得 {due.get(household_id, 0)} 分'
                yield rule.fault('benefit_payouts', payout_id, message)


RULES: tuple[Rule, ...] = (
    selected(
        'pool_is_sum',
        '惠农池 = 其分录之和，分录数相等',
        table='benefit_pools',
        message='池值 {amount_fen} 分 {entry_count} 笔，分录合计 {due} 分 {entries} 笔',
        sql="""
        SELECT p.id, p.amount_fen, p.entry_count, coalesce(sum(e.amount_fen), 0) AS due, count(e.id) AS entries
        FROM benefit_pools p LEFT JOIN benefit_entries e ON e.pool_id = p.id
        GROUP BY p.id, p.amount_fen, p.entry_count
        HAVING p.amount_fen <> coalesce(sum(e.amount_fen), 0) OR p.entry_count <> count(e.id) ORDER BY p.id
        """,
    ),
    selected(
        'pool_sequence',
        '池内序号从 1 起连续，池值逐笔累计',
        table='benefit_entries',
        message='序号 {sequence}，应为 {place}；入账后 {pool_after_fen} 分，应为 {due} 分',
        sql="""
        SELECT id, sequence, place, pool_after_fen, due FROM (
            SELECT id, sequence, pool_after_fen,
                row_number() OVER (PARTITION BY pool_id ORDER BY sequence) AS place,
                sum(amount_fen) OVER (PARTITION BY pool_id ORDER BY sequence) AS due
            FROM benefit_entries) AS entries
        WHERE sequence <> place OR pool_after_fen <> due ORDER BY id
        """,
    ),
    Rule('first_fen', '每户得第一分钱时的池值按权重算出', _find_first_fen),
    Rule('accrual_day', '首次受益日 = 池值首次达到该值的入账日', _find_accrual),
    Rule('next_reach', '惠农池记着再有农户受益时的池值', _find_next_reach),
    Rule('shares_sum_to_pool', '各户应得之和等于惠农池', _find_shares),
    Rule('payout_within_due', '兑付不超过应得', _find_payouts),
)
