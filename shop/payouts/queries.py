"""What pages ask about batches: through a scope for officials, by number for everybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.payouts.evidence_models import PayoutBankFile, PayoutSlip
from shop.payouts.models import (
    AFTER_REVIEW,
    BatchStatus,
    LineStatus,
    PayoutBatch,
    PayoutLine,
)
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionStatus
from shop.payouts.policies import READERS
from shop.villages.models import Village
from shop.villages.scope import villages_in_scope

PAGE_SIZE = 30
B, L = BatchStatus, LineStatus
# What the public may read of: from its notice on, unless it was given up.
PUBLIC = frozenset({B.ON_NOTICE, B.IN_REVIEW}) | AFTER_REVIEW

AT_THE_VILLAGE = frozenset({B.COMPUTED, B.CONFIRMED, B.RETURNED, B.DUE, B.PARTLY_PAID, B.PAID})


@dataclass(frozen=True, slots=True)
class Sums:
    """How many households and fen of a batch are in which status."""

    counts: dict[LineStatus, int]
    fen: dict[LineStatus, int]

    @property
    def standing_count(self) -> int:
        """The households that are still on it."""
        return sum(count for status, count in self.counts.items() if status is not L.CANCELLED)

    @property
    def standing_fen(self) -> int:
        """What they get in all."""
        return sum(fen for status, fen in self.fen.items() if status is not L.CANCELLED)

    def count(self, *names: str) -> int:
        """Count the households in these statuses."""
        return sum(count for status, count in self.counts.items() if status.value in names)

    def amount(self, *names: str) -> int:
        """Sum the fen in these statuses."""
        return sum(fen for status, fen in self.fen.items() if status.value in names)


NOTHING = Sums({}, {})


def sums_of(batch_ids: Collection[int]) -> dict[int, Sums]:
    """Return the sums of batches by id; one statement."""
    found: dict[int, Sums] = {}
    for batch_id, status, count, fen in db.session.execute(
        select(PayoutLine.batch_id, PayoutLine.status, func.count(), func.sum(PayoutLine.amount_fen))
        .where(PayoutLine.batch_id.in_(batch_ids))
        .group_by(PayoutLine.batch_id, PayoutLine.status)
    ):
        sums = found.setdefault(batch_id, Sums({}, {}))
        sums.counts[status], sums.fen[status] = count, int(fen)
    return found


def batches_of(village_id: int) -> list[PayoutBatch]:
    """Return the batches of a village, the newest first."""
    return list(
        db.session.scalars(
            select(PayoutBatch).where(PayoutBatch.village_id == village_id).order_by(PayoutBatch.serial.desc())
        )
    )


def batches_to_do(village_id: int) -> list[PayoutBatch]:
    """Return the batches that wait for their village: to be confirmed, published, paid or proved."""
    return list(
        db.session.scalars(
            select(PayoutBatch)
            .where(PayoutBatch.village_id == village_id, PayoutBatch.status.in_(AT_THE_VILLAGE))
            .order_by(PayoutBatch.serial)
        )
    )


def batch_at_desk(batch_id: int, village: Village) -> PayoutBatch:
    """Return a batch of the village; raises `NotFoundError`."""
    batch = db.session.get(PayoutBatch, batch_id)
    if batch is None or batch.village_id != village.id:
        raise NotFoundError
    return batch


def batch_in_scope(batch_id: int, user: User) -> PayoutBatch:
    """Return a batch an official may read; raises `NotFoundError`."""
    batch = db.session.scalar(_in_scope(user).where(PayoutBatch.id == batch_id))
    if batch is None:
        raise NotFoundError
    return batch


def page_of_batches(user: User, status: BatchStatus | None, number: int) -> Page[PayoutBatch]:
    """Return a page of the batches of the user's scope: those to review first, then the newest."""
    statement = _in_scope(user)
    if status is not None:
        statement = statement.where(PayoutBatch.status == status)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.scalars(
        statement.order_by(
            (PayoutBatch.status != B.IN_REVIEW), (PayoutBatch.status != B.EVIDENCED), PayoutBatch.computed_at.desc()
        )
        .options(joinedload(PayoutBatch.village).options(joinedload(Village.county), joinedload(Village.township)))
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def public_batch(number: str) -> PayoutBatch:
    """Return the batch with this number, once it was on notice; raises `NotFoundError`."""
    batch = db.session.scalar(
        select(PayoutBatch)
        .where(PayoutBatch.number == number, PayoutBatch.status.in_(PUBLIC))
        .options(joinedload(PayoutBatch.village).options(joinedload(Village.county), joinedload(Village.township)))
    )
    if batch is None:
        raise NotFoundError
    return batch


def batches_on_notice(*, on: date) -> list[PayoutBatch]:
    """Return the batches whose notice stands, the first to end first."""
    return list(
        db.session.scalars(
            _public()
            .where(PayoutBatch.status == B.ON_NOTICE, PayoutBatch.notice_ends_on > on)
            .order_by(PayoutBatch.notice_ends_on, PayoutBatch.id)
        )
    )


def page_of_paid(number: int) -> Page[PayoutBatch]:
    """Return a page of what was agreed to and paid, the newest first."""
    statement = _public().where(PayoutBatch.status.in_(AFTER_REVIEW))
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = db.session.scalars(
        statement.order_by(PayoutBatch.reviewed_at.desc(), PayoutBatch.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def lines_of(batch: PayoutBatch) -> Sequence[PayoutLine]:
    """Return the lines of a batch with their households, in the order of its roster."""
    return db.session.scalars(
        select(PayoutLine)
        .where(PayoutLine.batch_id == batch.id)
        .order_by(PayoutLine.position)
        .options(joinedload(PayoutLine.household))
    ).all()


def slips_of(batch: PayoutBatch) -> Sequence[PayoutSlip]:
    """Return the photos of a batch's roster."""
    return db.session.scalars(
        select(PayoutSlip)
        .where(PayoutSlip.batch_id == batch.id)
        .order_by(PayoutSlip.id)
        .options(joinedload(PayoutSlip.added_by))
    ).all()


def bank_files_of(batch: PayoutBatch) -> Sequence[PayoutBankFile]:
    """Return the files that were made for the bank."""
    return db.session.scalars(
        select(PayoutBankFile)
        .where(PayoutBankFile.batch_id == batch.id)
        .order_by(PayoutBankFile.id)
        .options(joinedload(PayoutBankFile.made_by))
    ).all()


def objections_of(batch: PayoutBatch) -> Sequence[PayoutObjection]:
    """Return the objections to lines of a batch, those that wait first."""
    return db.session.scalars(
        select(PayoutObjection)
        .join(PayoutLine, PayoutLine.id == PayoutObjection.line_id)
        .where(PayoutLine.batch_id == batch.id)
        .order_by(PayoutObjection.decided_at.is_not(None), PayoutObjection.received_at)
        .options(joinedload(PayoutObjection.line).joinedload(PayoutLine.household))
    ).all()


def objection_in_scope(objection_id: int, user: User) -> PayoutObjection:
    """Return an objection to a line of a batch an official may read; raises `NotFoundError`."""
    objection = db.session.get(PayoutObjection, objection_id)
    if objection is None:
        raise NotFoundError
    batch_in_scope(objection.line.batch_id, user)
    return objection


def objection_by_number(number: str) -> PayoutObjection:
    """Return the objection with this number; raises `NotFoundError`."""
    objection = db.session.scalar(select(PayoutObjection).where(PayoutObjection.number == number.upper()[:24]))
    if objection is None:
        raise NotFoundError
    return objection


def waiting_count(user: User) -> int:
    """Count the batches of the user's scope that wait for the township, and the objections nobody has decided."""
    mine = select(Village.id).where(Village.id.in_(villages_in_scope(user, READERS)))
    batches = select(func.count()).where(PayoutBatch.village_id.in_(mine), PayoutBatch.status == B.IN_REVIEW)
    objections = (
        select(func.count(PayoutObjection.id))
        .join(PayoutLine, PayoutLine.id == PayoutObjection.line_id)
        .join(PayoutBatch, PayoutBatch.id == PayoutLine.batch_id)
        .where(PayoutBatch.village_id.in_(mine), PayoutObjection.status == PayoutObjectionStatus.RECEIVED)
    )
    return db.session.scalar(select(batches.scalar_subquery() + objections.scalar_subquery())) or 0


def _in_scope(user: User) -> Select[PayoutBatch]:
    return select(PayoutBatch).where(PayoutBatch.village_id.in_(villages_in_scope(user, READERS)))


def _public() -> Select[PayoutBatch]:
    return select(PayoutBatch).options(
        joinedload(PayoutBatch.village).options(joinedload(Village.county), joinedload(Village.township))
    )
