"""Batches of earnings: drafted by the village, verified by the township, booked once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.benefits.services import share_out_batch
from shop.benefits.weights import MAX_WEIGHT
from shop.earnings.models import EarningsBatch, EarningsEvent, EarningsKind, EarningsLine, EarningsStatus
from shop.earnings.reckoning import reckon
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.services import record_earnings
from shop.villages.models import Household, Village

NUMBER_DIGITS = 6


class EarningsFactsError(BusinessError):
    """Something about a batch is missing or cannot be."""


class OwnBatchError(BusinessError):
    """Whoever drafted a batch cannot verify it."""


@dataclass(frozen=True)
class EarningsFacts:
    """What a batch is about; amounts in fen per unit."""

    kind: EarningsKind
    title: str
    payer: str
    happened_on: date
    rate_fen: int
    gross_rate_fen: int | None
    evidence: str


def draft_batch(
    village: Village,
    facts: EarningsFacts,
    quantities: Sequence[tuple[int, int]],
    *,
    form_token: str,
    actor: User,
    at: datetime,
) -> EarningsBatch:
    """Write down a batch of a village once per form token; `quantities` are ``(household id, tenths)``.

    Raises `EarningsFactsError`.
    """
    found = db.session.scalar(select(EarningsBatch).where(EarningsBatch.form_token == form_token))
    if found is not None:
        if found.village_id != village.id:
            raise NotFoundError
        return found
    batch = EarningsBatch(
        number=f'S{clock.business_day(at):%y%m%d}{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}d}',
        form_token=form_token,
        village_id=village.id,
        status=EarningsStatus.DRAFT,
        drafted_by_id=actor.id,
        drafted_at=at,
        events=[EarningsEvent(at=at, actor_id=actor.id, from_status=None, to_status=EarningsStatus.DRAFT)],
    )
    _write(batch, facts, quantities, at=at)
    db.session.add(batch)
    db.session.flush()
    return batch


def change_batch(
    batch: EarningsBatch, facts: EarningsFacts, quantities: Sequence[tuple[int, int]], *, at: datetime
) -> None:
    """Write a draft anew; raises `EarningsFactsError`."""
    lock_row(batch)
    if batch.status is not EarningsStatus.DRAFT:
        raise EarningsFactsError(_('这一批%(status)s，不能再改。', status=batch.status.label))
    batch.lines.clear()
    db.session.flush()
    _write(batch, facts, quantities, at=at)
    db.session.flush()


def submit_batch(batch: EarningsBatch, *, actor: User, at: datetime) -> None:
    """Send a draft to the township; raises `EarningsFactsError`, `EarningsMoveError`."""
    lock_row(batch)
    if not batch.lines:
        raise EarningsFactsError(_('还没有填任何一户的数量。'), field='lines')
    if not batch.evidence:
        raise EarningsFactsError(_('写明凭证：单据号、转账回单号，或原件存放处。'), field='evidence')
    batch.move(EarningsStatus.SUBMITTED, actor_id=actor.id, at=at)


def cancel_batch(batch: EarningsBatch, *, actor: User, at: datetime) -> None:
    """Give a draft up; raises `EarningsMoveError`."""
    lock_row(batch)
    batch.move(EarningsStatus.CANCELLED, actor_id=actor.id, at=at)


def return_batch(batch: EarningsBatch, *, reason: str, actor: User, at: datetime) -> None:
    """Give a batch back to the village; raises `EarningsFactsError`, `OwnBatchError`, `EarningsMoveError`."""
    lock_row(batch)
    _require_another(batch, actor)
    if not reason:
        raise EarningsFactsError(_('写明退回的理由，村里才知道改什么。'), field='reason')
    batch.move(EarningsStatus.DRAFT, actor_id=actor.id, at=at, reason=reason[:300])


def verify_batch(batch: EarningsBatch, *, actor: User, at: datetime) -> None:
    """Sign that it was paid as written, and book it; a donation is only recorded.

    Raises `OwnBatchError`, `EarningsMoveError`.
    """
    lock_row(batch)
    _require_another(batch, actor)
    to = EarningsStatus.BOOKED if batch.kind.is_benefit else EarningsStatus.RECORDED
    batch.move(to, actor_id=actor.id, at=at)
    batch.verified_by_id, batch.verified_at = actor.id, at
    db.session.flush()
    if batch.kind.is_benefit:
        shares = [(line.household_id, line.amount_fen) for line in batch.lines]
        version = share_out_batch(batch.village_id, batch.id, shares, actor=actor, at=at)
        record_earnings(batch.id, version.id, batch.amount_fen, occurred_on=batch.happened_on, at=at)


def _write(batch: EarningsBatch, facts: EarningsFacts, quantities: Sequence[tuple[int, int]], *, at: datetime) -> None:
    _require_facts(facts, clock.business_day(at))
    known = set(
        db.session.scalars(
            select(Household.id).where(
                Household.village_id == batch.village_id, Household.id.in_([one for one, _tenths in quantities])
            )
        )
    )
    if len({one for one, _tenths in quantities}) < len(quantities) or known != {one for one, _tenths in quantities}:
        raise EarningsFactsError(_('每户只能填一行，而且要在本村农户册里。'), field='lines')
    batch.kind, batch.title, batch.payer = facts.kind, facts.title, facts.payer
    batch.happened_on, batch.evidence = facts.happened_on, facts.evidence
    batch.rate_fen, batch.gross_rate_fen = facts.rate_fen, facts.gross_rate_fen
    earned = [(one, tenths, reckon(tenths, facts.rate_fen, facts.gross_rate_fen)) for one, tenths in quantities]
    if any(sums.amount_fen == 0 for _one, _tenths, sums in earned):
        raise EarningsFactsError(_('有一户算下来不到一分钱，请核对数量和单价。'), field='lines')
    if any(sums.amount_fen > MAX_WEIGHT for _one, _tenths, sums in earned):
        raise EarningsFactsError(_('有一户的金额大得不合理，请核对数量和单价。'), field='lines')
    batch.lines = [
        EarningsLine(
            household_id=one,
            position=position,
            quantity_tenths=tenths,
            gross_fen=sums.gross_fen,
            amount_fen=sums.amount_fen,
        )
        for position, (one, tenths, sums) in enumerate(earned)
    ]
    batch.gross_fen = sum(line.gross_fen for line in batch.lines)
    batch.amount_fen = sum(line.amount_fen for line in batch.lines)


def _require_facts(facts: EarningsFacts, today: date) -> None:
    if facts.happened_on > today:
        raise EarningsFactsError(_('发生日不能晚于今天。'), field='happened_on')
    is_purchase = facts.kind is EarningsKind.PURCHASE
    if is_purchase != (facts.gross_rate_fen is not None):
        raise EarningsFactsError(_('收购要填收购价，别的类别不填。'), field='gross_rate')
    if facts.gross_rate_fen is not None and facts.rate_fen > facts.gross_rate_fen:
        raise EarningsFactsError(_('高于市价的部分不能比收购价还多。'), field='rate')


def _require_another(batch: EarningsBatch, actor: User) -> None:
    submitters = {event.actor_id for event in batch.events if event.to_status is EarningsStatus.SUBMITTED}
    if actor.id == batch.drafted_by_id or actor.id in submitters:
        raise OwnBatchError(_('您起草或提交了这一批，不能由您核实。'))
