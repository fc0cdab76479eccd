"""Payout batches of the campaign: when each village computes one, and what it then holds of its pools.

They are computed while the book is written, between the entries of their day, so that a refund after one takes
only what no batch holds.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement
from shop.catalogue.models import Product
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.ledger.pools import least_pool

# How many days before the end the newest batch of a village was computed, village after village; None has none.
# From its age follows how far it is.
AGES = (0, 5, 12, 14, 16, 17, 19, 1, 40, 8, None, 60, None)
OLD_AGES = (455, 230)
HOME_AGES = (455, 230, 45, 12)
WITH_OLD = 0.55


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What a household is to get of a pool."""

    pool_id: int
    household_id: int
    fen: int


@dataclass(slots=True)
class PlannedBatch:
    """A batch: where and when, which oddities it has, and what it came to."""

    village: VillagePlan
    at: datetime
    is_slow: bool = False
    is_returned: bool = False
    cancelled_at: datetime | None = None
    objection: str = ''
    upheld_at: datetime | None = None
    parts: list[PlannedPart] = field(default_factory=list)

    @property
    def household_ids(self) -> list[int]:
        """Its households in the order of the register."""
        on_it = {part.household_id for part in self.parts}
        return [one for one in self.village.household_ids if one in on_it]


class PayoutPlan:
    """When batches are computed, and what the pools must keep for them."""

    def __init__(
        self,
        rows: Rows,
        rng: Random,
        period: Period,
        villages: list[VillagePlan],
        home: VillagePlan,
        extra: tuple[VillagePlan, datetime] | None,
    ) -> None:
        self.batches = _plan_batches(rng, period, villages, home)
        if extra is not None:
            self.batches = [one for one in self.batches if one.village is not extra[0]]
            self.batches.append(PlannedBatch(*extra))
        self._versions: dict[int, list[int]] = defaultdict(list)
        self._shares: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._taken: dict[int, dict[int, int]] = defaultdict(dict)
        agreements = rows.of(BenefitAgreement)
        products = rows.of(Product)
        for version in rows.of(AgreementVersion):
            product_id = agreements[version['agreement_id'] - 1]['product_id']
            self._versions[products[product_id - 1]['village_id']].append(version['id'])
        for share in rows.of(AgreementShare):
            self._shares[share['version_id']].append((share['household_id'], share['weight']))

    def moments(self) -> list[tuple[datetime, int, PlannedBatch]]:
        """Return when each batch is computed, and when it lets go again what it held."""
        found = [(batch.at, 3, batch) for batch in self.batches]
        found += [(batch.cancelled_at, 4, batch) for batch in self.batches if batch.cancelled_at is not None]
        found += [(batch.upheld_at, 5, batch) for batch in self.batches if batch.upheld_at is not None]
        return found

    def compute(self, batch: PlannedBatch, pools: dict[int, tuple[int, int]]) -> None:
        """Let a batch hold what its households are due; `pools` gives id and fen by version."""
        for version_id in self._versions[batch.village.id]:
            pool_id, amount = pools.get(version_id, (0, 0))
            if not amount:
                continue
            shares, taken = self._shares[version_id], self._taken[pool_id]
            for (household_id, _), part in zip(shares, apportion(amount, [w for _, w in shares]), strict=True):
                fen = part - taken.get(household_id, 0)
                if fen > 0:
                    batch.parts.append(PlannedPart(pool_id, household_id, fen))
                    taken[household_id] = part

    def release(self, batch: PlannedBatch, *, only_first: bool) -> None:
        """Let go what a batch held, or what its first household did."""
        first = batch.household_ids[:1]
        for part in batch.parts:
            if not only_first or part.household_id in first:
                self._taken[part.pool_id][part.household_id] -= part.fen

    def floor(self, version_id: int, pool_id: int, amount: int) -> int:
        """Return how far a refund may lower a pool."""
        taken, shares = self._taken[pool_id], self._shares[version_id]
        if not any(taken.values()):
            return 0
        return least_pool([weight for _, weight in shares], [taken.get(one, 0) for one, _ in shares], amount)


def _plan_batches(rng: Random, period: Period, villages: list[VillagePlan], home: VillagePlan) -> list[PlannedBatch]:
    batches = [_batch(rng, period, home, age) for age in HOME_AGES]
    batches[0].objection = 'not_upheld'
    batches[2].is_slow = True
    batches[3].objection = 'open'
    others = [village for village in villages if village is not home]
    for index, village in enumerate(others):
        if rng.random() < WITH_OLD:
            batches += [_batch(rng, period, village, age + rng.randrange(40)) for age in OLD_AGES]
        age = AGES[index % len(AGES)]
        if age is not None:
            batches.append(_batch(rng, period, village, age))
    _add_oddities(batches, others[0], period)
    return batches


def _add_oddities(batches: list[PlannedBatch], village: VillagePlan, period: Period) -> None:
    """Let one be sent back, one be given up, and one lose a household to an objection."""
    newest = {batch.village.id: batch for batch in batches}
    rest = [batch for batch in newest.values() if batch.village is not village]
    for batch in rest:
        age = (period.end - batch.at).days
        if age in {14, 15} and not any(one.is_returned for one in batches):
            batch.is_returned = True
        elif age == 60 and not any(one.cancelled_at for one in batches):
            batch.cancelled_at = batch.at + timedelta(days=1, hours=2)
        elif age in {16, 17} and not any(one.upheld_at for one in batches):
            batch.objection, batch.upheld_at = 'upheld', batch.at + timedelta(days=7)


def _batch(rng: Random, period: Period, village: VillagePlan, age: int) -> PlannedBatch:
    return PlannedBatch(village, office_time(rng, period.last - timedelta(days=age)))
