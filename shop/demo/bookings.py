"""The book of the campaign, entry by entry in time order, as the ledger's own services would have written it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from shop.benefits.models import AgreementShare
from shop.demo.orders import WrittenLine, WrittenOrder
from shop.demo.payouts import PayoutPlan, PlannedBatch
from shop.demo.rows import Rows
from shop.demo.settlements import WrittenRefund
from shop.kit import clock
from shop.ledger.models import BenefitEntry, BenefitPool, SalesEntry


@dataclass(slots=True)
class _Pool:
    """A pool as it grows; `shares` wait for their first fen, the nearest last."""

    id: int
    shares: list[tuple[int, int]]
    amount_fen: int = 0
    entry_count: int = 0


class Bookkeeper:
    """Books sales when paid, benefit when completed, refunds when given back."""

    def __init__(self, rows: Rows, county_of: dict[int, int], payouts: PayoutPlan) -> None:
        self._rows = rows
        self._payouts = payouts
        self._county_of = county_of
        self._pools: dict[int, _Pool] = {}
        self._refunded: Counter[int] = Counter()
        self._credited: set[int] = set()
        self._shares: dict[int, list[tuple[int, int]]] = {}
        for share in rows.of(AgreementShare):
            if share['first_fen_at'] is not None:
                waiting = self._shares.setdefault(share['version_id'], [])
                waiting.append((share['first_fen_at'], share['id']))

    def book(self, orders: list[WrittenOrder], refunds: list[WrittenRefund]) -> None:
        """Add every entry of these orders and refunds, in the order in which things happened."""
        happenings: list[tuple[datetime, int, int, WrittenOrder | WrittenRefund | PlannedBatch]] = []
        for order in orders:
            if order.counts and order.timeline.paid_at:
                happenings.append((order.timeline.paid_at, 0, order.id, order))
                if order.timeline.completed_at:
                    happenings.append((order.timeline.completed_at, 1, order.id, order))
        happenings += [(refund.at, 2, refund.id, refund) for refund in refunds if refund.order.counts]
        happenings += [(at, kind, batch.village.id, batch) for at, kind, batch in self._payouts.moments()]
        happenings.sort(key=lambda one: one[:3])
        for at, kind, _, cause in happenings:
            if isinstance(cause, PlannedBatch):
                self._follow_batch(cause, kind)
            elif isinstance(cause, WrittenRefund):
                self._book_refund(cause, at)
            elif kind == 0:
                for line in cause.lines:
                    self._add_sale(cause, line, at, line.net_fen, line.quantity, order_line_id=line.id)
            else:
                self._book_benefit(cause, at)
        self._close_pools()

    def _follow_batch(self, batch: PlannedBatch, kind: int) -> None:
        if kind == 3:
            self._payouts.compute(
                batch, {version_id: (pool.id, pool.amount_fen) for version_id, pool in self._pools.items()}
            )
        else:
            self._payouts.release(batch, only_first=kind == 5)

    def _book_benefit(self, order: WrittenOrder, at: datetime) -> None:
        # The ledger locks pools in key order and makes missing ones by version, so entries stand in that order.
        for line in order.lines:
            assert line.version_id is not None
        missing = {line.version_id for line in order.lines if line.version_id not in self._pools}
        for version_id in sorted(one for one in missing if one is not None):
            self._open_pool(version_id)
        for line in sorted(order.lines, key=self._pool_order):
            self._credited.add(line.id)
            self._credit(line, line.benefit_fen - self._refunded[line.id], at, order_line_id=line.id)

    def _book_refund(self, refund: WrittenRefund, at: datetime) -> None:
        line = refund.line
        if line.id in self._credited:
            self._credit(line, -refund.benefit_fen, at, refund_line_id=refund.id)
        self._refunded[line.id] += refund.benefit_fen
        self._add_sale(refund.order, line, at, -refund.amount_fen, -refund.quantity, refund_line_id=refund.id)

    def _pool_order(self, line: WrittenLine) -> int:
        assert line.version_id is not None
        return self._pools[line.version_id].id

    def _open_pool(self, version_id: int) -> None:
        pool_id = self._rows.add(BenefitPool, version_id=version_id, amount_fen=0, entry_count=0, next_reach_fen=None)
        waiting = sorted(self._shares.get(version_id, []), reverse=True)
        self._pools[version_id] = _Pool(pool_id, waiting)

    def _credit(
        self,
        line: WrittenLine,
        fen: int,
        at: datetime,
        *,
        order_line_id: int | None = None,
        refund_line_id: int | None = None,
    ) -> None:
        assert line.version_id is not None
        pool = self._pools[line.version_id]
        amount = fen
        if fen < 0:
            floor = self._payouts.floor(line.version_id, pool.id, pool.amount_fen)
            amount = -min(-fen, max(0, pool.amount_fen - floor))
        day = clock.business_day(at)
        pool.amount_fen += amount
        pool.entry_count += 1
        self._rows.add(
            BenefitEntry,
            pool_id=pool.id,
            sequence=pool.entry_count,
            order_line_id=order_line_id,
            refund_line_id=refund_line_id,
            earnings_id=None,
            amount_fen=amount,
            borne_by_supplier_fen=amount - fen,
            pool_after_fen=pool.amount_fen,
            occurred_on=day,
            booked_on=day,
            booked_at=at,
        )
        while pool.shares and pool.shares[-1][0] <= pool.amount_fen:
            _, share_id = pool.shares.pop()
            self._rows.of(AgreementShare)[share_id - 1]['accrued_on'] = day

    def _add_sale(
        self,
        order: WrittenOrder,
        line: WrittenLine,
        at: datetime,
        amount: int,
        quantity: int,
        *,
        order_line_id: int | None = None,
        refund_line_id: int | None = None,
    ) -> None:
        day = clock.business_day(at)
        self._rows.add(
            SalesEntry,
            order_line_id=order_line_id,
            refund_line_id=refund_line_id,
            amount_fen=amount,
            quantity=quantity,
            occurred_on=day,
            booked_on=day,
            booked_at=at,
            period=clock.month_of(day),
            channel=order.plan.channel,
            is_insider=order.plan.is_insider,
            county_id=self._county_of[order.plan.village_id],
            village_id=order.plan.village_id,
            tenure_id=line.tenure_id,
            product_id=line.product_id,
            brand_id=line.brand_id,
            category_id=line.category_id,
        )

    def _close_pools(self) -> None:
        """Write what the pools came to."""
        rows = self._rows.of(BenefitPool)
        for pool in self._pools.values():
            row = rows[pool.id - 1]
            row['amount_fen'] = pool.amount_fen
            row['entry_count'] = pool.entry_count
            row['next_reach_fen'] = pool.shares[-1][0] if pool.shares else None
