"""Asking for a long work and stopping it.

A feature registers what one step of a kind of work is. A step runs in the unit of work that also keeps the
progress, so whatever stops the process, the work goes on after the last step that was committed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.longworks.models import OPEN_STATUSES, LongWork, LongWorkEvent, WorkStatus

S = WorkStatus


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did: how much is done of how much, and whether that was all."""

    done: int
    total: int
    is_last: bool


STEPS: dict[str, Callable[[LongWork, datetime], Step]] = {}


def request_work(kind: str, subject: str, values: dict[str, Any], *, total: int, actor: User, at: datetime) -> LongWork:
    """Ask for a work; while one for the same subject goes on, that one is returned."""
    known = db.session.scalar(
        select(LongWork).where(LongWork.subject == subject, LongWork.status.in_(OPEN_STATUSES)).with_for_update()
    )
    if known is not None:
        return known
    work = LongWork(
        kind=kind, subject=subject, values=values, status=S.QUEUED, total=total, owner_id=actor.id, requested_at=at
    )
    work.events.append(LongWorkEvent(at=at, actor_id=actor.id, to_status=S.QUEUED))
    db.session.add(work)
    db.session.flush()
    return work


def stop_work(work: LongWork, *, actor: User, at: datetime) -> None:
    """Let a work end after its present step; what is done stays done. One that is over is left alone."""
    lock_row(work)
    if work.status is S.QUEUED:
        work.move(S.CANCELLED, actor_id=actor.id, at=at)
    elif work.is_open:
        work.is_stop_wanted = True
