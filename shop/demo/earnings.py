"""What households of the campaign earned beside sales: batches of every kind and at every stage."""

from datetime import date, datetime, timedelta
from random import Random

from shop.benefits.apportionment import first_fen
from shop.benefits.models import (
    AgreementEvent,
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    RuleKind,
    VersionStatus,
    WeightKind,
)
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.earnings.models import EarningsBatch, EarningsEvent, EarningsKind, EarningsLine, EarningsStatus
from shop.earnings.reckoning import Earned, reckon
from shop.kit import clock
from shop.ledger.models import BenefitEntry, BenefitPool

K, S = EarningsKind, EarningsStatus
# Per kind: what for, who pays, fen per unit, of a purchase the whole price, and the tenths a household has of it.
_KINDS: dict[EarningsKind, tuple[str, str, int, int | None, tuple[int, int]]] = {
    K.WAGES: ('基地采摘分拣务工', '合作社', 12_000, None, (20, 180)),
    K.PURCHASE: ('高于市价订单收购', '合作社', 40, 680, (300, 2_400)),
    K.DIVIDEND: ('产业项目资产分红', '村股份经济合作社', 6_000, None, (10, 60)),
    K.RENT: ('土地流转年租金', '种植企业', 45_000, None, (15, 120)),
    K.CONTRACT_RAISING: ('代养土鸡结算', '养殖企业', 1_200, None, (200, 900)),
    K.DONATION: ('爱心企业慰问', '爱心企业', 30_000, None, (10, 10)),
}
# What the home village's desk shows: every kind booked, and what is still on its way.
_HOME = (
    *((kind, S.BOOKED) for kind in (K.WAGES, K.PURCHASE, K.DIVIDEND)),
    (K.DONATION, S.RECORDED), (K.WAGES, S.SUBMITTED), (K.RENT, S.DRAFT),
)  # fmt: skip


