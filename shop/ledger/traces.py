"""From an order line to the households it helps: expected before completion, exact after it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare
from shop.kit.database import db
from shop.ledger.models import BenefitEntry
from shop.orders.models import OrderLine


@dataclass(frozen=True)
class HouseholdPart:
    """What one household got, named only by its self-check code."""

    code: str
    fen: int


@dataclass(frozen=True)
class LineEffect:
    """What a line did: `is_exact` once its benefit is booked, else `fen` is what is expected."""

    is_exact: bool
    fen: int
    households: int
    pool_before_fen: int
    pool_after_fen: int
    parts: tuple[HouseholdPart, ...]


def what_line_did(line: OrderLine) -> LineEffect:
    """Return the effect of a line; the parts are those of households that got something, and sum to `fen`."""
    shares = db.session.scalars(
        select(AgreementShare)
        .where(AgreementShare.version_id == line.agreement_version_id)
        .order_by(AgreementShare.position)
        .options(joinedload(AgreementShare.household))
    ).all()
    entry = db.session.scalar(select(BenefitEntry).where(BenefitEntry.order_line_id == line.id))
    if entry is None:
        return LineEffect(
            is_exact=False,
            fen=line.benefit_fen or 0,
            households=len(shares),
            pool_before_fen=0,
            pool_after_fen=0,
            parts=(),
        )
    before = entry.pool_after_fen - entry.amount_fen
    weights = [share.weight for share in shares]
    changes = zip(shares, apportion(before, weights), apportion(entry.pool_after_fen, weights), strict=True)
    parts = tuple(
        HouseholdPart(share.household.self_check_code, after - earlier)
        for share, earlier, after in changes
        if after > earlier
    )
    return LineEffect(
        is_exact=True,
        fen=entry.amount_fen,
        households=len(shares),
        pool_before_fen=before,
        pool_after_fen=entry.pool_after_fen,
        parts=parts,
    )
