"""How a pool moves: locked in key order, one entry per cause, newly reached households in one update."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import CursorResult, Select, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare
from shop.kit.database import db, dialect_name
from shop.ledger.days import BookingDay
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool, PayoutPart


class PoolMovedError(RuntimeError):
    """A pool changed under its lock; the unit of work must not go on."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What a cause brings to the pool of a version; negative fen are a reversal."""

    version_id: int
    fen: int
    order_line_id: int | None = None
    refund_line_id: int | None = None
    earnings_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pool as it stands under its lock."""

    id: int
    version_id: int
    amount_fen: int
    entry_count: int
    next_reach_fen: int | None


def book_credits(pieces: Sequence[Credit], day: BookingDay) -> list[BenefitEntry]:
    """Append one entry per piece and move the pools; the cost does not depend on how many households share.

    Pools are locked in key order, so `pieces` of several orders belong into one call.
    """
    entries: list[BenefitEntry] = []
    pools = _locked_pools({piece.version_id for piece in pieces})
    for version_id, before in pools.items():
        pool = before
        floor = _paid_floor(pool) if any(piece.fen < 0 for piece in pieces if piece.version_id == version_id) else 0
        for piece in pieces:
            if piece.version_id == version_id:
                entry = _entry(pool, piece, day, floor)
                pool = replace(pool, amount_fen=entry.pool_after_fen, entry_count=entry.sequence)
                entries.append(entry)
        if pool.next_reach_fen is not None and pool.amount_fen >= pool.next_reach_fen:
            pool = replace(pool, next_reach_fen=_reach(pool, day))
        _move(before, pool)
    db.session.add_all(entries)
    db.session.flush()
    return entries


def least_pool(weights: Sequence[int], paid: Sequence[int], pool: int) -> int:
    """Return the smallest pool, at most `pool`, in which nobody is entitled to less than was paid.

    `weights` and `paid` (fen) stand in household order. Entitlements never fall as a pool grows,
    so halving finds it.
    """
    low, high = sum(paid), pool
    while low < high:
        middle = (low + high) // 2
        if all(part >= given for part, given in zip(apportion(middle, weights), paid, strict=True)):
            high = middle
        else:
            low = middle + 1
    return high


def taken_of_pools(pool_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return, per pool and household, the fen that are paid or stand in a batch that was not cancelled."""
    parts = select(PayoutPart.pool_id, PayoutPart.household_id, PayoutPart.amount_fen).where(
        PayoutPart.pool_id.in_(pool_ids), ~PayoutPart.is_released
    )
    before = select(BenefitPayout.pool_id, BenefitPayout.household_id, BenefitPayout.amount_fen).where(
        BenefitPayout.pool_id.in_(pool_ids), BenefitPayout.part_id.is_(None)
    )
    taken: dict[int, dict[int, int]] = {}
    for pool_id, household_id, fen in db.session.execute(union_all(parts, before)):
        pool = taken.setdefault(pool_id, {})
        pool[household_id] = pool.get(household_id, 0) + int(fen)
    return taken


def _entry(pool: _Pool, piece: Credit, day: BookingDay, floor: int) -> BenefitEntry:
    amount = piece.fen if piece.fen >= 0 else -min(-piece.fen, max(0, pool.amount_fen - floor))
    return BenefitEntry(
        pool_id=pool.id,
        sequence=pool.entry_count + 1,
        order_line_id=piece.order_line_id,
        refund_line_id=piece.refund_line_id,
        earnings_id=piece.earnings_id,
        amount_fen=amount,
        borne_by_supplier_fen=amount - piece.fen,
        pool_after_fen=pool.amount_fen + amount,
        occurred_on=day.occurred_on,
        booked_on=day.booked_on,
        booked_at=day.booked_at,
    )


def _locked_pools(version_ids: Collection[int]) -> Mapping[int, _Pool]:
    """Return the pools of these versions by version, locked in key order; missing ones are made first."""
    statement = _select_pools(version_ids)
    found = {row.version_id: _Pool(*row) for row in db.session.execute(statement)}
    if len(found) < len(version_ids):
        _make_pools(version_ids - found.keys())
        found = {row.version_id: _Pool(*row) for row in db.session.execute(statement)}
    return found


def _select_pools(version_ids: Collection[int]) -> Select[int, int, int, int, int | None]:
    return (
        select(
            BenefitPool.id,
            BenefitPool.version_id,
            BenefitPool.amount_fen,
            BenefitPool.entry_count,
            BenefitPool.next_reach_fen,
        )
        .where(BenefitPool.version_id.in_(sorted(version_ids)))
        .order_by(BenefitPool.id)
        .with_for_update()
    )


def _make_pools(version_ids: Collection[int]) -> None:
    """Make empty pools; when another unit of work was faster, its rows stay."""
    first_reach = (
        select(AgreementShare.version_id, literal(0), literal(0), func.min(AgreementShare.first_fen_at))
        .where(AgreementShare.version_id.in_(sorted(version_ids)))
        .group_by(AgreementShare.version_id)
        .order_by(AgreementShare.version_id)
    )
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    columns = ['version_id', 'amount_fen', 'entry_count', 'next_reach_fen']
    db.session.execute(insert(BenefitPool).from_select(columns, first_reach).on_conflict_do_nothing())


def _reach(pool: _Pool, day: BookingDay) -> int | None:
    """Date the households that get their first fen now; return the pool value at which the next one does."""
    waiting = (AgreementShare.version_id == pool.version_id, AgreementShare.accrued_on.is_(None))
    db.session.execute(
        update(AgreementShare)
        .where(*waiting, AgreementShare.first_fen_at <= pool.amount_fen)
        .values(accrued_on=day.booked_on)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(select(func.min(AgreementShare.first_fen_at)).where(*waiting))


def _move(before: _Pool, after: _Pool) -> None:
    moved = db.session.execute(
        update(BenefitPool)
        .where(
            BenefitPool.id == before.id,
            BenefitPool.entry_count == before.entry_count,
            BenefitPool.amount_fen == before.amount_fen,
        )
        .values(amount_fen=after.amount_fen, entry_count=after.entry_count, next_reach_fen=after.next_reach_fen)
        .execution_options(synchronize_session=False)
    )
    if cast('CursorResult[Any]', moved).rowcount != 1:
        raise PoolMovedError(f'benefit_pools {before.id} moved under its lock')


def _paid_floor(pool: _Pool) -> int:
    """Return how far a reversal may lower the pool without taking back what is paid or stands in a payout batch."""
    taken = taken_of_pools([pool.id]).get(pool.id)
    if not taken:
        return 0
    shares = db.session.execute(
        select(AgreementShare.household_id, AgreementShare.weight)
        .where(AgreementShare.version_id == pool.version_id)
        .order_by(AgreementShare.position)
    ).all()
    return least_pool(
        [row.weight for row in shares], [taken.get(row.household_id, 0) for row in shares], pool.amount_fen
    )
