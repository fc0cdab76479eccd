"""Acceptance sheets, invoices and certificates of the campaign's institutions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.accounts.models import User
from shop.demo.institutions import Unit
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.kit import clock
from shop.kit.credit_codes import LETTERS
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.payments.models import Refund, RefundLine
from shop.procurement.models import (
    Acceptance,
    AcceptanceLine,
    ProcurementInvoice,
    ProcurementStatus,
    PurchaseCertificate,
)

S = ProcurementStatus
ACCEPTED_AFTER = timedelta(hours=4)
SETTLED_AFTER = timedelta(days=3)


class Sheets:
    """Adds the paper of received orders."""

    def __init__(self, rows: Rows, rng: Random, period: Period, shares: Sequence[dict[str, Any]]) -> None:
        self._rows = rows
        self._rng = rng
        self._end = period.end
        self._shares: dict[int, list[dict[str, Any]]] = {}
        for share in shares:
            self._shares.setdefault(share['version_id'], []).append(share)
        self._refunded: dict[int, tuple[int, int]] = {}
        refunds = rows.of(Refund)
        self._of_order: dict[int, int] = {}
        for line in rows.of(RefundLine):
            fen, units = self._refunded.get(line['order_line_id'], (0, 0))
            self._refunded[line['order_line_id']] = (fen + line['amount_fen'], units + line['quantity'])
        for refund in refunds:
            if refund['order_id'] is not None:
                self._of_order[refund['order_id']] = self._of_order.get(refund['order_id'], 0) + refund['amount_fen']

    def latest(self, order: dict[str, Any], status: ProcurementStatus) -> ProcurementStatus:
        """Return the last state that fits before the campaign ends."""
        if status is S.SETTLED and self.settled_at(order) >= self._end:
            status = S.AWAITING_INVOICE
        if status is S.AWAITING_INVOICE and self.accepted_at(order) >= self._end:
            status = S.AWAITING_ACCEPTANCE
        return status

    def accepted_at(self, order: dict[str, Any]) -> datetime:
        """Return when the sheet was signed."""
        return (order['completed_at'] or self._end) + ACCEPTED_AFTER

    def settled_at(self, order: dict[str, Any]) -> datetime:
        """Return when the last invoice was recorded."""
        return (order['completed_at'] or self._end) + SETTLED_AFTER

    def accept(self, row_id: int, order: dict[str, Any], lines: list[dict[str, Any]], unit: Unit) -> None:
        """Add the sheet on which everything was right."""
        acceptance_id = self._rows.add(
            Acceptance,
            procurement_order_id=row_id,
            signed_by_id=unit.buyer_id,
            signed_name=self._rows.of(User)[unit.buyer_id - 1]['name'][:40],
            signed_at=self.accepted_at(order),
            note='',
        )
        for line in lines:
            left = line['quantity'] - self._refunded.get(line['id'], (0, 0))[1]
            if left > 0:
                self._rows.add(
                    AcceptanceLine,
                    acceptance_id=acceptance_id,
                    order_line_id=line['id'],
                    quantity=left,
                    accepted=left,
                    short=0,
                    damaged=0,
                    refund_line_id=None,
                )

    def settle(self, row_id: int, order: dict[str, Any], lines: list[dict[str, Any]], unit: Unit) -> None:
        """Add the invoice, and the certificate."""
        at = self.settled_at(order)
        due = order['total_fen'] - self._of_order.get(order['id'], 0)
        if due > 0:
            self._rows.add(
                ProcurementInvoice,
                order_id=order['id'],
                number=f'25222000{self._rng.randrange(10**6):06d}{order["id"]:06d}',
                issued_on=clock.business_day(at),
                amount_fen=due,
                recorded_by_id=unit.finance_id,
                recorded_at=at,
            )
        net = [
            (line, line['net_fen'] - fen)
            for line in lines
            if line['net_fen'] > (fen := self._refunded.get(line['id'], (0, 0))[0])
        ]
        versions = {line['agreement_version_id'] for line, _fen in net}
        code = ''.join(self._rng.choice(LETTERS[2:]) for _ in range(12)).translate(str.maketrans('01', '23'))
        covered, accrued, paid = self._measures(versions, at)
        self._rows.add(
            PurchaseCertificate,
            procurement_order_id=row_id,
            number=f'ZM{order["number"]}',
            code=f'{code[:4]}-{code[4:8]}-{code[8:]}',
            amount_fen=sum(fen for _line, fen in net),
            covered=covered,
            accrued=accrued,
            paid=paid,
            issued_by_id=unit.finance_id,
            issued_at=at,
        )

    def _measures(self, versions: set[int], at: datetime) -> tuple[int, int, int]:
        day = clock.business_day(at)
        shares = [share for version in sorted(versions) for share in self._shares.get(version, [])]
        pools = {pool['id'] for pool in self._rows.of(BenefitPool) if pool['version_id'] in versions}
        paid = {
            payout['household_id']
            for payout in self._rows.of(BenefitPayout)
            if payout['pool_id'] in pools and payout['booked_on'] <= day
        }
        accrued = {
            share['household_id']
            for share in shares
            if share.get('accrued_on') is not None and share['accrued_on'] <= day
        }
        return len({share['household_id'] for share in shares}), len(accrued), len(paid)
