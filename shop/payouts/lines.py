"""How lines move, many at once, and what that makes of their batch."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, func, insert, literal, select, update

from shop.kit.database import db
from shop.ledger.payouts import release_parts
from shop.payouts.evidence_models import PayoutSlip
from shop.payouts.models import (
    LINE_MOVES,
    PAYABLE,
    UNPAID,
    BatchStatus,
    LineStatus,
    PayMethod,
    PayoutBatch,
    PayoutLine,
    PayoutLineEvent,
    PayoutMoveError,
)

AT_ONCE = 500
B, L = BatchStatus, LineStatus
_EVENTS = PayoutLineEvent.__table__.columns


def move_lines(
    line_ids: Sequence[int], to: LineStatus, *, actor_id: int | None, at: datetime, reason: str = '', **values: object
) -> None:
    """Move lines and keep an event of each; the caller holds the batch. Raises `PayoutMoveError` when one cannot go."""
    allowed = [status for status, targets in LINE_MOVES.items() if to in targets]
    for chunk in _chunks(line_ids):
        here = (PayoutLine.id.in_(chunk), PayoutLine.status.in_(allowed))
        events = select(
            PayoutLine.id,
            literal(at, _EVENTS['at'].type),
            literal(actor_id, _EVENTS['actor_id'].type),
            PayoutLine.status,
            literal(to, _EVENTS['to_status'].type),
            literal(reason[:300]),
        ).where(*here)
        db.session.execute(
            insert(PayoutLineEvent).from_select(
                ['line_id', 'at', 'actor_id', 'from_status', 'to_status', 'reason'], events.order_by(PayoutLine.id)
            )
        )
        moved = db.session.execute(
            update(PayoutLine).where(*here).values(status=to, **values).execution_options(synchronize_session=False)
        )
        if cast('CursorResult[Any]', moved).rowcount != len(chunk):
            raise PayoutMoveError(_('有的户刚刚变了状态，请看最新的名单再办。'))


def cancel_lines(line_ids: Sequence[int], *, actor_id: int | None, at: datetime, reason: str) -> None:
    """Take lines off a batch; what they held is due again."""
    move_lines(line_ids, L.CANCELLED, actor_id=actor_id, at=at, reason=reason)
    for chunk in _chunks(line_ids):
        release_parts(chunk)


def line_ids_of(batch: PayoutBatch, statuses: Collection[LineStatus], *, limit: int | None = None) -> list[int]:
    """Return the lines of a batch in these statuses, in the order of its roster."""
    statement = (
        select(PayoutLine.id)
        .where(PayoutLine.batch_id == batch.id, PayoutLine.status.in_(statuses))
        .order_by(PayoutLine.position)
    )
    return list(db.session.scalars(statement if limit is None else statement.limit(limit)))


def counts_of(batch: PayoutBatch) -> dict[LineStatus, int]:
    """Count the lines of a batch by status."""
    counted = select(PayoutLine.status, func.count()).where(PayoutLine.batch_id == batch.id).group_by(PayoutLine.status)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def follow_lines(batch: PayoutBatch, *, actor_id: int | None, at: datetime) -> None:
    """Let a batch go where its lines are: partly paid, paid, with its evidence complete."""
    counts = counts_of(batch)
    is_open = any(counts.get(status) for status in UNPAID)
    paid = counts.get(L.PAID, 0)
    if batch.status in PAYABLE:
        if not is_open:
            batch.move(B.PAID if paid else B.CANCELLED, actor_id=actor_id, at=at)
        elif paid and batch.status is B.DUE:
            batch.move(B.PARTLY_PAID, actor_id=actor_id, at=at)
    if batch.status is B.PAID and not missing_evidence(batch):
        batch.move(B.EVIDENCED, actor_id=actor_id, at=at)


def missing_evidence(batch: PayoutBatch) -> int:
    """Count the lines handed over in cash that neither a signed roster nor the household itself vouches for."""
    if db.session.scalar(select(PayoutSlip.id).where(PayoutSlip.batch_id == batch.id).limit(1)) is not None:
        return 0
    return (
        db.session.scalar(
            select(func.count()).where(
                PayoutLine.batch_id == batch.id,
                PayoutLine.method == PayMethod.CASH,
                PayoutLine.confirmed_at.is_(None),
            )
        )
        or 0
    )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
