"""How a planned batch went: its lines and parts, who signed when, and how the money was handed over."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.demo.payouts import PlannedBatch
from shop.demo.period import HOUR, Period, instant
from shop.demo.rows import Rows
from shop.kit import clock
from shop.kit.crypto import CODE_ALPHABET
from shop.ledger.models import BenefitPayout, PayoutPart
from shop.payouts.bank import EVIDENCE
from shop.payouts.evidence_models import PayoutBankFile, PayoutBankResult, PayoutSlip
from shop.payouts.models import (
    BatchStatus,
    LineStatus,
    PayMethod,
    PayoutBatch,
    PayoutEvent,
    PayoutLine,
    PayoutLineEvent,
)
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionEvent, PayoutObjectionStatus
from shop.payouts.objections import FROZEN, NOT_UPHELD, UPHELD
from shop.villages.models import Village

B, L, O = BatchStatus, LineStatus, PayoutObjectionStatus  # noqa: E741
NOTICE_DAYS = 10
# How many days ago a batch was computed that somebody may have objected to by now.
FRESH = (5, 12)
# What the slips are called until they are drawn.
NO_DIGEST = '0' * 64
SAID = '这户去年腊月就搬到县城住了，今年没有交售，请核实。'
ANSWERS = {
    O.NOT_UPHELD: '查过秤单和签到表：这户今年交售三次，金额无误，照常发放。',
    O.UPHELD: '核实：该户户籍已迁出，本批撤回，钱退回池中。',
}
Step = tuple[BatchStatus, int | None, datetime, str]


@dataclass(slots=True)
class _Line:
    """A line as it stands in the rows."""

    id: int
    row: dict[str, Any]
    part_ids: list[int]


class PayoutWriter:
    """Adds the rows of batches that were computed."""

    def __init__(self, rows: Rows, rng: Random, period: Period) -> None:
        self._rows = rows
        self._rng = rng
        self._period = period
        self._serials: dict[int, int] = defaultdict(int)

    def write(self, batches: list[PlannedBatch]) -> None:
        """Add every batch that came to something, in the order in which they were computed."""
        written = sorted((one for one in batches if one.parts), key=lambda one: one.at)
        if not any(one.objection == 'open' for one in written):
            self._object_to_another(written)
        for batch in written:
            self._write(batch)

    def _object_to_another(self, batches: list[PlannedBatch]) -> None:
        """Let somebody object to another batch that is fresh: the home village had nothing to pay."""
        for batch in batches:
            plain = not (batch.objection or batch.is_returned or batch.cancelled_at)
            if plain and FRESH[0] <= (self._period.end - batch.at).days <= FRESH[1]:
                batch.objection = 'open'
                return

    def _write(self, batch: PlannedBatch) -> None:
        steps = [step for step in self._steps(batch) if step[2] < self._period.end]
        village = batch.village
        self._serials[village.id] += 1
        number = f'{self._rows.of(Village)[village.id - 1]["code"]}-{self._serials[village.id]:03d}'
        when = {status: (actor, at) for status, actor, at, _ in steps}
        noticed = clock.business_day(when[B.ON_NOTICE][1]) if B.ON_NOTICE in when else None
        confirmed = when.get(B.CONFIRMED, (None, None))
        reviewed = when.get(B.DUE, (None, None))
        batch_id = self._rows.add(
            PayoutBatch,
            number=number,
            village_id=village.id,
            serial=self._serials[village.id],
            status=steps[-1][0],
            line_count=len(batch.household_ids),
            amount_fen=sum(part.fen for part in batch.parts),
            form_token=f'{self._rng.getrandbits(256):064x}',
            computed_by_id=steps[0][1],
            computed_at=batch.at,
            confirmed_by_id=confirmed[0],
            confirmed_at=confirmed[1],
            noticed_on=noticed,
            notice_ends_on=noticed + timedelta(days=NOTICE_DAYS) if noticed is not None else None,
            reviewed_by_id=reviewed[0],
            reviewed_at=reviewed[1],
        )
        before = None
        for status, actor, at, reason in steps:
            self._rows.add(
                PayoutEvent, batch_id=batch_id, at=at, actor_id=actor, from_status=before, to_status=status,
                reason=reason,
            )  # fmt: skip
            before = status
        lines = self._add_lines(batch_id, batch)
        if batch.cancelled_at is not None:
            self._cancel(lines, steps[-1])
            return
        if batch.objection and B.ON_NOTICE in when:
            self._object(lines[0], batch, when[B.ON_NOTICE][1])
        self._hand_over(batch_id, batch, lines, when)

    def _steps(self, batch: PlannedBatch) -> list[Step]:
        """Return the way of a batch up to its end; what lies after the campaign is cut off by the caller."""
        village, at = batch.village, batch.at
        secretary = next(
            (one.user_id for one in village.tenures if one.since <= at and (one.until is None or at < one.until)),
            village.present.user_id,
        )
        township, member = village.township_reviewer_id, village.member_ids[0]
        steps: list[Step] = [(B.COMPUTED, member, at, ''), (B.CONFIRMED, secretary, self._after(at, 1), '')]
        if batch.cancelled_at is not None:
            return [*steps, (B.CANCELLED, secretary, batch.cancelled_at, '漏了一笔单位采购没有确认收货，等到账再测算')]
        noticed = self._after(at, 2)
        ends = instant(clock.business_day(noticed) + timedelta(days=NOTICE_DAYS), 300)
        steps += [(B.ON_NOTICE, secretary, noticed, ''), (B.IN_REVIEW, None, ends, '')]
        if batch.is_returned:
            return [*steps, (B.RETURNED, township, self._after(at, 13), '请附村民小组的核对签字，再报。')]
        steps += [(B.DUE, township, self._after(at, 13), ''), (B.PARTLY_PAID, member, self._after(at, 15), '')]
        if batch.is_slow:
            return steps
        return [
            *steps,
            (B.PAID, member, self._after(at, 17), ''),
            (B.EVIDENCED, member, self._after(at, 18), ''),
            (B.ARCHIVED, township, self._after(at, 20), ''),
        ]

    def _after(self, at: datetime, days: int) -> datetime:
        """Return a moment of the afternoon so many days later."""
        return instant(clock.business_day(at) + timedelta(days=days), 13 * HOUR + self._rng.randrange(3 * HOUR))

    def _add_lines(self, batch_id: int, batch: PlannedBatch) -> list[_Line]:
        parts = defaultdict(list)
        for part in batch.parts:
            parts[part.household_id].append(part)
        lines = []
        for position, household_id in enumerate(batch.household_ids, 1):
            line_id = self._rows.add(
                PayoutLine,
                batch_id=batch_id,
                household_id=household_id,
                position=position,
                amount_fen=sum(part.fen for part in parts[household_id]),
                status=L.WAITING,
                method=None,
                paid_on=None,
                bank_file_id=None,
                bank_serial='',
                failure='',
                confirmed_at=None,
            )
            part_ids = [
                self._rows.add(
                    PayoutPart,
                    line_id=line_id,
                    pool_id=part.pool_id,
                    household_id=household_id,
                    amount_fen=part.fen,
                    is_released=False,
                )
                for part in parts[household_id]
            ]
            lines.append(_Line(line_id, self._rows.of(PayoutLine)[line_id - 1], part_ids))
        return lines

    def _move(self, line: _Line, to: LineStatus, actor_id: int | None, at: datetime, reason: str = '') -> None:
        self._rows.add(
            PayoutLineEvent, line_id=line.id, at=at, actor_id=actor_id, from_status=line.row['status'], to_status=to,
            reason=reason,
        )  # fmt: skip
        line.row['status'] = to
        if to is L.CANCELLED:
            for part_id in line.part_ids:
                self._rows.of(PayoutPart)[part_id - 1]['is_released'] = True

    def _cancel(self, lines: list[_Line], step: Step) -> None:
        for line in lines:
            self._move(line, L.CANCELLED, step[1], step[2], step[3])

    def _object(self, line: _Line, batch: PlannedBatch, noticed: datetime) -> None:
        """Let somebody object to the first household, and the township answer unless it is still open."""
        at = noticed + timedelta(days=2, hours=3)
        decided = batch.upheld_at or at + timedelta(days=3)
        status = O.RECEIVED if batch.objection == 'open' else O(batch.objection)
        is_open = status is O.RECEIVED
        self._move(line, L.FROZEN, None, at, FROZEN)
        objection_id = self._rows.add(
            PayoutObjection,
            number='-'.join(''.join(self._rng.choices(CODE_ALPHABET, k=4)) for _ in range(4)),
            line_id=line.id,
            text=SAID,
            sealed_phone=None,
            form_token=f'{self._rng.getrandbits(256):064x}',
            visit_digest=f'{self._rng.getrandbits(256):064x}',
            status=status,
            answer='' if is_open else ANSWERS[status],
            received_at=at,
            decided_at=None if is_open else decided,
        )
        township = batch.village.township_reviewer_id
        steps = [(None, O.RECEIVED, None, at)] + ([] if is_open else [(O.RECEIVED, status, township, decided)])
        for before, after, actor_id, when in steps:
            self._rows.add(
                PayoutObjectionEvent, objection_id=objection_id, at=when, actor_id=actor_id, from_status=before,
                to_status=after, reason=ANSWERS.get(after, ''),
            )  # fmt: skip
        if not is_open:
            upheld = status is O.UPHELD
            self._move(line, L.CANCELLED if upheld else L.WAITING, township, decided, UPHELD if upheld else NOT_UPHELD)

    def _hand_over(
        self,
        batch_id: int,
        batch: PlannedBatch,
        lines: list[_Line],
        when: dict[BatchStatus, tuple[int | None, datetime]],
    ) -> None:
        """Pay half through the bank and the rest in cash, and keep the photo of the roster."""
        if B.PARTLY_PAID not in when:
            return
        member, at = when[B.PARTLY_PAID]
        waiting = [line for line in lines if line.row['status'] is L.WAITING]
        by_bank = waiting[: max(1, len(waiting) // 2)]
        self._pay_by_bank(batch_id, by_bank, member, at, fails=batch.is_slow)
        if B.PAID in when:
            for line in [line for line in lines if line.row['status'] in {L.WAITING, L.FAILED}]:
                self._pay(line, PayMethod.CASH, member, when[B.PAID][1], '现金签领，花名册')
        if B.EVIDENCED in when:
            self._rows.add(
                PayoutSlip, batch_id=batch_id, digest=NO_DIGEST, note='签过字的花名册', added_by_id=member,
                added_at=when[B.EVIDENCED][1],
            )  # fmt: skip

    def _pay_by_bank(self, batch_id: int, lines: list[_Line], member: int | None, at: datetime, *, fails: bool) -> None:
        file_id = self._rows.add(
            PayoutBankFile,
            batch_id=batch_id,
            made_by_id=member,
            made_at=at - timedelta(hours=4),
            line_count=len(lines),
            amount_fen=sum(line.row['amount_fen'] for line in lines),
        )
        digest = f'{self._rng.getrandbits(256):064x}'
        failed = lines[-1:] if fails and len(lines) > 1 else []
        for line in lines:
            self._move(line, L.SENT, member, at - timedelta(hours=4))
            line.row['bank_file_id'] = file_id
            if line in failed:
                self._move(line, L.FAILED, member, at, '账号与户名不符')
                line.row['failure'] = '账号与户名不符'
                continue
            line.row['bank_serial'] = f'YS{line.id:010d}'
            self._pay(line, PayMethod.BANK, member, at, EVIDENCE)
        self._rows.add(
            PayoutBankResult, batch_id=batch_id, digest=digest, file_name='代发结果.xlsx', read_by_id=member,
            read_at=at, paid_count=len(lines) - len(failed), failed_count=len(failed), known_count=0,
        )  # fmt: skip

    def _pay(self, line: _Line, method: PayMethod, member: int | None, at: datetime, evidence: str) -> None:
        self._move(line, L.PAID, member, at, evidence)
        day = clock.business_day(at)
        line.row.update(method=method, paid_on=day, failure='')
        for part_id in line.part_ids:
            part = self._rows.of(PayoutPart)[part_id - 1]
            self._rows.add(
                BenefitPayout, pool_id=part['pool_id'], household_id=part['household_id'],
                amount_fen=part['amount_fen'], evidence=evidence, occurred_on=day, booked_on=day, part_id=part_id,
            )  # fmt: skip