class EarningsWriter:
    """Writes batches of households that sales have reached already, so that no figure of households moves."""

    def __init__(self, rows: Rows, rng: Random, period: Period) -> None:
        self._rows = rows
        self._rng = rng
        self._period = period
        self._reached: dict[int, date] = {}
        for share in rows.of(AgreementShare):
            if share['accrued_on'] is not None:
                known = self._reached.get(share['household_id'], share['accrued_on'])
                self._reached[share['household_id']] = min(known, share['accrued_on'])

    def write(self, villages: list[VillagePlan], home: VillagePlan, sizes: Sizes) -> None:
        """Write the home village's batches, and one or two of some others."""
        for kind, status in _HOME:
            self._add(home, kind, status)
        others = [village for village in villages if village is not home]
        kinds = [kind for kind in K if kind.is_benefit]
        for number, village in enumerate(self._rng.sample(others, min(len(others), sizes.few(14)))):
            self._add(village, kinds[number % len(kinds)], S.BOOKED if number % 5 else S.SUBMITTED)

    def _add(self, village: VillagePlan, kind: EarningsKind, status: EarningsStatus) -> None:
        last = self._period.last - timedelta(days=self._rng.randrange(12, 80))
        day = max(last, clock.business_day(village.present.since) + timedelta(days=3))
        households = [one for one in village.household_ids if self._reached.get(one, date.max) < day]
        if not households or day >= self._period.last - timedelta(days=4):
            return
        title, payer, rate, gross, (least, most) = _KINDS[kind]
        chosen = sorted(self._rng.sample(households, min(len(households), self._rng.randrange(4, 13))))
        quantities = [(one, self._rng.randrange(least, most + 1)) for one in chosen]
        sums = [reckon(tenths, rate, gross) for _one, tenths in quantities]
        drafted_at = office_time(self._rng, day + timedelta(days=1))
        verified_at = office_time(self._rng, day + timedelta(days=3)) if status in {S.BOOKED, S.RECORDED} else None
        number = len(self._rows.of(EarningsBatch)) + 1
        batch_id = self._rows.add(
            EarningsBatch,
            number=f'S{day:%y%m%d}{number:06d}',
            form_token=f'demo-earnings-{number}',
            village_id=village.id,
            kind=kind,
            status=status,
            title=title,
            payer=f'{village.name}{payer}',
            happened_on=day,
            rate_fen=rate,
            gross_rate_fen=gross,
            evidence='' if status is S.DRAFT else f'转账回单 {day:%m%d}-{number:02d}',
            gross_fen=sum(one.gross_fen for one in sums),
            amount_fen=sum(one.amount_fen for one in sums),
            drafted_by_id=village.present.user_id,
            drafted_at=drafted_at,
            verified_by_id=village.township_reviewer_id if verified_at else None,
            verified_at=verified_at,
        )
        self._add_lines(batch_id, quantities, sums)
        self._add_events(batch_id, village, status, drafted_at, verified_at)
        if status is S.BOOKED and verified_at is not None:
            shares = [(household_id, one.amount_fen) for (household_id, _), one in zip(quantities, sums, strict=True)]
            self._book(batch_id, village, shares, day, verified_at)

    def _add_lines(self, batch_id: int, quantities: list[tuple[int, int]], sums: list[Earned]) -> None:
        for position, ((household_id, tenths), one) in enumerate(zip(quantities, sums, strict=True)):
            self._rows.add(
                EarningsLine,
                batch_id=batch_id,
                household_id=household_id,
                position=position,
                quantity_tenths=tenths,
                gross_fen=one.gross_fen,
                amount_fen=one.amount_fen,
            )

    def _add_events(
        self,
        batch_id: int,
        village: VillagePlan,
        status: EarningsStatus,
        drafted_at: datetime,
        verified_at: datetime | None,
    ) -> None:
        secretary = village.present.user_id
        steps: list[tuple[datetime, int, EarningsStatus]] = [(drafted_at, secretary, S.DRAFT)]
        if status is not S.DRAFT:
            steps.append((drafted_at + timedelta(minutes=20), secretary, S.SUBMITTED))
        if verified_at is not None:
            steps.append((verified_at, village.township_reviewer_id, status))
        before: EarningsStatus | None = None
        for at, actor_id, to in steps:
            self._rows.add(
                EarningsEvent, batch_id=batch_id, at=at, actor_id=actor_id, from_status=before, to_status=to, reason=''
            )
            before = to

    def _book(
        self, batch_id: int, village: VillagePlan, shares: list[tuple[int, int]], occurred_on: date, at: datetime
    ) -> None:
        """Put the batch's own version in force and credit its pool, as verifying it does."""
        day, amount = clock.business_day(at), sum(fen for _, fen in shares)
        version_id = self._put_in_force(batch_id, village, shares, at)
        pool_id = self._rows.add(
            BenefitPool, version_id=version_id, amount_fen=amount, entry_count=1, next_reach_fen=None
        )
        self._rows.add(
            BenefitEntry,
            pool_id=pool_id,
            sequence=1,
            order_line_id=None,
            refund_line_id=None,
            earnings_id=batch_id,
            amount_fen=amount,
            borne_by_supplier_fen=0,
            pool_after_fen=amount,
            occurred_on=occurred_on,
            booked_on=day,
            booked_at=at,
        )

    def _put_in_force(self, batch_id: int, village: VillagePlan, shares: list[tuple[int, int]], at: datetime) -> int:
        day, amount, actor_id = clock.business_day(at), sum(fen for _, fen in shares), village.township_reviewer_id
        agreement_id = self._rows.add(
            BenefitAgreement, village_id=village.id, product_id=None, earnings_id=batch_id, created_at=at
        )
        version_id = self._rows.add(
            AgreementVersion,
            agreement_id=agreement_id,
            number=1,
            status=VersionStatus.IN_FORCE,
            rule_kind=RuleKind.BATCH,
            rule_value=amount,
            weight_kind=WeightKind.CUSTOM,
            meeting_on=None,
            in_force_on=day,
            ended_on=None,
            drafted_by_id=actor_id,
            created_at=at,
            sent_at=None,
            notice_ends_on=None,
        )
        self._rows.add(
            AgreementEvent,
            version_id=version_id,
            at=at,
            actor_id=actor_id,
            from_status=None,
            to_status=VersionStatus.IN_FORCE,
            reason='',
        )
        self._add_shares(version_id, shares, day)
        return version_id

    def _add_shares(self, version_id: int, shares: list[tuple[int, int]], day: date) -> None:
        reaches = first_fen([fen for _, fen in shares])
        for position, ((household_id, fen), reach) in enumerate(zip(shares, reaches, strict=True)):
            self._rows.add(
                AgreementShare,
                version_id=version_id,
                household_id=household_id,
                position=position,
                weight=fen,
                first_fen_at=reach,
                accrued_on=day,
            )
