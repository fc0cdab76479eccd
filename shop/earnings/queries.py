"""What pages ask of earnings: the batches of a village or a scope, one of them, and their sums by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import Role, User
from shop.earnings.models import ENDED, EarningsBatch, EarningsKind, EarningsLine, EarningsStatus
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.villages.models import Household, Village
from shop.villages.scope import villages_in_scope

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class KindSum:
    """What the booked batches of one kind come to; households counted once."""

    kind: EarningsKind
    batches: int
    households: int
    gross_fen: int
    amount_fen: int


def batches_of_village(village_id: int, page: int) -> Page[EarningsBatch]:
    """Return a village's batches, the newest first."""
    return _page(EarningsBatch.village_id == village_id, page=page)


def batches_in_scope(user: User, page: int, *, status: EarningsStatus | None = None) -> Page[EarningsBatch]:
    """Return the batches the user's roles reach that have left the village's hands, the newest first."""
    shown = [status] if status is not None else [EarningsStatus.SUBMITTED, *ENDED]
    return _page(EarningsBatch.village_id.in_(villages_in_scope(user)), EarningsBatch.status.in_(shown), page=page)


def batch_of_village(number: str, village_id: int) -> EarningsBatch:
    """Return a batch of this village; raises `NotFoundError`."""
    return _one(EarningsBatch.number == number, EarningsBatch.village_id == village_id)


def batch_in_scope(number: str, user: User) -> EarningsBatch:
    """Return a batch within the user's scope that has left the village's hands; raises `NotFoundError`."""
    return _one(
        EarningsBatch.number == number,
        EarningsBatch.village_id.in_(villages_in_scope(user)),
        EarningsBatch.status.in_([EarningsStatus.SUBMITTED, *ENDED]),
    )


def waiting_count(user: User) -> int:
    """Count what waits for the user to verify it; only a township does."""
    waiting = select(func.count(EarningsBatch.id)).where(
        EarningsBatch.status == EarningsStatus.SUBMITTED,
        EarningsBatch.village_id.in_(villages_in_scope(user, [Role.TOWNSHIP_REVIEWER])),
    )
    return db.session.scalar(waiting) or 0


def sums_by_kind(villages: Any) -> list[KindSum]:
    """Return what is booked or recorded in these villages by kind, in the order of the kinds."""
    rows = {
        row.kind: row
        for row in db.session.execute(
            select(
                EarningsBatch.kind,
                func.count(func.distinct(EarningsBatch.id)).label('batches'),
                func.count(func.distinct(EarningsLine.household_id)).label('households'),
                func.sum(EarningsLine.gross_fen).label('gross_fen'),
                func.sum(EarningsLine.amount_fen).label('amount_fen'),
            )
            .join(EarningsLine, EarningsLine.batch_id == EarningsBatch.id)
            .where(EarningsBatch.village_id.in_(villages), EarningsBatch.status.in_(ENDED))
            .group_by(EarningsBatch.kind)
        )
    }
    return [
        KindSum(kind, rows[kind].batches, rows[kind].households, int(rows[kind].gross_fen), int(rows[kind].amount_fen))
        for kind in EarningsKind
        if kind in rows
    ]


def register_of(village_id: int) -> Sequence[Household]:
    """Return the households of a village in the order of its register."""
    return db.session.scalars(
        select(Household).where(Household.village_id == village_id).order_by(Household.ordinal)
    ).all()


def _page(*where: ColumnElement[bool], page: int) -> Page[EarningsBatch]:
    total = db.session.scalar(select(func.count(EarningsBatch.id)).where(*where)) or 0
    page = min(page, max(1, -(-total // PAGE_SIZE)))
    rows = db.session.scalars(
        select(EarningsBatch)
        .where(*where)
        .order_by(EarningsBatch.happened_on.desc(), EarningsBatch.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .options(joinedload(EarningsBatch.village).joinedload(Village.township), selectinload(EarningsBatch.lines))
    )
    return Page(rows.all(), page, PAGE_SIZE, total)


def _one(*where: ColumnElement[bool]) -> EarningsBatch:
    batch = db.session.scalar(
        select(EarningsBatch)
        .where(*where)
        .options(
            joinedload(EarningsBatch.village),
            selectinload(EarningsBatch.lines).joinedload(EarningsLine.household),
            selectinload(EarningsBatch.events),
        )
    )
    if batch is None:
        raise NotFoundError
    return batch
