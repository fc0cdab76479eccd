"""Money handed over: what a batch holds of the pools, what it lets go again, and the rows of what was paid.

A household's due of a pool is its part of the pool less what is paid or held for it. Holding happens under the
pool's lock, so that two batches never hold the same fen and a reversal never takes what is held.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, literal, select, update

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.days import booking_day
from shop.ledger.models import BenefitPayout, BenefitPool, PayoutPart
from shop.ledger.pools import taken_of_pools
from shop.villages.queries import comprised_villages


@dataclass(frozen=True, slots=True)
class Due:
    """What a household may still be paid of a pool."""

    pool_id: int
    household_id: int
    fen: int


def lock_dues(village_id: int) -> list[Due]:
    """Lock the pools of a village and those joined to it, in key order; return what its households are due of each."""
    pools = db.session.execute(
        select(BenefitPool.id, BenefitPool.version_id, BenefitPool.amount_fen)
        .where(BenefitPool.version_id.in_(_versions_of(village_id)), BenefitPool.amount_fen > 0)
        .order_by(BenefitPool.id)
        .with_for_update()
    ).all()
    shares = _shares_of([pool.version_id for pool in pools])
    taken = taken_of_pools([pool.id for pool in pools])
    dues = []
    for pool_id, version_id, amount in pools:
        members = shares.get(version_id, [])
        given = taken.get(pool_id, {})
        parts = apportion(amount, [weight for _, weight in members])
        for (household_id, _), part in zip(members, parts, strict=True):
            if part > given.get(household_id, 0):
                dues.append(Due(pool_id, household_id, part - given.get(household_id, 0)))
    return dues


def hold_parts(parts: Sequence[tuple[int, Due]]) -> None:
    """Let lines of a batch hold these dues; the pools are locked by `lock_dues`."""
    db.session.execute(
        insert(PayoutPart),
        [
            {
                'line_id': line_id,
                'pool_id': due.pool_id,
                'household_id': due.household_id,
                'amount_fen': due.fen,
                'is_released': False,
            }
            for line_id, due in parts
        ],
    )


def release_parts(line_ids: Collection[int]) -> None:
    """Let go what these lines hold; it is due again in the next batch."""
    db.session.execute(
        update(PayoutPart)
        .where(PayoutPart.line_id.in_(line_ids))
        .values(is_released=True)
        .execution_options(synchronize_session=False)
    )


def record_payouts(line_ids: Collection[int], *, evidence: str, paid_on: date, at: datetime) -> int:
    """Book that what these lines hold was handed over; return how many rows that is.

    One row per part, and its unique key refuses a second one.
    """
    day = booking_day(clock.day_start(paid_on), at)
    columns = ['part_id', 'pool_id', 'household_id', 'amount_fen', 'evidence', 'occurred_on', 'booked_on']
    held = (
        select(
            PayoutPart.id,
            PayoutPart.pool_id,
            PayoutPart.household_id,
            PayoutPart.amount_fen,
            literal(evidence),
            literal(paid_on),
            literal(day.booked_on),
        )
        .where(PayoutPart.line_id.in_(line_ids), ~PayoutPart.is_released)
        .order_by(PayoutPart.id)
    )
    booked = db.session.execute(insert(BenefitPayout).from_select(columns, held))
    return cast('CursorResult[Any]', booked).rowcount


def _versions_of(village_id: int) -> Any:
    return (
        select(AgreementVersion.id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
        .where(BenefitAgreement.village_id.in_(comprised_villages(village_id)))
    )


def _shares_of(version_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return household and weight of each share by version, in household order."""
    shares: dict[int, list[tuple[int, int]]] = {}
    for version_id, household_id, weight in db.session.execute(
        select(AgreementShare.version_id, AgreementShare.household_id, AgreementShare.weight)
        .where(AgreementShare.version_id.in_(version_ids))
        .order_by(AgreementShare.version_id, AgreementShare.position)
    ):
        shares.setdefault(version_id, []).append((household_id, weight))
    return shares
