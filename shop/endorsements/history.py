"""What happened to an endorsement, in words, and where it stands on its way to being listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.endorsements.models import (
    REVIEW_STATUS,
    STEP_OF_STATUS,
    Endorsement,
    EndorsementEvent,
    EndorsementStatus,
)
from shop.kit import clock
from shop.kit.database import db
from shop.kit.enums import Labelled
from shop.reviews.ladder import ReviewStep

S = EndorsementStatus
_BEFORE_SHELF = frozenset({S.DRAFT, *STEP_OF_STATUS, S.ON_NOTICE})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event in words, with the name of who did it; the system has none."""

    event: EndorsementEvent
    name: str
    text: str


class RungState(Labelled):
    """Whether a rung is behind the endorsement, holds it now, or lies ahead."""

    PASSED = 'passed', '已过'
    HERE = 'here', '现在'
    AHEAD = 'ahead', '未到'


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung on the way to being listed: its state, and who passed it when, or what comes."""

    label: str
    state: RungState
    note: str


def history_of(endorsement: Endorsement) -> list[HistoryLine]:
    """Return what happened, the latest first."""
    names = _names(endorsement)
    lines = []
    sent = 0
    for event in endorsement.events:
        sent += _is_sent(event)
        lines.append(HistoryLine(event, names.get(event.actor_id or 0, ''), _told(event, sent)))
    return lines[::-1]


def rungs_of(endorsement: Endorsement, ladder: Sequence[ReviewStep], *, notice_days: int) -> list[Rung]:
    """Return every rung from the draft to the shelf; a step that left the ladder stays while it is waited at."""
    steps = [step for step in ReviewStep if step in ladder or step is endorsement.review_step]
    way = [S.DRAFT, *(REVIEW_STATUS[step] for step in steps), S.ON_NOTICE, S.LISTED]
    last = len(way) - 1
    here = way.index(endorsement.status) if endorsement.status in way else last
    names = _names(endorsement)
    passed = _passed(endorsement)
    rungs = []
    for place, status in enumerate(way):
        if place == here:
            rungs.append(Rung(_label(endorsement, status, notice_days), RungState.HERE, _note_here(endorsement)))
        elif place < here:
            event = passed.get(status)
            note = f'{names.get(event.actor_id or 0, "")} {_day(event):%m-%d}'.strip() if event else _('已过')
            rungs.append(Rung(_label(endorsement, status, notice_days), RungState.PASSED, note))
        else:
            rungs.append(Rung(_label(endorsement, status, notice_days), RungState.AHEAD, _note_ahead(status)))
    return rungs


def _names(endorsement: Endorsement) -> dict[int, str]:
    ids = {event.actor_id for event in endorsement.events if event.actor_id is not None}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _is_sent(event: EndorsementEvent) -> bool:
    return event.from_status is S.DRAFT and event.to_status in STEP_OF_STATUS


def _told(event: EndorsementEvent, sent: int) -> str:
    """Say what an event was; `sent` counts the submissions so far."""
    before, after = event.from_status, event.to_status
    told: str = _('改为“%(status)s”', status=after.label)
    if before is None:
        told = _('起草')
    elif _is_sent(event):
        told = _('送审') if sent == 1 else _('第 %(n)s 次送审', n=sent)
    elif before in STEP_OF_STATUS:
        step = STEP_OF_STATUS[before].label
        told = _('%(step)s退回', step=step) if after is S.DRAFT else _('%(step)s通过', step=step)
    elif (before, after) == (S.ON_NOTICE, S.LISTED):
        told = _('公示期满，上架')
    elif (before, after) == (S.LISTED, S.PAUSED):
        told = _('暂停销售')
    elif (before, after) == (S.PAUSED, S.LISTED):
        told = _('恢复销售')
    return told


def _passed(endorsement: Endorsement) -> dict[EndorsementStatus, EndorsementEvent]:
    """Return the event that led on from each status since the last return."""
    passed: dict[EndorsementStatus, EndorsementEvent] = {}
    for event in endorsement.events:
        if event.to_status is S.DRAFT:
            passed.clear()
        elif event.from_status is not None:
            passed[event.from_status] = event
    return passed


def _day(event: EndorsementEvent) -> date:
    return clock.business_day(event.at)


def _label(endorsement: Endorsement, status: EndorsementStatus, notice_days: int) -> str:
    label: str = _('上架') if endorsement.status in _BEFORE_SHELF else endorsement.status.label
    if status in STEP_OF_STATUS:
        label = STEP_OF_STATUS[status].label
    elif status is S.DRAFT:
        label = _('村级起草')
    elif status is S.ON_NOTICE:
        label = _('公示 %(n)s 天', n=notice_days)
    return label


def _note_here(endorsement: Endorsement) -> str:
    last = endorsement.events[-1] if endorsement.events else None
    note: str = _('%(day)s 到这一步', day=f'{_day(last):%m-%d}') if last else _('现在')
    if endorsement.status is S.ON_NOTICE:
        note = _('到 %(day)s', day=f'{endorsement.notice_ends_on:%m-%d}')
    elif endorsement.status is S.LISTED:
        note = _('%(day)s 起', day=endorsement.listed_on)
    return note


def _note_ahead(status: EndorsementStatus) -> str:
    notes: dict[EndorsementStatus, str] = {S.ON_NOTICE: _('审定后自动张榜'), S.LISTED: _('无异议后')}
    return notes.get(status) or RungState.AHEAD.label
