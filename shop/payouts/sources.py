"""From a household to everything it ever gets: each pool, each entry's effect on it, what is paid and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement
from shop.catalogue.models import Product
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool
from shop.ledger.pools import taken_of_pools
from shop.orders.models import Order, OrderLine
from shop.payouts.models import LineStatus, PayoutLine
from shop.villages.models import Household

# So many of the newest entries are shown one by one; the rest stand in one sum.
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Effect:
    """What one entry did to the household."""

    entry: BenefitEntry
    order_number: str
    fen: int


@dataclass(frozen=True, slots=True)
class Source:
    """A pool the household shares: its due, what is paid or in a batch, and the newest effects.

    `earlier_fen` is what came before those.
    """

    share: AgreementShare
    product: Product
    pool: BenefitPool | None
    households: int
    due_fen: int
    taken_fen: int
    effects: Sequence[Effect]
    earlier_fen: int

    @property
    def left_fen(self) -> int:
        """What the next batch would pay of it."""
        return self.due_fen - self.taken_fen


@dataclass(frozen=True, slots=True)
class Account:
    """A household with all its sources and its lines in batches."""

    household: Household
    sources: Sequence[Source]
    lines: Sequence[PayoutLine]
    paid_fen: int

    @property
    def due_fen(self) -> int:
        """What it is entitled to in all."""
        return sum(source.due_fen for source in self.sources)

    @property
    def in_batch_fen(self) -> int:
        """What is on its way."""
        ended = {LineStatus.PAID, LineStatus.CANCELLED}
        return sum(line.amount_fen for line in self.lines if line.status not in ended)

    @property
    def left_fen(self) -> int:
        """What the next batch would pay."""
        return sum(source.left_fen for source in self.sources)


def open_account(household_id: int, village_id: int) -> Account:
    """Return a household of a village with all its sources; raises `NotFoundError`."""
    household = db.session.get(Household, household_id)
    if household is None or household.village_id != village_id:
        raise NotFoundError
    rows: Sequence[Any] = db.session.execute(
        select(AgreementShare, Product, BenefitPool)
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
        .join(Product, Product.id == BenefitAgreement.product_id)
        .outerjoin(BenefitPool, BenefitPool.version_id == AgreementShare.version_id)
        .where(AgreementShare.household_id == household_id, AgreementVersion.in_force_on.is_not(None))
        .order_by(Product.id, AgreementVersion.number)
        .options(joinedload(AgreementShare.version))
    ).all()
    taken = taken_of_pools([pool.id for _, _, pool in rows if pool is not None])
    lines = db.session.scalars(
        select(PayoutLine)
        .where(PayoutLine.household_id == household_id)
        .order_by(PayoutLine.id.desc())
        .options(joinedload(PayoutLine.batch))
    ).all()
    sources = [
        _source(share, product, pool, taken.get(pool.id, {}).get(household_id, 0) if pool is not None else 0)
        for share, product, pool in rows
    ]
    paid = db.session.scalar(
        select(func.sum(BenefitPayout.amount_fen)).where(BenefitPayout.household_id == household_id)
    )
    return Account(household, sources, lines, int(paid or 0))


def _source(share: AgreementShare, product: Product, pool: BenefitPool | None, taken: int) -> Source:
    members = db.session.execute(
        select(AgreementShare.id, AgreementShare.weight)
        .where(AgreementShare.version_id == share.version_id)
        .order_by(AgreementShare.position)
    ).all()
    weights = [weight for _, weight in members]
    place = [share_id for share_id, _ in members].index(share.id)

    def due(fen: int) -> int:
        return apportion(fen, weights)[place]

    if pool is None:
        return Source(share, product, None, len(weights), 0, 0, (), 0)
    effects = []
    for entry, number in db.session.execute(
        select(BenefitEntry, Order.number)
        .outerjoin(OrderLine, OrderLine.id == BenefitEntry.order_line_id)
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .where(BenefitEntry.pool_id == pool.id)
        .order_by(BenefitEntry.sequence.desc())
        .limit(SHOWN)
    ):
        before = entry.pool_after_fen - entry.amount_fen
        effects.append(Effect(entry, number or '', due(entry.pool_after_fen) - due(before)))
    whole = due(pool.amount_fen)
    return Source(
        share, product, pool, len(weights), whole, taken, effects, whole - sum(effect.fen for effect in effects)
    )
