"""Objections to the notices of the demo: those that hold one up, and one that was answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.catalogue.models import Product
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.endorsements.models import Endorsement, EndorsementEvent, EndorsementStatus
from shop.kit.clock import business_day
from shop.kit.crypto import CODE_ALPHABET
from shop.objections.models import Objection, ObjectionEvent, ObjectionKind, ObjectionStatus

E = EndorsementStatus
S = ObjectionStatus
SAID = {
    ObjectionKind.NAMED_WRONGLY: '名单里有一户去年秋天已经迁走，不在村里住，请核实后换成在村的户。',
    ObjectionKind.LEFT_OUT: '我家今年交售过两次，有过秤单，名单上没有我家，请补上。',
}
ANSWER = '已入户并查过秤单：所说的一户户籍和住处都在本村，名单无误。公示补足天数后继续。'
REASON, RESUMED = '收到异议，公示暂停，等候核查', '异议不成立，继续公示'


def plan_objections(rows: Rows, rng: Random, period: Period, villages: list[VillagePlan]) -> None:
    """Add an open objection to every notice that is held up, and a decided one to the first that stands."""
    places = {village.id: village for village in villages}
    for endorsement in rows.of(Endorsement):
        if endorsement['status'] is E.UNDER_INQUIRY and endorsement['listed_on'] is None:
            stopped = _last_event(rows, endorsement['id'])
            at = stopped['at'] - timedelta(minutes=1)
            _add(rows, rng, endorsement['id'], ObjectionKind.LEFT_OUT, at, [(S.RECEIVED, None, at, '')])
    standing = [one for one in rows.of(Endorsement) if one['status'] is E.ON_NOTICE]
    if standing:
        village = places[rows.of(Product)[standing[0]['product_id'] - 1]['village_id']]
        _answer(rows, rng, period, standing[0], village.county_reviewer_id)


def _answer(rows: Rows, rng: Random, period: Period, endorsement: dict[str, Any], reviewer_id: int) -> None:
    """Let an objection come, be looked into and be answered while the notice stood; its days are made up for."""
    noticed = _last_event(rows, endorsement['id'])['at']
    at = noticed + timedelta(hours=1, minutes=rng.randrange(50))
    taken, decided = at + timedelta(minutes=40), at + timedelta(hours=3)
    if decided >= period.end:
        return
    for when, before, after, actor, reason in (
        (at, E.ON_NOTICE, E.UNDER_INQUIRY, None, REASON),
        (decided, E.UNDER_INQUIRY, E.ON_NOTICE, reviewer_id, RESUMED),
    ):
        rows.add(
            EndorsementEvent,
            endorsement_id=endorsement['id'],
            at=when,
            actor_id=actor,
            from_status=before,
            to_status=after,
            reason=reason,
        )
    left = endorsement['notice_ends_on'] - business_day(at)
    endorsement['notice_ends_on'] = max(endorsement['notice_ends_on'], business_day(decided) + left)
    steps = [
        (S.RECEIVED, None, at, ''),
        (S.UNDER_INQUIRY, reviewer_id, taken, ''),
        (S.NOT_UPHELD, reviewer_id, decided, ANSWER),
    ]
    _add(rows, rng, endorsement['id'], ObjectionKind.NAMED_WRONGLY, at, steps)


def _add(
    rows: Rows,
    rng: Random,
    endorsement_id: int,
    kind: ObjectionKind,
    at: datetime,
    steps: list[tuple[ObjectionStatus, int | None, datetime, str]],
) -> None:
    status, _, last, answer = steps[-1]
    objection_id = rows.add(
        Objection,
        number='-'.join(''.join(rng.choices(CODE_ALPHABET, k=4)) for _ in range(4)),
        endorsement_id=endorsement_id,
        kind=kind,
        text=SAID[kind],
        sealed_name=None,
        sealed_phone=None,
        form_token=f'{rng.getrandbits(256):064x}',
        visit_digest=f'{rng.getrandbits(256):064x}',
        status=status,
        answer=answer,
        received_at=at,
        decided_at=last if answer else None,
    )
    before = None
    for after, actor_id, when, reason in steps:
        rows.add(
            ObjectionEvent,
            objection_id=objection_id,
            at=when,
            actor_id=actor_id,
            from_status=before,
            to_status=after,
            reason=reason,
        )
        before = after


def _last_event(rows: Rows, endorsement_id: int) -> Mapping[str, Any]:
    return next(event for event in reversed(rows.of(EndorsementEvent)) if event['endorsement_id'] == endorsement_id)
