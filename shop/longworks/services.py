"""Asking for a long work, stopping it, and doing it: step after step, each whole or not at all.

A feature registers what one step of a kind of work is. A step runs in the unit of work that also keeps the
progress, so whatever stops the process, the work goes on after the last step that was committed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, lock_row, transaction
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.longworks.models import OPEN_STATUSES, LongWork, LongWorkEvent, WorkStatus

S = WorkStatus
# A step takes a second or two; whoever was silent for so long is gone.
SILENT = timedelta(seconds=90)
BROKEN = kept('出了差错，已做的都有效，可以再做一次接着做。')


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


def run_work(work_id: int) -> bool:
    """Do a work to its end, unless somebody else is at it; tell whether this process did it."""
    runner = new_token()
    if not _take(work_id, runner):
        return False
    while _step(work_id, runner):
        pass
    return True


def run_waiting_works() -> int:
    """Do every work that waits, and those whose process is gone; return how many."""
    ids = db.session.scalars(select(LongWork.id).where(LongWork.status.in_(OPEN_STATUSES)).order_by(LongWork.id)).all()
    db.session.rollback()
    return sum(run_work(work_id) for work_id in ids)


def _take(work_id: int, runner: str) -> bool:
    """Make the work ours, if it waits or its process is gone."""
    with transaction() as session:
        work = session.get(LongWork, work_id, with_for_update=True, populate_existing=True)
        at = clock.now()
        if work is None or not work.is_open:
            return False
        if work.status is S.QUEUED:
            work.move(S.RUNNING, actor_id=None, at=at)
        elif work.beat_at is not None and work.beat_at > at - SILENT:
            return False
        work.runner, work.beat_at = runner, at
        return True


def _step(work_id: int, runner: str) -> bool:
    """Do one step and keep how far it went; tell whether there is another."""
    try:
        with transaction() as session:
            work = session.get(LongWork, work_id, with_for_update=True, populate_existing=True)
            if work is None or not work.is_open or work.runner != runner:
                return False
            at = clock.now()
            if work.is_stop_wanted:
                work.move(S.CANCELLED, actor_id=None, at=at)
                return False
            step = STEPS[work.kind](work, at)
            work.done, work.total, work.beat_at = step.done, step.total, at
            if step.is_last:
                work.move(S.DONE, actor_id=None, at=at)
            return not step.is_last
    except BusinessError as error:
        _fail(work_id, runner, error.message)
    except Exception:
        logging.getLogger(__name__).exception('long work %s', work_id)
        _fail(work_id, runner, BROKEN)
    return False


def _fail(work_id: int, runner: str, message: str) -> None:
    with transaction() as session:
        work = session.get(LongWork, work_id, with_for_update=True, populate_existing=True)
        if work is not None and work.is_open and work.runner == runner:
            work.move(S.FAILED, actor_id=None, at=clock.now(), reason=message[:300])
