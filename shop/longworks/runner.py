"""Doing long works: step after step, each whole or not at all, by whoever has taken the work."""

import logging
from datetime import timedelta

from sqlalchemy import select

from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.longworks.models import OPEN_STATUSES, LongWork, WorkStatus
from shop.longworks.services import STEPS

S = WorkStatus
# A step takes a second or two; whoever was silent for so long is gone.
SILENT = timedelta(seconds=90)
BROKEN = kept('出了差错，已做的都有效，可以再做一次接着做。')


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
